// Importing ONNX: what is accepted, and a clear refusal of everything else.
#include "nn/import.hpp"

#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <limits>

#include "base/error.hpp"
#include "nn/expect_error.hpp"
#include "nn/infer.hpp"
#include "nn/model_builder.hpp"
#include "nn/reference.hpp"
#include "nn/registry.hpp"

namespace nn {
namespace {

namespace fs = std::filesystem;
using base::Code;
using ::testing::ElementsAre;
using testing::expect_error;
using testing::ModelBuilder;

// x [N, 2] * w [2, 2] -> y
ModelBuilder small_model() {
  ModelBuilder builder;
  builder.input("x", {kUnknown, 2}).floats("w", {2, 2}, {1, 2, 3, 4});
  builder.node("MatMul", {"x", "w"}, {"y"}, "fc").output("y", {kUnknown, 2});
  return builder;
}

// A model whose only node adds `tensor` to an input of the same type and shape.
ModelBuilder model_with_tensor(const Shape& shape, int type) {
  ModelBuilder builder(21);
  builder.input("x", shape, type).node("Add", {"x", "w"}, {"y"}, "sum").output("y");
  builder.initialiser("w", shape, type);
  return builder;
}

onnx::TensorProto& weights(ModelBuilder& builder) {
  return *builder.model().mutable_graph()->mutable_initializer(0);
}

class Folder {
 public:
  Folder() : path_(fs::temp_directory_path() / fs::path("fpsa_nn_" + std::to_string(::getpid()))) {
    fs::create_directories(path_ / "model");
  }
  ~Folder() { fs::remove_all(path_); }
  fs::path model() const { return path_ / "model"; }
  void write(const std::string& name, const std::string& content) const {
    std::ofstream(path_ / name, std::ios::binary) << content;
  }

