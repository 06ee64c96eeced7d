// A small network over maps with its spec and samples.
#pragma once

#include "app/small_project.hpp"

namespace test {

/// 1 x 6 x 6 -> conv 3 channels, Relu -> maximum of 2 x 2 -> a residual sum -> mean -> 2 results.
inline nn::testing::ModelBuilder small_cnn() {
  nn::testing::ModelBuilder model;
  std::vector<float> weights(27);
  for (std::size_t i = 0; i < weights.size(); ++i)
    weights[i] = static_cast<float>(static_cast<int>(i * 7 % 11) - 5) / 4;
  model.input("x", {1, 1, 6, 6})
      .floats("w0", {3, 1, 3, 3}, weights)
      .node("Conv", {"x", "w0"}, {"c"}, "conv")
      .with("pads", std::vector<std::int64_t>{1, 1, 1, 1})
      .node("Relu", {"c"}, {"r"})
      .node("MaxPool", {"r"}, {"m"}, "pool")
      .with("kernel_shape", std::vector<std::int64_t>{2, 2})
      .with("strides", std::vector<std::int64_t>{2, 2})
      .floats("w1", {3, 3, 1, 1}, {1, -1, 0.5F, 0.25F, -0.5F, 1, -1, 0.75F, 0.5F})
      .node("Conv", {"m", "w1"}, {"p"}, "point")
      .node("Add", {"p", "m"}, {"a"}, "sum")
      .node("Relu", {"a"}, {"s"})
      .node("GlobalAveragePool", {"s"}, {"g"}, "mean")
      .node("Flatten", {"g"}, {"f"})
      .floats("w2", {3, 2}, {1, -1, 0.5F, 0.25F, -0.5F, 1})
      .node("MatMul", {"f", "w2"}, {"y"}, "last")
      .output("y", {1, 2});
  return model;
}

/// spec.toml names calibration samples, bare.toml none.
class CnnProject : public SmallProject {
 public:
  explicit CnnProject(const std::string& lines = "") {
    write_model(small_cnn().bytes());
    std::vector<float> values;
    for (int i = 0; i < 8 * 36; ++i) values.push_back(static_cast<float>(i * 37 % 64) / 63);
    nn::save_npy(*this / "samples.npy", nn::Array::of_floats({8, 1, 6, 6}, values));
    const std::string rest =
        "[pe]\nrows = 8\ncols = 4\nweight_bits = 6\nactivation_bits = 4\n" + lines;
    base::write_file(*this / "spec.toml",
                     "name = \"cnn\"\n[model]\nfile = \"model.onnx\"\n"
                     "[data]\ninputs = \"samples.npy\"\ncalibration = \"samples.npy\"\n" +
                         rest);
    base::write_file(*this / "bare.toml",
                     "name = \"cnn\"\n[model]\nfile = \"model.onnx\"\n" + rest);
  }
};

}  // namespace test
