// Random networks of convolutions and pools, floats or with quantisers of powers of two: the
// integers stand for what the model computes.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "base/error.hpp"
#include "base/rng.hpp"
#include "core/integer.hpp"
#include "dialects/maps_writer.hpp"
#include "nn/expect_error.hpp"
#include "nn/passes/passes.hpp"
#include "nn/reference.hpp"
#include "quant/batch.hpp"
#include "quant/draft.hpp"
#include "quant/quantise.hpp"

namespace {

using base::Code;
using dialects::Floats;
using dialects::Ints;
using dialects::kStyles;
using dialects::MapsWriter;
using dialects::Style;
using nn::Shape;
using nn::testing::expect_error;
using nn::testing::ModelBuilder;

// How far the integers' outputs are from the model's.
struct Outcome {
  double most = 0;      // difference
  double relative = 0;  // RMS of it in parts of the outputs'
  double scale = 0;     // of the outputs
};

Outcome outcome_of(const nn::Graph& graph, std::uint64_t seed) {
  base::Rng rng(seed);
  Shape shape = graph.value(graph.inputs[0]).shape;
  shape[0] = 8;
  Floats values;
  for (std::int64_t i = 0; i < nn::element_count(shape); ++i)
    values.push_back(static_cast<float>(4 * rng.uniform() - 2));
  const nn::Array samples = nn::Array::of_floats(shape, values);
  const quant::Network network =
      quant::quantise(graph, {samples}, {.weight_bits = 16, .activation_bits = 10});
  const auto result = core::run_integer(network, quant::encode_inputs(network, {samples}));
  const nn::Array wanted = nn::run(graph, {samples}).at(0);
  Outcome outcome;
  outcome.scale = network.format_of(network.outputs.at(0).tensor).scale;
  EXPECT_EQ(static_cast<Eigen::Index>(wanted.size()), result.outputs.size());
  double errors = 0;
  double power = 0;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const double error =
        outcome.scale * result.outputs(static_cast<Eigen::Index>(i)) - wanted.at(i);
    outcome.most = std::max(outcome.most, std::abs(error));
    errors += error * error;
    power += wanted.at(i) * wanted.at(i);
  }
  outcome.relative = std::sqrt(errors / power);
  return outcome;
}

TEST(MapsInIntegers, StandForWhatTheModelComputes) {
  for (std::uint64_t seed = 0; seed < 120; ++seed) {
    const auto style = static_cast<Style>(seed % kStyles);
    SCOPED_TRACE("style " + std::to_string(seed % kStyles) + ", seed " + std::to_string(seed));
    const nn::Graph graph = nn::simplify(MapsWriter(style, seed).run().import());
    const Outcome outcome = outcome_of(graph, seed);
    if (style == Style::kFloat)
      EXPECT_LT(outcome.relative, 0.05);
    else
      EXPECT_LT(outcome.most, 1e-6);
  }
}

// Each op that the random models are to try is in some of them.
TEST(MapsInIntegers, HoldEveryOpThatIsTried) {
  std::map<std::string, int> counts;
  for (std::uint64_t seed = 0; seed < 120; ++seed) {
    const nn::Graph graph = MapsWriter(static_cast<Style>(seed % kStyles), seed).run().import();
    for (const nn::Node& node : graph.nodes) ++counts[node.op];
  }
  for (const char* op : {"Add",
                         "AveragePool",
                         "BatchNormalization",
                         "Concat",
                         "Conv",
                         "ConvInteger",
                         "DepthToSpace",
                         "Div",
                         "GlobalAveragePool",
                         "GlobalMaxPool",
                         "MaxPool",
                         "Mul",
                         "Pad",
                         "QLinearAveragePool",
                         "QLinearConv",
                         "QLinearGlobalAveragePool",
                         "ReduceMax",
                         "ReduceMean",
                         "Resize",
                         "Slice",
                         "SpaceToDepth",
                         "Sub",
                         "Sum",
                         "Transpose"})
    EXPECT_GE(counts[op], 2) << op;
}

