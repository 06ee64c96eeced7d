// How close the integers of each layer come to the float network's values.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "nn/graph.hpp"
#include "quant/network.hpp"

namespace app {

/// Signal to quantisation noise, in dB, of the layers of `network` that stand for a value of
/// `graph`, by name: the power of the value, in the format that the model gives it, over that of
/// what the integers, times their step, differ from it by; over all elements of the first samples
/// of `samples` (an array an input, samples first). At most 200. Layers whose model takes their
/// sign alone are left out, and so is what split-merge added.
std::map<std::string, double> sqnr_of(const nn::Graph& graph, const quant::Network& network,
                                      const std::vector<nn::Array>& samples);

}  // namespace app
