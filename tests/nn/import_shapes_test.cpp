// Importing the shapes of models whose weights are missing.
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <fstream>

#include "base/error.hpp"
#include "nn/expect_error.hpp"
#include "nn/import.hpp"
#include "nn/model_builder.hpp"

namespace nn {
namespace {

namespace fs = std::filesystem;
using base::Code;
using ::testing::ElementsAre;
using testing::expect_error;
using testing::ModelBuilder;

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
  Folder()
      : path_(fs::temp_directory_path() /
              fs::path("fpsa_nn_shapes_" + std::to_string(::getpid()))) {
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

// A tensor whose data should lie at `location`, in a model on disk.
fs::path model_with_external(const Folder& folder, const std::string& location, int type) {
  ModelBuilder builder = model_with_tensor({2, 2}, type);
  weights(builder).set_data_location(onnx::TensorProto::EXTERNAL);
  auto& entry = *weights(builder).add_external_data();
  entry.set_key("location");
  entry.set_value(location);
  folder.write("model/net.onnx", builder.bytes());
  return folder.model() / "net.onnx";
}

TEST(ImportShapes, DoWithoutExternalData) {
  const Folder folder;
  const fs::path model = model_with_external(folder, "weights.bin", 1);
  const Shapes shapes = import_shapes(model);
  EXPECT_EQ(shapes.missing, 1);
  const Value& zeros = shapes.graph.value(shapes.graph.nodes[0].inputs[1]);
  EXPECT_THAT(zeros.constant->floats(), ElementsAre(0, 0, 0, 0));
  std::string bytes(16, '\0');
  const std::vector<float> values = {1, 2, 3, 4};
  std::memcpy(bytes.data(), values.data(), 16);
  folder.write("model/weights.bin", bytes);
  const Shapes whole = import_shapes(model);
  EXPECT_EQ(whole.missing, 0);
  const Value& found = whole.graph.value(whole.graph.nodes[0].inputs[1]);
  EXPECT_THAT(found.constant->floats(), ElementsAre(1, 2, 3, 4));
}

TEST(ImportShapes, DoWithoutAnyData) {
  const Folder folder;
  ModelBuilder builder = model_with_tensor({2, 2}, 1);
  folder.write("model/net.onnx", builder.bytes());
  EXPECT_EQ(import_shapes(folder.model() / "net.onnx").missing, 1);
  expect_error(Code::kBadTensor, "holds 0 values",
               [&] { import_onnx(folder.model() / "net.onnx"); });
}

TEST(ImportShapes, TakeNoPathOutOfTheFolderAndNoLostExtents) {
  const Folder folder;
  expect_error(Code::kBadTensor, "not a path inside",
               [&] { import_shapes(model_with_external(folder, "../lost.bin", 1)); });
  expect_error(Code::kBadTensor, "is not there",
               [&] { import_shapes(model_with_external(folder, "lost.bin", 7)); });
}

}  // namespace
}  // namespace nn