// A model of one input of maps; nodes follow.
ModelBuilder on_maps(const Shape& shape) {
  ModelBuilder model(13);
  model.input("x", shape);
  return model;
}

// A convolution by `shape` of ones that reads `from` and makes the output.
ModelBuilder& convolved(ModelBuilder& model, const std::string& from, const Shape& shape) {
  model.floats("w", shape, Floats(static_cast<std::size_t>(nn::element_count(shape)), 1.0F));
  return model.node("Conv", {from, "w"}, {"y"}, "conv").output("y");
}

quant::Network quantised_on(const ModelBuilder& model, const Shape& shape) {
  Floats values;
  for (std::int64_t i = 0; i < nn::element_count(shape); ++i)
    values.push_back(static_cast<float>(i % 7));
  return quant::quantise(nn::simplify(model.import()), {nn::Array::of_floats(shape, values)}, {});
}

void expect_refused(const std::string& part, const ModelBuilder& model) {
  expect_error(Code::kCannotLower, part, [&] { quant::draft_of(nn::simplify(model.import())); });
}

TEST(Maps, OpenExtentsNameTheInput) {
  ModelBuilder model = on_maps({nn::kUnknown, 1, nn::kUnknown, 8});
  expect_refused("open extents: input \"x\" of shape [?, 1, ?, 8]",
                 convolved(model, "x", {2, 1, 3, 3}));
}

TEST(Maps, AreOfUpToTwoAxesAndElementsThatCanBeCounted) {
  ModelBuilder deep = on_maps({1, 1, 4, 4, 4});
  expect_refused("maps of shape [1, 1, 4, 4, 4]", convolved(deep, "x", {2, 1, 3, 3, 3}));
  ModelBuilder wide = on_maps({1, 1, 40000, 40000});
  expect_refused("1600000000 elements a sample", convolved(wide, "x", {1, 1, 3, 3}));
  ModelBuilder many = on_maps({1, 1, 30000, 20000});
  expect_refused("1200000000 elements a sample", convolved(many, "x", {2, 1, 1, 1}));
}

TEST(Maps, WeightsAreConstants) {
  ModelBuilder both = on_maps({1, 1, 3, 3});
  both.node("Conv", {"x", "x"}, {"y"}, "conv").output("y");
  expect_refused("computes with two signals", both);
  ModelBuilder turned = on_maps({1, 1, 3, 3});
  turned.floats("c", {1, 1, 3, 3}, Floats(9, 1.0F));
  turned.node("Conv", {"c", "x"}, {"y"}, "conv").output("y");
  expect_refused("its weights are computed", turned);
}

TEST(Maps, ElementsThatWereMovedToWhereNoWalkFindsThemAreNoMaps) {
  ModelBuilder model = on_maps({1, 4, 4, 2});
  model.node("Transpose", {"x"}, {"t"}, "t").with("perm", Ints{0, 1, 3, 2});
  expect_refused("elements were moved", convolved(model, "t", {1, 4, 1, 1}));
  ModelBuilder odd = on_maps({1, 1, 2, 4});
  odd.floats("s", {4}, {1, 1, 1, 1.5F}).node("Resize", {"x", "", "s"}, {"t"}, "t");
  expect_refused("elements were moved", convolved(odd, "t", {1, 1, 1, 1}));
}

TEST(Maps, PaddingOfOtherNumbersThanZeroIsRefused) {
  ModelBuilder model = on_maps({1, 1, 2, 2});
  model.longs("p", {8}, {0, 0, 1, 0, 0, 0, 0, 0}).floats("one", {}, {1});
  model.node("Pad", {"x", "p", "one"}, {"t"}, "pad");
  expect_refused("pads by 1 where 0 is zero", convolved(model, "t", {1, 1, 1, 1}));
  ModelBuilder codes = on_maps({1, 1, 2, 2});
  codes.longs("p", {8}, {0, 0, 1, 0, 0, 0, 0, 0}).floats("s", {}, {0.5F});
  codes.ints("z", {}, {3}, onnx::TensorProto::INT8);
  codes.node("QuantizeLinear", {"x", "s", "z"}, {"q"}, "q").node("Pad", {"q", "p"}, {"t"}, "pad");
  codes.node("Relu", {"d"}, {"r"}, "relu");
  codes.node("DequantizeLinear", {"t", "s", "z"}, {"d"}, "dq");
  expect_refused("pads by 0 where 3 is zero", convolved(codes, "r", {1, 1, 1, 1}));
}

