// Random networks of convolutions and pools, floats or with quantisers of powers of two: the
// integers stand for what the model computes.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/rng.hpp"
#include "core/integer.hpp"
#include "nn/expect_error.hpp"
#include "nn/model_builder.hpp"
#include "nn/passes/passes.hpp"
#include "nn/reference.hpp"
#include "quant/batch.hpp"
#include "quant/draft.hpp"
#include "quant/quantise.hpp"

namespace {

using base::Code;
using nn::Shape;
using nn::testing::expect_error;
using nn::testing::ModelBuilder;
using Ints = std::vector<std::int64_t>;
using Floats = std::vector<float>;

enum class Style { kFloat, kQdq, kQonnx, kQop };
constexpr int kStyles = 4;

// A value of the model: maps, and in quantised styles their codes' step.
struct Maps {
  std::string name;   // real values
  std::string codes;  // kQop
  std::int64_t channels = 0;
  std::int64_t height = 0;
  std::int64_t width = 0;
};

// Writes one random model.
class Writer {
 public:
  Writer(Style style, std::uint64_t seed) : style_(style), rng_(seed) {}

  ModelBuilder run() {
    Maps at{"x", "", pick(1, 4), pick(6, 10), pick(6, 10)};
    model_.input("x", {nn::kUnknown, at.channels, at.height, at.width});
    if (style_ != Style::kFloat) at = quantised(at);
    for (std::int64_t block = pick(1, 3); block > 0; --block) at = one_of_blocks(at);
    result_ = dense(rng_.below(2) == 0 ? flattened(at) : flattened(global(at)));
    model_.output(result_);
    return std::move(model_);
  }

 private:
  std::int64_t pick(std::int64_t low, std::int64_t high) { return rng_.between(low, high); }
  std::string fresh(const std::string& kind) { return kind + std::to_string(++count_); }
  std::string node(const std::string& op, const std::vector<std::string>& inputs) {
    const std::string name = fresh(op);
    model_.node(op, inputs, {name + "_out"}, name);
    return name + "_out";
  }

  Maps one_of_blocks(const Maps& from) {
    switch (rng_.below(4)) {
      case 0:
        return pooled(conv(from, pick(1, 5), true));
      case 1: {
        const Maps inner = conv(conv(from, from.channels, true, true), from.channels, false, true);
        return joined("Add", from, inner);
      }
      case 2:
        return joined("Concat", conv(from, pick(1, 3), true, true),
                      conv(from, pick(1, 3), true, true));
      default:
        return conv(from, from.channels * pick(1, 2), true, false, from.channels);
    }
  }

  // Weights that are whole steps of 1/16, and per channel.
  std::string weights(const Shape& shape) {
    const std::string name = fresh("w");
    const auto count = static_cast<std::size_t>(nn::element_count(shape));
    if (style_ == Style::kFloat) {
      Floats values;
      for (std::size_t i = 0; i < count; ++i)
        values.push_back(static_cast<float>(rng_.uniform() - 0.5));
      model_.floats(name, shape, values);
      return name;
    }
    Floats scales;
    for (std::int64_t i = 0; i < shape[0]; ++i) scales.push_back(rng_.below(2) ? 0.0625F : 0.125F);
    std::vector<int> codes;
    for (std::size_t i = 0; i < count; ++i) codes.push_back(static_cast<int>(pick(-7, 7)));
    if (style_ == Style::kQonnx) {
      Floats values;
      const std::size_t part = count / scales.size();
      for (std::size_t i = 0; i < count; ++i)
        values.push_back(static_cast<float>(codes[i]) * scales[i / part]);
      Shape spread(shape.size(), 1);
      spread[0] = shape[0];
      model_.floats(name, shape, values).floats(name + "_s", spread, scales);
      return quant_node(name, name + "_s", 4, true);
    }
    scales_ = scales;
    model_.ints(name + "_q", shape, codes, onnx::TensorProto::INT8);
    model_.floats(name + "_s", {shape[0]}, scales);
    model_.ints(name + "_z", {shape[0]}, std::vector<int>(scales.size(), 0),
                onnx::TensorProto::INT8);
    if (style_ == Style::kQop && shape.size() == 4) return name;
    const std::string real = node("DequantizeLinear", {name + "_q", name + "_s", name + "_z"});
    model_.with("axis", std::int64_t{0});
    return real;
  }

