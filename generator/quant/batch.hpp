// Real samples into the network's integers, and its outputs into classes.
#pragma once

#include "nn/graph.hpp"
#include "quant/network.hpp"

namespace quant {

/// Integers of real samples: one array an input of the network, samples first, in any shape with
/// that input's number of elements a sample, floats or integers taken as they are. The result has a
/// row a sample and a column an element of the inputs, one input after the other; values are
/// rounded half to even and saturated, by InputEncoding. Throws kCalibrationShape if there are not
/// as many arrays as inputs, if the elements do not divide into samples or the inputs bring
/// different numbers of them; kNotFinite for NaN (infinities saturate).
IntegerBatch encode_inputs(const Network& network, const std::vector<nn::Array>& samples);

/// Class of each sample: the column of the greatest value, the lowest of equals.
std::vector<int> argmax(const IntegerBatch& outputs);

}  // namespace quant
