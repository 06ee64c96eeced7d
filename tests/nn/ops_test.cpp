// What ONNX's node tests leave open: older opsets, types, limits, and QONNX's ops. A suite named
// Op<name> counts as that op's test.
#include <gtest/gtest.h>

#include <limits>

#include "base/error.hpp"
#include "nn/expect_error.hpp"
#include "nn/import.hpp"
#include "nn/infer.hpp"
#include "nn/model_builder.hpp"
#include "nn/reference.hpp"
#include "nn/registry.hpp"

namespace nn {
namespace {

using base::Code;
using testing::expect_error;
using testing::ModelBuilder;
using Floats = std::vector<float>;
using Ints = std::vector<std::int64_t>;

// Output 0 of a model whose inputs are given.
Array result_of(const ModelBuilder& builder, const std::vector<Array>& inputs) {
  return run(builder.import(), inputs).at(0);
}

// The one node `op` on x, at `opset`; attributes and more inputs follow.
ModelBuilder unary(const std::string& op, const Shape& shape, std::int64_t opset) {
  ModelBuilder builder(opset);
  builder.input("x", shape).node(op, {"x"}, {"y"}, "n").output("y");
  return builder;
}

TEST(OpSoftmax, FlattensUpToOpset12) {
  const Array x = Array::of_floats({1, 2, 2}, {0, 0, 0, 0});
  EXPECT_EQ(result_of(unary("Softmax", {1, 2, 2}, 12), {x}).floats(), Floats(4, 0.25F));
  EXPECT_EQ(result_of(unary("Softmax", {1, 2, 2}, 13), {x}).floats(), Floats(4, 0.5F));
}

TEST(OpSoftmax, AxisBehindTheLastExtentIsAllowedOnlyBefore13) {
  const Array x = Array::of_floats({2}, {3, 5});
  EXPECT_EQ(result_of(unary("Softmax", {2}, 12), {x}).floats(), Floats(2, 1.0F));
  expect_error(Code::kBadAttribute, "axis 1 is outside [-1, 0]",
               [] { unary("Softmax", {2}, 13).with("axis", std::int64_t{1}).import(); });
}

TEST(OpClip, BoundsAreAttributesUpToOpset10) {
  const Array x = Array::of_floats({3}, {-1, 0.5, 9});
  ModelBuilder builder = unary("Clip", {3}, 10);
  builder.with("min", 0.0F).with("max", 6.0F);
  EXPECT_EQ(result_of(builder, {x}).floats(), (Floats{0, 0.5, 6}));
}

TEST(OpClip, TakesIntegersAndWantsScalarBounds) {
  ModelBuilder builder(13);
  builder.input("x", {3}, onnx::TensorProto::INT8).ints("low", {}, {-2}, onnx::TensorProto::INT8);
  builder.node("Clip", {"x", "low"}, {"y"}).output("y");
  EXPECT_EQ(result_of(builder, {Array::of_ints(DType::kInt8, {3}, {-9, 0, 9})}).ints(),
            (Ints{-2, 0, 9}));
  ModelBuilder list(13);
  list.input("x", {2}).floats("low", {2}, {0, 1}).node("Clip", {"x", "low"}, {"y"}).output("y");
  expect_error(Code::kBadShape, "must be a scalar", [&] { list.import(); });
}

TEST(OpReshape, CopiesAndComputesExtentsOfAnUnknownBatch) {
  const auto shape_of = [](const Shape& x, const Ints& wanted) {
    ModelBuilder builder;
    builder.input("x", x).longs("s", {static_cast<std::int64_t>(wanted.size())}, wanted);
    builder.node("Reshape", {"x", "s"}, {"y"}, "r").output("y");
    const Graph graph = builder.import();
    return graph.value(graph.outputs[0]).shape;
  };
  EXPECT_EQ(shape_of({kUnknown, 1, 28, 28}, {-1, 784}), (Shape{kUnknown, 784}));
  EXPECT_EQ(shape_of({kUnknown, 1, 28, 28}, {0, -1}), (Shape{kUnknown, 784}));
  EXPECT_EQ(shape_of({kUnknown, 6}, {0, 3, -1}), (Shape{kUnknown, 3, 2}));
  EXPECT_EQ(shape_of({kUnknown, 6}, {1, -1}), (Shape{1, kUnknown}));
  EXPECT_EQ(shape_of({2, 3}, {-1}), (Shape{6}));
  expect_error(Code::kBadShape, "no whole value", [&] { shape_of({2, 3}, {4, -1}); });
  expect_error(Code::kBadShape, "-1 twice", [&] { shape_of({2, 3}, {-1, -1}); });
  expect_error(Code::kBadShape, "cannot reshape [2, 3] to [5]", [&] { shape_of({2, 3}, {5}); });
  expect_error(Code::kBadShape, "is not there", [&] { shape_of({6}, {6, 0}); });
  expect_error(Code::kBadShape, "extent -7", [&] { shape_of({6}, {-7}); });
  expect_error(Code::kBadShape, "more than", [&] {
    shape_of({6}, {1'000'000'000, 1'000'000'000, -1});
  });
}

TEST(OpReshape, ShapeMustBeKnown) {
  ModelBuilder builder;
  builder.input("x", {2, 3}).input("s", {1}, onnx::TensorProto::INT64);
  builder.node("Reshape", {"x", "s"}, {"y"}, "r").output("y");
  expect_error(Code::kBadShape, "computed at run time", [&] { builder.import(); });
}

// The numbers that stand for what is not known are none in a model.
TEST(OpReshape, LeastIntegersAreNoExtents) {
  for (const std::int64_t more : {0, 1}) {
    ModelBuilder builder;
    builder.input("x", {6}).floats("k", {6}, {1, 2, 3, 4, 5, 6});
    builder.longs("s", {2}, {std::numeric_limits<std::int64_t>::min() + more, 3});
    builder.node("Reshape", {"k", "s"}, {"y"}, "r").node("Add", {"y", "x"}, {"z"}).output("z");
    expect_error(Code::kBadShape, "the new shape has the extent -92233720",
                 [&] { builder.import(); });
  }
}

TEST(OpReshape, ShapeMayBeComputedFromConstants) {
  ModelBuilder builder;
  builder.input("x", {2, 3}).longs("a", {2}, {1, 1}).longs("b", {2}, {2, 1});
  builder.node("Add", {"a", "b"}, {"s"}).node("Reshape", {"x", "s"}, {"y"}).output("y");
  const Graph graph = builder.import();
  EXPECT_EQ(graph.value(graph.outputs[0]).shape, (Shape{3, 2}));
}

TEST(OpSqueeze, AxesAreAnAttributeUpToOpset12) {
  const Array x = Array::of_floats({1, 2, 1}, {1, 2});
  EXPECT_EQ(result_of(unary("Squeeze", {1, 2, 1}, 11).with("axes", Ints{-1}), {x}).shape,
            (Shape{1, 2}));
  EXPECT_EQ(result_of(unary("Squeeze", {1, 2, 1}, 11), {x}).shape, (Shape{2}));
  expect_error(Code::kBadShape, "is not 1", [] {
    unary("Squeeze", {1, 2}, 11).with("axes", Ints{1}).import();
  });
  expect_error(Code::kBadShape, "without axes", [] {
    unary("Squeeze", {kUnknown, 2}, 11).import();
  });
}

TEST(OpUnsqueeze, AxesAreAnAttributeUpToOpset12) {
  const Array x = Array::of_floats({2}, {1, 2});
  EXPECT_EQ(result_of(unary("Unsqueeze", {2}, 11).with("axes", Ints{2, 0}), {x}).shape,
            (Shape{1, 2, 1}));
  expect_error(Code::kBadAttribute, "named twice", [] {
    unary("Unsqueeze", {2}, 11).with("axes", Ints{0, 0}).import();
  });
  expect_error(Code::kBadAttribute, "needs its axes once",
               [] { unary("Unsqueeze", {2}, 13).import(); });
}

TEST(OpTranspose, PermMustBeAPermutation) {
  expect_error(Code::kBadAttribute, "not a permutation", [] {
    unary("Transpose", {2, 3}, 13).with("perm", Ints{0, 0}).import();
  });
}

TEST(OpDropout, MaskHasTheDatasTypeUpToOpset9) {
  for (const std::int64_t opset : {9, 10}) {
    ModelBuilder builder(opset);
    builder.input("x", {2}).node("Dropout", {"x"}, {"y", "mask"}).with("ratio", 0.5F);
    builder.output("mask");
    const Array mask = result_of(builder, {Array::of_floats({2}, {1, 2})});
    EXPECT_EQ(mask.dtype, opset == 9 ? DType::kFloat : DType::kBool);
    EXPECT_EQ(mask.at(0), 1);
  }
}

TEST(OpDropout, RefusesTraining) {
  ModelBuilder builder(13);
  builder.input("x", {2})
      .floats("ratio", {}, {0.5})
      .ints("train", {}, {1}, onnx::TensorProto::BOOL);
  builder.node("Dropout", {"x", "ratio", "train"}, {"y"}).output("y");
  expect_error(Code::kBadAttribute, "training_mode", [&] { builder.import(); });
}

TEST(OpConstant, ValuesOfEachKind) {
  const auto constant = [](const std::function<void(ModelBuilder&)>& add) {
    ModelBuilder builder(13);
    builder.node("Constant", {}, {"c"});
    add(builder);
    builder.node("Identity", {"c"}, {"y"}).output("y");
    return result_of(builder, {});
  };
  EXPECT_EQ(constant([](auto& b) { b.with("value_float", 2.5F); }).floats(), Floats{2.5});
  EXPECT_EQ(constant([](auto& b) { b.with("value_int", std::int64_t{7}); }).shape, Shape{});
  EXPECT_EQ(constant([](auto& b) { b.with("value_ints", Ints{7, 8}); }).ints(), (Ints{7, 8}));
  expect_error(Code::kBadAttribute, "exactly one attribute", [&] { constant([](auto&) {}); });
  expect_error(Code::kBadAttribute, "\"value_string\" is unknown",
               [&] { constant([](auto& b) { b.with("value_string", std::string("no")); }); });
}

TEST(OpCast, TruncatesSaturatesAndWraps) {
  const auto cast = [](const Array& x, int from, int to) {
    ModelBuilder builder(13);
    builder.input("x", x.shape, from).node("Cast", {"x"}, {"y"}).with("to", std::int64_t{to});
    return result_of(builder.output("y"), {x}).ints();
  };
  const Array floats = Array::of_floats({4}, {-1.9F, 1.9F, 300, 0.5F});
  EXPECT_EQ(cast(floats, 1, onnx::TensorProto::INT8), (Ints{-1, 1, 127, 0}));
  EXPECT_EQ(cast(floats, 1, onnx::TensorProto::BOOL), (Ints{1, 1, 1, 1}));
  const Array ints = Array::of_ints(DType::kInt32, {2}, {300, -1});
  EXPECT_EQ(cast(ints, onnx::TensorProto::INT32, onnx::TensorProto::UINT8), (Ints{44, 255}));
}

TEST(OpDiv, IntegersByZero) {
  ModelBuilder builder(13);
  builder.input("x", {2}, onnx::TensorProto::INT32).input("d", {2}, onnx::TensorProto::INT32);
  builder.node("Div", {"x", "d"}, {"y"}, "ratio").output("y");
  const Array x = Array::of_ints(DType::kInt32, {2}, {7, -7});
  EXPECT_EQ(result_of(builder, {x, Array::of_ints(DType::kInt32, {2}, {2, 2})}).ints(),
            (Ints{3, -3}));
  EXPECT_EQ(result_of(builder, {x, Array::of_ints(DType::kInt32, {2}, {-1, -1})}).ints(),
            (Ints{-7, 7}));
  expect_error(Code::kDivisionByZero, "node \"ratio\" (Div)", [&] {
    result_of(builder, {x, Array::of_ints(DType::kInt32, {2}, {1, 0})});
  });
}

TEST(OpAdd, TypesMustAgree) {
  ModelBuilder builder;
  builder.input("x", {2}).ints("w", {2}, {1, 2}, onnx::TensorProto::INT8);
  builder.node("Add", {"x", "w"}, {"y"}, "a").output("y");
  expect_error(Code::kBadType, "input 1 (\"w\") is int8; it must be float",
               [&] { builder.import(); });
}

TEST(OpGemm, BiasBroadcastsAndScales) {
  ModelBuilder builder;
  builder.input("x", {kUnknown, 2}).floats("w", {1, 2}, {3, 4}).floats("c", {1}, {10});
  builder.node("Gemm", {"x", "w", "c"}, {"y"}).with("transB", std::int64_t{1});
  builder.with("alpha", 2.0F).with("beta", 0.5F).output("y");
  EXPECT_EQ(result_of(builder, {Array::of_floats({2, 2}, {1, 0, 0, 1})}).floats(),
            (Floats{11, 13}));
}

TEST(OpBatchNormalization, NeedsOneParameterAChannel) {
  ModelBuilder builder;
  builder.input("x", {kUnknown, 2});
  for (const char* name : {"s", "b", "m", "v"}) builder.floats(name, {3}, {1, 1, 1});
  builder.node("BatchNormalization", {"x", "s", "b", "m", "v"}, {"y"}).output("y");
  expect_error(Code::kBadShape, "each channel", [&] { builder.import(); });
}

// QuantizeLinear of x with `scale` values along axis 0, zero point type `type`.
ModelBuilder quantizer(const Shape& x, const Floats& scales, const std::vector<int>& zeros,
                       int type, std::int64_t opset) {
  ModelBuilder builder(opset);
  const Shape shape = {static_cast<std::int64_t>(scales.size())};
  builder.input("x", x).floats("s", shape, scales).ints("z", shape, zeros, type);
  builder.node("QuantizeLinear", {"x", "s", "z"}, {"y"}, "q").output("y");
  return builder;
}

TEST(OpQuantizeLinear, RoundsHalfToEvenAndSaturates) {
  const Array x = Array::of_floats({6}, {0.5, 1.5, 2.5, -0.5, 1000, -1000});
  EXPECT_EQ(result_of(quantizer({6}, {1}, {0}, onnx::TensorProto::INT8, 13), {x}).ints(),
            (Ints{0, 2, 2, 0, 127, -128}));
}

TEST(OpQuantizeLinear, FourBitsSinceOpset21) {
  const Array x = Array::of_floats({2, 2}, {1, 100, 1, -100});
  // Nibbles 1 and 2 in one byte are the zero points of the two rows.
  ModelBuilder builder(21);
  builder.input("x", {2, 2}).floats("s", {2}, {1, 0.5}).ints("z", {2}, {0x21}, 22);
  builder.node("QuantizeLinear", {"x", "s", "z"}, {"y"}).with("axis", std::int64_t{0}).output("y");
  EXPECT_EQ(result_of(builder, {x}).ints(), (Ints{2, 7, 4, -8}));
  ModelBuilder old(20);
  old.input("x", {2}).floats("s", {}, {1}).ints("z", {}, {0}, 22);
  old.node("QuantizeLinear", {"x", "s", "z"}, {"y"}).output("y");
  expect_error(Code::kBadType, "int4 is not supported in opset 20", [&] { old.import(); });
}

TEST(OpQuantizeLinear, OutputTypeByAttribute) {
  ModelBuilder builder(21);
  builder.input("x", {2}).floats("s", {}, {1}).node("QuantizeLinear", {"x", "s"}, {"y"});
  builder.with("output_dtype", std::int64_t{21}).output("y");
  EXPECT_EQ(result_of(builder, {Array::of_floats({2}, {3, 99})}).ints(), (Ints{3, 15}));
}

TEST(OpQuantizeLinear, ScalesMustFitAndBePositive) {
  expect_error(Code::kBadWeights, "not above 0",
               [] { quantizer({6}, {0}, {0}, onnx::TensorProto::INT8, 13).import(); });
  expect_error(Code::kBadShape, "2 scales for axis 1 of [2, 3]", [] {
    quantizer({2, 3}, {1, 1}, {0, 0}, onnx::TensorProto::INT8, 13).import();
  });
  expect_error(Code::kBadWeights, "not above 0", [] {
    ModelBuilder builder(13);
    builder.input("x", {1}).input("s", {}).node("QuantizeLinear", {"x", "s"}, {"y"}).output("y");
    result_of(builder, {Array::of_floats({1}, {1}), Array::of_floats({}, {-1})});
  });
}

TEST(OpDequantizeLinear, BlocksSinceOpset21) {
  ModelBuilder builder(21);
  builder.input("x", {2, 3}, onnx::TensorProto::INT8).floats("s", {2, 2}, {1, 10, 100, 1000});
  builder.node("DequantizeLinear", {"x", "s"}, {"y"})
      .with("block_size", std::int64_t{2})
      .output("y");
  EXPECT_EQ(result_of(builder, {Array::of_ints(DType::kInt8, {2, 3}, {1, 2, 3, 4, 5, 6})}).floats(),
            (Floats{1, 2, 30, 400, 500, 6000}));
}

TEST(OpDequantizeLinear, BiasesOf32Bits) {
  ModelBuilder builder(13);
  builder.input("x", {2}, onnx::TensorProto::INT32).floats("s", {}, {0.5});
  builder.node("DequantizeLinear", {"x", "s"}, {"y"}).output("y");
  EXPECT_EQ(result_of(builder, {Array::of_ints(DType::kInt32, {2}, {3, -100000})}).floats(),
            (Floats{1.5, -50000}));
}

TEST(OpQLinearMatMul, ScalesAColumn) {
  ModelBuilder builder(13);
  const int u8 = onnx::TensorProto::UINT8;
  const int s8 = onnx::TensorProto::INT8;
  builder.input("a", {1, 2}, u8).floats("as", {}, {0.5}).ints("az", {}, {1}, u8);
  builder.ints("b", {2, 2}, {1, -2, 3, 4}, s8)
      .floats("bs", {2}, {1, 2})
      .ints("bz", {2}, {0, 1}, s8);
  builder.floats("ys", {}, {2}).ints("yz", {}, {100}, u8);
  builder.node("QLinearMatMul", {"a", "as", "az", "b", "bs", "bz", "ys", "yz"}, {"y"}).output("y");
  // (a - 1) = {4, 8}: columns 4 + 24 = 28 and -12 + 24 = 12; times 0.5 * {1, 2} / 2.
  EXPECT_EQ(result_of(builder, {Array::of_ints(DType::kUint8, {1, 2}, {5, 9})}).ints(),
            (Ints{107, 106}));
}

// Quant of x with one scale, zero point 0; attributes follow.
ModelBuilder quant(const Shape& x, float scale, float bits, const std::string& op = "Quant",
                   const std::string& domain = "qonnx.custom_op.general") {
  ModelBuilder builder;
  builder.input("x", x).floats("s", {}, {scale}).floats("z", {}, {0}).floats("b", {}, {bits});
  builder.node(op, {"x", "s", "z", "b"}, {"y"}, "q", domain).output("y");
  return builder;
}

TEST(OpQuant, SignedNarrowAndUnsignedLimits) {
  const Array x = Array::of_floats({2}, {100, -100});
  EXPECT_EQ(result_of(quant({2}, 0.5, 4), {x}).floats(), (Floats{3.5, -4}));
  EXPECT_EQ(result_of(quant({2}, 0.5, 4).with("narrow", std::int64_t{1}), {x}).floats(),
            (Floats{3.5, -3.5}));
  EXPECT_EQ(result_of(quant({2}, 0.5, 4).with("signed", std::int64_t{0}), {x}).floats(),
            (Floats{7.5, 0}));
  EXPECT_EQ(
      result_of(quant({2}, 0.5, 4).with("signed", std::int64_t{0}).with("narrow", std::int64_t{1}),
                {x})
          .floats(),
      (Floats{7, 0}));
}

TEST(OpQuant, RoundingModesInAnyCase) {
  const Array x = Array::of_floats({5}, {-1.5, -1.2F, 0.5, 1.2F, 2.5});
  const auto rounded = [&](const std::string& mode) {
    return result_of(quant({5}, 1, 8).with("rounding_mode", mode), {x}).floats();
  };
  EXPECT_EQ(rounded("ROUND"), (Floats{-2, -1, 0, 1, 2}));
  EXPECT_EQ(rounded("ceil"), (Floats{-1, -1, 1, 2, 3}));
  EXPECT_EQ(rounded("Floor"), (Floats{-2, -2, 0, 1, 2}));
  EXPECT_EQ(rounded("UP"), (Floats{-2, -2, 1, 2, 3}));
  EXPECT_EQ(rounded("DOWN"), (Floats{-1, -1, 0, 1, 2}));
  EXPECT_EQ(rounded("HALF_UP"), (Floats{-2, -1, 1, 1, 3}));
  EXPECT_EQ(rounded("half_down"), (Floats{-1, -1, 0, 1, 2}));
  expect_error(Code::kBadAttribute, "supported: ROUND, CEIL", [&] { rounded("NEAREST"); });
}

TEST(OpQuant, OneSignedBitIsBipolar) {
  EXPECT_EQ(result_of(quant({2}, 0.5, 1), {Array::of_floats({2}, {0, -0.1F})}).floats(),
            (Floats{0.5, -0.5}));
}

TEST(OpQuant, OtherNamesOfTheSame) {
  const Array x = Array::of_floats({1}, {3});
  EXPECT_EQ(result_of(quant({1}, 1, 2, "IntQuant"), {x}).floats(), Floats{1});
  EXPECT_EQ(result_of(quant({1}, 1, 2, "Quant", "finn.custom_op.general"), {x}).floats(),
            Floats{1});
  EXPECT_EQ(result_of(quant({1}, 1, 2, "Quant", "onnx.brevitas"), {x}).floats(), Floats{1});
}

TEST(OpQuant, ParametersMustFit) {
  expect_error(Code::kBadWeights, "bit width is 2.5", [] { quant({1}, 1, 2.5).import(); });
  expect_error(Code::kBadWeights, "not above 0", [] { quant({1}, -1, 2).import(); });
  ModelBuilder builder;
  builder.input("x", {1, 2})
      .floats("s", {3, 1}, {1, 1, 1})
      .floats("z", {}, {0})
      .floats("b", {}, {4});
  builder.node("Quant", {"x", "s", "z", "b"}, {"y"}, "q", "qonnx.custom_op.general").output("y");
  expect_error(Code::kBadShape, "parameters of shape [3, 1] for [1, 2]", [&] { builder.import(); });
}

TEST(OpBipolarQuant, GivesTheScaleWithASign) {
  ModelBuilder builder;
  builder.input("x", {2, 2}).floats("s", {2, 1}, {1, 3});
  builder.node("BipolarQuant", {"x", "s"}, {"y"}, "q", "qonnx.custom_op.general").output("y");
  EXPECT_EQ(result_of(builder, {Array::of_floats({2, 2}, {0, -1, 2, -3})}).floats(),
            (Floats{1, -1, 3, -3}));
}

// A Conv on maps of shape `x` with weights of shape `w`; attributes follow.
ModelBuilder conv(const Shape& x, const Shape& w) {
  ModelBuilder builder(13);
  builder.input("x", x).floats("w", w, Floats(static_cast<std::size_t>(element_count(w)), 1.0F));
  builder.node("Conv", {"x", "w"}, {"y"}, "c").output("y");
  return builder;
}

TEST(OpConv, WalksInGroupsWithDilationAndUnevenPads) {
  ModelBuilder builder(13);
  builder.input("x", {1, 2, 4}).floats("w", {2, 1, 2}, {1, 10, 2, -1}).floats("b", {2}, {0, 100});
  builder.node("Conv", {"x", "w", "b"}, {"y"}, "c").output("y");
  builder.with("group", std::int64_t{2}).with("dilations", Ints{2});
  builder.with("pads", Ints{1, 2}).with("strides", Ints{2});
  const Array y = result_of(builder, {Array::of_floats({1, 2, 4}, {1, 2, 3, 4, 5, 6, 7, 8})});
  EXPECT_EQ(y.shape, (Shape{1, 2, 3}));  // taps at (-1, 1), (1, 3), (3, 5)
  EXPECT_EQ(y.floats(), (Floats{20, 42, 4, 94, 104, 116}));
}

TEST(OpConv, PassesUnknownExtentsOn) {
  const Graph graph = conv({kUnknown, 1, kUnknown, 6}, {3, 1, 3, 3}).import();
  EXPECT_EQ(graph.value(graph.outputs[0]).shape, (Shape{kUnknown, 3, kUnknown, 4}));
}

TEST(OpConv, RefusesWhatDoesNotFit) {
  const auto with = [](const std::string& name, const Ints& numbers) {
    return [=] { conv({1, 4, 5, 5}, {4, 4, 3, 3}).with(name, numbers).import(); };
  };
  expect_error(Code::kBadAttribute, "pads has the negative number -1", with("pads", {0, -1, 0, 0}));
  expect_error(Code::kBadAttribute, "pads has 2 numbers, where 4 are wanted", with("pads", {1, 1}));
  expect_error(Code::kBadAttribute, "strides has the number 0", with("strides", {0, 1}));
  expect_error(Code::kBadShape, "reaches over 7 positions, and the map with its padding has 5",
               with("dilations", {3, 1}));
  expect_error(Code::kBadShape, "its kernel_shape is [2, 2]", with("kernel_shape", {2, 2}));
  const auto groups = [](std::int64_t count) {
    return [=] { conv({1, 6, 5, 5}, {4, 3, 3, 3}).with("group", count).import(); };
  };
  expect_error(Code::kBadShape, "3 groups for 4 outputs", groups(3));
  expect_error(Code::kBadShape, "6 channels in 4 groups", groups(4));
  expect_error(Code::kBadShape, "6 channels in 1 groups", groups(1));
  expect_error(Code::kBadShape, "a kernel of shape [3, 3] for an input of shape [1, 25]", [] {
    conv({1, 25}, {4, 1, 3, 3}).import();
  });
  expect_error(Code::kUnsupportedFeature, "its maps have 4 axes", [] {
    conv({1, 1, 2, 2, 2, 2}, {1, 1, 1, 1, 1, 1}).import();
  });
  expect_error(Code::kBadShape, "has more than 2147483648 elements", [] {
    run(conv({1, 1, 40000, 1}, {60000, 1, 1, 1}).import(),
        {Array::zeros(DType::kFloat, {1, 1, 40000, 1})});
  });
}

TEST(OpAveragePool, CountsPaddingOnDemand) {
  const auto mean = [](std::int64_t counts) {
    ModelBuilder builder = unary("AveragePool", {1, 1, 3}, 13);
    builder.with("kernel_shape", Ints{2}).with("pads", Ints{1, 0}).with("strides", Ints{2});
    builder.with("ceil_mode", std::int64_t{1}).with("count_include_pad", counts);
    return result_of(builder, {Array::of_floats({1, 1, 3}, {2, 4, 6})}).floats();
  };
  EXPECT_EQ(mean(0), (Floats{2, 5}));
  EXPECT_EQ(mean(1), (Floats{1, 5}));
}

ModelBuilder padded_pool(const Ints& pads) {
  ModelBuilder builder = unary("MaxPool", {1, 1, 3}, 13);
  builder.with("kernel_shape", Ints{2}).with("pads", pads).with("strides", Ints{3});
  return builder.with("ceil_mode", std::int64_t{1});
}

TEST(OpMaxPool, BeginsNoWindowInThePaddingBehindTheMap) {
  const Array x = Array::of_floats({1, 1, 3}, {-2, -4, -6});
  EXPECT_EQ(result_of(padded_pool({0, 1}), {x}).floats(), Floats{-2});
  expect_error(Code::kBadAttribute, "2 positions of padding for a kernel of 2", [] {
    padded_pool({0, 2}).import();
  });
}

TEST(OpGlobalMaxPool, NeedsMaps) {
  expect_error(Code::kBadShape, "holds no maps of channels", [] {
    unary("GlobalMaxPool", {1, 8}, 13).import();
  });
}

// The registry itself: complete, and without two meanings of one name.
TEST(Registry, DescribesEveryOp) {
  std::map<std::string, int> count;
  for (const OpDef& op : op_table()) {
    EXPECT_FALSE(op.doc.empty()) << op.names.front();
    EXPECT_NE(op.infer, nullptr);
    EXPECT_NE(op.evaluate, nullptr);
    for (const std::string& name : op.names)
      for (const std::string& domain : op.domains) ++count[domain + "." + name];
    for (const AttributeDef& attribute : op.attributes) EXPECT_FALSE(attribute.doc.empty());
  }
  for (const auto& [name, times] : count) EXPECT_EQ(times, 1) << name;
  EXPECT_NE(find_op("IntQuant", "qonnx.custom_op.general"), nullptr);
  EXPECT_EQ(find_op("Gemm", "qonnx.custom_op.general"), nullptr);
}

}  // namespace
}  // namespace nn
