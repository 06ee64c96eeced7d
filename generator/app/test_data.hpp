// The samples that a spec names.
#pragma once

#include <string>
#include <vector>

#include "app/labels.hpp"
#include "config/spec.hpp"
#include "nn/graph.hpp"
#include "nn/samples.hpp"

namespace app {

/// How the spec wants stored values to be prepared.
nn::Preparation preparation_of(const config::Data& data);

/// The network's only input. Throws kCannotLower if it has another number of inputs.
const nn::Value& only_input(const nn::Graph& graph);

/// Real samples of a spec, as the network takes them.
struct Samples {
  nn::Array inputs;  ///< floats, sample first
  Labels labels;
  std::vector<std::string> notes;  ///< what the user should know of the files

  int count() const { return static_cast<int>(inputs.shape.front()); }
};

/// The first `count` samples of data.inputs with their labels; `count` = 0: the first
/// config::kSimulatedSamples, or all there are. Throws kMissingKey if the spec names no inputs,
/// kBadSamples if there are fewer than `count`, and what labels_of() throws.
Samples load_test_samples(const config::Spec& spec, const nn::Graph& graph, int count);

/// Samples for calibration.
struct CalibrationData {
  nn::Array inputs;  ///< floats, sample first; of no shape if the spec names none
  std::vector<std::string> notes;
};

/// The first data.calibration_samples of data.calibration, or as many as there are if the spec does
/// not say how many. Throws kBadSamples.
CalibrationData load_calibration(const config::Spec& spec, const nn::Graph& graph);

}  // namespace app
