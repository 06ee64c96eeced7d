// Running whole networks: batches, intermediate values, inputs that do not fit.
#include "nn/reference.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "base/rng.hpp"
#include "nn/expect_error.hpp"
#include "nn/infer.hpp"
#include "nn/model_builder.hpp"

namespace nn {
namespace {

using base::Code;
using testing::expect_error;
using testing::ModelBuilder;
using Floats = std::vector<float>;

// y = relu(x * {{1, -1}, {2, 1}} + {0, 1}) for a batch of `batch`.
Graph network(std::int64_t batch) {
  ModelBuilder builder;
  builder.input("x", {batch, 2}).floats("w", {2, 2}, {1, -1, 2, 1}).floats("b", {2}, {0, 1});
  builder.node("MatMul", {"x", "w"}, {"p"}).node("Add", {"p", "b"}, {"s"});
  builder.node("Relu", {"s"}, {"y"}).output("y");
  return builder.import();
}

const Array kThree = Array::of_floats({3, 2}, {1, 0, 0, 1, -3, 1});
const Floats kAnswers = {1, 0, 2, 2, 0, 5};

TEST(Run, AnyBatchWhereItIsSymbolic) {
  const Array y = run(network(kUnknown), {kThree}).at(0);
  EXPECT_EQ(y.shape, (Shape{3, 2}));
  EXPECT_EQ(y.floats(), kAnswers);
}

TEST(Run, FixedBatchesAreRunOneByOneAndJoined) {
  for (const std::int64_t batch : {1, 2, 3, 64}) {
    const Array y = run(network(batch), {kThree}).at(0);
    EXPECT_EQ(y.shape, (Shape{3, 2})) << batch;
    EXPECT_EQ(y.floats(), kAnswers) << batch;
  }
}

TEST(Run, ResultsOfSeveralRowsASampleAreCutAsWell) {
  ModelBuilder longer;
  longer.input("x", {2, 2}).longs("rows", {2}, {4, 1}).node("Reshape", {"x", "rows"}, {"y"});
  const Array y = run(longer.output("y").import(), {kThree}).at(0);
  EXPECT_EQ(y.shape, (Shape{6, 1}));
  EXPECT_EQ(y.floats(), kThree.floats());
}

TEST(Run, SoftmaxOverTheBatchSeesOnlyTheFixedBatch) {
  ModelBuilder builder;
  builder.input("x", {1, 2})
      .node("Softmax", {"x"}, {"y"})
      .with("axis", std::int64_t{0})
      .output("y");
  EXPECT_EQ(run(builder.import(), {kThree}).at(0).floats(), Floats(6, 1.0F));
}

TEST(RunAll, GivesEveryValueById) {
  for (const std::int64_t batch : {kUnknown, std::int64_t{1}, std::int64_t{2}}) {
    const Graph graph = network(batch);
    const std::vector<Array> all = run_all(graph, {kThree});
    ASSERT_EQ(all.size(), graph.values.size());
    for (std::size_t v = 0; v < all.size(); ++v) {
      if (graph.values[v].name == "p") {
        EXPECT_EQ(all[v].floats(), (Floats{1, -1, 2, 1, -1, 4}));
      }
      if (graph.values[v].name == "b") {
        EXPECT_EQ(all[v].floats(), (Floats{0, 1}));
      }
    }
  }
}

TEST(Run, MatchesPlainLoopsOnALargerProduct) {
  base::Rng rng(1);
  const std::int64_t n = 7, k = 33, m = 19;
  Floats x(n * k), w(k * m);
  for (float& value : x) value = static_cast<float>(rng.normal());
  for (float& value : w) value = static_cast<float>(rng.normal());
  ModelBuilder builder;
  builder.input("x", {kUnknown, k})
      .floats("w", {k, m}, w)
      .node("MatMul", {"x", "w"}, {"y"})
      .output("y");
  const Array y = run(builder.import(), {Array::of_floats({n, k}, x)}).at(0);
  for (std::int64_t i = 0; i < n; ++i)
    for (std::int64_t j = 0; j < m; ++j) {
      double sum = 0;
      for (std::int64_t l = 0; l < k; ++l) sum += static_cast<double>(x[i * k + l]) * w[l * m + j];
      EXPECT_NEAR(y.floats()[i * m + j], sum, 1e-4);
    }
}

// Samples are floats, whatever the network's input is.
TEST(Run, FloatsForAnInputOfAnotherType) {
  for (const int type : {onnx::TensorProto::DOUBLE, onnx::TensorProto::UINT8}) {
    ModelBuilder builder;
    builder.input("x", {1, 2}, type).node("Cast", {"x"}, {"y"}).with("to", std::int64_t{1});
    const Graph graph = builder.output("y").import();
    EXPECT_EQ(run(graph, {Array::of_floats({1, 2}, {3, 255})}).at(0).floats(), (Floats{3, 255}));
    const auto run_on = [&](float value) {
      return [&graph, value] { run(graph, {Array::of_floats({1, 2}, {value, 0})}); };
    };
    if (type == onnx::TensorProto::DOUBLE) continue;
    expect_error(Code::kBadSamples, "a sample holds 0.5; the network takes uint8", run_on(0.5F));
    expect_error(Code::kBadSamples, "a sample holds 256;", run_on(256));
  }
}

TEST(RunErrors, InputsThatDoNotFit) {
  const Graph graph = network(kUnknown);
  const Graph pairs = network(2);
  expect_error(Code::kBadSamples, "0 inputs are given", [&] { run(graph, {}); });
  expect_error(Code::kBadSamples, "samples are float [3, 3]; the network takes float [?, 2]", [&] {
    run(graph, {Array::of_floats({3, 3}, Floats(9))});
  });
  expect_error(Code::kBadSamples, "samples are uint8", [&] {
    run(graph, {Array::of_ints(DType::kUint8, {1, 2}, {0, 0})});
  });
  expect_error(Code::kBadSamples, "[0, 2]", [&] { run(pairs, {Array::of_floats({0, 2}, {})}); });
}

TEST(RunErrors, InputsOfDifferentBatches) {
  ModelBuilder builder;
  builder.input("a", {1, 2}).input("b", {1, 2}).node("Add", {"a", "b"}, {"y"}).output("y");
  const Array one = Array::of_floats({1, 2}, {1, 2});
  expect_error(Code::kBadSamples, "different numbers of samples", [&] {
    run(builder.import(), {one, kThree});
  });
}

TEST(InferShapes, IsIdempotent) {
  Graph graph = network(kUnknown);
  const Graph before = graph;
  infer_shapes(graph);
  for (std::size_t v = 0; v < graph.values.size(); ++v)
    EXPECT_EQ(graph.values[v].shape, before.values[v].shape);
}

}  // namespace
}  // namespace nn
