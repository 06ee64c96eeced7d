// ONNX Runtime's ops on quantised tensors, for which ONNX's project has no tests: cases by hand. A
// suite named Op<name> counts as that op's test.
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
using Ints = std::vector<std::int64_t>;

constexpr const char* kMicrosoft = "com.microsoft";
constexpr int kUint8 = onnx::TensorProto::UINT8;
constexpr int kInt8 = onnx::TensorProto::INT8;

// A model with the parameters `name`_s and `name`_z of each operand.
ModelBuilder with_operand(ModelBuilder builder, const std::string& name, float scale, int zero,
                          int type = kUint8) {
  builder.floats(name + "_s", {}, {scale}).ints(name + "_z", {}, {zero}, type);
  return builder;
}

Array bytes(const Shape& shape, const Ints& values) {
  return Array::of_ints(DType::kUint8, shape, values);
}

Ints result_of(const ModelBuilder& builder, const std::vector<Array>& inputs) {
  return run(builder.import(), inputs).at(0).ints();
}

// x - 10 in halves plus c - 20 in quarters, in steps of 1 from 5 on.
ModelBuilder binary(const std::string& op) {
  ModelBuilder builder;
  builder.input("x", {1, 4}, kUint8).ints("c", {4}, {22, 24, 16, 255}, kUint8);
  builder = with_operand(with_operand(builder, "x", 0.5F, 10), "c", 0.25F, 20);
  builder = with_operand(builder, "y", 1, 5);
  builder.node(op, {"x", "x_s", "x_z", "c", "c_s", "c_z", "y_s", "y_z"}, {"y"}, "n", kMicrosoft);
  builder.output("y");
  return builder;
}

TEST(OpQLinearAdd, AddsWhatTheIntegersStandFor) {
  // 1 + 0.5 = 1.5 -> 2 (even); 1.5 + 1 = 2.5 -> 2 (even); -5 - 1 = -6 -> 0 saturated.
  EXPECT_EQ(result_of(binary("QLinearAdd"), {bytes({1, 4}, {12, 13, 0, 255})}),
            (Ints{7, 7, 0, 186}));
}

TEST(OpQLinearMul, MultipliesWhatTheIntegersStandFor) {
  EXPECT_EQ(result_of(binary("QLinearMul"), {bytes({1, 4}, {12, 13, 0, 255})}),
            (Ints{5, 7, 10, 255}));
}

TEST(OpQLinearAdd, ZeroPointsMayBeOmitted) {
  ModelBuilder builder;
  builder.input("x", {1, 1}, kUint8).floats("s", {}, {1});
  builder.node("QLinearAdd", {"x", "s", "", "x", "s", "", "s"}, {"y"}, "n", kMicrosoft);
  EXPECT_EQ(result_of(builder.output("y"), {bytes({1, 1}, {7})}), (Ints{14}));
  ModelBuilder lacking;
  lacking.input("x", {1, 1}, kUint8).floats("s", {}, {1});
  lacking.node("QLinearAdd", {"x", "", "", "x", "s", "", "s"}, {"y"}, "n", kMicrosoft).output("y");
  expect_error(Code::kBadGraph, "com.microsoft.QLinearAdd", [&] { lacking.import(); });
}

ModelBuilder unary(const std::string& op) {
  ModelBuilder builder;
  builder.input("x", {1, 3}, kUint8);
  builder = with_operand(with_operand(builder, "x", 1, 128), "y", 1.0F / 256, 0);
  builder.node(op, {"x", "x_s", "x_z", "y_s", "y_z"}, {"y"}, "n", kMicrosoft).output("y");
  return builder;
}

TEST(OpQLinearSigmoid, IsTheSigmoidOfWhatTheIntegersStandFor) {
  EXPECT_EQ(result_of(unary("QLinearSigmoid"), {bytes({1, 3}, {128, 129, 255})}),
            (Ints{128, 187, 255}));
}

TEST(OpQLinearLeakyRelu, HasASlopeBelowZero) {
  ModelBuilder builder;
  builder.input("x", {1, 3}, kUint8);
  builder = with_operand(with_operand(builder, "x", 1, 128), "y", 0.5F, 100);
  builder.node("QLinearLeakyRelu", {"x", "x_s", "x_z", "y_s", "y_z"}, {"y"}, "n", kMicrosoft);
  builder.with("alpha", 0.25F).output("y");
  EXPECT_EQ(result_of(builder, {bytes({1, 3}, {128, 133, 124})}), (Ints{100, 110, 98}));
}

