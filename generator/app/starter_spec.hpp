// A spec for a model that somebody wants to try: chosen from the model and its samples.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "config/spec.hpp"
#include "config/starter.hpp"

namespace app {

/// What there is; paths as the user wrote them.
struct StarterInputs {
  std::filesystem::path model;
  std::vector<std::string> samples;  ///< a file, NAME=FILE for each of several inputs, or nothing
  std::vector<std::string> labels;   ///< the same for outputs, all or some
  std::vector<std::string> shapes;   ///< of a sample: "3x224x224", or NAME=3x224x224
  std::filesystem::path spec;        ///< the file to be written
};

struct Starter {
  config::Spec spec;  ///< relative paths are relative to the spec's folder
  std::map<std::string, config::Remark> remarks;
  std::string toml;      ///< the file's content
  bool compiles = true;  ///< false: data.calibration must be set first
};

/// Reads the model and the samples and chooses. What is returned parses, and its samples and labels
/// fit the network. Throws what import_onnx(), quant::draft_of() and load_test_samples() throw;
/// kActivationBits and kWeightBits for a model with wider numbers than the hardware has; kUsage for
/// labels without samples, for files that are not named as they must be, and for an input whose
/// extents neither the model nor `shapes` nor the samples say.
Starter make_starter(const StarterInputs& inputs);

}  // namespace app
