// Golden level 1: the integer network as arithmetic, without trains, windows or tiles.
#pragma once

#include <cstdint>
#include <vector>

#include "quant/network.hpp"

namespace core {

struct IntegerResult {
  std::vector<quant::IntegerBatch> layers;  ///< what each layer delivers: samples x outputs
  std::vector<std::int64_t> ceilings;       ///< a layer: outputs with |y| = 2^bits - 1

  const quant::IntegerBatch& outputs() const { return layers.back(); }
};

/// Computes every layer of `network` for `inputs` (samples x input_count, in the format of the
/// network's input), exactly as quant::Dense says. Products go through float or double where a
/// bound on all partial sums proves them exact, else through 64-bit integers. Throws kInternal if
/// shapes, formats, thresholds or bounds of the network or the inputs do not hold.
IntegerResult run_integer(const quant::Network& network, const quant::IntegerBatch& inputs);

/// Share (0..1) of samples whose greatest output (the lowest index of equals) is the label. Throws
/// kInternal if there are not as many labels as samples, or none.
double accuracy(const quant::IntegerBatch& outputs, const std::vector<int>& labels);

}  // namespace core
