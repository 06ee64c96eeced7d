// A network of two recurrent layers with its spec, samples and labels, small enough to quantise in
// milliseconds.
#pragma once

#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

#include "base/files.hpp"
#include "base/rng.hpp"
#include "nn/model_builder.hpp"
#include "nn/passes/passes.hpp"
#include "nn/reference.hpp"
#include "nn/samples.hpp"
#include "temporary_folder.hpp"

namespace test {

constexpr int kSequences = 24;
constexpr int kSteps = 4;
constexpr int kFeatures = 4;

inline std::vector<float> random_floats(std::int64_t count, double most, base::Rng& rng) {
  std::vector<float> values;
  for (std::int64_t i = 0; i < count; ++i)
    values.push_back(static_cast<float>(most * static_cast<double>(rng.between(-100, 100)) / 100));
  return values;
}

/// Layers "first" and "second" of 8 cells, `op` of ONNX, and the product "head" of the last answer
/// with three results.
inline nn::testing::ModelBuilder recurrent_model(const std::string& op = "LSTM",
                                                 int features = kFeatures) {
  constexpr int kCells = 8;
  base::Rng rng(7);
  nn::testing::ModelBuilder model;
  model.input("x", {nn::kUnknown, kSteps, features})
      .node("Transpose", {"x"}, {"t"})
      .with("perm", std::vector<std::int64_t>{1, 0, 2})
      .longs("one", {1}, {1});
  const int rows = (op == "LSTM" ? 4 : op == "GRU" ? 3 : 1) * kCells;
  const auto layer = [&](const std::string& name, const std::string& in, int width) {
    model.floats(name + "_w", {1, rows, width}, random_floats(rows * width, 1.5, rng))
        .floats(name + "_r", {1, rows, kCells}, random_floats(rows * kCells, 0.7, rng))
        .node(op, {in, name + "_w", name + "_r"}, {name + "_y", name + "_h"}, name)
        .with("hidden_size", std::int64_t{kCells});
    if (op == "GRU") model.with("linear_before_reset", std::int64_t{1});
  };
  layer("first", "t", features);
  model.node("Squeeze", {"first_y", "one"}, {"s"});
  layer("second", "s", kCells);
  model.longs("zero", {1}, {0})
      .node("Squeeze", {"second_h", "zero"}, {"last"})
      .floats("w", {kCells, 3}, random_floats(3 * kCells, 1, rng))
      .node("MatMul", {"last", "w"}, {"y"}, "head")
      .output("y", {nn::kUnknown, 3});
  return model;
}

/// model.onnx, samples.npy, labels.npy and spec.toml in a folder of their own. The labels are the
/// classes that the float network finds, so that it is always right.
class RecurrentProject {
 public:
  explicit RecurrentProject(const std::string& lines = "", const std::string& op = "LSTM") {
    base::write_file(folder_ / "model.onnx", recurrent_model(op).bytes());
    base::Rng rng(3);
    const nn::Array samples = nn::Array::of_floats(
        {kSequences, kSteps, kFeatures}, random_floats(kSequences * kSteps * kFeatures, 1, rng));
    nn::save_npy(folder_ / "samples.npy", samples);
    const nn::Array answers =
        nn::run(nn::simplify(recurrent_model(op).import()), {samples}).front();
    std::vector<float> labels;
    for (std::size_t i = 0; i < kSequences; ++i) {
      const auto* const row = answers.floats().data() + 3 * i;
      labels.push_back(static_cast<float>(std::max_element(row, row + 3) - row));
    }
    nn::save_npy(folder_ / "labels.npy", nn::Array::of_floats({kSequences}, labels));
    write_spec(lines);
  }

  /// The spec with `lines` behind its own, which end in section [pe].
  void write_spec(const std::string& lines,
                  const std::string& labels = "labels = \"labels.npy\"\n") {
    base::write_file(folder_ / "spec.toml",
                     "name = \"small\"\n[model]\nfile = \"model.onnx\"\n"
                     "[data]\ninputs = \"samples.npy\"\ncalibration = \"samples.npy\"\n"
                     "calibration_samples = 8\n" +
                         labels + "[pe]\nrows = 16\ncols = 8\nactivation_bits = 8\n" + lines);
  }

  const std::filesystem::path& path() const { return folder_.path(); }
  std::filesystem::path operator/(const std::string& name) const { return folder_ / name; }

 private:
  TemporaryFolder folder_;
};

}  // namespace test