// How exporters say that maps grow by whole factors: each shows every position as often.
TEST(Maps, NearestResizesByWholeFactorsAreSeen) {
  struct Case {
    std::string coordinates, rounding;
    bool seen;
  };
  for (const Case& one :
       {Case{"asymmetric", "floor", true}, Case{"half_pixel", "round_prefer_floor", true},
        Case{"half_pixel", "round_prefer_ceil", true},
        Case{"pytorch_half_pixel", "round_prefer_floor", true},
        Case{"tf_half_pixel_for_nn", "floor", true}, Case{"asymmetric", "ceil", false}}) {
    SCOPED_TRACE(one.coordinates + ", " + one.rounding);
    ModelBuilder model(one.coordinates == "tf_half_pixel_for_nn" ? 11 : 13);
    model.input("x", {nn::kUnknown, 1, 2, 3}).floats("s", {4}, {1, 1, 2, 3}).floats("roi", {0}, {});
    model.node("Resize", {"x", "roi", "s"}, {"t"}, "resize");
    model.with("mode", std::string("nearest")).with("nearest_mode", one.rounding);
    model.with("coordinate_transformation_mode", one.coordinates);
    convolved(model, "t", {1, 1, 3, 3});
    if (!one.seen) {
      expect_refused("elements were moved", model);
      continue;
    }
    const quant::Network network = quantised_on(model, {1, 1, 2, 3});
    ASSERT_EQ(network.layers.size(), 1U);
    EXPECT_EQ(network.layers[quant::LayerId{0}].inputs()[0].sight,
              (quant::Sight{.extent = {4, 9}, .repeat = {2, 3}}));
  }
}

// Four blocks of a map as channels: four sights of it.
TEST(Maps, BlocksAreSightsOfEveryOtherLine) {
  ModelBuilder model = on_maps({1, 1, 4, 4});
  model.node("SpaceToDepth", {"x"}, {"d"}, "d").with("blocksize", std::int64_t{2});
  const quant::Network network = quantised_on(convolved(model, "d", {1, 4, 2, 2}), {1, 1, 4, 4});
  ASSERT_EQ(network.layers.size(), 1U);
  const std::vector<quant::Source>& inputs = network.layers[quant::LayerId{0}].inputs();
  ASSERT_EQ(inputs.size(), 4U);
  EXPECT_EQ(inputs[2].sight, (quant::Sight{.extent = {2, 2}, .step = {2, 2}, .begin = {1, 0}}));
}

// A Relu behind moved maps is that of the product before them, and so is a format; tables are of
// what is not moved yet.
TEST(Maps, WhatFollowsMovedMapsJoinsWhatMakesThem) {
  ModelBuilder model = on_maps({1, 1, 4, 4});
  model.floats("w0", {4, 1, 1, 1}, {1, -1, 2, 3});
  model.node("Conv", {"x", "w0"}, {"c"}, "conv0").node("DepthToSpace", {"c"}, {"d"}, "d");
  model.with("blocksize", std::int64_t{2});
  model.node("Relu", {"d"}, {"r"}, "relu").node("Tanh", {"r"}, {"t"}, "tanh");
  const quant::Network network = quantised_on(convolved(model, "t", {1, 1, 3, 3}), {1, 1, 4, 4});
  ASSERT_EQ(network.layers.size(), 3U);
  EXPECT_FALSE(network.format_of(network.layers[quant::LayerId{0}].output).is_signed);
  EXPECT_TRUE(std::holds_alternative<quant::Table>(network.layers[quant::LayerId{1}].rule));
  EXPECT_EQ(network.tensors[network.layers[quant::LayerId{1}].output].shape, quant::Shape(4, 4, 4));
}

