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
