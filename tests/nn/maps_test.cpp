// Ops on maps of channels: what ONNX's node tests leave open. A suite named Op<name> counts as that
// op's test.
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "nn/expect_error.hpp"
#include "nn/model_builder.hpp"
#include "nn/reference.hpp"

namespace nn {
namespace {

using base::Code;
using testing::expect_error;
using testing::ModelBuilder;
using Floats = std::vector<float>;
using Ints = std::vector<std::int64_t>;

constexpr int kUint8 = onnx::TensorProto::UINT8;
constexpr int kInt8 = onnx::TensorProto::INT8;
constexpr const char* kMicrosoft = "com.microsoft";

Array counted(const Shape& shape) {
  Floats values(static_cast<std::size_t>(element_count(shape)));
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(i);
  return Array::of_floats(shape, std::move(values));
}

Array result_of(const ModelBuilder& builder, const Array& x) {
  return run(builder.import(), {x}).at(0);
}

Shape shape_of(const ModelBuilder& builder) {
  const Graph graph = builder.import();
  return graph.value(graph.outputs[0]).shape;
}

// The node `op` on x and constant floats or integers; its attributes follow.
ModelBuilder node(const std::string& op, const Shape& shape, std::int64_t opset,
                  const std::vector<std::string>& more = {}) {
  std::vector<std::string> inputs = {"x"};
  inputs.insert(inputs.end(), more.begin(), more.end());
  ModelBuilder builder(opset);
  builder.input("x", shape).node(op, inputs, {"y"}, "n").output("y");
  return builder;
}

ModelBuilder pad(const Shape& shape, const Ints& pads, const std::string& mode) {
  return node("Pad", shape, 11, {"pads"})
      .longs("pads", {static_cast<std::int64_t>(pads.size())}, pads)
      .with("mode", mode);
}

TEST(OpPad, PadsAndValueAreAttributesUpToOpset10) {
  ModelBuilder builder = node("Pad", {2}, 10);
  builder.with("pads", Ints{1, 2}).with("value", 7.0F);
  EXPECT_EQ(result_of(builder, counted({2})).floats(), (Floats{7, 0, 1, 7, 7}));
  ModelBuilder late = node("Pad", {2}, 11);
  late.with("pads", Ints{1, 2});
  expect_error(Code::kBadAttribute, "\"pads\" is unknown for Pad in opset 11",
               [&] { late.import(); });
  expect_error(Code::kBadAttribute, "needs its pads once", [] { node("Pad", {2}, 11).import(); });
}

TEST(OpPad, RepeatsWhatIsThere) {
  EXPECT_EQ(result_of(pad({1, 3}, {0, 2, 0, 1}, "reflect"), counted({1, 3})).floats(),
            (Floats{2, 1, 0, 1, 2, 1}));
  EXPECT_EQ(result_of(pad({1, 3}, {0, 2, 1, 1}, "edge"), counted({1, 3})).floats(),
            (Floats{0, 0, 0, 1, 2, 2, 0, 0, 0, 1, 2, 2}));
  EXPECT_EQ(result_of(pad({1, 3}, {0, 4, 0, 2}, "wrap"), counted({1, 3})).floats(),
            (Floats{2, 0, 1, 2, 0, 1, 2, 0, 1}));
}

TEST(OpPad, NegativePadsTakeAway) {
  EXPECT_EQ(result_of(pad({4}, {-1, 1}, "constant"), counted({4})).floats(), (Floats{1, 2, 3, 0}));
  EXPECT_EQ(result_of(pad({4}, {1, -2}, "edge"), counted({4})).floats(), (Floats{0, 0, 1}));
  expect_error(Code::kBadShape, "takes 3 and 2 positions away from an axis of 4", [] {
    pad({4}, {-3, -2}, "constant").import();
  });
  expect_error(Code::kBadShape, "takes 5 and -3 positions away from an axis of 4", [] {
    pad({4}, {-5, 3}, "constant").import();
  });
}

TEST(OpPad, AxesMayBeNamedSinceOpset18) {
  ModelBuilder builder = node("Pad", {2, 1}, 18, {"pads", "value", "axes"});
  builder.longs("pads", {2}, {1, 0}).floats("value", {}, {9}).longs("axes", {1}, {-2});
  EXPECT_EQ(result_of(builder, counted({2, 1})).floats(), (Floats{9, 0, 1}));
  ModelBuilder twice = node("Pad", {2, 1}, 18, {"pads", "", "axes"});
  twice.longs("pads", {4}, {1, 0, 1, 0}).longs("axes", {2}, {0, -2});
  expect_error(Code::kBadAttribute, "named twice", [&] { twice.import(); });
}

TEST(OpPad, RefusesWhatCannotBe) {
  expect_error(Code::kBadShape, "3 pads for 1 axes", [] { pad({4}, {1, 1, 1}, "edge").import(); });
  expect_error(Code::kBadShape, "4 positions of an axis of 4 in mode reflect", [] {
    pad({4}, {0, 4}, "reflect").import();
  });
  expect_error(Code::kBadShape, "1 positions of an axis of 0 in mode edge", [] {
    pad({0}, {0, 1}, "edge").import();
  });
  expect_error(Code::kBadShape, "pads by 9223372036854775807 positions", [] {
    pad({4}, {std::numeric_limits<std::int64_t>::max(), 1}, "constant").import();
  });
  expect_error(Code::kBadShape, "more than 2147483648 elements", [] {
    pad({4, 4}, {1 << 30, 1 << 30, 0, 0}, "constant").import();
  });
  expect_error(Code::kBadShape, "must be one number", [] {
    node("Pad", {4}, 11, {"p", "v"}).longs("p", {2}, {1, 1}).floats("v", {2}, {0, 0}).import();
  });
}

TEST(OpPad, AnUnknownBatchStaysUnknown) {
  EXPECT_EQ(shape_of(pad({kUnknown, 3}, {0, 1, 0, 0}, "reflect")), (Shape{kUnknown, 4}));
}

ModelBuilder resize(const Shape& shape, const Floats& scales, std::int64_t opset = 19) {
  ModelBuilder builder = opset < 11 ? node("Resize", shape, opset, {"scales"})
                                    : node("Resize", shape, opset, {"", "scales"});
  builder.floats("scales", {static_cast<std::int64_t>(scales.size())}, scales);
  return builder;
}

ModelBuilder resize_to(const Shape& shape, const Ints& sizes) {
  ModelBuilder builder = node("Resize", shape, 19, {"", "", "sizes"});
  builder.longs("sizes", {static_cast<std::int64_t>(sizes.size())}, sizes);
  return builder;
}

ModelBuilder in_mode(ModelBuilder builder, const char* coordinates, const char* nearest) {
  builder.with("coordinate_transformation_mode", std::string(coordinates));
  builder.with("nearest_mode", std::string(nearest));
  return builder;
}

TEST(OpResize, Opset10CountsFromTheFirstPosition) {
  EXPECT_EQ(result_of(resize({1, 3}, {1, 1.5F}, 10), counted({1, 3})).floats(),
            (Floats{0, 0, 1, 2}));
  expect_error(Code::kBadAttribute, "\"nearest_mode\" is unknown for Resize in opset 10",
               [] { resize({3}, {2}, 10).with("nearest_mode", std::string("ceil")).import(); });
  expect_error(Code::kBadShape, "no more inputs than X and scales", [] {
    node("Resize", {3}, 10, {"a", "a"}).floats("a", {1}, {2}).import();
  });
}

// Where positions 0 and 1 of two lie in four, by a scale of 0.6: what is cut off counts.
TEST(OpResize, CoordinatesByHand) {
  const auto shown = [](const char* mode) {
    return result_of(in_mode(resize({4}, {0.6F}), mode, "round_prefer_floor"), counted({4}))
        .floats();
  };
  EXPECT_EQ(shown("half_pixel"), (Floats{0, 2}));            // 0.33, 2
  EXPECT_EQ(shown("half_pixel_symmetric"), (Floats{1, 2}));  // 0.67, 2.33
  EXPECT_EQ(shown("asymmetric"), (Floats{0, 2}));            // 0, 1.67
  EXPECT_EQ(shown("align_corners"), (Floats{0, 3}));         // 0, 3
  EXPECT_EQ(shown("pytorch_half_pixel"), (Floats{0, 2}));    // as half_pixel
  EXPECT_EQ(shown("tf_half_pixel_for_nn"), (Floats{1, 2}));  // 0.83, 2.5
}

TEST(OpResize, OneOutputPositionIsASpecialCase) {
  const auto shown = [](const char* mode) {
    return result_of(in_mode(resize({5}, {0.2F}), mode, "floor"), counted({5})).floats();
  };
  EXPECT_EQ(shown("pytorch_half_pixel"), Floats{0});
  EXPECT_EQ(shown("half_pixel"), Floats{2});
  EXPECT_EQ(shown("align_corners"), Floats{0});
}

// 3 / 0.6 is 5, and 3 * (5 / 3) as well, though the floats 0.6 and 5 / 3 miss that by a little.
TEST(OpResize, ScalesLandOnTheWholePositionsTheyAreMeantFor) {
  EXPECT_EQ(result_of(in_mode(resize({7}, {0.6F}), "asymmetric", "floor"), counted({7})).floats(),
            (Floats{0, 1, 3, 5}));
  EXPECT_EQ(shape_of(resize({3}, {5.0F / 3})), (Shape{5}));
  EXPECT_EQ(shape_of(resize({16777217}, {3})), (Shape{50331651}));
}

TEST(OpResize, SizesMayCopyAnUnknownBatch) {
  ModelBuilder builder(13);
  builder.input("x", {kUnknown, 1, 2}).longs("zero", {1}, {0}).longs("rest", {2}, {1, 4});
  builder.node("Shape", {"x"}, {"shape"}).node("Gather", {"shape", "zero"}, {"batch"});
  builder.node("Concat", {"batch", "rest"}, {"sizes"}).with("axis", std::int64_t{0});
  builder.node("Resize", {"x", "", "", "sizes"}, {"y"}).output("y");
  EXPECT_EQ(shape_of(builder), (Shape{kUnknown, 1, 4}));
  EXPECT_EQ(result_of(builder, counted({2, 1, 2})).floats(), (Floats{0, 0, 1, 1, 2, 2, 3, 3}));
}

TEST(OpResize, AxesMayBeNamedSinceOpset18) {
  EXPECT_EQ(shape_of(resize({2, 3}, {2}).with("axes", Ints{-1})), (Shape{2, 6}));
  expect_error(Code::kBadAttribute, "named twice", [] {
    resize({2, 3}, {2, 2}).with("axes", Ints{-1, 1}).import();
  });
  expect_error(Code::kBadShape, "2 scales or sizes for 1 axes", [] {
    resize({2, 3}, {2, 2}).with("axes", Ints{1}).import();
  });
}

TEST(OpResize, RefusesWhatCannotBe) {
  expect_error(Code::kBadShape, "the scale -1 is not", [] { resize({2}, {-1}).import(); });
  expect_error(Code::kBadShape, "nan is not a number above 0", [] {
    ModelBuilder computed(13);
    computed.input("x", {2}).floats("m", {1}, {-1}).node("Sqrt", {"m"}, {"s"});
    computed.node("Resize", {"x", "", "s"}, {"y"}).output("y").import();
  });
  expect_error(Code::kBadShape, "is too long", [] { resize({1 << 20}, {1e30F}).import(); });
  expect_error(Code::kBadShape, "more than 2147483648 elements", [] {
    resize({1 << 20, 1 << 10}, {1, 4}).import();
  });
  expect_error(Code::kBadShape, "negative extent -3", [] { resize_to({2}, {-3}).import(); });
  expect_error(Code::kBadShape, "without positions", [] { resize_to({0}, {3}).import(); });
  expect_error(Code::kBadShape, "scales or sizes", [] { node("Resize", {2}, 13).import(); });
  expect_error(Code::kBadShape, "computed at run time", [] {
    ModelBuilder builder(13);
    builder.input("x", {2}).input("s", {1}).node("Resize", {"x", "", "s"}, {"y"}).output("y");
    builder.import();
  });
  expect_error(Code::kBadAttribute, "\"mode\" is linear; supported: nearest",
               [] { resize({2}, {2}).with("mode", std::string("linear")).import(); });
}

TEST(OpUpsample, ScalesAreAnAttributeUpToOpset8) {
  const Array x = counted({1, 1, 1, 2});
  ModelBuilder old = node("Upsample", {1, 1, 1, 2}, 8);
  onnx::AttributeProto& scales = old.attribute("scales", onnx::AttributeProto::FLOATS);
  for (const float scale : {1.0F, 1.0F, 2.0F, 1.5F}) scales.add_floats(scale);
  EXPECT_EQ(result_of(old, x).floats(), (Floats{0, 0, 1, 0, 0, 1}));
  ModelBuilder nine = node("Upsample", {1, 1, 1, 2}, 9, {"s"}).floats("s", {4}, {1, 1, 2, 1.5F});
  EXPECT_EQ(result_of(nine, x).floats(), (Floats{0, 0, 1, 0, 0, 1}));
}

TEST(OpUpsample, EndedWithOpset9) {
  const auto upsample = [](std::int64_t opset, const Floats& scales) {
    node("Upsample", {2}, opset, {"s"})
        .floats("s", {static_cast<std::int64_t>(scales.size())}, scales)
        .import();
  };
  expect_error(Code::kUnsupportedOp, "does not exist in opset 10", [&] { upsample(10, {2}); });
  expect_error(Code::kBadShape, "2 scales for an input of shape [2]", [&] { upsample(9, {2, 2}); });
  expect_error(Code::kBadShape, "the scale 0.5 is below 1", [&] { upsample(9, {0.5F}); });
  expect_error(Code::kBadAttribute, "needs its scales once",
               [] { node("Upsample", {2}, 9).import(); });
}

TEST(OpDepthToSpace, BlocksMustFit) {
  const auto move = [](const char* op, const Shape& shape, std::int64_t block) {
    node(op, shape, 13).with("blocksize", block).import();
  };
  expect_error(Code::kBadShape, "an extent of 6 is no multiple of 4", [&] {
    move("DepthToSpace", {1, 6, 2, 2}, 2);
  });
  expect_error(Code::kBadShape, "an extent of 3 is no multiple of 2", [&] {
    move("SpaceToDepth", {1, 1, 2, 3}, 2);
  });
  expect_error(Code::kBadShape, "no maps of two axes", [&] { move("DepthToSpace", {1, 4, 2}, 2); });
  expect_error(Code::kBadAttribute, "blocksize is 0", [&] {
    move("DepthToSpace", {1, 4, 2, 2}, 0);
  });
  expect_error(Code::kBadAttribute, "blocksize is -2", [&] {
    move("SpaceToDepth", {1, 4, 2, 2}, -2);
  });
  expect_error(Code::kBadShape, "times 32768 is above", [&] {
    move("DepthToSpace", {0, 1 << 30, 1 << 20, 1}, 1 << 15);
  });
  expect_error(Code::kBadAttribute, "\"mode\" is unknown for DepthToSpace in opset 10", [] {
    node("DepthToSpace", {1, 4, 1, 1}, 10)
        .with("blocksize", std::int64_t{2})
        .with("mode", std::string("CRD"))
        .import();
  });
  EXPECT_EQ(
      shape_of(node("SpaceToDepth", {kUnknown, 1, 4, 2}, 13).with("blocksize", std::int64_t{2})),
      (Shape{kUnknown, 4, 2, 1}));
}

// Two channels before and one after would be another reading of an even size.
TEST(OpLRN, AnEvenSizeSumsOneChannelMoreAfter) {
  ModelBuilder builder = node("LRN", {1, 3, 1}, 13);
  builder.with("size", std::int64_t{2}).with("alpha", 2.0F).with("beta", 1.0F).with("bias", 0.0F);
  EXPECT_EQ(result_of(builder, Array::of_floats({1, 3, 1}, {1, 2, 4})).floats(),
            (Floats{1.0F / 5, 2.0F / 20, 4.0F / 16}));
}

TEST(OpLRN, RefusesWhatCannotBe) {
  expect_error(Code::kBadAttribute, "size is 0", [] {
    node("LRN", {1, 3, 1}, 13).with("size", std::int64_t{0}).import();
  });
  expect_error(Code::kBadAttribute, "\"size\" is missing", [] {
    node("LRN", {1, 3}, 13).import();
  });
  expect_error(Code::kBadShape, "channels on axis 1",
               [] { node("LRN", {3}, 13).with("size", std::int64_t{1}).import(); });
}

TEST(OpMish, IsTheFormula) {
  const Floats y = result_of(node("Mish", {3}, 18), Array::of_floats({3}, {-1, 0, 100})).floats();
  EXPECT_NEAR(y[0], -0.303401, 1e-6);
  EXPECT_EQ(y[1], 0);
  EXPECT_EQ(y[2], 100);
}

TEST(OpGelu, IsTheFormula) {
  const Array x = Array::of_floats({3}, {-1, 0, 2});
  const Floats exact = result_of(node("Gelu", {3}, 20), x).floats();
  EXPECT_NEAR(exact[0], -0.158655, 1e-6);
  EXPECT_NEAR(exact[2], 1.954500, 1e-6);
  const Floats fitted =
      result_of(node("Gelu", {3}, 20).with("approximate", std::string("tanh")), x).floats();
  EXPECT_NEAR(fitted[0], -0.158808, 1e-6);
  EXPECT_NEAR(fitted[2], 1.954598, 1e-6);
}

// Padding is the zero point: it adds nothing.
ModelBuilder conv_integer(const std::vector<int>& zeros) {
  ModelBuilder builder(13);
  builder.input("x", {1, 1, 3}, kUint8).ints("w", {2, 1, 2}, {1, 2, -1, 3}, kInt8);
  builder.ints("xz", {}, {10}, kUint8);
  builder.ints("wz", {static_cast<std::int64_t>(zeros.size())}, zeros, kInt8);
  builder.node("ConvInteger", {"x", "w", "xz", "wz"}, {"y"}, "n").with("pads", Ints{1, 0});
  builder.output("y");
  return builder;
}

TEST(OpConvInteger, TakesAZeroPointAnOutput) {
  const Array x = Array::of_ints(DType::kUint8, {1, 1, 3}, {11, 12, 5});
  const Array y = result_of(conv_integer({0, 1}), x);
  EXPECT_EQ(y.dtype, DType::kInt32);
  EXPECT_EQ(y.ints(), (Ints{2, 5, -8, 2, 2, -14}));
  EXPECT_EQ(result_of(conv_integer({1}), x).ints(), (Ints{1, 2, -5, 2, 2, -14}));
  expect_error(Code::kBadShape, "input 3 of shape [3] must be one zero point, or a list of 2", [] {
    conv_integer({0, 0, 0}).import();
  });
}

TEST(OpMatMulInteger, TakesAZeroPointAColumn) {
  ModelBuilder builder(13);
  builder.input("x", {2, 2}, kUint8).ints("w", {2, 2}, {1, 2, 3, 4}, kUint8);
  builder.ints("xz", {2}, {1, 2}, kUint8).ints("wz", {2}, {0, 2}, kUint8);
  builder.node("MatMulInteger", {"x", "w", "xz", "wz"}, {"y"}, "n").output("y");
  const Array x = Array::of_ints(DType::kUint8, {2, 2}, {2, 3, 4, 5});
  // Rows 1 2 and 2 3 by columns 1 3 and 0 2.
  EXPECT_EQ(result_of(builder, x).ints(), (Ints{7, 4, 11, 6}));
  ModelBuilder wrong(13);
  wrong.input("x", {2, 2}, kUint8).ints("w", {2, 2}, {1, 2, 3, 4}, kUint8);
  wrong.ints("xz", {1}, {1}, kInt8).node("MatMulInteger", {"x", "w", "xz"}, {"y"}).output("y");
  expect_error(Code::kBadType, "input 2 (\"xz\") is int8; it must be uint8",
               [&] { wrong.import(); });
}

// Codes of scale 0.5 from 10 on, as codes of scale 1 from 3 on.
ModelBuilder quantised_pool(const std::string& op) {
  ModelBuilder builder;
  builder.input("x", {1, 1, 4}, kUint8);
  builder.floats("xs", {}, {0.5}).ints("xz", {}, {10}, kUint8);
  builder.floats("ys", {}, {1}).ints("yz", {}, {3}, kUint8);
  builder.node(op, {"x", "xs", "xz", "ys", "yz"}, {"y"}, "n", kMicrosoft).output("y");
  return builder;
}

TEST(OpQLinearAveragePool, TakesTheMeanOfWhatTheIntegersStandFor) {
  const Array x = Array::of_ints(DType::kUint8, {1, 1, 4}, {14, 18, 0, 10});
  ModelBuilder builder = quantised_pool("QLinearAveragePool");
  builder.with("kernel_shape", Ints{2}).with("pads", Ints{1, 0});
  // 2; 3; -0.5 -> 0 (even); -2.5 -> -2 (even).
  EXPECT_EQ(result_of(builder, x).ints(), (Ints{5, 6, 3, 1}));
  builder.with("count_include_pad", std::int64_t{1});
  EXPECT_EQ(result_of(builder, x).ints(), (Ints{4, 6, 3, 1}));
  expect_error(Code::kBadAttribute, "\"channels_last\" is 1; supported: 0",
               [&] { ModelBuilder(builder).with("channels_last", std::int64_t{1}).import(); });
}

TEST(OpQLinearGlobalAveragePool, TakesTheMeanOfAChannel) {
  const Array x = Array::of_ints(DType::kUint8, {1, 1, 4}, {14, 18, 10, 12});
  EXPECT_EQ(result_of(quantised_pool("QLinearGlobalAveragePool"), x).ints(), (Ints{5}));
}

TEST(Windows, KernelsHaveNoMoreTapsThanAMapHasElements) {
  const auto pool = [](std::int64_t kernel, std::int64_t pad) {
    node("MaxPool", {1, 1, 1, 1, 1}, 13)
        .with("kernel_shape", Ints(3, kernel))
        .with("pads", Ints(6, pad))
        .import();
  };
  EXPECT_NO_THROW(pool(3, 1));
  expect_error(Code::kBadShape, "more than 2147483648 elements",
               [&] { pool(2'000'000'000, 1'000'000'000); });
}

}  // namespace
}  // namespace nn
