// The ONNX project's own tests of single nodes (Debian package libonnx-testdata), for every op of
// the registry.
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

const fs::path kFolder = "/usr/share/libonnx-testdata/data";

// Tests of supported ops that cannot pass, and why. Those with types that no model may use are told
// by uses_other_types().
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
  fs::path folder;
};
void PrintTo(const Case& one, std::ostream* out) { *out << one.name; }

// Directories whose model is a single node of an op in the registry.
std::vector<Case> discover() {
  std::vector<Case> cases;
  if (!fs::exists(kFolder)) return cases;
  for (const char* origin : {"node", "pytorch-converted"})
    for (const auto& entry : fs::directory_iterator(kFolder / origin)) {
      onnx::ModelProto model;
      if (!model.ParseFromString(read(entry.path() / "model.onnx"))) continue;
      if (model.graph().node_size() != 1) continue;
      const onnx::NodeProto& node = model.graph().node(0);
      if (find_op(node.op_type(), node.domain()))
        cases.push_back({entry.path().filename().string(), node.op_type(), entry.path()});
    }
  std::ranges::sort(cases, {}, &Case::name);
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

bool is_excluded(const Case& one) {
  onnx::ModelProto model;
  EXPECT_TRUE(model.ParseFromString(read(one.folder / "model.onnx")));
  return kExcluded.contains(one.name) || uses_other_types(model.graph());
}

std::vector<Case> supported() {
  std::vector<Case> cases = discover();
  std::erase_if(cases, is_excluded);
  return cases;
}

bool is_initialised(const onnx::GraphProto& graph, const std::string& name) {
  return std::ranges::any_of(graph.initializer(),
                             [&](const onnx::TensorProto& one) { return one.name() == name; });
}

// The tests feed weights, shapes and bounds as inputs. From input `first_constant` on they become
// initialisers, as they are in networks (and in the tests that PyTorch wrote).
Graph import_with_constants(onnx::ModelProto model, const fs::path& data, int first_constant) {
  for (int i = first_constant; i < model.graph().input_size(); ++i) {
    if (is_initialised(model.graph(), model.graph().input(i).name())) continue;
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
  ASSERT_EQ(got.size(), wanted.size());
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const double tolerance = 1e-5 * std::max(1.0, std::abs(wanted.at(i)));
    ASSERT_NEAR(got.at(i), wanted.at(i), tolerance) << "element " << i;
  }
}

void run_case(const fs::path& folder, int first_constant) {
  onnx::ModelProto model;
  ASSERT_TRUE(model.ParseFromString(read(folder / "model.onnx")));
  // The tests of ops that never changed say opset 1.
  auto& opset = *model.mutable_opset_import(0);
  opset.set_version(std::max<std::int64_t>(opset.version(), kMinOpset));
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
  run_case(GetParam().folder, kOfConstants.contains(GetParam().op) ? 0 : 1);
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
    run_case(one.folder, 99);
    ++count;
  }
  EXPECT_GT(count, 40);
}

// What is excluded exists, and is refused on import rather than computed wrongly.
TEST(NodeTests, ExcludedOnesAreRefused) {
  if (!fs::exists(kFolder)) GTEST_SKIP() << "the Debian package libonnx-testdata is not installed";
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
