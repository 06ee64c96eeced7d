// Float models: ranges, thresholds, weights.
#include <gtest/gtest.h>

#include <cmath>

#include "base/rng.hpp"
#include "quant/batch.hpp"
#include "quant/columns.hpp"
#include "quant/draft.hpp"
#include "quant/graph_builder.hpp"
#include "quant/quantise.hpp"

namespace {

using base::Code;
using nn::Array;
using quant::LayerScales;
using quant::Method;
using quant::Options;
using test::fault_of;
using test::GraphBuilder;

constexpr auto kN = nn::kUnknown;
const quant::TensorId kFirst(1);  // the first layer's output

Options bits(int weights, int activations, Method method = Method::kMax) {
  return {weights, activations, method, 99.9};
}

// x [2] -> Gemm to 2 -> Relu: weights {{1, -2}, {0.5, 1}}, bias {0, 1}.
nn::Graph two_by_two() {
  GraphBuilder b;
  const auto x = b.input({kN, 2});
  b.node("Relu", {b.gemm(x, b.floats({2, 2}, {1, -2, 0.5, 1}), b.floats({2}, {0, 1}))});
  return b.done();
}

TEST(Float, HandComputed) {
  // Inputs up to 3 in 2 bits: a step of 1. Outputs: column 0 up to 4.5, column 1 up to 4: a step
  // of 1.5.
  const Array data = Array::of_floats({3, 2}, {3, 3, 0, 3, 0, 0});
  const auto network = quant::quantise(two_by_two(), {data}, bits(4, 2));
  EXPECT_EQ(network.input_count(), 2);
  EXPECT_FALSE(network.tensors.front().format.is_signed);
  EXPECT_DOUBLE_EQ(network.tensors.front().format.scale, 1.0);
  const auto& layer = network.layers.front();
  EXPECT_FALSE(network.tensors[kFirst].format.is_signed);
  EXPECT_DOUBLE_EQ(network.tensors[kFirst].format.scale, 1.5);
  // Column 0: 1.5 * 7 / 1 = 10.5, so a threshold of 10 holds all weights. With 11 a weight step is
  // 1.5 / 11: 7.33 and 3.67 are rounded by as many steps, 0.33 each, but by finer ones. The bias
  // takes (0.33 - 2 * 0.33) steps, which round to 0.
  EXPECT_EQ(layer.product().threshold[0], 11);
  EXPECT_DOUBLE_EQ(layer.weight_scale[0], 1.5 / 11);
  EXPECT_EQ(layer.product().weights(0, 0), 7);
  EXPECT_EQ(layer.product().weights(1, 0), 4);
  EXPECT_EQ(layer.product().bias[0], 0);
  // Column 1: 1.5 * 7 / 2 = 5.25, so threshold 5 and a weight step of 0.3: -6.67, 3.33. Both lose
  // 0.1, of inputs that are 1 and 2 on average: the bias is 1.3, and 4.33 steps.
  EXPECT_EQ(layer.product().threshold[1], 5);
  EXPECT_DOUBLE_EQ(layer.weight_scale[1], 0.3);
  EXPECT_EQ(layer.product().weights(0, 1), -7);
  EXPECT_EQ(layer.product().weights(1, 1), 3);
  EXPECT_EQ(layer.product().bias[1], 4);
  EXPECT_EQ(layer.float_scale_error, 0.0);
}

TEST(Float, NegativeInputsMakeTheInputSigned) {
  const auto network =
      quant::quantise(two_by_two(), {Array::of_floats({1, 2}, {-3, 1})}, bits(8, 6));
  EXPECT_TRUE(network.tensors.front().format.is_signed);
  EXPECT_DOUBLE_EQ(network.tensors.front().format.scale, 3.0 / 63.0);
}

TEST(Float, LayersWithoutReluAreSigned) {
  GraphBuilder b;
  b.gemm(b.gemm(b.input({kN, 1}), b.floats({1, 1}, {-2})), b.floats({1, 1}, {-1}));
  const auto network = quant::quantise(b.done(), {Array::of_floats({1, 1}, {1})}, bits(8, 6));
  ASSERT_EQ(network.layers.size(), 2U);
  EXPECT_TRUE(network.tensors[kFirst].format.is_signed);
  EXPECT_DOUBLE_EQ(network.tensors[kFirst].format.scale, 2.0 / 63.0);
  EXPECT_TRUE(network.tensors.back().format.is_signed);
  EXPECT_EQ(network.layers.back().product().inputs[0].tensor, kFirst);
}

// One layer of two inputs, no Relu behind it.
bool is_signed(const std::vector<float>& weights, float bias, float input) {
  GraphBuilder b;
  b.gemm(b.input({kN, 2}), b.floats({2, 1}, weights), b.floats({1}, {bias}));
  const auto network =
      quant::quantise(b.done(), {Array::of_floats({1, 2}, {input, 1})}, bits(8, 6));
  return network.tensors[kFirst].format.is_signed;
}

TEST(Float, SumsOfNothingNegativeAreUnsigned) {
  EXPECT_FALSE(is_signed({2, 0}, 0.5F, 1));
  EXPECT_TRUE(is_signed({2, -1}, 0.5F, 1));
  EXPECT_TRUE(is_signed({2, 0}, -0.5F, 1));
  EXPECT_TRUE(is_signed({2, 0}, 0.5F, -1));
}

TEST(Float, BatchNormalizationAndConstantsAreFolded) {
  GraphBuilder b;
  const auto x = b.node("Mul", {b.input({kN, 2}), b.floats({2}, {2, 4})});
  const auto sum = b.node("MatMul", {b.node("Sub", {x, b.scalar(1)}), b.floats({2, 1}, {1, 3})});
  const auto added = b.node("Add", {b.floats({1}, {5}), sum});
  const auto one = [&](float v) { return b.floats({1}, {v}); };
  const auto norm =
      b.node("BatchNormalization", {added, one(-6), one(0.5), one(2), one(4)}, {{"epsilon", 0.0F}});
  b.node("Relu", {b.node("Div", {b.node("Sub", {b.scalar(1), norm}), b.scalar(2)})});
  // The host scales the input: z0 = 2 x0 - 1, z1 = 4 x1 - 1. Then
  // (1 - (-6 (z0 + 3 z1 + 5 - 2) / 2 + 0.5)) / 2 = 1.5 z0 + 4.5 z1 + 4.75
  const auto network =
      quant::quantise(b.done(), {Array::of_floats({2, 2}, {1, 0, 0, 1})}, bits(12, 8));
  const auto& layer = network.layers.front();
  EXPECT_NEAR(layer.product().weights(0, 0) * layer.weight_scale[0], 1.5, 0.01);
  EXPECT_NEAR(layer.product().weights(1, 0) * layer.weight_scale[0], 4.5, 0.01);
  EXPECT_NEAR(
      layer.product().bias[0] * layer.weight_scale[0] * network.tensors.front().format.scale, 4.75,
      0.001);
  EXPECT_EQ(network.encodings[0].gain, (std::vector<double>{2, 4}));
  EXPECT_EQ(network.encodings[0].offset, (std::vector<double>{-1, -1}));
}

TEST(Float, GemmHasAlphaBetaAndTransposes) {
  GraphBuilder b;
  b.node("Gemm",
         {b.input({kN, 3}), b.floats({2, 3}, {1, 2, 3, 4, 5, 6}), b.floats({1, 2}, {1, -1})},
         {{"transB", std::int64_t{1}}, {"alpha", 0.5F}, {"beta", 2.0F}});
  const auto network = quant::quantise(b.done(), {Array::of_floats({1, 3}, {1, 1, 1})}, bits(8, 6));
  const auto& layer = network.layers.front();
  EXPECT_NEAR(layer.product().weights(2, 1) * layer.weight_scale[1], 3.0, 0.02);
  EXPECT_NEAR(layer.product().weights(1, 0) * layer.weight_scale[0], 1.0, 0.02);
  EXPECT_NEAR(
      layer.product().bias[1] * layer.weight_scale[1] * network.tensors.front().format.scale, -2.0,
      0.01);
}

TEST(Float, ConstantLeftFactorMultipliesAColumn) {
  GraphBuilder b;
  const auto x = b.input({2, 1});
  const auto y = b.node("MatMul", {b.floats({3, 2}, {1, 2, 3, 4, 5, 6}), x});
  b.node("Add", {y, b.floats({3, 1}, {0, 0, 1})});
  const auto network =
      quant::quantise(b.done(), {Array::of_floats({2, 2}, {1, 1, 0, 0})}, bits(8, 6));
  const auto& layer = network.layers.front();
  ASSERT_EQ(layer.product().weights.rows(), 2);
  ASSERT_EQ(layer.product().weights.cols(), 3);
  EXPECT_NEAR(layer.product().weights(1, 0) * layer.weight_scale[0], 2.0, 0.02);
  EXPECT_NEAR(layer.product().weights(0, 2) * layer.weight_scale[2], 5.0, 0.05);
}

TEST(Float, ClipBoundsTheRange) {
  GraphBuilder b;
  const auto sum = b.gemm(b.input({kN, 1}), b.floats({1, 1}, {1}));
  b.node("Clip", {sum, b.scalar(0), b.scalar(6)});
  const auto network = quant::quantise(b.done(), {Array::of_floats({2, 1}, {63, 1})}, bits(8, 6));
  EXPECT_FALSE(network.tensors[kFirst].format.is_signed);
  EXPECT_DOUBLE_EQ(network.tensors[kFirst].format.scale, 6.0 / 63.0);
}

TEST(Float, AClipsBoundHoldsOrTheModelIsRefused) {
  GraphBuilder b;
  const auto sum = b.gemm(b.input({kN, 1}), b.floats({1, 1}, {1}));
  b.node("Clip", {sum, b.scalar(-0.5F), b.scalar(1)});
  const nn::Graph graph = b.done();
  const auto made = [&](int weight_bits) {
    return quant::quantise(graph, {Array::of_floats({2, 1}, {63, -1})}, bits(weight_bits, 2))
        .tensors[kFirst]
        .format;
  };
  // An input step of 21 makes the finest output step 21 / 127: codes of a third end at 1 and -0.33.
  EXPECT_EQ(made(8).high, 3);
  EXPECT_EQ(made(8).low, -1);
  // 21 / 31 = 0.68: the code 1 is below the bound, 2 would be above it.
  EXPECT_EQ(made(6).high, 1);
  EXPECT_EQ(made(6).low, 0);
  // 21 / 15 = 1.4.
  const base::Fault fault = fault_of([&] { made(5); });
  EXPECT_EQ(fault.code, Code::kThresholdTooSmall);
  EXPECT_NE(fault.what.find("clipped to 1"), std::string::npos) << fault.what;
}

TEST(Float, SoftmaxAndArgMaxAreTheHosts) {
  for (const auto& [op, host] : {std::pair{"Softmax", quant::HostOp::kMonotone},
                                 std::pair{"ArgMax", quant::HostOp::kArgMax}}) {
    GraphBuilder b;
    const auto sum = b.gemm(b.input({kN, 1}), b.floats({1, 2}, {1, 2}));
    b.node(op, {sum}, {{"axis", std::int64_t{-1}}});
    const nn::Graph graph = b.done();
    EXPECT_EQ(quant::draft_of(graph).results.at(0).host, host);
    const auto network = quant::quantise(graph, {Array::of_floats({1, 1}, {1})}, bits(8, 6));
    EXPECT_EQ(network.layers.size(), 1U);
  }
}

// Of a part of a tensor the host maps what a layer makes of it: its range is that of the part, not
// of what the host gives.
TEST(Float, APartThatTheHostMapsHasItsOwnRange) {
  for (const char* op : {"Sigmoid", "Softmax", "ArgMax"}) {
    GraphBuilder b;
    const auto sum = b.gemm(b.input({kN, 1}), b.floats({1, 3}, {1, 4, 2}));
    const auto whole = [&](std::int64_t x) { return b.ints(nn::DType::kInt64, {1}, {x}); };
    const auto part = b.node("Slice", {sum, whole(1), whole(3), whole(1)});
    if (std::string(op) == "Sigmoid")
      b.node(op, {part});
    else
      b.node(op, {part}, {{"axis", std::int64_t{-1}}});
    const auto network = quant::quantise(b.done(), {Array::of_floats({1, 1}, {1})}, bits(8, 6));
    ASSERT_EQ(network.layers.size(), 2U);
    const quant::Format& format = network.format_of(network.outputs.front().tensor);
    EXPECT_NEAR(format.scale * format.high, 4, 0.1) << op;
  }
}

TEST(Float, FactorAfterTheLastReluScalesTheOutput) {
  GraphBuilder b;
  const auto relu = b.node("Relu", {b.gemm(b.input({kN, 1}), b.floats({1, 1}, {1}))});
  b.node("Mul", {relu, b.scalar(3)});
  const auto network = quant::quantise(b.done(), {Array::of_floats({1, 1}, {1})}, bits(8, 6));
  EXPECT_NEAR(network.tensors[kFirst].format.scale, 3.0 / 63.0, 1e-9);
  EXPECT_EQ(network.layers.front().product().threshold[0], 127);
}

TEST(Float, RawFeaturesHaveScalesOfTheirOwn) {
  // Weights that make as much of each of three features as of one that goes to 1000; of the last,
  // which is constant, nothing is known.
  GraphBuilder b;
  b.gemm(b.input({kN, 5}), b.floats({5, 1}, {1, 1, 1, 0.001F, 1}), b.floats({1}, {7}));
  const nn::Graph graph = b.done();
  const Array data =
      Array::of_floats({3, 5}, {0, 4, -1, 0, 2, 1, 5, 0, 1000, 2, 0.25F, 4.51F, -0.75F, 502, 2});
  const auto network = quant::quantise(graph, {data}, bits(12, 8));
  EXPECT_FALSE(network.tensors.front().format.is_signed);
  // sqrt(1000 / 0.001) is a millionfold.
  EXPECT_NEAR(network.encodings[0].gain[0] / network.encodings[0].gain[3], 1000, 0.01);
  const auto q = quant::encode_inputs(network, {data});
  EXPECT_EQ(q.row(0), (quant::IntegerBatch(1, 5) << 0, 0, 0, 0, 0).finished());
  EXPECT_EQ(q.row(1), (quant::IntegerBatch(1, 5) << 255, 255, 255, 255, 0).finished());
  EXPECT_EQ(q.row(2), (quant::IntegerBatch(1, 5) << 64, 130, 64, 128, 0).finished());
  // w x + 7 = the same of what the host makes: 4 - 1 + 2 + 7 at the least.
  const quant::Product& product = network.layers.front().product();
  const double unit = network.layers.front().weight_scale[0] * network.tensors.front().format.scale;
  EXPECT_NEAR(static_cast<double>(product.bias[0]) * unit, 12, 0.01);
  for (const int r : {0, 1, 2, 3}) EXPECT_NEAR(product.weights(r, 0) * unit * 255, 1, 0.01);
  // Pixels of one range stay as they are.
  EXPECT_EQ(quant::quantise(two_by_two(), {Array::of_floats({2, 2}, {3, 1, 0, 0})}, bits(8, 6))
                .encodings[0]
                .gain,
            std::vector<double>{1.0});
}

TEST(Float, ResultsHaveBitsOfTheirOwn) {
  Options options = bits(8, 2);
  options.output_bits = 8;
  const auto network =
      quant::quantise(two_by_two(), {Array::of_floats({2, 2}, {3, 3, 0, 3})}, options);
  EXPECT_EQ(network.tensors.front().format.bits, 2);
  EXPECT_EQ(network.tensors[kFirst].format.bits, 8);
  options.activation_bits = 9;
  EXPECT_EQ(quant::quantise(two_by_two(), {Array::of_floats({2, 2}, {3, 3, 0, 3})}, options)
                .tensors[kFirst]
                .format.bits,
            9);
}

TEST(Float, OtherNeuronsHaveTensorsOfOneKind) {
  Options options = bits(8, 4);
  options.exact_neurons = false;
  GraphBuilder b;
  const auto x = b.quant(b.input({kN, 2}), 1, 3, 1);
  b.quant(b.gemm(x, b.floats({2, 1}, {1, 2})), 1, 6, 1);
  for (const quant::Tensor& tensor : quant::quantise(b.done(), {}, options).tensors)
    EXPECT_EQ(tensor.format, quant::full_format(6, true, 1.0));
}

// Channels come last in a sample and first in the tensor, whose elements have the scales.
TEST(Float, ScalesOfFeaturesFollowTheHostsOrder) {
  GraphBuilder b;
  const auto maps = b.node("Transpose", {b.input({kN, 1, 2, 2})},
                           {{"perm", std::vector<std::int64_t>{0, 3, 1, 2}}});
  b.gemm(b.node("Flatten", {maps}), b.floats({4, 1}, {1, 0.01F, 0.1F, 0.001F}), b.floats({1}, {0}));
  const Array data = Array::of_floats({2, 1, 2, 2}, {1, 10, 100, 1000, 0, 0, 0, 0});
  const auto network = quant::quantise(b.done(), {data}, bits(12, 8));
  EXPECT_EQ(network.encodings[0].order, (std::vector<int>{0, 2, 1, 3}));
  const auto q = quant::encode_inputs(network, {data});
  EXPECT_EQ(q.row(0), (quant::IntegerBatch(1, 4) << 255, 255, 255, 255).finished());
}

TEST(Float, MissingOrWrongCalibrationIsAnError) {
  EXPECT_EQ(fault_of([] { quant::quantise(two_by_two(), {}, {}); }).code, Code::kNoCalibration);
  const auto wrong = [] {
    quant::quantise(two_by_two(), {Array::of_floats({1, 3}, {1, 2, 3})}, {});
  };
  EXPECT_EQ(fault_of(wrong).code, Code::kCalibrationShape);
  const auto nan = [] { quant::quantise(two_by_two(), {Array::of_floats({1, 2}, {NAN, 0})}, {}); };
  EXPECT_EQ(fault_of(nan).code, Code::kNotFinite);
}

LayerScales scales(int weight_bits, int activation_bits, double in, double out) {
  const std::int64_t top = (1 << activation_bits) - 1;
  return {in, out, top, top, (1 << (weight_bits - 1)) - 1, false, false};
}

TEST(Column, ThresholdIsExactAndWeightsStayInRange) {
  base::Rng rng(7);
  for (int trial = 0; trial < 2000; ++trial) {
    const int weight_bits = static_cast<int>(rng.between(2, 16));
    const auto s = scales(weight_bits, 6, 0.01 + rng.uniform(), 1.0 + 100 * rng.uniform());
    Eigen::VectorXd w(1 + static_cast<int>(rng.below(40)));
    for (auto& x : w) x = rng.normal();
    w *= s.output * static_cast<double>(s.weight_limit) / s.input / w.cwiseAbs().maxCoeff() *
         rng.uniform();
    const auto column = quant::float_column(w, rng.normal(), s, "here");
    EXPECT_GE(column.threshold, 1);
    EXPECT_LE(column.weights.cwiseAbs().maxCoeff(), s.weight_limit);
    EXPECT_NEAR(column.weight_scale * s.input * static_cast<double>(column.threshold) / s.output, 1,
                1e-12);
    const double worst =
        (column.weights.cast<double>() * column.weight_scale - w).cwiseAbs().maxCoeff();
    EXPECT_LE(worst, column.weight_scale * (0.5 + 1e-9));
  }
}

TEST(Column, DeadAndNearlyDeadColumns) {
  const auto s = scales(8, 6, 0.1, 0.5);
  const auto dead = quant::float_column(Eigen::VectorXd::Zero(3), 2.0, s, "here");
  EXPECT_TRUE(dead.weights.isZero());
  EXPECT_EQ(dead.threshold, 1);
  EXPECT_EQ(dead.bias, 4);  // 2.0 / 0.5 output steps
  const auto tiny = quant::float_column(Eigen::VectorXd::Constant(3, 1e-30), -1.0, s, "here");
  EXPECT_EQ(tiny.threshold, 3 * 127 * 63);  // no greater than the greatest sum
  EXPECT_LT(std::abs(static_cast<double>(tiny.bias) / (3 * 127 * 63) + 2.0), 0.01);
}

TEST(Column, HugeBiasIsBoundedWhereTheOutputIsSaturated) {
  const auto s = scales(8, 6, 1.0, 1.0);
  for (const double bias : {1e30, -1e30}) {
    const auto column = quant::float_column(Eigen::VectorXd::Ones(2), bias, s, "here");
    const std::int64_t sums = 2 * 127 * 63;
    EXPECT_EQ(std::abs(column.bias), sums + column.threshold * 64);
    // Whatever the inputs are, the output stays at its end.
    EXPECT_GE((std::abs(column.bias) - sums + column.threshold / 2) / column.threshold, 63);
  }
}

TEST(Column, TooFineAnOutputIsAnError) {
  const auto s = scales(8, 6, 1.0, 1e-3);
  const auto column = [&] { quant::float_column(Eigen::VectorXd::Ones(2), 0, s, "here"); };
  EXPECT_EQ(fault_of(column).code, Code::kThresholdTooSmall);
  const auto ints = [&] { quant::integer_column(Eigen::VectorXd::Ones(2) * 99, 1, 0, s, "here"); };
  EXPECT_EQ(fault_of(ints).code, Code::kThresholdTooSmall);
}

// A layer whose outputs are tiny against its weights: the step is raised so that a threshold of 1
// does.
TEST(Float, CancellingWeightsRaiseTheOutputStep) {
  GraphBuilder b;
  b.gemm(b.input({kN, 2}), b.floats({2, 1}, {1000, -1000}));
  const auto network =
      quant::quantise(b.done(), {Array::of_floats({1, 2}, {1, 1.0001F})}, bits(8, 6));
  EXPECT_EQ(network.layers.front().product().threshold[0], 1);
  EXPECT_EQ(network.layers.front().product().weights(0, 0), 127);
  EXPECT_EQ(network.layers.front().product().weights(1, 0), -127);
}

// Each further bit makes the steps finer.
TEST(Float, MoreBitsAreFinerSteps) {
  const Array data = Array::of_floats({2, 2}, {3, 3, 0, 3});
  double before = 1e9;
  for (int n = 1; n <= 12; ++n) {
    const auto network = quant::quantise(two_by_two(), {data}, bits(12, n));
    EXPECT_LT(network.tensors[kFirst].format.scale, before);
    before = network.tensors[kFirst].format.scale;
  }
}

TEST(Float, OptionsOutOfRangeAreAnInternalError) {
  const Array data = Array::of_floats({1, 2}, {1, 1});
  for (const Options& options : {bits(1, 6), bits(17, 6), bits(8, 0), bits(8, 17)})
    EXPECT_EQ(fault_of([&] { quant::quantise(two_by_two(), {data}, options); }).code,
              Code::kInternal);
}

}  // namespace
