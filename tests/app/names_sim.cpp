// An MLP as PyTorch exports it, with default names: slashes and dots in them, transposed weights,
// a batch that is fixed or not, weights in the file or beside it.
#include <gmock/gmock.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "app/sandbox.hpp"

namespace {

namespace fs = std::filesystem;
using test::Ended;
using test::Sandbox;

constexpr std::size_t kInputs = 4;
constexpr std::size_t kSamples = 8;

struct Layer {
  std::string name;
  std::size_t outputs;
};
const std::vector<Layer> kLayers{{"fc1", 5}, {"fc2", 4}, {"fc3", 3}};

float weight(std::size_t layer, std::size_t output, std::size_t input) {
  return static_cast<float>((13 * output + 5 * input + 7 * layer) % 17) / 8 - 1;
}
float bias(std::size_t layer, std::size_t output) {
  return static_cast<float>((3 * output + layer) % 5) / 8 - 0.25F;
}
float sample(std::size_t index) { return static_cast<float>(index * 37 % 64) / 63; }

// The class of a sample by a plain loop over the layers.
std::int64_t class_of(std::size_t index) {
  std::vector<double> values;
  for (std::size_t i = 0; i < kInputs; ++i) values.push_back(sample(index * kInputs + i));
  for (std::size_t l = 0; l < kLayers.size(); ++l) {
    std::vector<double> sums;
    for (std::size_t o = 0; o < kLayers[l].outputs; ++o) {
      double sum = bias(l, o);
      for (std::size_t i = 0; i < values.size(); ++i) sum += weight(l, o, i) * values[i];
      sums.push_back(l + 1 < kLayers.size() ? std::max(sum, 0.0) : sum);
    }
    values = sums;
  }
  return std::max_element(values.begin(), values.end()) - values.begin();
}

// Moves the weights of `model` into a file beside it.
std::string move_out(onnx::ModelProto& model) {
  std::string data;
  for (onnx::TensorProto& tensor : *model.mutable_graph()->mutable_initializer()) {
    const std::string bytes(reinterpret_cast<const char*>(tensor.float_data().data()),
                            sizeof(float) * static_cast<std::size_t>(tensor.float_data_size()));
    const std::vector<std::pair<std::string, std::string>> entries{
        {"location", "m.weights"},
        {"offset", std::to_string(data.size())},
        {"length", std::to_string(bytes.size())}};
    for (const auto& [key, value] : entries) {
      onnx::StringStringEntryProto& entry = *tensor.add_external_data();
      entry.set_key(key);
      entry.set_value(value);
    }
    tensor.set_data_location(onnx::TensorProto::EXTERNAL);
    tensor.clear_float_data();
    data += bytes;
  }
  return data;
}

nn::testing::ModelBuilder exported(std::int64_t batch) {
  nn::testing::ModelBuilder model;
  model.model().mutable_graph()->set_name("main_graph");
  model.input("onnx::Gemm_0", {batch, kInputs});
  std::string at = "onnx::Gemm_0";
  std::size_t inputs = kInputs;
  for (std::size_t l = 0; l < kLayers.size(); ++l) {
    const auto& [name, outputs] = kLayers[l];
    std::vector<float> weights;
    std::vector<float> biases;
    for (std::size_t o = 0; o < outputs; ++o) {
      for (std::size_t i = 0; i < inputs; ++i) weights.push_back(weight(l, o, i));
      biases.push_back(bias(l, o));
    }
    const auto rows = static_cast<std::int64_t>(outputs);
    model.floats(name + ".weight", {rows, static_cast<std::int64_t>(inputs)}, weights)
        .floats(name + ".bias", {rows}, biases)
        .node("Gemm", {at, name + ".weight", name + ".bias"}, {"/" + name + "/Gemm_output_0"},
              "/" + name + "/Gemm")
        .with("alpha", 1.0F)
        .with("beta", 1.0F)
        .with("transB", std::int64_t{1});
    at = "/" + name + "/Gemm_output_0";
    inputs = outputs;
    if (l + 1 == kLayers.size()) break;
    const std::string relu = l == 0 ? "/relu" : fmt::format("/relu_{}", l);
    model.node("Relu", {at}, {relu + "/Relu_output_0"}, relu + "/Relu");
    at = relu + "/Relu_output_0";
  }
  model.output(at, {batch, 3});
  return model;
}

class PyTorchExport : public testing::Test {
 protected:
  void write(std::int64_t batch, bool outside) {
    nn::testing::ModelBuilder model = exported(batch);
    if (outside) base::write_file(sandbox_.project() / "m.weights", move_out(model.model()));
    sandbox_.write(model);
    std::vector<float> values;
    std::vector<std::int64_t> labels;
    for (std::size_t i = 0; i < kSamples * kInputs; ++i) values.push_back(sample(i));
    for (std::size_t s = 0; s < kSamples; ++s) labels.push_back(class_of(s));
    nn::save_npy(sandbox_.project() / "samples.npy",
                 nn::Array::of_floats({kSamples, kInputs}, values));
    nn::save_npy(sandbox_.project() / "labels.npy",
                 nn::Array::of_ints(nn::DType::kInt64, {kSamples}, labels));
    base::write_file(sandbox_.project() / "spec.toml",
                     "name = \"mlp\"\n[model]\nfile = \"model.onnx\"\n"
                     "[data]\ninputs = \"samples.npy\"\ncalibration = \"samples.npy\"\n"
                     "labels = \"labels.npy\"\ncalibration_samples = 8\n"
                     "[pe]\nrows = 4\ncols = 4\nactivation_bits = 6\ncrossbar = \"parallel\"\n"
                     "[simulate]\nsamples = 8\nsimulator = \"icarus\"\n");
  }

