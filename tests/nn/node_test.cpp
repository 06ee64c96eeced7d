// The ONNX project's own node tests (Debian package libonnx-testdata), for every op of the
// registry.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <onnx/onnx_pb.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>

#include "base/error.hpp"
#include "nn/import.hpp"
#include "nn/infer.hpp"
#include "nn/reference.hpp"
#include "nn/registry.hpp"
#include "nn/tensor_proto.hpp"

namespace nn {
namespace {

namespace fs = std::filesystem;

const fs::path kFolder = "/usr/share/libonnx-testdata/data/node";

// Tests of supported ops that cannot pass, and why.
const std::map<std::string, std::string> kExcluded = {
    {"test_batchnorm_epsilon_training_mode", "training mode"},
    {"test_batchnorm_example_training_mode", "training mode"},
    {"test_cast_BFLOAT16_to_FLOAT", "bfloat16"},
    {"test_cast_DOUBLE_to_FLOAT16", "float16"},
    {"test_cast_FLOAT16_to_DOUBLE", "float16"},
    {"test_cast_FLOAT16_to_FLOAT", "float16"},
    {"test_cast_FLOAT_to_BFLOAT16", "bfloat16"},
    {"test_cast_FLOAT_to_FLOAT16", "float16"},
    {"test_cast_FLOAT_to_STRING", "strings"},
    {"test_cast_STRING_to_FLOAT", "strings"},
    {"test_castlike_BFLOAT16_to_FLOAT_expanded", "bfloat16"},
    {"test_castlike_DOUBLE_to_FLOAT16_expanded", "float16"},
    {"test_castlike_FLOAT16_to_DOUBLE_expanded", "float16"},
    {"test_castlike_FLOAT16_to_FLOAT_expanded", "float16"},
    {"test_castlike_FLOAT_to_BFLOAT16_expanded", "bfloat16"},
    {"test_castlike_FLOAT_to_FLOAT16_expanded", "float16"},
    {"test_castlike_FLOAT_to_STRING_expanded", "strings"},
    {"test_castlike_STRING_to_FLOAT_expanded", "strings"},
    {"test_identity_opt", "optional type"},
    {"test_identity_sequence", "sequence type"},
    {"test_training_dropout", "training mode"},
    {"test_training_dropout_default", "training mode"},
    {"test_training_dropout_default_mask", "training mode"},
    {"test_training_dropout_mask", "training mode"},
    {"test_training_dropout_zero_ratio", "training mode"},
    {"test_training_dropout_zero_ratio_mask", "training mode"},
};

std::string read(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

Array read_tensor(const fs::path& path) {
  onnx::TensorProto tensor;
  EXPECT_TRUE(tensor.ParseFromString(read(path))) << path;
  return decode_tensor(tensor, {}, path.string());
}

onnx::TensorProto read_proto(const fs::path& path) {
  onnx::TensorProto tensor;
  EXPECT_TRUE(tensor.ParseFromString(read(path))) << path;
  return tensor;
}

struct Case {
  std::string name;
  std::string op;
};
void PrintTo(const Case& one, std::ostream* out) { *out << one.name; }

// Directories whose model is a single node of an op in the registry.
std::vector<Case> discover() {
  std::vector<Case> cases;
  if (!fs::exists(kFolder)) return cases;
  for (const auto& entry : fs::directory_iterator(kFolder)) {
    onnx::ModelProto model;
    if (!model.ParseFromString(read(entry.path() / "model.onnx"))) continue;
    if (model.graph().node_size() != 1) continue;
    const onnx::NodeProto& node = model.graph().node(0);
    if (find_op(node.op_type(), node.domain()))
      cases.push_back({entry.path().filename().string(), node.op_type()});
  }
  std::ranges::sort(cases, {}, &Case::name);
  return cases;
}

std::vector<Case> supported() {
  std::vector<Case> cases = discover();
  std::erase_if(cases, [](const Case& one) { return kExcluded.contains(one.name); });
  return cases;
}

// The tests feed weights, shapes and bounds as inputs. From input `first_constant` on they become
// initialisers, as they are in networks.
Graph import_with_constants(onnx::ModelProto model, const fs::path& data, int first_constant) {
  for (int i = first_constant; i < model.graph().input_size(); ++i) {
    onnx::TensorProto tensor = read_proto(data / ("input_" + std::to_string(i) + ".pb"));
    tensor.set_name(model.graph().input(i).name());
    *model.mutable_graph()->add_initializer() = tensor;
  }
  return import_onnx_bytes(model.SerializeAsString(), {});
}

void expect_near(const Array& got, const Array& wanted) {
  ASSERT_EQ(got.dtype, wanted.dtype);
  ASSERT_EQ(got.shape, wanted.shape);
  if (!is_float(wanted.dtype)) {
    EXPECT_EQ(got.ints(), wanted.ints());
    return;
  }
  ASSERT_EQ(got.floats().size(), wanted.floats().size());
  for (std::size_t i = 0; i < wanted.floats().size(); ++i) {
    const float tolerance = 1e-5F * std::max(1.0F, std::abs(wanted.floats()[i]));
    ASSERT_NEAR(got.floats()[i], wanted.floats()[i], tolerance) << "element " << i;
  }
}

void run_case(const fs::path& folder, int first_constant) {
  onnx::ModelProto model;
  ASSERT_TRUE(model.ParseFromString(read(folder / "model.onnx")));
  const fs::path data = folder / "test_data_set_0";
  const Graph graph = import_with_constants(model, data, first_constant);
  std::vector<Array> inputs;
  for (std::size_t i = 0; i < graph.inputs.size(); ++i)
    inputs.push_back(read_tensor(data / ("input_" + std::to_string(i) + ".pb")));
  const std::vector<Array> outputs = run(graph, inputs);
  ASSERT_EQ(outputs.size(), static_cast<std::size_t>(model.graph().output_size()));
  for (std::size_t i = 0; i < outputs.size(); ++i)
    expect_near(outputs[i], read_tensor(data / ("output_" + std::to_string(i) + ".pb")));
}

class NodeTest : public ::testing::TestWithParam<Case> {};

TEST_P(NodeTest, GivesOnnxsOwnOutputs) {
  if (!fs::exists(kFolder)) GTEST_SKIP() << "the Debian package libonnx-testdata is not installed";
  run_case(kFolder / GetParam().name, 1);
}

INSTANTIATE_TEST_SUITE_P(Onnx, NodeTest, ::testing::ValuesIn(supported()),
                         [](const auto& given) { return given.param.name; });
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(NodeTest);

// Ops that need no constants give the same when every input comes at run time.
TEST(NodeTests, RunWithAllInputsAtRunTime) {
  if (!fs::exists(kFolder)) GTEST_SKIP() << "the Debian package libonnx-testdata is not installed";
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
                                     "BatchNormalization"};
  int count = 0;
  for (const Case& one : supported()) {
    if (!ops.contains(one.op)) continue;
    SCOPED_TRACE(one.name);
    run_case(kFolder / one.name, 99);
    ++count;
  }
  EXPECT_GT(count, 40);
}

// What is excluded exists, and is refused on import rather than computed wrongly.
TEST(NodeTests, ExcludedOnesAreRefused) {
  if (!fs::exists(kFolder)) GTEST_SKIP() << "the Debian package libonnx-testdata is not installed";
  std::set<std::string> names;
  for (const Case& one : discover()) names.insert(one.name);
  for (const auto& [name, reason] : kExcluded) {
    EXPECT_TRUE(names.contains(name)) << name;
    EXPECT_THROW(import_onnx(kFolder / name / "model.onnx"), base::Error) << name;
  }
}

// Either ONNX's project tests an op, or there is a test suite here named Op<name>.
TEST(NodeTests, CoverEveryOpOfTheRegistry) {
  if (!fs::exists(kFolder)) GTEST_SKIP() << "the Debian package libonnx-testdata is not installed";
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

}  // namespace
}  // namespace nn
