// A two-layer network with its spec and samples, small enough to compile in milliseconds.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/files.hpp"
#include "nn/model_builder.hpp"
#include "nn/samples.hpp"
#include "temporary_folder.hpp"

namespace test {

/// 4 inputs, "hidden" with 3 neurons and ReLU, "last" with 2.
inline nn::testing::ModelBuilder small_model() {
  nn::testing::ModelBuilder model;
  model.input("x", {nn::kUnknown, 4})
      .floats("w0", {4, 3}, {0.5F, -0.25F, 1, 0.75F, 0.5F, -1, -0.5F, 1, 0.25F, 1, -0.75F, 0.5F})
      .floats("b0", {3}, {0.125F, -0.25F, 0.5F})
      .node("Gemm", {"x", "w0", "b0"}, {"h"}, "hidden")
      .node("Relu", {"h"}, {"r"}, "relu")
      .floats("w1", {3, 2}, {1, -1, 0.5F, 0.25F, -0.5F, 1})
      .node("MatMul", {"r", "w1"}, {"y"}, "last")
      .output("y", {nn::kUnknown, 2});
  return model;
}

inline void write_samples(const std::filesystem::path& file, int count) {
  std::vector<float> values;
  for (int i = 0; i < 4 * count; ++i) values.push_back(static_cast<float>(i * 37 % 64) / 63);
  nn::save_npy(file, nn::Array::of_floats({count, 4}, values));
}

/// model.onnx, samples.npy and spec.toml in a folder of their own.
class SmallProject {
 public:
  explicit SmallProject(int samples = 8) {
    write_model(small_model().bytes());
    write_samples(folder_ / "samples.npy", samples);
    write_spec("");
  }

  void write_model(const std::string& bytes) { base::write_file(folder_ / "model.onnx", bytes); }
  /// The spec with `lines` behind its own, which end in section [simulate].
  void write_spec(const std::string& lines) {
    base::write_file(folder_ / "spec.toml",
                     "name = \"small\"\n"
                     "[model]\nfile = \"model.onnx\"\n"
                     "[data]\ninputs = \"samples.npy\"\ncalibration = \"samples.npy\"\n"
                     "calibration_samples = 8\n"
                     "[pe]\nrows = 4\ncols = 4\nweight_bits = 4\nactivation_bits = 3\n"
                     "[host]\nbeat_lanes = 2\n"
                     "[simulate]\nsamples = 8\n" +
                         lines);
  }

  const std::filesystem::path& path() const { return folder_.path(); }
  std::filesystem::path operator/(const std::string& name) const { return folder_ / name; }

 private:
  TemporaryFolder folder_;
};

}  // namespace test
