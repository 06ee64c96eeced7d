// Models and data that cannot be used: what a user sees, and that nothing is left behind.
#include <limits>

#include "app/command_line.hpp"
#include "app/small_project.hpp"

namespace {

using base::Code;
using nn::testing::ModelBuilder;
using test::entries;
using test::expect_fault;
using test::fpsa;
using test::small_model;
using test::SmallProject;

class Model : public testing::Test {
 protected:
  // Compiles `bytes` as the model; `check` must refuse it in the same words, beside its table.
  void refuse(const std::string& bytes, Code code, const std::vector<std::string>& parts) {
    project_.write_model(bytes);
    const test::Setting here{.folder = project_.path()};
    expect_fault(fpsa({"compile", "-q", "spec.toml", "-o", "x"}, here), code, parts);
    test::Ended checked = fpsa({"check", "model.onnx"}, here);
    checked.out.clear();
    expect_fault(checked, code, parts);
    EXPECT_EQ(entries(project_.path()),
              (std::vector<std::string>{"model.onnx", "samples.npy", "spec.toml"}));
  }

  SmallProject project_;
};

// y = MatMul(x, w) with x of `rows` values; w is an initialiser that the caller adds.
ModelBuilder product(int rows) {
  ModelBuilder model;
  model.input("x", {nn::kUnknown, rows}).node("MatMul", {"x", "w"}, {"y"}, "product").output("y");
  return model;
}

TEST_F(Model, Missing) {
  expect_fault(fpsa({"check", "none.onnx"}), Code::kFileUnreadable, {"none.onnx", "No such file"});
}

TEST_F(Model, Truncated) {
  const std::string bytes = small_model().bytes();
  refuse(bytes.substr(0, bytes.size() / 2), Code::kModelUnreadable, {"truncated", "model.onnx"});
}

TEST_F(Model, WrongMagic) {
  refuse("\x89HDF\r\n\x1a\n and so on", Code::kModelUnreadable, {"HDF5"});
  refuse("", Code::kModelUnreadable, {"empty"});
}

TEST_F(Model, ShapeOfABillionElements) {
  ModelBuilder model = product(1 << 20);
  model.initialiser("w", {1 << 20, 1000}, onnx::TensorProto::FLOAT).add_float_data(1);
  refuse(model.bytes(), Code::kBadTensor, {"w"});
  ModelBuilder overflow = product(1);
  overflow.initialiser("w", {1LL << 40, 1LL << 40}, onnx::TensorProto::FLOAT);
  refuse(overflow.bytes(), Code::kBadShape, {"w"});
}

// A product over maps of which the model leaves height and width open.
TEST_F(Model, OpenHeightAndWidth) {
  ModelBuilder model;
  model.input("x", {nn::kUnknown, 1, nn::kUnknown, nn::kUnknown})
      .floats("w", {2, 1, 1, 1}, {1, -1});
  model.node("Conv", {"x", "w"}, {"c"}, "conv").node("Relu", {"c"}, {"r"}, "relu");
  model.node("GlobalAveragePool", {"r"}, {"y"}, "mean").output("y");
  project_.write_model(model.bytes());
  const test::Setting here{.folder = project_.path()};
  test::Ended checked = fpsa({"check", "model.onnx"}, here);
  checked.out.clear();
  expect_fault(checked, Code::kCannotLower,
               {"open extents: input \"x\" of shape [?, 1, ?, ?]", "model.input_shape"});
  expect_fault(fpsa({"compile", "-q", "spec.toml", "-o", "x"}, here), Code::kBadSamples,
               {"the network takes [1, ?, ?] a sample", "model.input_shape"});
  const auto compile_as = [&](const std::string& shape) {
    base::write_file(project_ / "spec.toml",
                     "name = \"m\"\n[model]\nfile = \"model.onnx\"\n"
                     "input_shape = " +
                         shape + "\n[data]\ncalibration = \"samples.npy\"\n");
    return fpsa({"compile", "-q", "spec.toml", "-o", "x", "--force"}, here);
  };
  nn::save_npy(project_ / "samples.npy",
               nn::Array::of_floats({2, 1, 2, 3}, {0, 1, 2, 3, 4, 5, -1, -2, -3, -4, -5, -6}));
  expect_fault(compile_as("\"1x2\""), Code::kKeyConflict, {"a sample of 1x2", "[?, 1, ?, ?]"});
  expect_fault(compile_as("\"2x2x3\""), Code::kKeyConflict, {"a sample of 2x2x3"});
  expect_fault(compile_as("{ y = \"1x2x3\" }"), Code::kUnknownKey, {"no input \"y\"", "try: x"});
  EXPECT_EQ(compile_as("\"1x2x3\"").status, 0);
  EXPECT_EQ(fpsa({"check", "model.onnx", "--spec", "spec.toml"}, here).status, 0);
  EXPECT_EQ(compile_as("{ x = \"1x2x3\" }").status, 0);
}

// An If is no layer; the nodes of the branch that holds are named after it.
TEST_F(Model, BranchesOfAnIf) {
  ModelBuilder model, then, otherwise;
  model.input("x", {nn::kUnknown, 2}).floats("w", {2, 2}, {1, -1, 2, 1});
  model.ints("c", {}, {1}, onnx::TensorProto::BOOL).node("If", {"c"}, {"y"}, "either").output("y");
  then.node("MatMul", {"x", "w"}, {"p"}, "product").output("p");
  otherwise.node("Loop", {"x"}, {"p"}).output("p");
  *model.attribute("then_branch", onnx::AttributeProto::GRAPH).mutable_g() = then.model().graph();
  *model.attribute("else_branch", onnx::AttributeProto::GRAPH).mutable_g() =
      otherwise.model().graph();
  project_.write_model(model.bytes());
  const test::Setting here{.folder = project_.path()};
  const test::Ended checked = fpsa({"check", "model.onnx"}, here);
  EXPECT_EQ(checked.status, 0) << checked.err;
  EXPECT_THAT(checked.out, testing::ContainsRegex("either +If +supported +folded"));
  EXPECT_THAT(checked.out, testing::ContainsRegex("either/product +MatMul +supported +a layer"));
  model.ints("d", {}, {0}, onnx::TensorProto::BOOL);
  model.model().mutable_graph()->mutable_node(0)->set_input(0, "d");
  refuse(model.bytes(), Code::kUnsupportedOp, {"either/Loop_0", "Loop is not supported"});
}

TEST_F(Model, Cycle) {
  ModelBuilder model;
  model.input("x", {nn::kUnknown, 4})
      .node("Add", {"x", "b"}, {"a"}, "first")
      .node("Relu", {"a"}, {"b"}, "second")
      .output("b");
  refuse(model.bytes(), Code::kCyclicGraph, {"first", "second"});
}

TEST_F(Model, WeightsThatAreNotFinite) {
  for (const float bad :
       {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(),
        -std::numeric_limits<float>::infinity()})
    refuse(product(2).floats("w", {2, 2}, {1, bad, 0, 1}).bytes(), Code::kBadWeights, {"w"});
}

TEST_F(Model, Empty) {
  refuse(ModelBuilder().input("x", {nn::kUnknown, 4}).output("x").bytes(), Code::kEmptyNetwork,
         {"no nodes"});
}

TEST_F(Model, UnknownOperator) {
  ModelBuilder model;
  model.input("x", {nn::kUnknown, 4}).node("Sotfmax", {"x"}, {"y"}, "odd").output("y");
  refuse(model.bytes(), Code::kUnsupportedOp,
         {"operator Sotfmax is not supported", "odd", "fpsa ops"});
}

TEST_F(Model, MissingData) {
  std::filesystem::remove(project_ / "samples.npy");
  const test::Setting here{.folder = project_.path()};
  expect_fault(fpsa({"compile", "-q", "spec.toml", "-o", "x"}, here), Code::kFileUnreadable,
               {"samples.npy", "No such file"});
  EXPECT_EQ(entries(project_.path()), (std::vector<std::string>{"model.onnx", "spec.toml"}));
}

TEST_F(Model, TooFewSamples) {
  const test::Setting here{.folder = project_.path()};
  ASSERT_EQ(fpsa({"compile", "-q", "spec.toml", "-o", "x"}, here).status, 0);
  expect_fault(fpsa({"simulate", "-q", "x", "--level", "emulate", "--samples", "9"}, here),
               Code::kBadSamples, {"9 samples are wanted, the file has 8", "samples.npy"});
}

TEST_F(Model, SamplesOfAnotherShape) {
  nn::save_npy(project_ / "samples.npy",
               nn::Array::of_floats({8, 3}, std::vector<float>(24, 0.5F)));
  expect_fault(fpsa({"compile", "-q", "spec.toml", "-o", "x"}, {.folder = project_.path()}),
               Code::kBadSamples, {"a sample has 3 elements", "[?, 4]", "input \"x\""});
}

}  // namespace
