// Bounds of a layer's sums, and the arithmetic of a layer in figures.
#pragma once

#include <cstdint>
#include <string>

#include "quant/network.hpp"

namespace quant {

/// Least and greatest value of S = bias + sum w * x of a column.
struct SumRange {
  std::int64_t low = 0;
  std::int64_t high = 0;
};

/// Range of column `column`'s S of a product whose inputs lie within their formats. Throws
/// kInternal if it could leave 62 bits.
SumRange column_range(const Network& network, const Product& product, int column);

/// Input lanes of a layer: an unsigned element takes one, a signed one two.
int input_lanes(const Network& network, const Product& product);

/// What `explain` tells of a layer that is a product.
struct LayerFacts {
  std::string name;
  int rows = 0;
  int cols = 0;
  int lanes = 0;             ///< input_lanes()
  double input_scale = 0.0;  ///< real value of an input step, of the first source
  double output_scale = 0.0;
  bool output_signed = false;
  double weight_scale_min = 0.0;  ///< real value of a weight step, over the columns
  double weight_scale_max = 0.0;
  std::int64_t threshold_min = 0;
  std::int64_t threshold_max = 0;
  std::int64_t bias_min = 0;
  std::int64_t bias_max = 0;
  SumRange sum;                    ///< over all columns
  int accumulator_bits = 0;        ///< two's complement, of S + floor(threshold / 2)
  double zero_weights = 0.0;       ///< share of the weights that are 0
  double float_scale_error = 0.0;  ///< Layer's
  bool is_exact = false;           ///< Layer's
  double error_bound = 0.0;        ///< Layer's
  std::optional<Fit> fit{};        ///< Layer's
  Format output;
  Rounding rounding = Rounding::kHalfUp;
};

/// Facts of layer `id`, a product. Throws kInternal for an id out of range.
LayerFacts facts_of(const Network& network, LayerId id);

}  // namespace quant