// What is seen in two ways is read by two: a Relu behind one of them is no Relu of the other.
TEST(Maps, APartOfAMapIsNotTheMap) {
  ModelBuilder model = on_maps({1, 1, 4, 4});
  model.floats("w0", {1, 1, 1, 1}, {-1}).node("Conv", {"x", "w0"}, {"c"}, "conv0");
  model.node("Split", {"c"}, {"a", "b"}, "split").with("axis", std::int64_t{2});
  model.node("Relu", {"a"}, {"r"}, "relu").node("Sub", {"r", "b"}, {"s"}, "sub");
  const quant::Network network = quantised_on(convolved(model, "s", {1, 1, 1, 1}), {1, 1, 4, 4});
  EXPECT_TRUE(network.format_of(network.layers[quant::LayerId{0}].output).is_signed);
}

// Zeros count for a maximum that a Pad has put in: a layer makes them.
TEST(Maps, AMaximumCountsTheZerosOfAPad) {
  ModelBuilder model = on_maps({1, 1, 2, 2});
  model.floats("w0", {1, 1, 1, 1}, {-1}).node("Conv", {"x", "w0"}, {"c"}, "conv0");
  model.longs("p", {8}, {0, 0, 1, 1, 0, 0, 0, 0}).node("Pad", {"c", "p"}, {"t"}, "pad");
  model.node("MaxPool", {"t"}, {"m"}, "pool").with("kernel_shape", Ints{2, 2});
  const quant::Network network = quantised_on(convolved(model, "m", {1, 1, 1, 1}), {1, 1, 2, 2});
  const nn::Array x = nn::Array::of_floats({1, 1, 2, 2}, {3, 2, 1, 2});
  const auto y = core::run_integer(network, quant::encode_inputs(network, {x})).outputs;
  const double scale = network.format_of(network.outputs.front().tensor).scale;
  EXPECT_NEAR(scale * y(0, 0), 0, 0.1);
  EXPECT_NEAR(scale * y(0, 3), -1, 0.1) << "the greatest of -3, -2, -1, -2";
}

TEST(Maps, MeansHaveTheAxesOfSpace) {
  ModelBuilder padded = on_maps({1, 1, 4, 4});
  padded.node("AveragePool", {"x"}, {"y"}, "mean").output("y");
  padded.with("kernel_shape", Ints{2, 2}).with("pads", Ints{1, 0, 0, 0});
  EXPECT_NO_THROW(quantised_on(padded, {1, 1, 4, 4}));
  ModelBuilder counted = padded;
  counted.with("count_include_pad", std::int64_t{1});
  EXPECT_NO_THROW(quantised_on(counted, {1, 1, 4, 4}));
  ModelBuilder rows = on_maps({1, 2, 4, 4});
  rows.node("ReduceMean", {"x"}, {"y"}, "mean").output("y").with("axes", Ints{1, 2});
  expect_refused("takes the mean along other axes", rows);
  ModelBuilder most = on_maps({1, 2, 4, 4});
  most.node("ReduceMax", {"x"}, {"y"}, "most").output("y").with("axes", Ints{2});
  expect_refused("takes the maximum along other axes", most);
}

// x.flatten(2).max(2), x.view(n, c, -1).mean(2): all of a map is all of it, however its lines
// stand.
TEST(Maps, ReductionsSeeViewsOfMaps) {
  for (const char* op : {"ReduceMax", "ReduceMean"}) {
    ModelBuilder model = on_maps({1, 1, 2, 3});
    model.floats("w", {2, 1, 1, 1}, {1, -1}).longs("as", {3}, {1, 2, -1});
    model.node("Conv", {"x", "w"}, {"c"}, "conv").node("Reshape", {"c", "as"}, {"v"}, "view");
    model.node(op, {"v"}, {"y"}, "all")
        .output("y")
        .with("axes", Ints{2})
        .with("keepdims", std::int64_t{0});
    const quant::Network network = quantised_on(model, {1, 1, 2, 3});
    const nn::Array x = nn::Array::of_floats({1, 1, 2, 3}, {0, 1, 2, 3, 4, 5});
    const auto y = core::run_integer(network, quant::encode_inputs(network, {x})).outputs;
    const double scale = network.format_of(network.outputs.front().tensor).scale;
    const bool is_mean = op == std::string("ReduceMean");
    EXPECT_NEAR(scale * y(0, 0), is_mean ? 2.5 : 5, 0.1) << op;
    EXPECT_NEAR(scale * y(0, 1), is_mean ? -2.5 : 0, 0.1) << op;
  }
}

