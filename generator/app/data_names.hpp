// The keys by names against the inputs, outputs and nodes of a network: who is meant by what.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "config/spec.hpp"
#include "nn/graph.hpp"

namespace app {

/// ONNX names, in the model's order.
std::vector<std::string> input_names(const nn::Graph& graph);
std::vector<std::string> output_names(const nn::Graph& graph);

/// TOML of a table with a file for each of `names`: those that `given` names, and else ones to be
/// replaced.
std::string files_table(const std::vector<std::string>& names,
                        const config::ByName<std::filesystem::path>& given = {});

/// What a command line gives as NAME=VALUE, or as VALUE where there is one name. Throws kUsage for
/// a name that is none of `names` and for two of one; `value` is messages' word for a VALUE.
config::ByName<std::string> named_values(const char* option, const char* value,
                                         const std::vector<std::string>& given,
                                         const std::vector<std::string>& names);

/// Throws all faults: kUnknownKey for a name that is none of the network's, kMissingKey if
/// data.inputs or data.calibration names files and not one for every input, or if labels do not say
/// of which of several outputs they are.
void check_names(const config::Data& data, const nn::Graph& graph);
/// The first of these of model.input_shape.
void check_names(const config::Model& model, const nn::Graph& graph);

/// Names of the recurrent layers, in the model's order.
std::vector<std::string> recurrent_names(const nn::Graph& graph);
/// Throws kUnknownKey for each name of recurrent.multipliers that is none of these, and none that
/// recurrent.block names. The names of that are the quantiser's to know.
void check_names(const config::Recurrent& recurrent, const nn::Graph& graph);

}  // namespace app