 private:
  fs::path path_;
};

TEST(Import, KeepsNamesShapesAndWeights) {
  const Graph graph = small_model().import();
  EXPECT_EQ(graph.opset, 17);
  ASSERT_EQ(graph.nodes.size(), 1U);
  EXPECT_EQ(graph.nodes[0].name, "fc");
  EXPECT_EQ(graph.value(graph.outputs[0]).shape, (Shape{kUnknown, 2}));
  EXPECT_EQ(graph.value(graph.nodes[0].inputs[1]).constant->floats(),
            (std::vector<float>{1, 2, 3, 4}));
}

TEST(Import, SortsNodesAndInventsNames) {
  ModelBuilder builder;
  builder.input("x", {1, 2}).node("Relu", {"b"}, {"y"}).node("Identity", {"x"}, {"a"});
  builder.node("Relu", {"a"}, {"b"}).output("y");
  const Graph graph = builder.import();
  std::vector<std::string> names;
  for (const Node& node : graph.nodes) names.push_back(node.name);
  EXPECT_THAT(names, ElementsAre("Identity_1", "Relu_2", "Relu_0"));
}

TEST(Import, DropsWhatNoOutputNeeds) {
  ModelBuilder builder = small_model();
  builder.node("Relu", {"x"}, {"unused"}).floats("spare", {1}, {0});
  const Graph graph = builder.import();
  EXPECT_EQ(graph.nodes.size(), 1U);
  EXPECT_EQ(graph.values.size(), 3U);
}

TEST(Import, TakesInitialisersThatAreListedAsInputs) {
  ModelBuilder builder = small_model();
  builder.input("w", {2, 2});
  EXPECT_EQ(builder.import().inputs.size(), 1U);
}

TEST(Import, ReadsEveryTypeFromRawData) {
  const struct {
    int type;
    std::string raw;
    std::vector<double> values;
  } cases[] = {
      {onnx::TensorProto::INT8, std::string("\xff\x02", 2), {-1, 2}},
      {onnx::TensorProto::UINT8, std::string("\xff\x02", 2), {255, 2}},
      {onnx::TensorProto::INT16, std::string("\xff\xff\x02\x00", 4), {-1, 2}},
      {onnx::TensorProto::UINT16, std::string("\xff\xff\x02\x00", 4), {65535, 2}},
      {onnx::TensorProto::INT32, std::string("\xfe\xff\xff\xff\x02\x00\x00\x00", 8), {-2, 2}},
      {onnx::TensorProto::INT64,
       std::string("\xfe\xff\xff\xff\xff\xff\xff\xff\x02\0\0\0\0\0\0\0", 16),
       {-2, 2}},
      {onnx::TensorProto::FLOAT, std::string("\x00\x00\x80\x3f\x00\x00\x00\xc0", 8), {1, -2}},
      {onnx::TensorProto::DOUBLE,
       std::string("\0\0\0\0\0\0\xf0\x3f\0\0\0\0\0\0\0\xc0", 16),
       {1, -2}},
      {22, std::string("\x7f", 1), {-1, 7}},
      {21, std::string("\x7f", 1), {15, 7}},
  };
  for (const auto& one : cases) {
    ModelBuilder builder = model_with_tensor({2}, one.type);
    weights(builder).set_raw_data(one.raw);
    const Graph graph = builder.import();
    const Array& array = *graph.value(graph.nodes[0].inputs[1]).constant;
    EXPECT_EQ(array.at(0), one.values[0]) << one.type;
    EXPECT_EQ(array.at(1), one.values[1]) << one.type;
  }
}

TEST(Import, ReadsPackedNibblesFromTypedFieldsToo) {
  ModelBuilder builder(21);
  builder.input("x", {3}, 22).ints("w", {3}, {0xF8, 0x03}, 22);
  builder.node("Add", {"x", "w"}, {"y"}).output("y");
  const Graph graph = builder.import();
  EXPECT_THAT(graph.value(graph.nodes[0].inputs[1]).constant->ints(), ElementsAre(-8, -1, 3));
}

TEST(Import, ReadsExternalDataInsideTheModelsFolder) {
  const Folder folder;
  const std::vector<float> values = {0, 1, 2, 3, 4};
  std::string bytes(20, '\0');
  std::memcpy(bytes.data(), values.data(), 20);
  folder.write("model/weights.bin", bytes);
  folder.write("outside.bin", bytes);
  fs::create_symlink("../outside.bin", folder.model() / "link.bin");
  const auto model = [&](const std::string& location, const std::string& offset,
                         const std::string& length) {
    ModelBuilder builder = model_with_tensor({2, 2}, 1);
    weights(builder).set_data_location(onnx::TensorProto::EXTERNAL);
    const std::pair<std::string, std::string> entries[] = {
        {"location", location}, {"offset", offset}, {"length", length}};
    for (const auto& [key, value] : entries) {
      auto& entry = *weights(builder).add_external_data();
      entry.set_key(key);
      entry.set_value(value);
    }
    return import_onnx_bytes(builder.bytes(), folder.model());
  };
  const Graph graph = model("weights.bin", "4", "16");
  EXPECT_THAT(graph.value(graph.nodes[0].inputs[1]).constant->floats(), ElementsAre(1, 2, 3, 4));
  expect_error(Code::kBadTensor, "not a path inside", [&] { model("../outside.bin", "0", "16"); });
  expect_error(Code::kBadTensor, "not a path inside", [&] { model("/etc/passwd", "0", "16"); });
  expect_error(Code::kBadTensor, "leads out of", [&] { model("link.bin", "0", "16"); });
  expect_error(Code::kBadTensor, "is not there", [&] { model("missing.bin", "0", "16"); });
  expect_error(Code::kBadTensor, "are needed from 8", [&] { model("weights.bin", "8", "16"); });
  expect_error(Code::kBadTensor, "length is 12", [&] { model("weights.bin", "0", "12"); });
  expect_error(Code::kBadTensor, "not a number", [&] { model("weights.bin", "-1", "16"); });
}

TEST(ImportErrors, FilesThatAreNoModel) {
  const auto refuse = [](const std::string& part, const std::string& bytes) {
    expect_error(Code::kModelUnreadable, part, [&] { import_onnx_bytes(bytes, {}); });
  };
  refuse("is empty", "");
  refuse("text file", "ir_version: 8\ngraph {\n}\n");
  refuse("zip archive", std::string("PK\x03\x04\x14\x00", 6));
  refuse("Git LFS", "version https://git-lfs.github.com/spec/v1\n");
  refuse("TensorFlow Lite", std::string("\x1c\0\0\0TFL3", 8));
  refuse("not an ONNX model", std::string("\xff\xfe\xfd\xfc\xfb\xfa\xf9\xf8", 8));
  refuse("no ONNX graph", std::string("\x08\x07", 2));
  const std::string whole = small_model().bytes();
  refuse("truncated", whole.substr(0, whole.size() - 3));
}

TEST(ImportErrors, MissingFileNamesThePath) {
  expect_error(Code::kFileUnreadable, "/nonexistent/net.onnx",
               [] { import_onnx("/nonexistent/net.onnx"); });
}

TEST(ImportErrors, FaultsNameTheFile) {
  const Folder folder;
  folder.write("model/net.onnx", "hello");
  expect_error(Code::kModelUnreadable, "net.onnx",
               [&] { import_onnx(folder.model() / "net.onnx"); });
}

TEST(ImportErrors, EveryUnsupportedOpIsNamedAtOnce) {
  ModelBuilder builder = small_model();
  builder.node("Gemn", {"y"}, {"z"}, "typo").node("Einsum", {"z"}, {"q"}, "far");
  try {
    builder.import();
    FAIL();
  } catch (const base::Error& error) {
    ASSERT_EQ(error.faults().size(), 2U);
    EXPECT_EQ(error.faults()[0].code, Code::kUnsupportedOp);
    EXPECT_THAT(error.what(), ::testing::HasSubstr("node \"typo\" (Gemn)"));
    EXPECT_THAT(error.what(), ::testing::HasSubstr("`fpsa ops`"));
    EXPECT_THAT(error.what(), ::testing::HasSubstr("node \"far\" (Einsum)"));
  }
}

TEST(ImportErrors, OpsOfOtherDomains) {
  ModelBuilder builder = small_model();
  builder.node("Relu", {"y"}, {"z"}, "mine", "com.example");
  expect_error(Code::kUnsupportedOp, "com.example.Relu", [&] { builder.import(); });
}

// ConvTranspose is no Transpose, Sum no Sub: what was not misspelt gets no guess.
TEST(ImportErrors, ACureNamesNoOtherOperator) {
  for (const char* op : {"ConvTranspose", "Summ", "Gemn"}) {
    ModelBuilder builder = small_model();
    builder.node(op, {"y"}, {"z"}, "odd");
    expect_error(Code::kUnsupportedOp, "  try: `fpsa ops` lists the operators supported",
                 [&] { builder.import(); });
  }
}

TEST(ImportErrors, ACureNamesTheDomainThatIsSupported) {
  const auto refused = [](const char* op, const char* domain, const char* cure) {
    ModelBuilder builder = small_model();
    builder.node(op, {"y"}, {"z"}, "odd", domain);
    expect_error(Code::kUnsupportedOp, std::string("  try: export it as ") + cure,
                 [&] { builder.import(); });
  };
  refused("Relu", "com.microsoft", "ONNX's own Relu;");
  refused("relu", "", "ONNX's own Relu;");
  refused("Quant", "", "qonnx.custom_op.general.Quant;");
}

TEST(ImportErrors, DynamicQuantisationIsRefusedWithTheWayOut) {
  for (const auto& [op, domain] : {std::pair{"DynamicQuantizeLinear", ""},
                                   {"MatMulIntegerToFloat", "com.microsoft"},
                                   {"DynamicQuantizeMatMul", "com.microsoft"}}) {
    ModelBuilder builder = small_model();
    builder.node(op, {"y"}, {"z"}, "odd", domain);
    expect_error(Code::kUnsupportedOp, std::string(op) + " is not supported",
                 [&] { builder.import(); });
    expect_error(Code::kUnsupportedOp, "quantise statically, with calibration data",
                 [&] { builder.import(); });
  }
}

TEST(ImportErrors, OpsThatTheOpsetLacks) {
  ModelBuilder builder(9);
  builder.input("x", {1, 2})
      .floats("s", {}, {1})
      .node("QuantizeLinear", {"x", "s"}, {"y"})
      .output("y");
  expect_error(Code::kUnsupportedOp, "does not exist in opset 9", [&] { builder.import(); });
}

TEST(ImportErrors, Opsets) {
  for (const std::int64_t opset : {6, 24}) {
    ModelBuilder builder(opset);
    builder.input("x", {1}).node("Relu", {"x"}, {"y"}).output("y");
    expect_error(Code::kUnsupportedOpset, "supported: 7 to 23", [&] { builder.import(); });
  }
  ModelBuilder builder = small_model();
  builder.model().clear_opset_import();
  expect_error(Code::kUnsupportedOpset, "does not say", [&] { builder.import(); });
}

TEST(ImportErrors, EmptyNetworks) {
  ModelBuilder no_nodes;
  no_nodes.input("x", {1}).output("x", {1});
  expect_error(Code::kEmptyNetwork, "no nodes", [&] { no_nodes.import(); });
  ModelBuilder no_outputs;
  no_outputs.input("x", {1}).node("Relu", {"x"}, {"y"});
  expect_error(Code::kEmptyNetwork, "no outputs", [&] { no_outputs.import(); });
}

TEST(ImportErrors, CyclesNameTheirNodes) {
  ModelBuilder builder;
  builder.input("x", {2}).node("Add", {"x", "c"}, {"a"}, "one").node("Relu", {"a"}, {"b"}, "two");
  builder.node("Relu", {"b"}, {"c"}, "three").node("Relu", {"c"}, {"y"}, "after").output("y");
  expect_error(Code::kCyclicGraph, "one -> two -> three -> one", [&] { builder.import(); });
}

TEST(ImportErrors, NamesAndMissingValues) {
  ModelBuilder twice = small_model();
  twice.node("Relu", {"x"}, {"y"}, "again");
  expect_error(Code::kBadGraph, "\"y\" is given to two values", [&] { twice.import(); });
  ModelBuilder missing;
  missing.input("x", {1}).node("Relu", {"nowhere"}, {"y"}, "r").output("y");
  expect_error(Code::kBadGraph, "reads \"nowhere\", which nothing makes",
               [&] { missing.import(); });
  ModelBuilder output = small_model();
  output.output("z");
  expect_error(Code::kBadGraph, "output \"z\"", [&] { output.import(); });
}

TEST(ImportErrors, NumberOfInputsAndOutputs) {
  ModelBuilder inputs;
  inputs.input("x", {1}).node("Relu", {"x", "x"}, {"y"}, "r").output("y");
  expect_error(Code::kBadGraph, "has 2 inputs; Relu takes 1 to 1", [&] { inputs.import(); });
  ModelBuilder omitted;
  omitted.input("x", {1}).node("Add", {"x", ""}, {"y"}, "a").output("y");
  expect_error(Code::kBadGraph, "node \"a\" (Add)", [&] { omitted.import(); });
  ModelBuilder outputs;
  outputs.input("x", {1}).node("Relu", {"x"}, {"y", "z"}, "r").output("y");
  expect_error(Code::kBadGraph, "has 2 outputs", [&] { outputs.import(); });
  expect_error(Code::kBadGraph, "after model.eval()", [&] { outputs.import(); });
}

TEST(ImportErrors, Attributes) {
  const auto refuse = [](const std::string& part, const std::function<void(ModelBuilder&)>& add) {
    ModelBuilder builder(17);
    builder.input("x", {1, 2}).floats("w", {2, 2}, {1, 2, 3, 4});
    builder.node("Gemm", {"x", "w"}, {"y"}, "fc").output("y");
    add(builder);
    expect_error(Code::kBadAttribute, part, [&] { builder.import(); });
  };
  refuse("\"transC\" is unknown for Gemm in opset 17",
         [](auto& b) { b.with("transC", std::int64_t{1}); });
  refuse("\"alpha\" must be of type float", [](auto& b) { b.with("alpha", std::int64_t{1}); });
  refuse("\"transB\" is 2; supported: 0, 1", [](auto& b) { b.with("transB", std::int64_t{2}); });
  refuse("export the model with a value that is supported",
         [](auto& b) { b.with("transB", std::int64_t{2}); });
  refuse("\"beta\" is given twice", [](auto& b) { b.with("beta", 1.0F).with("beta", 2.0F); });
  refuse("\"alpha\" is nan",
         [](auto& b) { b.with("alpha", std::numeric_limits<float>::quiet_NaN()); });
  refuse("has no type", [](auto& b) { b.attribute("alpha", onnx::AttributeProto::UNDEFINED); });
  ModelBuilder cast;
  cast.input("x", {1}).node("Cast", {"x"}, {"y"}).output("y");
  expect_error(Code::kBadAttribute, "\"to\" is missing", [&] { cast.import(); });
}

TEST(ImportErrors, AttributesOfAnotherOpset) {
  ModelBuilder clip(11);
  clip.input("x", {1}).node("Clip", {"x"}, {"y"}).with("min", 0.0F).output("y");
  expect_error(Code::kBadAttribute, "\"min\" is unknown for Clip in opset 11",
               [&] { clip.import(); });
}

TEST(ImportErrors, Features) {
  const auto refuse = [](const std::string& part,
                         const std::function<void(ModelBuilder&)>& change) {
    ModelBuilder builder = small_model();
    change(builder);
    expect_error(Code::kUnsupportedFeature, part, [&] { builder.import(); });
  };
  refuse("subgraph", [](auto& b) { b.attribute("body", onnx::AttributeProto::GRAPH); });
  refuse("sparse", [](auto& b) { b.model().mutable_graph()->add_sparse_initializer(); });
  refuse("functions", [](auto& b) { b.model().add_functions()->set_name("f"); });
  refuse("sequences", [](auto& b) {
    auto& input = *b.model().mutable_graph()->add_input();
    input.set_name("list");
    input.mutable_type()->mutable_sequence_type();
  });
  refuse("is of type TENSORS",
         [](auto& b) { b.attribute("list", onnx::AttributeProto::TENSORS); });
  refuse("refers to a function",
         [](auto& b) { b.attribute("alpha", onnx::AttributeProto::FLOAT).set_ref_attr_name("a"); });
  refuse("segments", [](auto& b) { weights(b).mutable_segment(); });
}

TEST(ImportErrors, TensorData) {
  const auto refuse = [](Code code, const std::string& part, const Shape& shape, int type,
                         const std::function<void(onnx::TensorProto&)>& fill) {
    ModelBuilder builder = model_with_tensor(shape, type);
    fill(weights(builder));
    expect_error(code, part, [&] { builder.import(); });
  };
  const std::int64_t huge = 1'000'000'000;
  refuse(Code::kBadShape, "more than", {huge, huge}, 1, [](auto& t) { t.set_raw_data("abcd"); });
  refuse(Code::kBadTensor, "need 4000000", {1000, 1000}, 1,
         [](auto& t) { t.set_raw_data("abcd"); });
  refuse(Code::kBadTensor, "holds 1 values", {2}, 1, [](auto& t) { t.add_float_data(1); });
  refuse(Code::kBadTensor, "more than one place", {1}, 1, [](auto& t) {
    t.add_float_data(1);
    t.set_raw_data("abcd");
  });
  refuse(Code::kBadTensor, "not a value of type int8", {1}, onnx::TensorProto::INT8,
         [](auto& t) { t.add_int32_data(200); });
  refuse(Code::kBadTensor, "not a value of type int4", {2}, 22,
         [](auto& t) { t.add_int32_data(-1); });
  refuse(Code::kBadType, "float16", {1}, onnx::TensorProto::FLOAT16,
         [](auto& t) { t.set_raw_data("ab"); });
}

TEST(ImportErrors, NegativeExtents) {
  ModelBuilder builder = small_model();
  weights(builder).set_dims(0, -2);
  expect_error(Code::kBadShape, "negative extent", [&] { builder.import(); });
}

TEST(ImportErrors, WeightsThatAreNotFinite) {
  for (const float bad :
       {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
    ModelBuilder builder = small_model();
    weights(builder).set_float_data(2, bad);
    expect_error(Code::kBadWeights, "initialiser \"w\" of node \"fc\" (MatMul)",
                 [&] { builder.import(); });
  }
  ModelBuilder large = model_with_tensor({1}, onnx::TensorProto::DOUBLE);
  weights(large).add_double_data(std::numeric_limits<double>::infinity());
  expect_error(Code::kBadWeights, "element 0 is inf", [&] { large.import(); });
}

TEST(ImportErrors, DeclaredOutputsThatContradictTheNodes) {
  ModelBuilder shape;
  shape.input("x", {1, 2}).node("Relu", {"x"}, {"y"}).output("y", {1, 3});
  expect_error(Code::kBadShape, "declared as [1, 3]", [&] { shape.import(); });
  ModelBuilder type;
  type.input("x", {1, 2}).node("Relu", {"x"}, {"y"}).output("y", {1, 2}, onnx::TensorProto::INT8);
  expect_error(Code::kBadType, "declared as int8", [&] { type.import(); });
}

TEST(ImportErrors, ShapesThatDoNotFit) {
  ModelBuilder builder;
  builder.input("x", {kUnknown, 3}).floats("w", {2, 2}, {1, 2, 3, 4});
  builder.node("MatMul", {"x", "w"}, {"y"}, "fc").output("y");
  expect_error(Code::kBadShape, "inner extents differ: [?, 3] by [2, 2]",
               [&] { builder.import(); });
  ModelBuilder no_shape = small_model();
  no_shape.model()
      .mutable_graph()
      ->mutable_input(0)
      ->mutable_type()
      ->mutable_tensor_type()
      ->clear_shape();
  expect_error(Code::kBadShape, "declares no shape", [&] { no_shape.import(); });
}

TEST(Verify, CatchesWhatAPassMightBreak) {
  const Graph good = small_model().import();
  EXPECT_NO_THROW(verify(good));
  const auto refuse = [&](const std::string& part, const std::function<void(Graph&)>& harm) {
    Graph graph = good;
    harm(graph);
    expect_error(Code::kInternal, part, [&] { verify(graph); });
  };
  refuse("out of range", [](Graph& g) { g.nodes[0].inputs[0] = ValueId(99); });
  refuse("out of range", [](Graph& g) { g.outputs[0] = ValueId(); });
  refuse("used twice", [](Graph& g) { g.values[0].name = g.values[1].name; });
  refuse("made twice", [](Graph& g) {
    g.nodes.push_back(g.nodes[0]);
    g.nodes[1].name = "b";
  });
  refuse("before it exists", [](Graph& g) { g.nodes[0].inputs[0] = g.outputs[0]; });
  refuse("nothing makes", [](Graph& g) { g.nodes.clear(); });
  refuse("does not match",
         [](Graph& g) { g.value(g.nodes[0].inputs[1]).constant->floats().pop_back(); });
  refuse("nothing reads", [](Graph& g) {
    g.values.push_back(g.value(g.nodes[0].inputs[1]));
    g.values.back().name = "spare";
  });
  refuse("inference gives", [](Graph& g) { g.value(g.outputs[0]).shape = {7, 2}; });
}

// The fuzzer's seeds reach deep only while they import.
TEST(Corpus, SeedsImport) {
  int count = 0;
  for (const auto& entry : fs::directory_iterator(fs::path(FPSA_SOURCE_DIR) / "tests/nn/corpus")) {
    SCOPED_TRACE(entry.path().string());
    ++count;
    if (entry.path().stem() == "external")
      expect_error(Code::kBadTensor, "is not there", [&] { import_onnx(entry.path()); });
    else
      EXPECT_NO_THROW(import_onnx(entry.path()));
  }
  EXPECT_EQ(count, 9);
}

}  // namespace
}  // namespace nn
