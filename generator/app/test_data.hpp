// The samples that a spec names.
#pragma once

#include <string>
#include <vector>

#include "app/labels.hpp"
#include "config/spec.hpp"
#include "nn/graph.hpp"
#include "nn/samples.hpp"

namespace app {

/// How the spec wants the stored values of the input `name` to be prepared.
nn::Preparation preparation_of(const config::Data& data, const std::string& name);

/// Throws kBadSamples unless there are as many samples for every input of `graph`, a set each.
void require_equal_counts(const std::vector<nn::SampleSet>& sets, const nn::Graph& graph);

/// Real samples of a spec, as the network takes them.
struct Samples {
  std::vector<nn::Array> inputs;   ///< one an input of the network: floats, sample first
  std::vector<Labels> labels;      ///< one an output; empty where the spec names none
  std::vector<std::string> notes;  ///< what the user should know of the files

  int count() const { return static_cast<int>(inputs.front().shape.front()); }
};

/// The first `count` samples of data.inputs with their labels; `count` = 0: the first `most`, or
/// all there are. Throws what check_names() and labels_of() throw, kMissingKey if the spec names no
/// inputs, and kBadSamples if there are fewer than `count` or the inputs differ in their number.
Samples load_test_samples(const config::Spec& spec, const nn::Graph& graph, int count,
                          int most = config::kSimulatedSamples);

/// Samples for calibration.
struct CalibrationData {
  std::vector<nn::Array> inputs;  ///< as those of Samples; empty if the spec names none
  std::vector<std::string> notes;
};

/// The first data.calibration_samples of data.calibration, or as many as there are if the spec does
/// not say how many. Throws as load_test_samples() does of its inputs.
CalibrationData load_calibration(const config::Spec& spec, const nn::Graph& graph);

}  // namespace app
