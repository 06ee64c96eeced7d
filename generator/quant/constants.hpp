// Constants of a model behind their quantisers: weights as integers with their steps, biases as
// reals.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "nn/graph.hpp"

namespace quant {

/// What a constant expression stands for: values[i] * step, with one step for all elements (size 1)
/// or one an index of `axis`. A constant without quantiser has no steps and real values.
struct Constant {
  nn::Shape shape;
  std::vector<double> values;  ///< row-major
  std::vector<double> steps;   ///< > 0; empty: not quantised
  int axis = 0;                ///< of `steps`, if there is more than one

  bool quantised() const { return !steps.empty(); }
  /// Values times their steps.
  std::vector<double> real() const;
};

/// The number format of an activation: real = step * (q - zero), q in [low, high].
struct Quantiser {
  double step = 1.0;
  std::int64_t zero = 0;
  std::int64_t low = 0;
  std::int64_t high = 0;
  bool half_even = true;  ///< ties give even codes, else those farther from zero
  bool bipolar = false;   ///< step for values >= 0, else -step; zero, low and high mean nothing

  bool operator==(const Quantiser&) const = default;
};

/// True for the nodes of a domain that QONNX and Brevitas write (Quant, BipolarQuant).
bool is_qonnx(const nn::Node& node, const char* op);

/// True if `id` is an initialiser or is computed from initialisers alone.
bool is_constant_expression(const nn::Graph& graph, nn::ValueId id);

/// Evaluates a constant expression of initialisers, QuantizeLinear, Clip, DequantizeLinear, Quant,
/// BipolarQuant, Transpose, Reshape, Flatten, Squeeze, Unsqueeze, Identity and Cast. Throws
/// kCannotLower for any other node, kWeightZeroPoint for a zero point that is not 0, kBadQuantiser
/// for a step that is not positive or finite, kNotFinite for NaN and infinity.
Constant constant_of(const nn::Graph& graph, nn::ValueId id);

/// Range of the integers of a type, step 1 and zero point 0. Throws kBadQuantiser, naming the node,
/// unless it is one of 4, 8 or 16 bits.
Quantiser range_of(const nn::Node& node, nn::DType type);
/// The same, of what `where` names.
Quantiser range_of(const std::string& where, nn::DType type);

/// Format that a QuantizeLinear, Quant or BipolarQuant node gives an activation. Throws
/// kBadQuantiser if it is not per tensor, has no constant parameters, or rounds otherwise than to
/// nearest.
Quantiser quantiser_of(const nn::Graph& graph, const nn::Node& node);

/// The only element of constant input `index` of `node`; `fallback` if the input is omitted. Throws
/// kBadQuantiser otherwise.
double scalar_input(const nn::Graph& graph, const nn::Node& node, std::size_t index,
                    double fallback);

}  // namespace quant
