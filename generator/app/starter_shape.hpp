// The extents of a sample where a model leaves more open than the batch.
#pragma once

#include <string>
#include <vector>

#include "config/spec.hpp"
#include "nn/graph.hpp"
#include "nn/samples.hpp"

namespace app {

/// model.input_shape as a command line gives it: "3x224x224", or NAME=3x224x224 for each of several
/// inputs. Throws kUsage for what is no extents.
config::ByName<std::string> given_extents(const std::vector<std::string>& given,
                                          const nn::Graph& graph);

/// Whether an extent behind the batch is open.
bool is_open(const nn::Value& input);

/// Throws kUsage: its extents must be given.
[[noreturn]] void refuse_open(const nn::Value& input);

/// Of a sample, as model.input_shape has them: with its channels where the input's extents that are
/// not open allow it, as stored if they can. Throws kUsage if the samples are of another shape.
std::string extents_of_samples(const nn::SampleSet& samples, const nn::Value& input);

}  // namespace app
