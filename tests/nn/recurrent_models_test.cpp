// Recurrent layers within networks, as PyTorch, Keras and tf2onnx write them.
#include <gtest/gtest.h>

#include "base/rng.hpp"
#include "nn/model_builder.hpp"
#include "nn/node_cases.hpp"
#include "nn/op_support.hpp"
#include "nn/passes/passes.hpp"
#include "nn/permute.hpp"
#include "nn/recurrent_loops.hpp"
#include "nn/reference.hpp"

namespace nn {
namespace {

using testing::Doubles;
using testing::LoopTask;
using testing::ModelBuilder;
namespace fs = std::filesystem;

const fs::path kTorch = fs::path(FPSA_SOURCE_DIR) / "tests/nn/torch";

std::vector<std::string> torch_models() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(kTorch))
    if (entry.is_directory()) names.push_back(entry.path().filename().string());
  std::ranges::sort(names);
  return names;
}

Array samples_of(const std::string& name) {
  return testing::array_of(kTorch / name / "test_data_set_0/input_0.pb");
}

class TorchTest : public ::testing::TestWithParam<std::string> {};

// With and without the passes, which must leave alone what a recurrent layer stands between.
TEST_P(TorchTest, GivesTorchsOwnOutputs) {
  const fs::path data = kTorch / GetParam() / "test_data_set_0";
  const Graph graph = import_onnx(kTorch / GetParam() / "model.onnx");
  EXPECT_EQ(testing::compared(graph, data), "");
  EXPECT_EQ(testing::compared(simplify(graph), data), "");
}

INSTANTIATE_TEST_SUITE_P(Recurrent, TorchTest, ::testing::ValuesIn(torch_models()),
                         [](const auto& given) { return given.param; });

// The samples of a batch in any order, and each by itself.
TEST(RecurrentBatches, EverySampleGivesTheSameInAnyBatch) {
  for (const char* name : {"lstm_last_step", "lstm_no_bias_last_state", "rnn_relu_last_step"}) {
    const Graph graph = import_onnx(kTorch / name / "model.onnx");
    const Array x = samples_of(name);
    const Array all = run(graph, {x}).at(0);
    const std::size_t sample = x.size() / 3;
    for (std::size_t n = 0; n < 3; ++n) {
      const auto first = x.floats().begin() + static_cast<std::ptrdiff_t>(n * sample);
      const Array one = Array::of_floats({1, 5, 4}, {first, first + 20});
      const Array y = run(graph, {one}).at(0);
      for (std::size_t i = 0; i < 2; ++i) EXPECT_NEAR(y.at(i), all.at(2 * n + i), 1e-6) << name;
    }
  }
}

// A model of a fixed batch of 3 runs 5 samples, the last batch filled up.
TEST(RecurrentBatches, FixedBatchesAreRunOneByOne) {
  const Graph graph = import_onnx(kTorch / "lstm_last_step_fixed/model.onnx");
  const Array three = samples_of("lstm_last_step_fixed");
  std::vector<float> five = three.floats();
  five.insert(five.end(), three.floats().begin(), three.floats().begin() + 40);
  const Array y = run(graph, {Array::of_floats({5, 5, 4}, five)}).at(0);
  const Array wanted = run(graph, {three}).at(0);
  ASSERT_EQ(y.shape, (Shape{5, 2}));
  for (std::size_t i = 0; i < 10; ++i) EXPECT_EQ(y.at(i), wanted.at(i % 6)) << i;
}

Doubles numbers(base::Rng& rng, int count) {
  Doubles list(static_cast<std::size_t>(count));
  for (double& value : list) value = static_cast<float>(0.5 * rng.normal());
  return list;
}

// Both directions of 3 hidden elements over 5 steps of 4 inputs.
LoopTask both_ways(const std::string& op, int batch) {
  base::Rng rng(static_cast<std::uint64_t>(batch));
  LoopTask t{.op = op, .steps = 5, .batch = batch, .inputs = 4, .hidden = 3, .directions = 2};
  const int rows = t.gates() * 3;
  t.w = numbers(rng, 2 * rows * 4);
  t.r = numbers(rng, 2 * rows * 3);
  t.b = numbers(rng, 4 * rows);
  t.p = Doubles(18, 0.0);
  t.h = t.c = Doubles(static_cast<std::size_t>(6 * batch), 0.0);
  t.lengths.assign(static_cast<std::size_t>(batch), 5);
  for (int d = 0; d < 2; ++d) {
    t.functions.push_back({"Sigmoid"});
    t.functions.push_back({"Tanh"});
    if (op == "LSTM") t.functions.push_back({"Tanh"});
  }
  t.x = numbers(rng, 5 * batch * 4);
  return t;
}

// The layer between the Transpose before it and what a dialect makes of its outputs. Initial states
// are zeros of the batch's size, which the model reads from X, as both exporters do.
ModelBuilder begun(const LoopTask& t) {
  const auto floats = [](const Doubles& list) {
    return std::vector<float>(list.begin(), list.end());
  };
  const std::int64_t rows = t.gates() * 3;
  ModelBuilder b(13);
  b.input("x", {kUnknown, 5, 4}).longs("zero", {1}, {0}).longs("two", {1}, {2});
  b.longs("three", {1}, {3}).floats("w", {2, rows, 4}, floats(t.w));
  b.floats("r", {2, rows, 3}, floats(t.r)).floats("b", {2, 2 * rows}, floats(t.b));
  b.node("Transpose", {"x"}, {"steps"}).with("perm", Shape{1, 0, 2});
  b.node("Shape", {"x"}, {"extents"}).node("Gather", {"extents", "zero"}, {"batch"});
  b.node("Concat", {"two", "batch", "three"}, {"states"}).with("axis", std::int64_t{0});
  b.node("ConstantOfShape", {"states"}, {"h"});
  std::vector<std::string> inputs{"steps", "w", "r", "b", "", "h"};
  if (t.op == "LSTM") inputs.push_back("h");
  b.node(t.op, inputs, {"y", "y_h"}).with("hidden_size", std::int64_t{3});
  b.with("direction", std::string("bidirectional"));
  return b;
}

