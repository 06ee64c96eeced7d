// The integer golden against hand computation, against a plain loop, and against the float
// interpreter.
#include "core/integer.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>

#include "base/error.hpp"
#include "base/files.hpp"
#include "core/split.hpp"
#include "nn/import.hpp"
#include "nn/reference.hpp"
#include "quant/batch.hpp"
#include "quant/quantise.hpp"
#include "random_network.hpp"

namespace {

using base::Code;
using quant::IntegerBatch;
using quant::Network;

template <class F>
Code code_of(F&& f) {
  try {
    f();
  } catch (const base::Error& error) {
    return error.faults().front().code;
  }
  ADD_FAILURE() << "no error was thrown";
  return Code::kUsage;
}

TEST(Integer, HandComputed) {
  Network network =
      test::random_network({.sizes = {2, 2}, .activation_bits = 3, .signed_output = false});
  quant::Product& product = network.layers.front().product();
  product.weights.edit() << 2, -1, 1, 3;
  product.bias << 1, -4;
  product.threshold << 3, 2;
  const IntegerBatch x = (IntegerBatch(3, 2) << 0, 0, 3, 1, 7, 7).finished();
  // Sums 1 -4 | 8 -4 | 22 10, plus 1 each, by 3 and 2, clipped to [0, 7].
  const auto result = core::run_integer(network, x);
  EXPECT_EQ(result.outputs, (IntegerBatch(3, 2) << 0, 0, 3, 0, 7, 5).finished());
  EXPECT_EQ(result.ceilings.front(), 1);
  quant::Format& format = network.tensors.back().format;
  format = quant::full_format(3, true);
  // y(S) - y(-S): -4 gives -(5 / 2) = -2.
  EXPECT_EQ(core::run_integer(network, x).outputs,
            (IntegerBatch(3, 2) << 0, -2, 3, -2, 7, 5).finished());
  // The codes end where the format says, not where its bits do.
  format.low = -1;
  format.high = 4;
  const auto ended = core::run_integer(network, x);
  EXPECT_EQ(ended.outputs, (IntegerBatch(3, 2) << 0, -1, 3, -1, 4, 4).finished());
  EXPECT_EQ(ended.ceilings.front(), 4);
}

TEST(Integer, TiesGoToTheGreaterMagnitudeOrToTheEvenOne) {
  Network network = test::random_network({.sizes = {1, 1}, .activation_bits = 3});
  quant::Product& product = network.layers.front().product();
  product.weights.edit() << 1;
  product.bias << -9;
  product.threshold << 2;
  network.tensors.front().format = quant::full_format(5, false);
  // x - 9 = -7 -5 -3 -1 1 3 5 by 2: all midway; 4 by 2 is whole.
  const IntegerBatch x = (IntegerBatch(8, 1) << 2, 4, 6, 8, 10, 12, 14, 13).finished();
  EXPECT_EQ(core::run_integer(network, x).outputs,
            (IntegerBatch(8, 1) << -4, -3, -2, -1, 1, 2, 3, 2).finished());
  product.rounding = quant::Rounding::kHalfEven;
  EXPECT_EQ(core::run_integer(network, x).outputs,
            (IntegerBatch(8, 1) << -4, -2, -2, 0, 0, 2, 2, 2).finished());
  product.threshold << 3;  // an odd one has no midway
  EXPECT_EQ(core::run_integer(network, x).outputs,
            (IntegerBatch(8, 1) << -2, -2, -1, 0, 0, 1, 2, 1).finished());
}

// The definition of quant::Product, one element at a time.
std::int64_t plain_output(const quant::Format& format, const quant::Product& product,
                          const core::TensorValues& values, Eigen::Index s, Eigen::Index c) {
  std::int64_t sum = product.bias[c];
  int row = 0;
  for (const quant::Source& source : product.inputs)
    for (int i = 0; i < source.count; ++i)
      sum += std::int64_t{product.weights(row++, c)} * values[source.tensor](s, source.first + i);
  const auto y = [&](std::int64_t part) {
    const auto quotient = std::floor(static_cast<long double>(part + product.threshold[c] / 2) /
                                     static_cast<long double>(product.threshold[c]));
    return static_cast<std::int64_t>(std::clamp<long double>(quotient, 0, (1 << format.bits) - 1));
  };
  return format.is_signed ? y(sum) - y(-sum) : y(sum);
}

void expect_plain(const Network& network, const IntegerBatch& inputs) {
  const auto result = core::run_integer(network, inputs);
  core::TensorValues values(network.tensors.size());
  values[network.inputs.front()] = inputs;
  for (const quant::Layer& layer : network.layers) {
    IntegerBatch& y = values[layer.output];
    y.resize(inputs.rows(), layer.cols());
    for (Eigen::Index s = 0; s < y.rows(); ++s)
      for (Eigen::Index c = 0; c < y.cols(); ++c)
        y(s, c) = static_cast<std::int32_t>(
            plain_output(network.format_of(layer.output), layer.product(), values, s, c));
    ASSERT_EQ(result.tensors[layer.output], y) << layer.name;
  }
}

TEST(Integer, EqualsThePlainLoopForRandomNetworks) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const Network network =
        test::random_network({.sizes = {30, 20, 7},
                              .weight_bits = 2 + static_cast<int>(seed % 15),
                              .activation_bits = 1 + static_cast<int>(seed % 12),
                              .signed_input = seed % 2 == 0,
                              .signed_output = seed % 3 != 0,
                              .seed = seed});
    expect_plain(network, test::random_inputs(network, 300, seed));
  }
}