TEST(Maps, NoMaximumIsOfPaddingAlone) {
  ModelBuilder model = on_maps({1, 1, 1, 1});
  model.node("MaxPool", {"x"}, {"m"}, "max");
  model.with("kernel_shape", Ints{2, 1})
      .with("dilations", Ints{2, 1})
      .with("pads", Ints{1, 0, 1, 0});
  expect_refused("nothing but padding", convolved(model, "m", {1, 1, 1, 1}));
}

TEST(Maps, ConstantsAreOneAChannel) {
  const auto scaled = [](const Shape& shape) {
    ModelBuilder model = on_maps({1, 2, 1, 2});
    model.floats("c", shape, {3, 5}).floats("w0", {2, 2, 1, 1}, {1, 0, 0, 1});
    model.node("Conv", {"x", "w0"}, {"c0"}, "first")
        .node("Relu", {"c0"}, {"r"}, "relu")
        .node("Mul", {"r", "c"}, {"s"}, "mul");
    convolved(model, "s", {1, 2, 1, 2});
    return model;
  };
  expect_refused("differ from position to position", scaled({1, 1, 1, 2}));
  const quant::Network network = quantised_on(scaled({2, 1, 1}), {1, 2, 1, 2});
  const quant::Layer& last = network.layers.back();
  // Real weights take the factors of their channels.
  EXPECT_NEAR(last.product().weights(0, 0) * last.weight_scale[0], 3, 0.05);
  EXPECT_NEAR(last.product().weights(1, 0) * last.weight_scale[0], 5, 0.05);
}

TEST(Maps, AMaximumPassesReluAndFormatOnToTheProductBeforeIt) {
  ModelBuilder model = on_maps({1, 1, 4, 4});
  model.floats("w", {2, 1, 1, 1}, {1, -1});
  model.node("Conv", {"x", "w"}, {"c"}, "conv").node("MaxPool", {"c"}, {"m"}, "pool");
  model.with("kernel_shape", Ints{2, 2});
  model.node("Relu", {"m"}, {"y"}, "relu").output("y");
  const quant::Network network = quantised_on(model, {1, 1, 4, 4});
  ASSERT_EQ(network.layers.size(), 2U);
  EXPECT_FALSE(network.format_of(network.layers.front().output).is_signed);
  EXPECT_TRUE(std::holds_alternative<quant::Merge>(network.layers.back().rule));
  EXPECT_EQ(network.tensors.back().shape, quant::Shape(2, 3, 3));
}

// Behind a maximum that others read as well, a negative factor turns it into a minimum: a layer of
// its own.
TEST(Maps, ANegativeFactorDoesNotPassAMaximum) {
  ModelBuilder model = on_maps({1, 1, 1, 4});
  model.floats("minus", {}, {-1});
  model.node("MaxPool", {"x"}, {"m"}, "pool").with("kernel_shape", Ints{1, 2});
  model.node("Mul", {"m", "minus"}, {"n"}, "neg").node("MaxPool", {"n"}, {"o"}, "pool2");
  model.with("kernel_shape", Ints{1, 2});
  convolved(model, "o", {1, 1, 1, 1});
  const quant::Network network = quantised_on(model, {1, 1, 1, 4});
  const nn::Array x = nn::Array::of_floats({1, 1, 1, 4}, {0, 1, 2, 1});
  const auto y = core::run_integer(network, quant::encode_inputs(network, {x})).outputs;
  const double scale = network.format_of(network.outputs.front().tensor).scale;
  EXPECT_NEAR(scale * y(0, 0), -1, 0.1);  // -min(1, 2)
  EXPECT_NEAR(scale * y(0, 1), -2, 0.1);  // -min(2, 2)
}

}  // namespace