Array input_of(const LoopTask& t) {
  const Array steps_first = convert(Array::of_doubles({5, t.batch, 4}, t.x), DType::kFloat);
  return permuted(steps_first, {1, 0, 2});
}

void expect_near(const Array& got, const Array& wanted) {
  ASSERT_EQ(got.shape, wanted.shape);
  for (std::size_t i = 0; i < got.size(); ++i) EXPECT_NEAR(got.at(i), wanted.at(i), 1e-5) << i;
}

// Sequences and last states of both directions side by side: [batch, steps, 6] and [batch, 6].
void expect_both_ways(const LoopTask& t, const std::vector<Array>& outputs) {
  const testing::LoopResult wanted = testing::run_loops(t);
  const Array y = permuted(Array::of_doubles({5, 2, t.batch, 3}, wanted.y), {2, 0, 1, 3});
  const Array y_h = permuted(Array::of_doubles({2, t.batch, 3}, wanted.y_h), {1, 0, 2});
  expect_near(outputs.at(0), reshaped(y, {t.batch, 5, 6}));
  expect_near(outputs.at(1), reshaped(y_h, {t.batch, 6}));
}

// Keras' Bidirectional as its own exporter wrote it: one Transpose, one Reshape.
TEST(RecurrentDialects, DirectionsMergedByTransposeAndReshape) {
  for (const char* op : {"LSTM", "GRU"})
    for (const int batch : {1, 2, 7}) {
      const LoopTask t = both_ways(op, batch);
      ModelBuilder b = begun(t);
      b.longs("keep", {3}, {0, 0, -1}).longs("flat", {2}, {-1, 6});
      b.node("Transpose", {"y"}, {"turned"}).with("perm", Shape{2, 0, 1, 3});
      b.node("Reshape", {"turned", "keep"}, {"sequences"});
      b.node("Transpose", {"y_h"}, {"last"}).with("perm", Shape{1, 0, 2});
      b.node("Reshape", {"last", "flat"}, {"states_out"});
      b.output("sequences").output("states_out");
      const Graph graph = b.import();
      EXPECT_EQ(graph.value(graph.outputs[0]).shape[0], kUnknown);
      expect_both_ways(t, run(graph, {input_of(t)}));
      expect_both_ways(t, run(simplify(graph), {input_of(t)}));
    }
}

// tf2onnx: Split, Squeeze and Concat.
TEST(RecurrentDialects, DirectionsMergedBySplitAndConcat) {
  for (const char* op : {"LSTM", "GRU"}) {
    const LoopTask t = both_ways(op, 3);
    ModelBuilder b = begun(t);
    b.longs("one", {1}, {1});
    b.node("Split", {"y"}, {"f4", "r4"}).with("axis", std::int64_t{1});
    b.node("Squeeze", {"f4", "one"}, {"f3"}).node("Squeeze", {"r4", "one"}, {"r3"});
    b.node("Transpose", {"f3"}, {"f"}).with("perm", Shape{1, 0, 2});
    b.node("Transpose", {"r3"}, {"r_out"}).with("perm", Shape{1, 0, 2});
    b.node("Concat", {"f", "r_out"}, {"sequences"}).with("axis", std::int64_t{2});
    b.node("Split", {"y_h"}, {"fh3", "rh3"}).with("axis", std::int64_t{0});
    b.node("Squeeze", {"fh3", "zero"}, {"fh"}).node("Squeeze", {"rh3", "zero"}, {"rh"});
    b.node("Concat", {"fh", "rh"}, {"states_out"}).with("axis", std::int64_t{-1});
    b.output("sequences").output("states_out");
    expect_both_ways(t, run(b.import(), {input_of(t)}));
  }
}

// Of constants it is a constant, like any other operator.
TEST(RecurrentDialects, OfConstantsIsFolded) {
  ModelBuilder b(14);
  b.input("x", {1, 2}).floats("c", {3, 1, 1}, {1, 1, 1}).floats("w", {1, 2, 1}, {1, -1});
  b.floats("r", {1, 2, 2}, {0, 0, 0, 0}).node("RNN", {"c", "w", "r"}, {"", "h"});
  b.with("hidden_size", std::int64_t{2}).node("Add", {"x", "h"}, {"y"}).output("y");
  const Graph graph = simplify(b.import());
  EXPECT_EQ(graph.nodes.size(), 1U);
  const Array y = run(graph, {Array::of_floats({1, 2}, {0, 0})}).at(0);
  EXPECT_NEAR(y.at(0), std::tanh(1.0), 1e-6);
  EXPECT_NEAR(y.at(1), -std::tanh(1.0), 1e-6);
}

// Nothing goes over the steps of a batch of none, which a small file may have any number of.
TEST(RecurrentBatches, ABatchOfNoneTakesNoTime) {
  ModelBuilder b(14);
  b.floats("c", {1'000'000'000, 0, 1}, {}).floats("w", {1, 1, 1}, {1}).floats("r", {1, 1, 1}, {1});
  b.node("RNN", {"c", "w", "r"}, {"y", "h"}).with("hidden_size", std::int64_t{1});
  const Graph graph = b.output("h").import();
  EXPECT_EQ(graph.value(graph.outputs[0]).shape, (Shape{1, 0, 1}));
  EXPECT_EQ(run(graph, {}).at(0).size(), 0U);
}

}  // namespace
}  // namespace nn