TEST(Integer, WideSumsGoThrough64Bits) {
  Network network = test::random_network(
      {.sizes = {3000, 2}, .weight_bits = 16, .activation_bits = 16, .seed = 3});
  network.layers.front().product().bias << (std::int64_t{1} << 60) + 12345, -7;
  network.layers.front().product().threshold << (std::int64_t{1} << 45) + 1, 1000003;
  expect_plain(network, test::random_inputs(network, 3, 4));
}

TEST(Integer, ConcatenatesSources) {
  Network network = test::random_network({.sizes = {6, 4, 5}});
  // The second layer reads outputs 1..2, then inputs 3..5.
  quant::Product& product = network.layers.back().product();
  product.inputs = {{network.layers.front().output, 1, 2}, {network.inputs.front(), 3, 3}};
  product.weights = quant::WeightMatrix(quant::WeightMatrix::Random(5, 5).unaryExpr(
      [](std::int16_t w) { return static_cast<std::int16_t>(w % 100); }));
  expect_plain(network, test::random_inputs(network, 10, 5));
}

TEST(Integer, MonotoneInInputsOfPositiveWeight) {
  Network network = test::random_network({.sizes = {4, 3}});
  quant::Weights& weights = network.layers.front().product().weights;
  weights = quant::WeightMatrix(weights.matrix().cwiseAbs());
  IntegerBatch x = IntegerBatch::Zero(64, 4);
  for (int i = 0; i < 64; ++i) x(i, 2) = i;
  const auto y = core::run_integer(network, x).outputs;
  for (int i = 1; i < 64; ++i) EXPECT_TRUE((y.row(i).array() >= y.row(i - 1).array()).all());
}

TEST(Integer, WhatDoesNotHoldIsAnInternalError) {
  const Network good = test::random_network({.sizes = {3, 2}});
  const IntegerBatch x = IntegerBatch::Zero(1, 3);
  const auto with = [&](auto&& change) {
    Network bad = good;
    change(bad);
    return code_of([&] { core::run_integer(bad, x); });
  };
  EXPECT_EQ(with([](Network& n) { n.layers.clear(); }), Code::kInternal);
  EXPECT_EQ(with([](Network& n) { n.layers.front().product().threshold[0] = 0; }), Code::kInternal);
  EXPECT_EQ(with([](Network& n) { n.layers.front().product().weights.edit()(0, 0) = 128; }),
            Code::kInternal);
  EXPECT_EQ(with([](Network& n) { n.layers.front().product().inputs[0].count = 2; }),
            Code::kInternal);
  EXPECT_EQ(with([](Network& n) {
              n.layers.front().product().inputs[0].tensor = n.layers.front().output;
            }),
            Code::kInternal);
  EXPECT_EQ(with([](Network& n) { n.layers.front().product().bias[0] = std::int64_t{1} << 62; }),
            Code::kInternal);
  EXPECT_EQ(with([](Network& n) { n.layers.front().output = n.inputs.front(); }), Code::kInternal);
  EXPECT_EQ(with([](Network& n) { n.tensors.back().format.high = 64; }), Code::kInternal);
  EXPECT_EQ(with([](Network& n) { n.outputs[0].count = 3; }), Code::kInternal);
  for (const int value : {-1, 64})
    EXPECT_EQ(code_of([&] { core::run_integer(good, IntegerBatch::Constant(1, 3, value)); }),
              Code::kInternal);
  EXPECT_EQ(code_of([&] { core::run_integer(good, IntegerBatch::Zero(1, 4)); }), Code::kInternal);
  EXPECT_EQ(code_of([&] { core::accuracy(x, {1, 2}); }), Code::kInternal);
}

TEST(Integer, AccuracyCountsTheLowestOfEquals) {
  const IntegerBatch y = (IntegerBatch(4, 2) << 1, 1, 0, 2, 5, 4, -1, 0).finished();
  EXPECT_DOUBLE_EQ(core::accuracy(y, {0, 1, 1, 1}), 0.75);
  EXPECT_DOUBLE_EQ(core::accuracy(y, {1, 0, 1, 0}), 0.0);
}