  std::string quant_node(const std::string& from, const std::string& scale, int bits,
                         bool is_signed) {
    const std::string name = fresh("Quant");
    model_.floats(name + "_z", {}, {0}).floats(name + "_b", {}, {static_cast<float>(bits)});
    model_.node("Quant", {from, scale, name + "_z", name + "_b"}, {name + "_out"}, name,
                "qonnx.custom_op.general");
    model_.with("signed", std::int64_t{is_signed}).with("narrow", std::int64_t{0});
    model_.with("rounding_mode", std::string("ROUND"));
    return name + "_out";
  }

  // The value in steps of 1/16.
  Maps quantised(Maps maps) {
    if (style_ == Style::kFloat) return maps;
    const std::string name = fresh("format");
    model_.floats(name + "_s", {}, {0.0625F});
    if (style_ == Style::kQonnx) {
      maps.name = quant_node(maps.name, name + "_s", 8, true);
      return maps;
    }
    model_.ints(name + "_z", {}, {0}, onnx::TensorProto::INT8);
    maps.codes = node("QuantizeLinear", {maps.name, name + "_s", name + "_z"});
    maps.name = node("DequantizeLinear", {maps.codes, name + "_s", name + "_z"});
    return maps;
  }

  Floats biases(std::int64_t count) {
    Floats values;
    for (std::int64_t i = 0; i < count; ++i)
      values.push_back(static_cast<float>(pick(-16, 16)) / 16);
    return values;
  }

  // A kernel that leaves at least one window; of unchanged extents if `same`.
  Maps conv(const Maps& from, std::int64_t outputs, bool relu, bool same = false,
            std::int64_t groups = 1) {
    const std::int64_t ky =
        same ? 2 * pick(0, 1) + 1 : pick(1, std::min<std::int64_t>(4, from.height));
    const std::int64_t kx =
        same ? 2 * pick(0, 1) + 1 : pick(1, std::min<std::int64_t>(4, from.width));
    const bool wide = !same && from.height > 2 * ky && from.width > 2 * kx && rng_.below(3) == 0;
    const std::int64_t step = wide ? 2 : 1;
    const Ints pads = same ? Ints{ky / 2, kx / 2, ky / 2, kx / 2}
                           : Ints{pick(0, 2), pick(0, 1), pick(0, 1), pick(0, 2)};
    Maps to = from;
    to.channels = outputs;
    const std::int64_t stride = same ? 1 : pick(1, 2);
    to.height = (from.height + pads[0] + pads[2] - step * (ky - 1) - 1) / stride + 1;
    to.width = (from.width + pads[1] + pads[3] - step * (kx - 1) - 1) / stride + 1;
    const std::string w = weights({outputs, from.channels / groups, ky, kx});
    const Floats bias = biases(outputs);
    if (style_ == Style::kQop && !relu)
      to = qlinear(from, to, w, bias);
    else
      to.name = node("Conv", {from.name, plain(w), bias_named(bias)});
    model_.with("group", groups).with("strides", Ints{stride, stride});
    model_.with("pads", pads).with("dilations", Ints{step, step});
    if (style_ == Style::kQop && !relu) return dequantised(to);
    if (style_ == Style::kFloat && rng_.below(2) == 0) to.name = batch_norm(to);
    if (relu) to.name = node("Relu", {to.name});
    return quantised(to);
  }

  // Of kQop's weights, which are codes.
  std::string plain(const std::string& w) {
    if (style_ != Style::kQop) return w;
    const std::string real = node("DequantizeLinear", {w + "_q", w + "_s", w + "_z"});
    model_.with("axis", std::int64_t{0});
    return real;
  }

  std::string bias_named(const Floats& bias) {
    const std::string name = fresh("b");
    model_.floats(name, {static_cast<std::int64_t>(bias.size())}, bias);
    return name;
  }

  Maps qlinear(const Maps& from, Maps to, const std::string& w, const Floats& bias) {
    const std::string name = fresh("QLinearConv");
    std::vector<int> codes;
    for (std::size_t i = 0; i < bias.size(); ++i)
      codes.push_back(static_cast<int>(std::lround(bias[i] / (0.0625F * scales_[i]))));
    model_.ints(name + "_b", {static_cast<std::int64_t>(codes.size())}, codes,
                onnx::TensorProto::INT32);
    model_.floats(name + "_s", {}, {0.0625F}).ints(name + "_z", {}, {0}, onnx::TensorProto::INT8);
    model_.node("QLinearConv",
                {from.codes, name + "_s", name + "_z", w + "_q", w + "_s", w + "_z", name + "_s",
                 name + "_z", name + "_b"},
                {name + "_out"}, name);
    to.codes = name + "_out";
    to.name = name;
    return to;
  }
  Maps dequantised(Maps maps) {
    maps.name = node("DequantizeLinear", {maps.codes, maps.name + "_s", maps.name + "_z"});
    return maps;
  }

