// If: branches whose condition is known are a part of the graph, others are refused.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "base/files.hpp"
#include "nn/expect_error.hpp"
#include "nn/model_builder.hpp"
#include "nn/reference.hpp"

namespace nn {
namespace {

using base::Code;
using testing::expect_error;
using testing::ModelBuilder;
using Floats = std::vector<float>;

// An If of the names given; `then` and `otherwise` hold the branches, whose inputs do not count.
ModelBuilder& add_if(ModelBuilder& model, const std::string& condition,
                     const std::vector<std::string>& outputs, ModelBuilder& then,
                     ModelBuilder& otherwise, const std::string& name = {}) {
  model.node("If", {condition}, outputs, name);
  for (auto& [key, branch] : {std::pair{"then_branch", &then}, {"else_branch", &otherwise}})
    *model.attribute(key, onnx::AttributeProto::GRAPH).mutable_g() = branch->model().graph();
  return model;
}

// A branch of one node from `input` to y.
ModelBuilder branch(const std::string& op, const std::string& input) {
  ModelBuilder builder;
  builder.node(op, {input}, {"y"}, "it").output("y");
  return builder;
}

// A model that asks whether extent `axis` of x, of `shape`, is 1, in value "is_one".
ModelBuilder asking(const Shape& shape, std::int64_t axis) {
  ModelBuilder model;
  model.input("x", shape).longs("axis", {1}, {axis}).longs("one", {1}, {1});
  model.node("Shape", {"x"}, {"shape"}).node("Gather", {"shape", "axis"}, {"extent"});
  model.node("Equal", {"extent", "one"}, {"is_one"});
  return model;
}

// What squeezing axis 1 is exported as where its extent is not known.
Graph squeezed(const Shape& shape) {
  ModelBuilder model = asking(shape, 1);
  ModelBuilder then, otherwise = branch("Identity", "x");
  then.node("Squeeze", {"x", "axis"}, {"squeezed"}).output("squeezed");
  return add_if(model, "is_one", {"z"}, then, otherwise).output("z").import();
}

ModelBuilder constant_if(ModelBuilder& then, ModelBuilder& otherwise, int condition = 1) {
  ModelBuilder model;
  model.input("x", {2}).ints("c", {}, {condition}, onnx::TensorProto::BOOL);
  add_if(model, "c", {"z"}, then, otherwise, "choice").output("z");
  return model;
}

TEST(Branches, FollowTheShapesThatAreKnown) {
  const Graph one = squeezed({kUnknown, 1, 3});
  EXPECT_EQ(one.value(one.outputs[0]).shape, (Shape{kUnknown, 3}));
  const Graph two = squeezed({kUnknown, 2, 3});
  EXPECT_EQ(two.value(two.outputs[0]).shape, (Shape{kUnknown, 2, 3}));
}

TEST(Branches, AreTakenByTheirCondition) {
  for (const int condition : {0, 1}) {
    ModelBuilder then = branch("Relu", "x"), otherwise = branch("Neg", "x");
    const Graph graph = constant_if(then, otherwise, condition).import();
    const Floats wanted = condition == 1 ? Floats{1, 0} : Floats{-1, 2};
    EXPECT_EQ(run(graph, {Array::of_floats({2}, {1, -2})}).at(0).floats(), wanted);
    EXPECT_EQ(graph.nodes.front().name, "choice/it");
  }
}

// Both Ifs and both branches of each give the same names to what is theirs.
TEST(Branches, HaveNamesOfTheirOwn) {
  ModelBuilder model = asking({1, 2}, 0);
  for (const std::string from : {"x", "p"}) {
    ModelBuilder then = branch("Add", from), otherwise = branch("Relu", from);
    then.floats("w", {2}, {1, -2});
    then.model().mutable_graph()->mutable_node(0)->add_input("w");
    add_if(model, "is_one", {from == "x" ? "p" : "q"}, then, otherwise, "choice");
  }
  const Graph graph = model.output("q").import();
  EXPECT_EQ(run(graph, {Array::of_floats({1, 2}, {1, 1})}).at(0).floats(), (Floats{3, -3}));
}

// The If comes before what its branch's branch reads.
TEST(Branches, ReadWhatIsOutsideHoweverDeep) {
  ModelBuilder inner = branch("Add", "x"), unused = branch("Loop", "x");
  inner.model().mutable_graph()->mutable_node(0)->add_input("late");
  ModelBuilder outer, other = branch("Unheard", "x");
  add_if(outer, "is_one", {"w"}, inner, unused).output("w");
  ModelBuilder model = asking({1, 2}, 0);
  add_if(model, "is_one", {"z"}, outer, other);
  const Graph graph = model.node("Neg", {"x"}, {"late"}).output("z").import();
  EXPECT_EQ(run(graph, {Array::of_floats({1, 2}, {5, -7})}).at(0).floats(), (Floats{0, 0}));
}

TEST(Branches, GiveSeveralOutputs) {
  ModelBuilder then = branch("Neg", "x"), otherwise = branch("Relu", "x");
  then.floats("k", {1}, {4}).output("k");
  otherwise.output("x");
  ModelBuilder model;
  model.input("x", {2}).ints("c", {1}, {1}, onnx::TensorProto::BOOL);
  add_if(model, "c", {"z", "k"}, then, otherwise).node("Mul", {"z", "k"}, {"p"}).output("p");
  EXPECT_EQ(run(model.import(), {Array::of_floats({2}, {1, 2})}).at(0).floats(), (Floats{-4, -8}));
}

TEST(Branches, AreRefusedIfTheirConditionIsNotKnown) {
  ModelBuilder then = branch("Relu", "x"), otherwise = branch("Neg", "x");
  ModelBuilder running;
  running.input("x", {2}).input("c", {1}, onnx::TensorProto::BOOL);
  add_if(running, "c", {"z"}, then, otherwise).output("z");
  expect_error(Code::kUnsupportedFeature, "export the branch that is wanted alone",
               [&] { running.import(); });
  expect_error(Code::kUnsupportedFeature, "an extent that the model leaves open", [] {
    squeezed({1, kUnknown, 3});
  });
  ModelBuilder number;
  number.input("x", {2}).floats("c", {}, {1});
  add_if(number, "c", {"z"}, then, otherwise).output("z");
  expect_error(Code::kBadType, "is float of shape [], not one bool", [&] { number.import(); });
}

TEST(Branches, ThatAreDamagedAreRefused) {
  const auto refuse = [](Code code, const std::string& part, ModelBuilder then) {
    ModelBuilder otherwise = branch("Relu", "x");
    expect_error(code, part, [&] { constant_if(then, otherwise).import(); });
  };
  const std::string name = "then_branch of node \"choice\" (If)";
  refuse(Code::kBadGraph, "nothing makes its output \"q\"", ModelBuilder().output("q"));
  refuse(Code::kBadGraph, name, ModelBuilder());
  refuse(Code::kBadGraph, "has 2 outputs, and the node 1", branch("Neg", "x").output("x"));
  refuse(Code::kBadGraph, "takes 1 inputs", branch("Neg", "x").input("k", {1}));
  refuse(Code::kBadGraph, "reads \"nothing\", which nothing makes", branch("Neg", "nothing"));
  refuse(Code::kUnsupportedOp, "node \"choice/it\" (Loop)", branch("Loop", "x"));
  refuse(Code::kCyclicGraph, "the nodes form a cycle", branch("Neg", "z"));
  refuse(Code::kCyclicGraph, "choice/it -> choice/it", branch("Neg", "y"));
  ModelBuilder sparse = branch("Neg", "x");
  sparse.model().mutable_graph()->add_sparse_initializer();
  refuse(Code::kUnsupportedFeature, "sparse", sparse);
}

TEST(Branches, ThatAreMissingAreRefused) {
  ModelBuilder model;
  model.input("x", {2}).ints("c", {}, {0}, onnx::TensorProto::BOOL);
  model.node("If", {"c"}, {"z"}).output("z");
  model.attribute("else_branch", onnx::AttributeProto::INT);
  expect_error(Code::kBadAttribute, "\"else_branch\" is missing, or no graph",
               [&] { model.import(); });
  model.model().mutable_graph()->mutable_node(0)->add_input("c");
  expect_error(Code::kBadGraph, "If takes its condition alone", [&] { model.import(); });
}

// A field of protobuf's wire format, from its end: number, then `text` behind its length.
void wrap(int number, std::string& reversed) {
  std::string head(1, static_cast<char>(8 * number + 2));
  for (std::size_t length = reversed.size();; length >>= 7) {
    head.push_back(static_cast<char>((length & 127) | (length > 127 ? 128 : 0)));
    if (length <= 127) break;
  }
  reversed.append(head.rbegin(), head.rend());
}

std::string nested(int depth) {
  std::string reversed;
  for (int i = 0; i < depth; ++i) {
    wrap(6, reversed);  // AttributeProto.g
    wrap(5, reversed);  // NodeProto.attribute
    wrap(1, reversed);  // GraphProto.node
  }
  wrap(7, reversed);  // ModelProto.graph
  std::ranges::reverse(reversed);
  return reversed;
}

TEST(Branches, MayBeNestedOnlySoDeep) {
  for (const int depth : {100, 10'000})
    expect_error(Code::kModelUnreadable, "no more than about thirty deep",
                 [&] { import_onnx_bytes(nested(depth), ""); });
  ModelBuilder inner = branch("Neg", "x");
  for (int i = 0; i < 25; ++i) {
    ModelBuilder other = branch("Relu", "x"), outer;
    add_if(outer, "c", {"z"}, inner, other).output("z");
    inner = outer;
  }
  ModelBuilder other = branch("Relu", "x");
  EXPECT_EQ(
      run(constant_if(inner, other).import(), {Array::of_floats({2}, {1, -2})}).at(0).floats(),
      (Floats{-1, 2}));
}

TEST(Branches, MayKeepTheirDataInFilesOfTheModel) {
  ModelBuilder then = branch("Neg", "x"), otherwise = branch("Relu", "x");
  onnx::TensorProto& far = then.initialiser("far", {2}, onnx::TensorProto::FLOAT);
  far.set_data_location(onnx::TensorProto::EXTERNAL);
  onnx::StringStringEntryProto& entry = *far.add_external_data();
  entry.set_key("location");
  entry.set_value("far.bin");
  const std::filesystem::path folder =
      std::filesystem::path(::testing::TempDir()) / "fpsa_branches_test";
  base::write_file(folder / "far.bin", std::string(8, '\0'));
  base::write_file(folder / "model.onnx", constant_if(then, otherwise).bytes());
  EXPECT_EQ(model_files(folder / "model.onnx").size(), 2U);
}

TEST(Branches, AreNoFaultOfTheSurvey) {
  ModelBuilder then = branch("Neg", "x"), otherwise = branch("Loop", "x");
  const std::filesystem::path file =
      std::filesystem::path(::testing::TempDir()) / "fpsa_survey_test" / "model.onnx";
  base::write_file(file, constant_if(then, otherwise).bytes());
  const std::vector<SurveyedNode> nodes = survey_onnx(file);
  ASSERT_EQ(nodes.size(), 1U);
  EXPECT_TRUE(nodes[0].faults.empty());
}

}  // namespace
}  // namespace nn
