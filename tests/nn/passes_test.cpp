// Each pass keeps what the network computes, and removes what it promises to remove.
#include "nn/passes/passes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "base/rng.hpp"
#include "nn/infer.hpp"
#include "nn/model_builder.hpp"
#include "nn/reference.hpp"

namespace nn {
namespace {

using ::testing::ElementsAre;
using testing::ModelBuilder;
using Floats = std::vector<float>;

constexpr const char* kQonnx = "qonnx.custom_op.general";

Floats random_floats(std::size_t count, base::Rng& rng, double low = -2, double high = 2) {
  Floats values;
  for (std::size_t i = 0; i < count; ++i)
    values.push_back(static_cast<float>(low + (high - low) * rng.uniform()));
  return values;
}

std::vector<std::string> ops_of(const Graph& graph) {
  std::vector<std::string> ops;
  for (const Node& node : graph.nodes) ops.push_back(node.op);
  return ops;
}

// Output 0 of both graphs agrees on random input of `shape`, and so do the outputs' names.
void expect_same(const Graph& before, const Graph& after, const Shape& shape) {
  base::Rng rng(7);
  const Array x =
      Array::of_floats(shape, random_floats(static_cast<std::size_t>(element_count(shape)), rng));
  const Array wanted = run(before, {x}).at(0);
  const Array got = run(after, {x}).at(0);
  ASSERT_EQ(got.shape, wanted.shape);
  for (std::size_t i = 0; i < wanted.floats().size(); ++i)
    EXPECT_NEAR(got.floats()[i], wanted.floats()[i], 1e-4) << i;
  for (std::size_t i = 0; i < before.outputs.size(); ++i)
    EXPECT_EQ(after.value(after.outputs[i]).name, before.value(before.outputs[i]).name);
}

// Adds a BatchNormalization of random statistics from `from` to `to`.
void batch_norm(ModelBuilder& builder, const std::string& from, const std::string& to,
                std::int64_t channels, base::Rng& rng) {
  const auto count = static_cast<std::size_t>(channels);
  builder.floats(to + "_s", {channels}, random_floats(count, rng));
  builder.floats(to + "_b", {channels}, random_floats(count, rng));
  builder.floats(to + "_m", {channels}, random_floats(count, rng));
  builder.floats(to + "_v", {channels}, random_floats(count, rng, 0.5, 2));
  builder.node("BatchNormalization", {from, to + "_s", to + "_b", to + "_m", to + "_v"}, {to},
               to + "_bn");
}

TEST(FoldConstants, ComputesWhatIsKnown) {
  ModelBuilder builder;
  builder.input("x", {kUnknown, 2}).floats("w", {3, 2}, {1, 2, 3, 4, 5, 6});
  builder.node("Transpose", {"w"}, {"wt"}).node("MatMul", {"x", "wt"}, {"y"}, "fc").output("y");
  const Graph before = builder.import();
  const Graph after = fold_constants(before);
  EXPECT_THAT(ops_of(after), ElementsAre("MatMul"));
  EXPECT_EQ(after.value(after.nodes[0].inputs[1]).constant->floats(), (Floats{1, 3, 5, 2, 4, 6}));
  expect_same(before, after, {3, 2});
}

// Both signs of an input, as bytes, by an op of ONNX Runtime and by what it stands for.
TEST(SpellOutIntegers, KeepsWhatTheIntegersAre) {
  constexpr const char* kMicrosoft = "com.microsoft";
  ModelBuilder builder(13);
  builder.input("x", {kUnknown, 2}, onnx::TensorProto::UINT8)
      .floats("s", {}, {0.5})
      .floats("t", {}, {0.125});
  builder.ints("z", {}, {100}, onnx::TensorProto::UINT8);
  builder.node("QLinearLeakyRelu", {"x", "s", "z", "t", "z"}, {"a"}, "leaky", kMicrosoft);
  builder.with("alpha", 0.25F);
  builder.node("QLinearSigmoid", {"x", "s", "z", "t", ""}, {"b"}, "sigmoid", kMicrosoft);
  builder.node("QLinearMul", {"a", "t", "z", "b", "t", "", "s", "z"}, {"c"}, "mul", kMicrosoft);
  builder.node("QLinearConcat", {"s", "z", "a", "t", "z", "c", "s", "z"}, {"y"}, "cat", kMicrosoft);
  builder.with("axis", std::int64_t{1}).output("y");
  const Graph before = builder.import();
  const Graph after = spell_out_integers(before);
  EXPECT_EQ(after.nodes.size(), 4u + 2 + 2 + 3 + 3);
  for (const Node& node : after.nodes) EXPECT_EQ(node.domain, "") << node.name;
  const Array x = Array::of_ints(DType::kUint8, {3, 2}, {0, 255, 99, 101, 100, 120});
  EXPECT_EQ(run(after, {x}).at(0).ints(), run(before, {x}).at(0).ints());
}

TEST(SpellOutIntegers, PoolsOfCodesAsWell) {
  constexpr const char* kMicrosoft = "com.microsoft";
  ModelBuilder builder(13);
  builder.input("x", {1, 1, 2, 3}, onnx::TensorProto::UINT8).floats("s", {}, {0.5});
  builder.ints("z", {}, {100}, onnx::TensorProto::UINT8);
  builder.node("QLinearAveragePool", {"x", "s", "z", "s", "z"}, {"a"}, "mean", kMicrosoft);
  builder.with("kernel_shape", std::vector<std::int64_t>{2, 1});
  builder.with("channels_last", std::int64_t{0});
  builder.node("QLinearGlobalAveragePool", {"a", "s", "z", "s", "z"}, {"y"}, "all", kMicrosoft);
  const Graph before = builder.output("y").import();
  const Graph after = spell_out_integers(before);
  EXPECT_THAT(ops_of(after),
              ElementsAre("DequantizeLinear", "AveragePool", "QuantizeLinear", "DequantizeLinear",
                          "GlobalAveragePool", "QuantizeLinear"));
  EXPECT_FALSE(after.nodes[1].attributes.contains("channels_last"));
  const Array x = Array::of_ints(DType::kUint8, {1, 1, 2, 3}, {0, 255, 99, 101, 100, 120});
  EXPECT_EQ(run(after, {x}).at(0).ints(), run(before, {x}).at(0).ints());
}

TEST(FoldConstants, KeepsNumberFormats) {
  ModelBuilder builder;
  builder.input("x", {1, 2})
      .ints("w", {2, 2}, {1, 2, 3, 4}, onnx::TensorProto::INT8)
      .floats("s", {}, {0.5});
  builder.node("DequantizeLinear", {"w", "s"}, {"f"}).node("MatMul", {"x", "f"}, {"y"}).output("y");
  EXPECT_THAT(ops_of(fold_constants(builder.import())), ElementsAre("DequantizeLinear", "MatMul"));
}

TEST(FoldConstants, KeepsANetworkThatIsAllConstant) {
  ModelBuilder builder;
  builder.floats("c", {2}, {-1, 2}).node("Relu", {"c"}, {"y"}).output("y");
  const Graph after = fold_constants(builder.import());
  EXPECT_TRUE(after.nodes.empty());
  EXPECT_EQ(run(after, {}).at(0).floats(), (Floats{0, 2}));
}

TEST(RemoveIdentities, TakesAllKindsAway) {
  ModelBuilder builder(13);
  builder.input("x", {kUnknown, 2}).longs("s", {2}, {-1, 2}).node("Identity", {"x"}, {"a"});
  builder.node("Dropout", {"a"}, {"b", "mask"})
      .node("Cast", {"b"}, {"c"})
      .with("to", std::int64_t{1});
  builder.node("Reshape", {"c", "s"}, {"d"}).node("Flatten", {"d"}, {"e"});
  builder.node("Transpose", {"e"}, {"f"}).with("perm", std::vector<std::int64_t>{0, 1});
  builder.node("Relu", {"f"}, {"g"}).node("Identity", {"g"}, {"y"}).output("y");
  const Graph before = builder.import();
  const Graph after = remove_identities(before);
  EXPECT_THAT(ops_of(after), ElementsAre("Relu"));
  expect_same(before, after, {3, 2});
}

TEST(RemoveIdentities, KeepsWhatIsNoIdentity) {
  ModelBuilder builder(13);
  builder.input("x", {2, 2}).node("Transpose", {"x"}, {"a"}).node("Dropout", {"a"}, {"b", "mask"});
  builder.node("Cast", {"mask"}, {"c"})
      .with("to", std::int64_t{1})
      .node("Add", {"b", "c"}, {"y"})
      .output("y");
  const Graph before = builder.import();
  const Graph after = remove_identities(before);
  EXPECT_THAT(ops_of(after), ElementsAre("Transpose", "Dropout", "Cast", "Add"));
  expect_same(before, after, {2, 2});
}

TEST(RemoveIdentities, KeepsAnInputThatIsAnOutput) {
  ModelBuilder builder;
  builder.input("x", {1}).node("Identity", {"x"}, {"y"}).output("y");
  EXPECT_THAT(ops_of(remove_identities(builder.import())), ElementsAre("Identity"));
}

TEST(RemoveIdentities, TwoOutputsOfOneValueStayTwo) {
  ModelBuilder builder;
  builder.input("x", {1, 2})
      .node("Relu", {"x"}, {"a"})
      .node("Identity", {"a"}, {"b"})
      .output("a")
      .output("b");
  const Graph before = builder.import();
  expect_same(before, remove_identities(before), {1, 2});
}

TEST(FoldWeightLayout, MovesATransposeBeforeTheFormat) {
  const std::vector<std::function<void(ModelBuilder&)>> formats = {
      [](ModelBuilder& b) {
        b.ints("w", {3, 2}, {1, 2, 3, 4, 5, 6}, onnx::TensorProto::INT8)
            .floats("s", {3}, {1, 2, 3});
        b.node("DequantizeLinear", {"w", "s"}, {"f"}).with("axis", std::int64_t{0});
      },
      [](ModelBuilder& b) {
        b.floats("w", {3, 2}, {1, 2, 3, 4, 5, 6}).floats("s", {3, 1}, {1, 2, 3});
        b.floats("z", {}, {0}).floats("bits", {}, {3});
        b.node("Quant", {"w", "s", "z", "bits"}, {"f"}, "q", kQonnx);
      },
      [](ModelBuilder& b) {
        b.floats("w", {3, 2}, {1, -2, 3, -4, 5, 6}).floats("s", {1, 1}, {0.5});
        b.node("BipolarQuant", {"w", "s"}, {"f"}, "q", kQonnx);
      },
  };
  for (const auto& add : formats) {
    ModelBuilder builder;
    builder.input("x", {kUnknown, 2});
    add(builder);
    builder.node("Transpose", {"f"}, {"ft"}).node("MatMul", {"x", "ft"}, {"y"}).output("y");
    const Graph before = builder.import();
    const Graph after = fold_weight_layout(before);
    ASSERT_EQ(after.nodes.size(), 2U);
    EXPECT_TRUE(after.is_constant(after.nodes[0].inputs[0]));
    EXPECT_EQ(after.value(after.nodes[0].inputs[0]).shape, (Shape{2, 3}));
    expect_same(before, after, {4, 2});
  }
}

TEST(FoldWeightLayout, MovesAReshapeOnlyBehindASingleScale) {
  for (const std::int64_t scales : {1, 3}) {
    ModelBuilder builder;
    builder.input("x", {kUnknown, 6}).longs("shape", {2}, {6, 1});
    builder.ints("w", {3, 2}, {1, 2, 3, 4, 5, 6}, onnx::TensorProto::INT8);
    builder.floats("s", {scales}, Floats(static_cast<std::size_t>(scales), 0.5F));
    builder.node("DequantizeLinear", {"w", "s"}, {"f"}).with("axis", std::int64_t{0});
    builder.node("Reshape", {"f", "shape"}, {"g"}).node("MatMul", {"x", "g"}, {"y"}).output("y");
    const Graph before = builder.import();
    const Graph after = fold_weight_layout(before);
    EXPECT_EQ(after.nodes.size(), scales == 1 ? 2U : 3U);
    expect_same(before, after, {4, 6});
  }
}

using Ints = std::vector<std::int64_t>;

// Maps [2, 2, 4, 5] in, a Pad by `pads` behind `first` (if any), and what `reader` adds from "p" to
// "y".
ModelBuilder padded(const std::string& first, const Ints& pads,
                    const std::function<void(ModelBuilder&)>& reader, float value = 0) {
  ModelBuilder builder(13);
  builder.input("x", {kUnknown, 2, 4, 5}).longs("pads", {8}, pads).floats("v", {}, {value});
  if (!first.empty()) builder.node(first, {"x"}, {"f"});
  builder.node("Pad", {first.empty() ? "x" : "f", "pads", "v"}, {"p"});
  reader(builder);
  return builder.output("y");
}

void conv(ModelBuilder& builder) {
  builder.floats("w", {1, 2, 2, 2}, {1, 2, 3, 4, 5, 6, 7, 8}).node("Conv", {"p", "w"}, {"y"});
  builder.with("pads", Ints{1, 0, 0, 2});
}

std::function<void(ModelBuilder&)> pool(const std::string& op, const Ints& pads,
                                        std::int64_t counts = 0, std::int64_t ceil = 0) {
  return [=](ModelBuilder& builder) {
    builder.node(op, {"p"}, {"y"}).with("kernel_shape", Ints{3, 3}).with("pads", pads);
    builder.with("strides", Ints{2, 1}).with("ceil_mode", ceil);
    if (op == "AveragePool") builder.with("count_include_pad", counts);
  };
}

// Whether the Pad is folded away; either way the model computes what it did.
bool folds(const ModelBuilder& builder) {
  const Graph before = builder.import();
  const Graph after = fold_pads(before);
  expect_same(before, after, {2, 2, 4, 5});
  return std::ranges::count(ops_of(after), "Pad") == 0;
}

const Ints kAround = {0, 0, 1, 2, 0, 0, 2, 1};

TEST(FoldPads, IntoAConvolutionThatPadsItself) {
  EXPECT_TRUE(folds(padded("", kAround, conv)));
  const Graph after = fold_pads(padded("", kAround, conv).import());
  EXPECT_EQ(after.nodes[0].ints_attribute("pads", {}), (Ints{2, 2, 2, 3}));
}

TEST(FoldPads, OfZerosAroundMapsOnly) {
  EXPECT_FALSE(folds(padded("", kAround, conv, 0.5F)));
  EXPECT_FALSE(folds(padded("", {0, 0, -1, 0, 0, 0, 1, 1}, conv)));
  ModelBuilder channels(13);
  channels.input("x", {kUnknown, 1, 4, 5}).longs("pads", {8}, {0, 1, 0, 0, 0, 0, 0, 0});
  channels.node("Pad", {"x", "pads"}, {"p"});
  conv(channels);
  EXPECT_EQ(fold_pads(channels.output("y").import()).nodes.size(), 2U);
  ModelBuilder edge(13);
  edge.input("x", {kUnknown, 2, 4, 5}).longs("pads", {8}, kAround);
  edge.node("Pad", {"x", "pads"}, {"p"}).with("mode", std::string("edge"));
  conv(edge);
  EXPECT_FALSE(folds(edge.output("y")));
}

TEST(FoldPads, ThatNobodyElseReads) {
  ModelBuilder shared = padded("", kAround, conv);
  EXPECT_FALSE(folds(shared.node("Relu", {"p"}, {"z"}).output("z")));
}

TEST(FoldPads, IntoAMeanThatThenCountsThem) {
  const Ints none(4, 0);
  EXPECT_TRUE(folds(padded("", kAround, pool("AveragePool", none))));
  EXPECT_TRUE(folds(padded("", {0, 0, 1, 0, 0, 0, 0, 1}, pool("AveragePool", {1, 0, 0, 0}, 1))));
  EXPECT_FALSE(folds(padded("", {0, 0, 1, 0, 0, 0, 0, 1}, pool("AveragePool", {1, 0, 0, 0}))));
  EXPECT_TRUE(folds(padded("", kAround, pool("AveragePool", none, 0, 1))));
  // Windows at 0, 2 and, behind the four rows, 4.
  EXPECT_FALSE(folds(padded("", {0, 0, 0, 0, 0, 0, 2, 0}, pool("AveragePool", none, 0, 1))));
  EXPECT_FALSE(folds(padded("", {0, 0, 3, 0, 0, 0, 0, 0}, pool("AveragePool", none))));
}

TEST(FoldPads, IntoAMaximumOfWhatIsNotNegative) {
  const Ints none(4, 0);
  EXPECT_TRUE(folds(padded("Relu", kAround, pool("MaxPool", none))));
  EXPECT_FALSE(folds(padded("", kAround, pool("MaxPool", none))));
  EXPECT_FALSE(folds(padded("Tanh", kAround, pool("MaxPool", none))));
  // Two taps five apart over four rows: a window of padding alone.
  const auto wide = [](ModelBuilder& builder) {
    builder.node("MaxPool", {"p"}, {"y"}).with("kernel_shape", Ints{2, 1});
    builder.with("dilations", Ints{5, 1});
  };
  EXPECT_FALSE(folds(padded("Relu", {0, 0, 1, 0, 0, 0, 1, 0}, wide)));
}

// A Pad, then quantisers; and a Pad of codes by `value`, where the zero point is 7.
ModelBuilder padded_codes(bool of_codes, int value) {
  ModelBuilder builder(13);
  builder.input("x", {kUnknown, 2, 4, 5}).longs("pads", {8}, kAround).floats("s", {}, {0.125});
  builder.ints("z", {}, {7}, onnx::TensorProto::INT8);
  builder.ints("v", {}, {value}, onnx::TensorProto::INT8);
  if (!of_codes) builder.node("Pad", {"x", "pads"}, {"a"});
  builder.node("QuantizeLinear", {of_codes ? "x" : "a", "s", "z"}, {"q"});
  if (of_codes) builder.node("Pad", {"q", "pads", "v"}, {"b"});
  builder.node("DequantizeLinear", {of_codes ? "b" : "q", "s", "z"}, {"c"});
  builder.node("Relu", {"c"}, {"p"});
  conv(builder);
  return builder.output("y");
}

TEST(FoldPads, BehindQuantisersAndOfCodes) {
  EXPECT_TRUE(folds(padded_codes(false, 0)));
  EXPECT_TRUE(folds(padded_codes(true, 7)));
  EXPECT_FALSE(folds(padded_codes(true, 0)));
}

TEST(Simplify, RepeatsUntilNothingChanges) {
  base::Rng rng(11);
  ModelBuilder builder(13);
  builder.input("x", {kUnknown, 3}).floats("w", {2, 3}, random_floats(6, rng));
  builder.node("Transpose", {"w"}, {"wt"}).node("MatMul", {"x", "wt"}, {"p"});
  builder.node("Identity", {"p"}, {"i"});
  batch_norm(builder, "i", "q", 2, rng);
  const Graph before = builder.node("Dropout", {"q"}, {"y"}).output("y").import();
  const Graph after = simplify(before);
  EXPECT_THAT(ops_of(after), ElementsAre("MatMul", "BatchNormalization"));
  expect_same(before, after, {4, 3});
}

}  // namespace
}  // namespace nn
