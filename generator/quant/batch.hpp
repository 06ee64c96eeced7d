// Real samples into the network's integers, and its outputs into classes.
#pragma once

#include "nn/graph.hpp"
#include "quant/network.hpp"

namespace quant {

/// Integers of real samples (samples first; any shape with network.input_count elements a sample,
/// floats or integers taken as they are), by InputEncoding: rounded half to even, saturated. Throws
/// kCalibrationShape if the elements do not divide into samples, kNotFinite for NaN (infinities
/// saturate).
IntegerBatch encode_inputs(const Network& network, const nn::Array& samples);

/// Class of each sample: the column of the greatest value, the lowest of equals.
std::vector<int> argmax(const IntegerBatch& outputs);

}  // namespace quant