  std::string batch_norm(const Maps& maps) {
    const std::string name = fresh("bn");
    const Shape shape = {maps.channels};
    const auto count = static_cast<std::size_t>(maps.channels);
    model_.floats(name + "_g", shape, Floats(count, 0.75F))
        .floats(name + "_o", shape, biases(maps.channels));
    model_.floats(name + "_m", shape, biases(maps.channels))
        .floats(name + "_v", shape, Floats(count, 0.5F));
    return node("BatchNormalization",
                {maps.name, name + "_g", name + "_o", name + "_m", name + "_v"});
  }

  Maps pooled(const Maps& from) {
    Maps to = from;
    if (from.height < 2 || from.width < 2) return to;
    const bool mean = rng_.below(2) == 0;
    to.name = node(mean ? "AveragePool" : "MaxPool", {from.name});
    model_.with("kernel_shape", Ints{2, 2}).with("strides", Ints{2, 1});
    const bool ceil = !mean && rng_.below(2) == 0;
    model_.with("ceil_mode", std::int64_t{ceil});
    to.height = ceil ? (from.height + 1) / 2 : from.height / 2;
    to.width = from.width - 1;
    return quantised(to);
  }

  Maps joined(const std::string& op, const Maps& a, const Maps& b) {
    Maps to = a;
    to.name = node(op, {a.name, b.name});
    if (op == "Concat") model_.with("axis", std::int64_t{1});
    if (op == "Concat") to.channels += b.channels;
    return quantised(to);
  }

  Maps global(const Maps& from) {
    Maps to{from.name, "", from.channels, 1, 1};
    const std::uint64_t way = rng_.below(3);
    to.name = node(way == 0   ? "GlobalMaxPool"
                   : way == 1 ? "GlobalAveragePool"
                              : "ReduceMean",
                   {from.name});
    if (way == 2) model_.with("axes", Ints{2, 3});
    return quantised(to);
  }

  Maps flattened(Maps maps) {
    maps.name = node("Flatten", {maps.name});
    maps.channels *= maps.height * maps.width;
    return maps;
  }

  std::string dense(const Maps& from) {
    const std::string w = weights({3, from.channels});
    const std::string y = node("Gemm", {from.name, w, bias_named(biases(3))});
    model_.with("transB", std::int64_t{1});
    return quantised({y, "", 3, 1, 1}).name;
  }

  Style style_;
  base::Rng rng_;
  ModelBuilder model_{13};
  int count_ = 0;
  std::string result_;
  Floats scales_;  // of the last weights
};

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
    const nn::Graph graph = nn::simplify(Writer(style, seed).run().import());
    const Outcome outcome = outcome_of(graph, seed);
    if (style == Style::kFloat)
      EXPECT_LT(outcome.relative, 0.05);
    else
      EXPECT_LT(outcome.most, 1e-6);
  }
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

TEST(Maps, ElementsThatWereMovedAreNoMaps) {
  ModelBuilder model = on_maps({1, 4, 4, 2});
  model.node("Transpose", {"x"}, {"t"}, "t").with("perm", Ints{0, 3, 1, 2});
  expect_refused("elements were moved", convolved(model, "t", {1, 2, 3, 3}));
}

TEST(Maps, MeansHaveOneDivisorAndTheAxesOfSpace) {
  ModelBuilder padded = on_maps({1, 1, 4, 4});
  padded.node("AveragePool", {"x"}, {"y"}, "mean").output("y");
  padded.with("kernel_shape", Ints{2, 2}).with("pads", Ints{1, 0, 0, 0});
  expect_refused("at the edge by another number", padded);
  ModelBuilder counted = padded;
  counted.with("count_include_pad", std::int64_t{1});
  EXPECT_NO_THROW(quantised_on(counted, {1, 1, 4, 4}));
  ModelBuilder rows = on_maps({1, 2, 4, 4});
  rows.node("ReduceMean", {"x"}, {"y"}, "mean").output("y").with("axes", Ints{1, 2});
  expect_refused("along other axes", rows);
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
