// What an analog crossbar makes of its weights.
#pragma once

#include <cstdint>

#include "quant/tensor.hpp"

namespace core {

/// Errors of the devices that hold the weights.
struct Device {
  double variation = 0.0;    ///< standard deviation of a weight, in parts of the full weight range
  double stuck_cells = 0.0;  ///< share of weights stuck at 0
  std::uint64_t seed = 1;
  bool is_ideal() const { return variation == 0.0 && stuck_cells == 0.0; }
};

/// `weights` as crossbar number `crossbar` of such devices would hold them: w + N(0, variation *
/// 2^weight_bits), rounded to a whole step and kept within +-(2^(weight_bits - 1) - 1); or 0 where
/// stuck. Every crossbar draws its own errors, so copies of a weight differ; the same seed gives
/// the same chip.
quant::WeightMatrix with_errors(quant::WeightMatrix weights, int weight_bits, const Device& device,
                                std::size_t crossbar);

}  // namespace core
