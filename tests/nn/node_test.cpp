// The ONNX project's own tests of single nodes, for every op of the registry, and a table of all of
// its tests.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "golden.hpp"
#include "nn/node_cases.hpp"

namespace nn {
namespace {

using testing::Case;
using testing::Verdict;
namespace fs = std::filesystem;
using testing::kFolder;

// Tests of supported ops that cannot pass, and why. Those with types that no model may use are told
// by uses_other_types(), those that resize in another way by interpolates().
const std::map<std::string, std::string> kExcluded = {
    {"test_BatchNorm1d_3d_input_eval", "an attribute or broadcasting of opset 6"},
    {"test_BatchNorm2d_eval", "an attribute or broadcasting of opset 6"},
    {"test_BatchNorm2d_momentum_eval", "an attribute or broadcasting of opset 6"},
    {"test_BatchNorm3d_eval", "an attribute or broadcasting of opset 6"},
    {"test_BatchNorm3d_momentum_eval", "an attribute or broadcasting of opset 6"},
    {"test_Linear", "an attribute or broadcasting of opset 6"},
    {"test_PReLU_1d_multiparam", "an attribute or broadcasting of opset 6"},
    {"test_PReLU_2d_multiparam", "an attribute or broadcasting of opset 6"},
    {"test_PReLU_3d_multiparam", "an attribute or broadcasting of opset 6"},
    {"test_batchnorm_epsilon_training_mode", "training mode"},
    {"test_batchnorm_example_training_mode", "training mode"},
    {"test_identity_opt", "optional type"},
    {"test_identity_sequence", "sequence type"},
    {"test_maxpool_with_argmax_2d_precomputed_pads", "indices"},
    {"test_maxpool_with_argmax_2d_precomputed_strides", "indices"},
    {"test_training_dropout", "training mode"},
    {"test_training_dropout_default", "training mode"},
    {"test_training_dropout_default_mask", "training mode"},
    {"test_training_dropout_mask", "training mode"},
    {"test_training_dropout_zero_ratio", "training mode"},
    {"test_training_dropout_zero_ratio_mask", "training mode"},
};

// Ops whose first input must be known before running.
const std::set<std::string> kOfConstants = {"ConstantOfShape", "Range"};

// Where a test's constants begin among its inputs.
int first_constant(const Case& one) { return kOfConstants.contains(one.op) ? 0 : 1; }

// Tests of one node, of an op in the registry.
std::vector<Case> discover() {
  std::vector<Case> cases;
  for (const char* origin : {"node", "pytorch-converted"})
    for (const Case& one : testing::cases_of(origin))
      if (find_op(one.op, one.domain)) cases.push_back(one);
  return cases;
}

// Whether a model has a tensor of a type that the importer does not know: 16-bit floats, unsigned
// integers of 32 and 64 bits, strings.
bool uses_other_types(const onnx::GraphProto& graph) {
  const std::set<int> others = {onnx::TensorProto::FLOAT16, onnx::TensorProto::BFLOAT16,
                                onnx::TensorProto::UINT32, onnx::TensorProto::UINT64,
                                onnx::TensorProto::STRING};
  const auto is_other = [&](const onnx::ValueInfoProto& info) {
    return others.contains(info.type().tensor_type().elem_type());
  };
  return std::ranges::any_of(graph.input(), is_other) ||
         std::ranges::any_of(graph.output(), is_other);
}

// Whether a model resizes by more than the nearest neighbour.
bool interpolates(const onnx::GraphProto& graph) {
  return std::ranges::any_of(graph.node(), [](const onnx::NodeProto& node) {
    return node.op_type() == "Resize" &&
           std::ranges::any_of(node.attribute(), [](const onnx::AttributeProto& attribute) {
             return attribute.name() == "mode" && attribute.s() != "nearest";
           });
  });
}

bool is_excluded(const Case& one) {
  onnx::ModelProto model;
  EXPECT_TRUE(model.ParseFromString(testing::read(one.folder / "model.onnx")));
  return kExcluded.contains(one.name) || uses_other_types(model.graph()) ||
         interpolates(model.graph());
}

std::vector<Case> supported() {
  std::vector<Case> cases = discover();
  std::erase_if(cases, is_excluded);
  return cases;
}

void expect_passed(const Case& one, int first_constant) {
  const Verdict verdict = testing::verdict_of(one, first_constant);
  EXPECT_EQ(verdict.kind, Verdict::kPassed) << verdict.why;
}

class NodeTest : public ::testing::TestWithParam<Case> {};

TEST_P(NodeTest, GivesOnnxsOwnOutputs) {
  if (!fs::exists(kFolder)) GTEST_SKIP() << testing::kNotInstalled;
  expect_passed(GetParam(), first_constant(GetParam()));
}

INSTANTIATE_TEST_SUITE_P(Onnx, NodeTest, ::testing::ValuesIn(supported()),
                         [](const auto& given) { return given.param.name; });
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(NodeTest);

// Ops that need no constants give the same when every input comes at run time.
TEST(NodeTests, RunWithAllInputsAtRunTime) {
  if (!fs::exists(kFolder)) GTEST_SKIP() << testing::kNotInstalled;
  const std::set<std::string> ops = {"Gemm",
                                     "MatMul",
                                     "Add",
                                     "Sub",
                                     "Mul",
                                     "Div",
                                     "Clip",
                                     "QuantizeLinear",
                                     "DequantizeLinear",
                                     "QLinearMatMul",
                                     "BatchNormalization",
                                     "Concat",
                                     "Equal",
                                     "Gather",
                                     "Max",
                                     "Mean",
                                     "Min",
                                     "Mod",
                                     "Pow",
                                     "Sum",
                                     "Where"};
  int count = 0;
  for (const Case& one : supported()) {
    if (!ops.contains(one.op)) continue;
    SCOPED_TRACE(one.name);
    expect_passed(one, 99);
    ++count;
  }
  EXPECT_GT(count, 40);
}

// What is excluded exists, and is refused on import rather than computed wrongly.
TEST(NodeTests, ExcludedOnesAreRefused) {
  if (!fs::exists(kFolder)) GTEST_SKIP() << testing::kNotInstalled;
  std::set<std::string> names;
  for (const Case& one : discover()) {
    names.insert(one.name);
    if (!is_excluded(one)) continue;
    EXPECT_THROW(import_onnx(one.folder / "model.onnx"), base::Error) << one.name;
  }
  for (const auto& [name, reason] : kExcluded) EXPECT_TRUE(names.contains(name)) << name;
}

// Either ONNX's project tests an op, or there is a test suite here named Op<name>.
TEST(NodeTests, CoverEveryOpOfTheRegistry) {
  if (!fs::exists(kFolder)) GTEST_SKIP() << testing::kNotInstalled;
  std::set<std::string> tested;
  for (const Case& one : supported()) tested.insert(one.op);
  const auto* all = ::testing::UnitTest::GetInstance();
  for (int i = 0; i < all->total_test_suite_count(); ++i) {
    const std::string suite = all->GetTestSuite(i)->name();
    if (suite.starts_with("Op")) tested.insert(suite.substr(2));
  }
  for (const OpDef& op : op_table())
    EXPECT_TRUE(tested.contains(op.names.front())) << op.names.front() << " has no test";
}

// What becomes of every test that the package holds of nodes and of what PyTorch exports, of the
// ops that the project knows and of all others.
TEST(NodeTests, ATableOfAll) {
  if (!fs::exists(kFolder)) GTEST_SKIP() << testing::kNotInstalled;
  std::map<int, int> counts;
  std::string rows;
  for (const char* origin : {"node", "pytorch-converted", "pytorch-operator", "simple"})
    for (const Case& one : testing::cases_of(origin)) {
      const Verdict verdict = testing::verdict_of(one, first_constant(one));
      const std::string became = verdict.kind == Verdict::kPassed ? "passed"
                                 : verdict.kind == Verdict::kRefused
                                     ? "not applicable: " + verdict.why
                                     : "FAILED: " + verdict.why;
      rows += fmt::format("{:<24} {}/{}: {}\n", one.op, origin, one.name, became);
      ++counts[verdict.kind];
    }
  EXPECT_EQ(counts[Verdict::kFailed], 0);
  expect_golden(
      "nn/node_tests.txt",
      fmt::format("passed {}, not applicable {}, failed {}\n\n{}", counts[Verdict::kPassed],
                  counts[Verdict::kRefused], counts[Verdict::kFailed], rows));
}

}  // namespace
}  // namespace nn