// The examples, on real images.

const std::filesystem::path kData = "/usr/share/datasets/fashion-mnist";
constexpr int kSamples = 1000;

// Test images [first, first + count).
nn::Array images(int first, int count) {
  const std::string raw = base::read_file(kData / "t10k-images-idx3-ubyte.gz");
  const std::size_t start = 16 + static_cast<std::size_t>(first) * 784;
  std::vector<float> values(static_cast<std::size_t>(count) * 784);
  for (std::size_t i = 0; i < values.size(); ++i)
    values[i] = static_cast<float>(static_cast<unsigned char>(raw.at(start + i))) / 255.0F;
  return nn::Array::of_floats({count, 28, 28}, std::move(values));
}

// Images that the accuracy is not taken from.
nn::Array calibration() { return images(5000, 300); }

std::vector<int> labels(int count) {
  const std::string raw = base::read_file(kData / "t10k-labels-idx1-ubyte.gz");
  std::vector<int> result;
  for (int i = 0; i < count; ++i)
    result.push_back(static_cast<unsigned char>(raw.at(8 + static_cast<std::size_t>(i))));
  return result;
}

// What an example's integer network and its float graph say of the same images.
struct Comparison {
  IntegerBatch golden;
  IntegerBatch reference;  // the float graph's outputs in steps of the integer ones
  double golden_accuracy = 0.0;
  double reference_accuracy = 0.0;
};

nn::Graph example(const std::string& name) {
  return nn::import_onnx(std::filesystem::path(FPSA_SOURCE_DIR) / "examples" / name /
                         (name + ".onnx"));
}

Comparison compare(const nn::Graph& graph, const Network& network) {
  const nn::Array samples = images(0, kSamples);
  Comparison result;
  result.golden = core::run_integer(network, quant::encode_inputs(network, {samples})).outputs;
  const nn::Array real = nn::run(graph, {samples}).at(0);
  IntegerBatch ranks(kSamples, 10);
  result.reference.resize(kSamples, 10);
  for (Eigen::Index i = 0; i < ranks.size(); ++i) {
    const double x = real.at(static_cast<std::size_t>(i));
    ranks(i) = static_cast<std::int32_t>(std::lround(x * 1e6));
    result.reference(i) =
        static_cast<std::int32_t>(std::lround(x / network.tensors.back().format.scale));
  }
  result.golden_accuracy = core::accuracy(result.golden, labels(kSamples));
  result.reference_accuracy = core::accuracy(ranks, labels(kSamples));
  return result;
}

class Examples : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(kData))
      GTEST_SKIP() << "no " << kData << ": install dataset-fashion-mnist";
  }
};

TEST_F(Examples, FloatModelLosesLessThanHalfAPercent) {
  const nn::Graph graph = example("fashion_mlp");
  for (const auto method : {quant::Method::kMax, quant::Method::kMse}) {
    const Network network = quant::quantise(graph, {calibration()}, {8, 6, method, 99.9});
    const Comparison both = compare(graph, network);
    EXPECT_GT(both.reference_accuracy, 0.88);
    EXPECT_GT(both.golden_accuracy, both.reference_accuracy - 0.005);
  }
}

TEST_F(Examples, SplitMergeLosesLessThanAPercent) {
  const nn::Graph graph = example("fashion_mlp");
  const Network network = quant::quantise(graph, {calibration()}, {});
  const Network split =
      core::split_tall_layers(network, 256, quant::encode_inputs(network, {calibration()}));
  EXPECT_EQ(split.layers.front().name, "fc1.part0");
  EXPECT_GT(compare(graph, split).golden_accuracy, compare(graph, network).golden_accuracy - 0.01);
}

TEST_F(Examples, QdqModelIsWithinOneStep) {
  const nn::Graph graph = example("fashion_qdq");
  const Comparison both = compare(graph, quant::quantise(graph, {}, {8, 8}));
  EXPECT_LE((both.golden - both.reference).cwiseAbs().maxCoeff(), 1);
  EXPECT_NEAR(both.golden_accuracy, both.reference_accuracy, 0.003);
}

TEST_F(Examples, QonnxModelIsWithinOneStepWhereWeightsHaveRoom) {
  const nn::Graph graph = example("fashion_qonnx");
  const Comparison both = compare(graph, quant::quantise(graph, {}, {8, 4}));
  EXPECT_LE((both.golden - both.reference).cwiseAbs().maxCoeff(), 1);
  EXPECT_NEAR(both.golden_accuracy, both.reference_accuracy, 0.003);
  const Comparison narrow = compare(graph, quant::quantise(graph, {}, {4, 4}));
  EXPECT_NEAR(narrow.golden_accuracy, narrow.reference_accuracy, 0.01);
}

}  // namespace
