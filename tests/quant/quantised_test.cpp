// Models that bring their own formats: QDQ, QLinearMatMul, QONNX.
#include <gtest/gtest.h>

#include <cmath>

#include "quant/batch.hpp"
#include "quant/graph_builder.hpp"
#include "quant/quantise.hpp"

namespace {

using base::Code;
using nn::Array;
using nn::DType;
using quant::Network;
using quant::Options;
using test::fault_of;
using test::GraphBuilder;
using Id = nn::ValueId;

constexpr auto kN = nn::kUnknown;
const quant::TensorId kFirst(1);  // the first layer's output

Options bits(int weights, int activations) {
  return {weights, activations, quant::Method::kMax, 99.9};
}

Network quantised(const nn::Graph& graph, int weights, int activations) {
  return quant::quantise(graph, {}, bits(weights, activations));
}

Code code_of(const nn::Graph& graph, int weights, int activations) {
  return fault_of([&] { quantised(graph, weights, activations); }).code;
}

// x [2] uint8 -> int8 weights, a scale an output -> Relu -> uint8.
nn::Graph qdq(float out_scale = 2.0F, DType out = DType::kUint8, std::int64_t zero = 0) {
  GraphBuilder b;
  const Id x = b.q_dq(b.input({kN, 2}), 0.5F, DType::kUint8, 0);
  const Id w = b.dq_weights({2, 2}, {100, -20, 50, 127}, {0.25F, 0.5F});
  const Id bias = b.node("DequantizeLinear",
                         {b.ints(DType::kInt32, {2}, {8, -3}), b.floats({2}, {0.125F, 0.25F})},
                         {{"axis", std::int64_t{0}}});
  b.q_dq(b.node("Relu", {b.gemm(x, w, bias)}), out_scale, out, zero);
  return b.done();
}

TEST(Qdq, KeepsTheModelsIntegers) {
  const Network network = quantised(qdq(), 8, 8);
  const auto& layer = network.layers.front();
  EXPECT_EQ(layer.product().weights.matrix(),
            (quant::WeightMatrix(2, 2) << 100, -20, 50, 127).finished());
  EXPECT_EQ(layer.product().threshold,
            (quant::WideVector(2) << 16, 8).finished());  // 2 / (0.25 * 0.5)
  EXPECT_EQ(layer.product().bias, (quant::WideVector(2) << 8, -3).finished());
  EXPECT_EQ(layer.float_scale_error, 0.0);
  EXPECT_EQ(layer.weight_scale, (std::vector<double>{0.25, 0.5}));
  EXPECT_FALSE(network.tensors[kFirst].format.is_signed);
  EXPECT_DOUBLE_EQ(network.tensors[kFirst].format.scale, 2.0);
  EXPECT_FALSE(network.tensors.front().format.is_signed);
  EXPECT_DOUBLE_EQ(network.tensors.front().format.scale, 0.5);
}

TEST(Qdq, WiderWeightsTakeAFactorThatLessensTheScaleError) {
  // 2.1 / 0.125 = 16.8, 2.1 / 0.25 = 8.4: exact with factors of 5.
  const Network narrow = quantised(qdq(2.1F), 8, 8);
  EXPECT_EQ(narrow.layers.front().product().threshold[0], 17);
  EXPECT_NEAR(narrow.layers.front().float_scale_error, 0.4 / 8.4, 1e-6);
  const Network wide = quantised(qdq(2.1F), 11, 8);
  EXPECT_EQ(wide.layers.front().product().threshold, (quant::WideVector(2) << 84, 42).finished());
  EXPECT_EQ(wide.layers.front().product().weights(0, 0), 500);
  EXPECT_EQ(wide.layers.front().product().bias[0], 40);
  EXPECT_LT(wide.layers.front().float_scale_error, 1e-6);
  EXPECT_DOUBLE_EQ(wide.layers.front().weight_scale[0], 0.05);
}

TEST(Qdq, ATensorKeepsItsBits) {
  // The spec's bits are those of float tensors; the model's may be wider or narrower.
  for (const int bits : {6, 12}) {
    const Network network = quantised(qdq(), 8, bits);
    EXPECT_EQ(network.widest_bits(), 8);
    EXPECT_EQ(network.tensors[kFirst].format.high, 255);
  }
  const base::Fault limited = fault_of([] {
    quant::quantise(qdq(), {}, {.weight_bits = 8, .activation_bits = 6, .most_activation_bits = 6});
  });
  EXPECT_EQ(limited.code, Code::kActivationBits);
  EXPECT_EQ(limited.cure, "quantise the model's activations to 6 bits or fewer");
  const base::Fault weights = fault_of([] { quantised(qdq(), 7, 8); });
  EXPECT_EQ(weights.code, Code::kWeightBits);
  EXPECT_EQ(weights.cure, "set pe.weight_bits to 8 or more");
}

TEST(Qdq, CodesEndWhereTheModelsDo) {
  // int8 behind Relu: 0 to 127 with zero point 0, to 255 with -128.
  const quant::Format seven = quantised(qdq(2.0F, DType::kInt8, 0), 8, 8).tensors[kFirst].format;
  EXPECT_EQ(seven.high, 127);
  EXPECT_EQ(seven.bits, 7);
  EXPECT_EQ(quantised(qdq(2.0F, DType::kInt8, -128), 8, 8).tensors[kFirst].format.high, 255);
}

TEST(Qdq, RoundsAsTheModelDoes) {
  const Network network = quantised(qdq(), 8, 8);
  EXPECT_EQ(network.layers.front().product().rounding, quant::Rounding::kHalfEven);
  EXPECT_TRUE(network.layers.front().is_exact);
  // A threshold that had to be rounded is not exact.
  EXPECT_FALSE(quantised(qdq(2.1F), 8, 8).layers.front().is_exact);
}

TEST(Qdq, ABiasBetweenIntegersIsNoTie) {
  // Sums 100 x0 + 50 x1 of steps 0.125, an output step of 2 and a bias of 0.3 of a sum's step:
  // 2 S + 1 is never midway, and rounds as S + 0.3 does.
  GraphBuilder b;
  const Id x = b.q_dq(b.input({kN, 1}), 0.5F, DType::kUint8, 0);
  const Id w = b.dq_weights({1, 1}, {3}, {0.25F});
  b.q_dq(b.node("Relu", {b.gemm(x, w, b.floats({1}, {0.0375F}))}), 2.0F, DType::kUint8, 0);
  const quant::Layer layer = quantised(b.done(), 8, 8).layers.front();
  EXPECT_EQ(layer.product().weights(0, 0), 6);
  EXPECT_EQ(layer.product().threshold[0], 32);
  EXPECT_EQ(layer.product().bias[0], 1);
  EXPECT_TRUE(layer.is_exact);
}

TEST(Qdq, ZeroPointMakesATensorSigned) {
  GraphBuilder b;
  const Id x = b.q_dq(b.input({kN, 1}), 1.0F, DType::kUint8, 100);
  b.q_dq(b.gemm(x, b.dq_weights({1, 1}, {1}, {1.0F})), 1.0F, DType::kUint8, 55);
  const Network network = quantised(b.done(), 8, 8);
  EXPECT_TRUE(network.tensors.front().format.is_signed);
  EXPECT_EQ(network.tensors.front().format.low, -100);
  EXPECT_EQ(network.tensors.front().format.high, 155);
  EXPECT_TRUE(network.tensors[kFirst].format.is_signed);
  const auto q = quant::encode_inputs(network, {Array::of_floats({3, 1}, {-300, 300, 2.5})});
  EXPECT_EQ(q(0), -100);
  EXPECT_EQ(q(1), 155);
  EXPECT_EQ(q(2), 2);  // a tie goes to even, as QuantizeLinear does it
}

TEST(Qdq, TheLeastCodeIsKept) {
  GraphBuilder b;
  const Id x = b.q_dq(b.input({kN, 1}), 1.0F, DType::kInt8, 0);
  b.q_dq(b.gemm(x, b.dq_weights({1, 1}, {1}, {1.0F})), 1.0F, DType::kInt8, 0);
  const Network network = quantised(b.done(), 8, 7);
  for (const quant::Tensor& tensor : network.tensors) {
    EXPECT_TRUE(tensor.format.is_signed);
    EXPECT_EQ(tensor.format.low, -128);
    EXPECT_EQ(tensor.format.high, 127);
    EXPECT_EQ(tensor.format.bits, 8);
  }
}

TEST(Qdq, MostNegativeWeightNeedsUnsignedInputs) {
  const auto make = [](std::int64_t zero) {
    GraphBuilder b;
    const Id x = b.q_dq(b.input({kN, 1}), 1.0F, DType::kUint8, zero);
    b.q_dq(b.gemm(x, b.dq_weights({1, 1}, {-128}, {1.0F})), 1.0F, DType::kUint8, 0);
    return b.done();
  };
  EXPECT_EQ(quantised(make(0), 8, 8).layers.front().product().weights(0, 0), -128);
  const base::Fault fault = fault_of([&] { quantised(make(9), 8, 8); });
  EXPECT_EQ(fault.code, Code::kWeightBits);
  EXPECT_EQ(fault.cure, "set pe.weight_bits to 9 or more");
}

TEST(Qdq, WeightsThroughQuantizeClipDequantize) {
  GraphBuilder b;
  const Id x = b.q_dq(b.input({kN, 2}), 1.0F, DType::kUint8, 0);
  const Id s = b.scalar(0.5F);
  const Id z = b.ints(DType::kInt8, {}, {0});
  const Id q = b.node("QuantizeLinear", {b.floats({2, 1}, {9.0F, -1.1F}), s, z});
  const Id clipped =
      b.node("Clip", {q, b.ints(DType::kInt8, {}, {-8}), b.ints(DType::kInt8, {}, {7})});
  b.q_dq(b.gemm(x, b.node("DequantizeLinear", {clipped, s, z})), 1.0F, DType::kUint8, 0);
  const Network network = quantised(b.done(), 4, 8);
  EXPECT_EQ(network.layers.front().product().weights(0, 0), 7);   // 18, clipped
  EXPECT_EQ(network.layers.front().product().weights(1, 0), -2);  // -2.2
}

TEST(Qdq, ActivationThroughQuantizeClipDequantize) {
  GraphBuilder b;
  const auto q_clip_dq = [&](Id v) {
    const Id s = b.scalar(1);
    const Id z = b.ints(DType::kUint8, {}, {0});
    const Id q = b.node("QuantizeLinear", {v, s, z});
    const Id c =
        b.node("Clip", {q, b.ints(DType::kUint8, {}, {0}), b.ints(DType::kUint8, {}, {15})});
    return b.node("DequantizeLinear", {c, s, z});
  };
  const Id x = q_clip_dq(b.input({kN, 1}));
  q_clip_dq(b.gemm(x, b.dq_weights({1, 1}, {1}, {1.0F})));
  const Network network = quantised(b.done(), 8, 4);
  EXPECT_EQ(network.tensors.front().format.high, 15);
  EXPECT_FALSE(network.tensors[kFirst].format.is_signed);
}

TEST(Qdq, BatchNormalizationWithANegativeGainTurnsTheWeights) {
  GraphBuilder b;
  const Id x = b.q_dq(b.input({kN, 1}), 1.0F, DType::kUint8, 0);
  const Id sum = b.gemm(x, b.dq_weights({1, 2}, {10, 20}, {1.0F}));
  const auto two = [&](float u, float v) { return b.floats({2}, {u, v}); };
  const Id norm = b.node("BatchNormalization", {sum, two(-1, 0), two(3, 5), two(0, 0), two(4, 1)},
                         {{"epsilon", 0.0F}});
  b.q_dq(b.node("Relu", {norm}), 2.0F, DType::kUint8, 0);
  const auto layer = quantised(b.done(), 8, 8).layers.front();
  EXPECT_EQ(layer.product().weights(0, 0) % 10, 0);
  EXPECT_LT(layer.product().weights(0, 0), 0);
  EXPECT_EQ(layer.product().threshold[0] * 10,
            -layer.product().weights(0, 0) * 4);  // 2 / (1 * 0.5) a weight step
  EXPECT_EQ(layer.product().weights(0, 1),
            0);  // a gain of 0: only the offset is left, 5 / 2 to even
  EXPECT_EQ(layer.product().threshold[1], 1);
  EXPECT_EQ(layer.product().bias[1], 2);
}

TEST(Qdq, WeightZeroPointAndScaleAnInputAreErrors) {
  GraphBuilder b;
  const Id x = b.q_dq(b.input({kN, 1}), 1.0F, DType::kUint8, 0);
  const Id w = b.node("DequantizeLinear", {b.ints(DType::kUint8, {1, 1}, {7}), b.scalar(1),
                                           b.ints(DType::kUint8, {}, {128})});
  b.q_dq(b.gemm(x, w), 1.0F, DType::kUint8, 0);
  EXPECT_EQ(quantised(b.done(), 8, 8).layers.front().product().weights(0, 0), 7 - 128);
  GraphBuilder rows;
  const Id y = rows.q_dq(rows.input({kN, 2}), 1.0F, DType::kUint8, 0);
  rows.gemm(y, rows.dq_weights({2, 1}, {1, 2}, {1.0F, 2.0F}, 0));
  EXPECT_EQ(code_of(rows.done(), 8, 8), Code::kCannotLower);
}

TEST(Qdq, FloatOutputOfAQuantisedModelIsCalibrated) {
  GraphBuilder b;
  const Id x = b.q_dq(b.input({kN, 1}), 1.0F, DType::kUint8, 0);
  b.gemm(x, b.dq_weights({1, 1}, {3}, {0.1F}));
  const nn::Graph graph = b.done();
  // Without samples its range is that of the sum, 3 * 0.1 * 255.
  EXPECT_NEAR(quantised(graph, 8, 8).tensors[kFirst].format.scale, 0.3, 1e-6);
  const auto network = quant::quantise(graph, {Array::of_floats({1, 1}, {100})}, bits(8, 8));
  EXPECT_NEAR(network.tensors[kFirst].format.scale, 30.0 / 255, 1e-6);
}

TEST(Qdq, PerChannelActivationIsABadQuantiser) {
  GraphBuilder b;
  const Id x = b.input({kN, 2});
  const Id s = b.floats({2}, {1, 2});
  const Id z = b.ints(DType::kUint8, {2}, {0, 0});
  const std::map<std::string, nn::Attribute> axis = {{"axis", std::int64_t{1}}};
  b.gemm(b.node("DequantizeLinear", {b.node("QuantizeLinear", {x, s, z}, axis), s, z}, axis),
         b.floats({2, 1}, {1, 1}));
  EXPECT_EQ(code_of(b.done(), 8, 8), Code::kBadQuantiser);
}

nn::Graph q_linear(std::int64_t zero_b) {
  GraphBuilder b;
  const auto u8 = [&](std::int64_t z) { return b.ints(DType::kUint8, {}, {z}); };
  const Id s = b.scalar(0.5F);
  const Id q = b.node("QuantizeLinear", {b.input({kN, 2}), s, u8(0)});
  const Id w = b.ints(DType::kInt8, {2, 2}, {1, 2, -3, 127});
  const Id y =
      b.node("QLinearMatMul", {q, s, u8(0), w, b.floats({2}, {1.0F, 2.0F}),
                               b.ints(DType::kInt8, {2}, {zero_b, zero_b}), b.scalar(4), u8(0)});
  b.node("DequantizeLinear", {y, b.scalar(4), u8(0)});
  return b.done();
}

TEST(QLinear, MatMulKeepsItsIntegers) {
  const Network network = quantised(q_linear(0), 8, 8);
  const auto& layer = network.layers.front();
  // Column 0 has room for a factor, but 4 / 0.5 is whole already.
  EXPECT_EQ(layer.product().weights.matrix(),
            (quant::WeightMatrix(2, 2) << 1, 2, -3, 127).finished());
  EXPECT_EQ(layer.product().threshold, (quant::WideVector(2) << 8, 4).finished());
  EXPECT_FALSE(network.tensors[kFirst].format.is_signed);
  EXPECT_EQ(quantised(q_linear(1), 8, 8).layers.front().product().weights.matrix(),
            (quant::WeightMatrix(2, 2) << 0, 1, -4, 126).finished());
}

nn::Graph qonnx(const std::string& rounding, float weight_bits, std::int64_t narrow) {
  GraphBuilder b;
  const Id x = b.quant(b.input({kN, 3}), 0.25F, 4, 0);
  const Id w =
      b.quant(b.floats({3, 1}, {0.75F, -9.0F, 1.3F}), 0.5F, weight_bits, 1, narrow, rounding);
  b.quant(b.node("Relu", {b.gemm(x, w)}), 0.5F, 4, 0);
  return b.done();
}

TEST(Qonnx, QuantHasWidthNarrowRangeAndRounding) {
  const auto weights = [](const char* rounding, float width, std::int64_t narrow) {
    const auto layer = quantised(qonnx(rounding, width, narrow), 4, 4).layers.front();
    return std::vector<int>(layer.product().weights.matrix().data(),
                            layer.product().weights.matrix().data() + 3);
  };
  EXPECT_EQ(weights("ROUND", 4, 0), (std::vector<int>{2, -8, 3}));  // 1.5 to even
  EXPECT_EQ(weights("ROUND", 4, 1), (std::vector<int>{2, -7, 3}));
  EXPECT_EQ(weights("FLOOR", 4, 1), (std::vector<int>{1, -7, 2}));
  EXPECT_EQ(weights("CEIL", 4, 1), (std::vector<int>{2, -7, 3}));
  EXPECT_EQ(weights("DOWN", 4, 1), (std::vector<int>{1, -7, 2}));
  EXPECT_EQ(weights("UP", 4, 1), (std::vector<int>{2, -7, 3}));
  EXPECT_EQ(weights("HALF_DOWN", 4, 1), (std::vector<int>{1, -7, 3}));
  EXPECT_EQ(weights("half_up", 4, 1), (std::vector<int>{2, -7, 3}));
  EXPECT_EQ(weights("ROUND", 3, 1), (std::vector<int>{2, -3, 3}));
}

TEST(Qonnx, ScaleOfAnOutputAndTransposedWeights) {
  GraphBuilder b;
  const Id x = b.quant(b.input({kN, 3}), 1, 4, 0);
  const Id stored = b.floats({2, 3}, {1, 2, 3, 8, 10, -12});
  const Id w = b.node("Quant", {stored, b.floats({2, 1}, {1, 2}), b.scalar(0), b.scalar(4)},
                      {{"signed", std::int64_t{1}}}, "onnx.brevitas");
  b.quant(
      b.node("MatMul", {x, b.node("Transpose", {w}, {{"perm", std::vector<std::int64_t>{1, 0}}})}),
      2, 4, 0);
  const auto layer = quantised(b.done(), 4, 4).layers.front();
  EXPECT_EQ(layer.product().weights.matrix().cast<int>().col(0), Eigen::Vector3i(1, 2, 3));
  EXPECT_EQ(layer.product().weights.matrix().cast<int>().col(1), Eigen::Vector3i(4, 5, -6));
  EXPECT_EQ(layer.product().threshold, (quant::WideVector(2) << 2, 1).finished());
}

TEST(Qonnx, BipolarWeights) {
  GraphBuilder b;
  const Id x = b.quant(b.input({kN, 2}), 1, 4, 0);
  const Id w = b.node("BipolarQuant", {b.floats({2, 1}, {0.0F, -0.1F}), b.scalar(0.5F)}, {},
                      "qonnx.custom_op.general");
  b.quant(b.gemm(x, w), 1, 4, 0);
  const auto layer = quantised(b.done(), 2, 4).layers.front();
  EXPECT_EQ(layer.product().weights.matrix().cast<int>().col(0), Eigen::Vector2i(1, -1));
  EXPECT_EQ(layer.product().threshold[0], 2);
}

TEST(Qonnx, SignedNarrowOutputHasTheSameMagnitudeBits) {
  GraphBuilder b;
  const Id x = b.quant(b.input({kN, 1}), 1, 4, 0);
  b.quant(b.gemm(x, b.quant(b.floats({1, 1}, {3}), 1, 4, 1)), 1, 5, 1, 1);
  const auto network = quantised(b.done(), 4, 4);
  EXPECT_TRUE(network.tensors[kFirst].format.is_signed);
  EXPECT_EQ(network.tensors[kFirst].format.bits, 4);
}

TEST(Qonnx, ReluBehindASignedQuantMakesItUnsigned) {
  GraphBuilder b;
  const Id x = b.quant(b.input({kN, 1}), 1, 3, 0);
  b.node("Relu", {b.quant(b.gemm(x, b.quant(b.floats({1, 1}, {3}), 1, 4, 1)), 1, 4, 1)});
  const auto network = quantised(b.done(), 4, 3);
  EXPECT_FALSE(network.tensors[kFirst].format.is_signed);
}

TEST(Qonnx, InputMapBeforeTheQuantiserIsTheEncodersWork) {
  GraphBuilder b;
  const Id x = b.node("Sub", {b.node("Mul", {b.input({kN, 1}), b.scalar(2)}), b.scalar(1)});
  b.quant(b.gemm(b.quant(x, 0.25F, 3, 1), b.quant(b.floats({1, 1}, {1}), 1, 4, 1)), 1, 3, 1);
  const auto network = quantised(b.done(), 4, 2);
  EXPECT_EQ(network.tensors.front().format.bits, 3);
  EXPECT_DOUBLE_EQ(network.encodings[0].gain[0], 2);
  EXPECT_DOUBLE_EQ(network.encodings[0].offset[0], -1);
  const auto q = quant::encode_inputs(network, {Array::of_floats({3, 1}, {0.0F, 0.75F, 1.0F})});
  EXPECT_EQ(q(0), -4);
  EXPECT_EQ(q(1), 2);
  EXPECT_EQ(q(2), 3);
}

TEST(Qonnx, UniformFactorBehindTheQuantiserScalesTheWeights) {
  const auto make = [](std::vector<float> factors) {
    GraphBuilder b;
    const Id x = b.quant(b.input({kN, 2}), 1, 4, 0);
    const auto count = static_cast<std::int64_t>(factors.size());
    const Id scaled = b.node("Mul", {x, b.floats({count}, factors)});
    b.quant(b.gemm(scaled, b.quant(b.floats({2, 1}, {3, -3}), 1, 3, 1)), 6, 4, 0);
    return b.done();
  };
  const auto layer = quantised(make({-2}), 3, 4).layers.front();
  EXPECT_EQ(layer.product().weights.matrix().cast<int>().col(0), Eigen::Vector2i(-3, 3));
  EXPECT_EQ(layer.product().threshold[0], 3);
  EXPECT_EQ(code_of(make({1, 2}), 3, 4), Code::kCannotLower);
}

TEST(Qonnx, SignsAreOneBit) {
  // BipolarQuant, or Quant of one bit: step from 0 on, else -step.
  for (const bool one_bit : {false, true}) {
    GraphBuilder b;
    const auto sign = [&](Id x, float step) {
      return one_bit ? b.quant(x, step, 1, 1)
                     : b.node("BipolarQuant", {x, b.scalar(step)}, {}, "qonnx.custom_op.general");
    };
    const Id x = sign(b.input({kN, 2}), 0.5F);
    const Id w = sign(b.floats({2, 1}, {0.3F, -0.3F}), 0.25F);
    b.quant(b.gemm(sign(b.gemm(x, w, b.floats({1}, {0.1F})), 2), b.floats({1, 1}, {1})), 1, 4, 1);
    const auto network = quantised(b.done(), 8, 4);
    const auto q = quant::encode_inputs(network, {Array::of_floats({2, 2}, {0, -0.0001F, -3, 8})});
    EXPECT_EQ(q, (quant::IntegerBatch(2, 2) << 1, 0, 0, 1).finished());
    // 0.125 (2 (x0 - x1)) + 0.1 >= 0 where x0 - x1 >= -0.4: from 0 on.
    const quant::Product& product = network.layers.front().product();
    EXPECT_EQ(product.weights.matrix().cast<int>().col(0), Eigen::Vector2i(1, -1));
    EXPECT_EQ(product.bias[0], 1);
    EXPECT_EQ(product.threshold[0], 1);
    EXPECT_EQ(network.tensors[kFirst].format.high, 1);
    EXPECT_TRUE(network.layers.front().is_exact);
  }
}

TEST(Qonnx, AZeroPointOfWeightsIsRefused) {
  GraphBuilder b;
  const Id x = b.quant(b.input({kN, 1}), 1, 4, 0);
  b.quant(b.gemm(x, b.quant(b.floats({1, 1}, {3}), 1, 4, 1, 0, "ROUND", 1)), 1, 4, 0);
  EXPECT_EQ(code_of(b.done(), 8, 4), Code::kWeightZeroPoint);
}

TEST(Qonnx, BadQuantisers) {
  const auto activation = [](float scale, float width, const char* rounding, float zero = 0) {
    GraphBuilder b;
    const Id x = b.quant(b.input({kN, 1}), scale, width, 0, 0, rounding, zero);
    b.gemm(x, b.floats({1, 1}, {1}));
    return b.done();
  };
  EXPECT_EQ(code_of(activation(1, 4, "FLOOR"), 8, 4), Code::kBadQuantiser);
  EXPECT_EQ(code_of(activation(1, 4, "ROUND", 0.5F), 8, 4), Code::kBadQuantiser);
  EXPECT_EQ(code_of(activation(1, 30, "ROUND"), 8, 4), Code::kBadQuantiser);
}

}  // namespace
