// Golden level 1: the integer network as arithmetic, without trains, windows or tiles.
#pragma once

#include <cstdint>
#include <vector>

#include "quant/network.hpp"

namespace core {

/// What tensors hold for a batch of samples: samples x elements each.
using TensorValues = base::IdVector<quant::TensorId, quant::IntegerBatch>;

struct IntegerResult {
  TensorValues tensors;
  base::IdVector<quant::LayerId, std::int64_t> ceilings;  ///< outputs at either end of the format
  quant::IntegerBatch outputs;     ///< the network's outputs, one after the other
  std::int64_t clipped_words = 0;  ///< in recurrent cells
};

/// Computes every layer of `network` for `inputs` (samples x input_count(), one input after the
/// other, in their formats), exactly as its rule says (quant::Product, quant::Merge). Products go
/// through float or double where a bound on all partial sums proves them exact, else through 64-bit
/// integers. Throws kInternal if shapes, formats, thresholds or bounds of the network or the inputs
/// do not hold.
IntegerResult run_integer(const quant::Network& network, const quant::IntegerBatch& inputs);

/// What layer `id` gives for the values of the tensors that it reads. Words that its cells clip are
/// added to `clips`.
quant::IntegerBatch run_layer(const quant::Network& network, quant::LayerId id,
                              const TensorValues& values, quant::CellClips* clips = nullptr);

/// The elements that `sources` name, concatenated.
quant::IntegerBatch gather(const quant::Network& network, const std::vector<quant::Source>& sources,
                           const TensorValues& values);

/// Share (0..1) of samples whose greatest output (the lowest index of equals) is the label. Throws
/// kInternal if there are not as many labels as samples, or none.
double accuracy(const quant::IntegerBatch& outputs, const std::vector<int>& labels);

}  // namespace core