  // The memory files, by name.
  std::map<std::string, std::string> memories() const {
    return test::snapshot(sandbox_.project() / "out" / "mlp" / "mem", {});
  }

  // Compiles and simulates; every level must name the class that the plain loop names.
  void expect_right_classes() {
    for (const std::vector<std::string>& words :
         {std::vector<std::string>{"compile", "-q", "spec.toml"},
          {"simulate", "-q", "--json", "out/mlp"}}) {
      const Ended ended = sandbox_.run(words);
      ASSERT_EQ(ended.status, 0) << ended.err;
      if (words[0] == "compile") continue;
      const auto levels = nlohmann::json::parse(ended.out)["levels"];
      EXPECT_EQ(levels.size(), 4u);
      for (const auto& level : levels) EXPECT_EQ(level["accuracy"], 1.0) << level;
    }
  }

  Sandbox sandbox_;
};

TEST_F(PyTorchExport, IsTheSameWithWeightsAnywhereAndAnyBatch) {
  std::vector<std::map<std::string, std::string>> found;
  for (const std::int64_t batch : {nn::kUnknown, std::int64_t{1}}) {
    for (const bool outside : {false, true}) {
      SCOPED_TRACE(fmt::format("batch {}, weights {}", batch, outside ? "beside" : "inside"));
      write(batch, outside);
      expect_right_classes();
      found.push_back(memories());
      EXPECT_EQ(found.back(), found.front());
    }
  }
  std::vector<std::string> names;
  for (const auto& [path, content] : found.front())
    if (path.ends_with(".load")) names.push_back(fs::path(path).filename());
  EXPECT_THAT(names, testing::ElementsAre("00_fc1_Gemm_r0_c0.load", "01_fc1_Gemm_r0_c1.load",
                                          "02_fc2_Gemm_r0_c0.load", "03_fc2_Gemm_r1_c0.load",
                                          "04_fc3_Gemm_r0_c0.load", "05_fc3_Gemm_r0_c1.load"));
}

TEST_F(PyTorchExport, RunsToTheEndUnderVerilator) {
  write(nn::kUnknown, false);
  base::write_file(
      sandbox_.project() / "verilator.toml",
      base::read_file(sandbox_.project() / "spec.toml")
          .substr(0, base::read_file(sandbox_.project() / "spec.toml").rfind("simulator")));
  const fs::path run = sandbox_.project() / "out" / "a b;$(touch y)";
  const Ended ended = sandbox_.run({"run", "-q", "--json", "verilator.toml", "-o", run.string()});
  ASSERT_EQ(ended.status, 0) << ended.err;
  const auto metrics = nlohmann::json::parse(ended.out);
  for (const auto& level : metrics["levels"]) EXPECT_EQ(level["accuracy"], 1.0) << level;
  const std::vector<std::string> buses{"onnx::Gemm_0", "/fc1/Gemm", "/fc2/Gemm", "/fc3/Gemm"};
  std::vector<std::string> compared;
  for (const auto& layer : metrics["simulation"]["layers"]) compared.push_back(layer["name"]);
  EXPECT_EQ(compared, buses);
  EXPECT_GT(metrics["synthesis"]["asic"]["timing"]["fmax_mhz"], 1.0);
}

}  // namespace
