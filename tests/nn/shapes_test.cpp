// Shapes that a graph computes are values: exporters write a view as Shape, Gather, Unsqueeze,
// Concat and Reshape.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "nn/infer.hpp"
#include "nn/model_builder.hpp"
#include "nn/passes/passes.hpp"
#include "nn/reference.hpp"

namespace nn {
namespace {

using ::testing::ElementsAre;
using testing::ModelBuilder;
using Floats = std::vector<float>;
using Ints = std::vector<std::int64_t>;

std::vector<std::string> ops_of(const Graph& graph) {
  std::vector<std::string> ops;
  for (const Node& node : graph.nodes) ops.push_back(node.op);
  return ops;
}

Shape output_shape(const Graph& graph) { return graph.value(graph.outputs[0]).shape; }

// x.view(x.size(0), -1), as PyTorch exports it at opset 9.
ModelBuilder view_of(const Shape& input) {
  ModelBuilder builder(9);
  builder.input("x", input).longs("zero", {}, {0}).longs("rest", {1}, {-1});
  builder.node("Shape", {"x"}, {"shape"}).node("Gather", {"shape", "zero"}, {"batch"});
  builder.with("axis", std::int64_t{0});
  builder.node("Unsqueeze", {"batch"}, {"batch_1"}).with("axes", Ints{0});
  builder.node("Concat", {"batch_1", "rest"}, {"target"}).with("axis", std::int64_t{0});
  builder.node("Reshape", {"x", "target"}, {"flat"}, "view");
  builder.node("Relu", {"flat"}, {"y"}).output("y");
  return builder;
}

TEST(Shapes, AViewOfAFixedBatchIsAConstantShape) {
  const Graph graph = simplify(view_of({2, 3, 2}).import());
  EXPECT_THAT(ops_of(graph), ElementsAre("Reshape", "Relu"));
  EXPECT_EQ(graph.value(graph.nodes[0].inputs[1]).constant->ints(), (Ints{2, -1}));
}

TEST(Shapes, AViewOfADynamicBatchIsAConstantShapeToo) {
  const Graph before = view_of({kUnknown, 3, 2}).import();
  EXPECT_EQ(output_shape(before), (Shape{kUnknown, 6}));
  const Graph after = simplify(before);
  EXPECT_THAT(ops_of(after), ElementsAre("Reshape", "Relu"));
  EXPECT_EQ(after.value(after.nodes[0].inputs[1]).constant->ints(), (Ints{-1, 6}));
  const Array x = Array::of_floats({2, 3, 2}, {1, 2, 3, 4, 5, 6, -1, 2, 3, 4, 5, 6});
  const Array y = run(after, {x}).at(0);
  EXPECT_EQ(y.shape, (Shape{2, 6}));
  EXPECT_EQ(y.floats(), run(before, {x}).at(0).floats());
}

TEST(Shapes, AViewThatChangesNothingGoesAway) {
  EXPECT_THAT(ops_of(simplify(view_of({kUnknown, 6}).import())), ElementsAre("Relu"));
}

// As TensorFlow writes Flatten: StridedSlice of the shape becomes Slice, Squeeze and a Cast or two.
TEST(Shapes, SlicesAndCastsOfTheBatchAreFollowed) {
  ModelBuilder builder(13);
  builder.input("x", {kUnknown, 4, 3}).longs("from", {1}, {0}).longs("to", {1}, {1});
  builder.ints("rest", {1}, {12}, onnx::TensorProto::INT32).longs("axes", {1}, {0});
  builder.node("Shape", {"x"}, {"s64"}).node("Cast", {"s64"}, {"s32"});
  builder.with("to", std::int64_t{6}).node("Slice", {"s32", "from", "to"}, {"first"});
  builder.node("Squeeze", {"first"}, {"batch"}).node("Unsqueeze", {"batch", "axes"}, {"batch_1"});
  builder.node("Concat", {"batch_1", "rest"}, {"t32"}).with("axis", std::int64_t{0});
  builder.node("Cast", {"t32"}, {"t64"}).with("to", std::int64_t{7});
  builder.node("Reshape", {"x", "t64"}, {"y"}).output("y");
  const Graph graph = builder.import();
  EXPECT_EQ(output_shape(graph), (Shape{kUnknown, 12}));
  EXPECT_THAT(ops_of(simplify(graph)), ElementsAre("Reshape"));
}

// [N, 6] reshaped to [2 N, -1]: 2 N is not the batch, so that -1 is not 6.
TEST(Shapes, AMultipleOfTheBatchIsNotTheBatch) {
  ModelBuilder builder(13);
  builder.input("x", {kUnknown, 6}).longs("zero", {1}, {0}).longs("two", {1}, {2});
  builder.longs("rest", {1}, {-1}).node("Shape", {"x"}, {"shape"});
  builder.node("Gather", {"shape", "zero"}, {"batch"}).node("Mul", {"batch", "two"}, {"twice"});
  builder.node("Concat", {"twice", "rest"}, {"target"}).with("axis", std::int64_t{0});
  builder.node("Reshape", {"x", "target"}, {"y"}).output("y");
  const Graph graph = builder.import();
  EXPECT_EQ(output_shape(graph), (Shape{kUnknown, kUnknown}));
  const Array x = Array::of_floats({2, 6}, Floats(12, 1));
  EXPECT_EQ(run(simplify(graph), {x}).at(0).shape, (Shape{4, 3}));
}

// The product of all extents but the batch's does not depend on it.
TEST(Shapes, WhatDoesNotDependOnTheBatchIsKnown) {
  ModelBuilder builder(13);
  builder.input("x", {kUnknown, 4, 3}).longs("from", {1}, {1}).longs("to", {1}, {9});
  builder.longs("batch", {1}, {-1}).node("Shape", {"x"}, {"shape"});
  builder.node("Slice", {"shape", "from", "to"}, {"extents"});
  builder.node("ReduceProd", {"extents"}, {"count"}).with("axes", Ints{0});
  builder.node("Concat", {"batch", "count"}, {"target"}).with("axis", std::int64_t{0});
  builder.node("Reshape", {"x", "target"}, {"y"}).output("y");
  const Graph graph = builder.import();
  EXPECT_EQ(output_shape(graph), (Shape{kUnknown, 12}));
  EXPECT_THAT(ops_of(simplify(graph)), ElementsAre("Reshape"));
}

// torch's expand: Where(shape == -1, ones, shape). No batch is -1.
TEST(Shapes, ComparisonsWithTheBatchAreDecidedWhereTheyCanBe) {
  const auto shape_of = [](std::int64_t other) {
    ModelBuilder builder(13);
    builder.input("x", {kUnknown, 6}).longs("other", {}, {other}).longs("fixed", {2}, {3, 2});
    builder.node("Shape", {"x"}, {"shape"}).node("Equal", {"shape", "other"}, {"is"});
    builder.node("Where", {"is", "fixed", "shape"}, {"target"});
    builder.node("Reshape", {"x", "target"}, {"y"}).output("y");
    return output_shape(builder.import());
  };
  EXPECT_EQ(shape_of(-1), (Shape{kUnknown, 6}));
  EXPECT_EQ(shape_of(1), (Shape{kUnknown, 6}));
  EXPECT_EQ(shape_of(6), (Shape{kUnknown, 2}));
}

TEST(Shapes, TwoUnknownExtentsStayComputed) {
  ModelBuilder builder(13);
  builder.input("x", {kUnknown, kUnknown}).node("Shape", {"x"}, {"shape"});
  builder.node("Reshape", {"x", "shape"}, {"y"}).output("y");
  const Graph graph = simplify(builder.import());
  const Array x = Array::of_floats({2, 3}, {1, 2, 3, 4, 5, 6});
  EXPECT_EQ(run(graph, {x}).at(0).shape, (Shape{2, 3}));
}

// PyTorch turns its list of pads round: from the last one to before the first.
TEST(Shapes, SlicesRunBackwardsPastTheFirst) {
  ModelBuilder builder(13);
  builder.input("x", {kUnknown, 3}).longs("starts", {1}, {-1}).longs("axes", {1}, {1});
  builder.longs("ends", {1}, {-std::numeric_limits<std::int64_t>::max()});
  builder.longs("steps", {1}, {-1});
  builder.node("Slice", {"x", "starts", "ends", "axes", "steps"}, {"y"}).output("y");
  const Array x = Array::of_floats({2, 3}, {1, 2, 3, 4, 5, 6});
  EXPECT_EQ(run(builder.import(), {x}).at(0).floats(), (Floats{3, 2, 1, 6, 5, 4}));
}

// Every kind of node that a constant may run through on its way into a shape or a weight, of
// integers and of floats.
TEST(Folding, ComputesWhateverIsKnown) {
  ModelBuilder builder(13);
  builder.input("x", {1, 2}).floats("v", {2}, {4, 16}).floats("half", {}, {0.5});
  builder.longs("starts", {1}, {0}).longs("ends", {1}, {1}).longs("shape", {1}, {2});
  builder.longs("l0", {}, {0}).longs("l2", {}, {2}).longs("l1", {}, {1});
  builder.node("Pow", {"v", "half"}, {"sd"}).node("Sqrt", {"v"}, {"sd2"});
  builder.node("Reciprocal", {"sd"}, {"inv"}).node("Neg", {"inv"}, {"minus"});
  builder.node("Abs", {"minus"}, {"plus"}).node("Sum", {"plus", "sd2"}, {"sum"});
  builder.node("Range", {"l0", "l2", "l1"}, {"range"}).node("Gather", {"sum", "range"}, {"all"});
  builder.node("Slice", {"all", "starts", "ends"}, {"first"});
  builder.node("Expand", {"first", "shape"}, {"wide"});
  builder.node("ConstantOfShape", {"shape"}, {"zeros"}).node("Equal", {"wide", "zeros"}, {"is"});
  builder.node("Where", {"is", "zeros", "wide"}, {"chosen"});
  builder.node("Split", {"chosen"}, {"a", "b"}).node("Max", {"a", "b"}, {"most"});
  builder.node("Mul", {"x", "most"}, {"y"}, "scale").output("y");
  const Graph graph = simplify(builder.import());
  ASSERT_THAT(ops_of(graph), ElementsAre("Mul"));
  EXPECT_EQ(graph.value(graph.nodes[0].inputs[1]).constant->floats(), (Floats{2.5}));
}

TEST(Folding, DoublesAreComputedAsWhatTheyAre) {
  ModelBuilder builder(13);
  builder.input("x", {1}, onnx::TensorProto::DOUBLE);
  onnx::TensorProto& tiny = builder.initialiser("tiny", {1}, onnx::TensorProto::DOUBLE);
  tiny.add_double_data(1e-12);
  builder.node("Add", {"x", "tiny"}, {"y"}).output("y");
  const Array y = run(builder.import(), {Array::of_doubles({1}, {1})}).at(0);
  EXPECT_EQ(y.dtype, DType::kDouble);
  EXPECT_EQ(y.at(0), 1 + 1e-12);
}

TEST(Arrays, CopiesShareTheirElementsUntilOneChanges) {
  Array a = Array::of_floats({3}, {1, 2, 3});
  const Array b = a;
  EXPECT_EQ(&std::as_const(a).floats(), &b.floats());
  a.floats()[0] = 9;
  EXPECT_EQ(b.floats(), (Floats{1, 2, 3}));
  EXPECT_EQ(a.floats(), (Floats{9, 2, 3}));
}

}  // namespace
}  // namespace nn
