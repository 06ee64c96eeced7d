// What an analog crossbar makes of its weights.
#pragma once

#include <cstdint>

#include "core/program.hpp"

namespace core {

/// Errors of the devices that hold the weights.
struct Device {
  double variation = 0.0;    ///< standard deviation of a weight, in parts of the full weight range
  double stuck_cells = 0.0;  ///< share of weights stuck at 0
  std::uint64_t seed = 1;
  bool is_ideal() const { return variation == 0.0 && stuck_cells == 0.0; }
};

/// `program` with each stored weight as such devices would hold it: w + N(0, variation *
/// 2^weight_bits), rounded to a whole step and kept within +-(2^(weight_bits - 1) - 1); or 0 where
/// stuck. Every core-op draws its own errors: copies of a weight differ. The same seed gives the
/// same chip.
Program with_device(Program program, const Device& device);

}  // namespace core