TEST(OpQLinearConcat, BringsItsPartsToOneScale) {
  ModelBuilder builder;
  builder.input("x", {1, 2}, kUint8).ints("c", {1, 1}, {30}, kUint8);
  builder = with_operand(with_operand(builder, "x", 0.5F, 10), "c", 2, 20);
  builder = with_operand(builder, "y", 1, 0);
  builder.node("QLinearConcat", {"y_s", "y_z", "x", "x_s", "x_z", "c", "c_s", "c_z"}, {"y"}, "n",
               kMicrosoft);
  builder.with("axis", std::int64_t{1}).output("y");
  EXPECT_EQ(result_of(builder, {bytes({1, 2}, {14, 30})}), (Ints{2, 10, 20}));
}

// Weights (w - 1) a column of 3 inputs, transposed; x - 10 in halves, columns in 1 and 0.25.
ModelBuilder gemm(bool requantise) {
  ModelBuilder builder;
  builder.input("x", {1, 3}, kUint8).floats("x_s", {}, {0.5}).ints("x_z", {}, {10}, kUint8);
  builder.ints("w", {2, 3}, {2, 1, 0, 5, -3, 1}, kInt8).floats("w_s", {2}, {1, 0.25});
  builder.ints("w_z", {2}, {1, 1}, kInt8).ints("c", {2}, {3, -8}, onnx::TensorProto::INT32);
  builder = with_operand(builder, "y", 0.5F, 100);
  std::vector<std::string> inputs = {"x", "x_s", "x_z", "w", "w_s", "w_z", "c"};
  if (requantise) inputs.insert(inputs.end(), {"y_s", "y_z"});
  builder.node("QGemm", inputs, {"y"}, "fc", kMicrosoft).with("transB", std::int64_t{1});
  builder.output("y");
  return builder;
}

TEST(OpQGemm, RequantisesItsSums) {
  // Column 0: 1 * 4 + 0 - 1 * 2 + 3 = 5 of 0.5; column 1: 4 * 4 - 4 * 6 - 8 = -16 of 0.125.
  const Array x = bytes({1, 3}, {14, 16, 12});
  EXPECT_EQ(result_of(gemm(true), {x}), (Ints{105, 96}));
  const Array real = run(gemm(false).import(), {x}).at(0);
  EXPECT_EQ(real.floats(), (std::vector<float>{2.5, -2}));
}

TEST(OpQGemm, ScalesFitTheColumns) {
  ModelBuilder builder = gemm(true);
  for (auto& tensor : *builder.model().mutable_graph()->mutable_initializer())
    if (tensor.name() == "w_s") {
      tensor.set_dims(0, 3);
      tensor.add_float_data(1);
    }
  expect_error(Code::kBadShape, "input 4 of shape [3]", [&] { builder.import(); });
}

// QONNX's: four integers of 6 bits cut to 4.
TEST(OpTrunc, CutsTheLowestBits) {
  ModelBuilder builder;
  builder.input("x", {1, 4}).floats("s", {}, {0.5}).floats("z", {}, {0});
  builder.floats("from", {}, {6}).floats("to", {}, {4});
  builder.node("Trunc", {"x", "s", "z", "from", "to"}, {"y"}, "n", "qonnx.custom_op.general");
  const Array x = Array::of_floats({1, 4}, {3.5, 4, -0.5, 15});
  EXPECT_EQ(run(ModelBuilder(builder).output("y").import(), {x}).at(0).floats(),
            (std::vector<float>{0.5, 1, -0.5, 3.5}));
  builder.with("rounding_mode", std::string("CEIL")).output("y");
  EXPECT_EQ(run(builder.import(), {x}).at(0).floats(), (std::vector<float>{1, 1, 0, 4}));
}

// The quantisers that ONNX Runtime writes for types that the opset lacks.
TEST(OpQuantizeLinear, MicrosoftsTakeSixteenBitsInEveryOpset) {
  ModelBuilder builder(13);
  builder.input("x", {1, 2})
      .floats("s", {}, {0.5})
      .ints("z", {}, {1000}, onnx::TensorProto::UINT16);
  builder.node("QuantizeLinear", {"x", "s", "z"}, {"q"}, "q", kMicrosoft);
  builder.node("DequantizeLinear", {"q", "s", "z"}, {"y"}, "dq", kMicrosoft).output("y");
  const Array x = Array::of_floats({1, 2}, {300.25, -9000});
  EXPECT_EQ(run(builder.import(), {x}).at(0).floats(), (std::vector<float>{300, -500}));
}

}  // namespace
}  // namespace nn
