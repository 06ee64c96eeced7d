#include "nn/import.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <onnx/onnx_pb.h>

#include <algorithm>
#include <fstream>
#include <limits>
#include <set>

#include "base/error.hpp"
#include "base/files.hpp"
#include "nn/external_data.hpp"
#include "nn/import_graph.hpp"

namespace nn {

using base::Code;

namespace {

constexpr std::uint64_t kMostBytes = std::numeric_limits<std::int32_t>::max();  // protobuf's limit

// Files that people pass by mistake, by how they begin.
struct Lookalike {
  std::size_t offset;
  std::string_view magic;
  const char* name;
  const char* cure;
};
constexpr Lookalike kLookalikes[] = {
    {0, "PK\x03\x04", "a zip archive, as PyTorch and Keras write",
     "export it with torch.onnx.export"},
    {0, "\x89HDF\r\n", "an HDF5 file, as Keras writes", "convert it with tf2onnx"},
    {4, "TFL3", "a TensorFlow Lite model", "convert it with tf2onnx"},
    {4, "ORTM", "an ONNX Runtime model", "take the .onnx file that it was made from"},
    {0, "version https://git-lfs", "a Git LFS pointer, not the file itself", "run `git lfs pull`"},
    {0, "\x80\x02", "a Python pickle", "export it with torch.onnx.export"},
};

constexpr std::size_t kLooked = 256;  // bytes at a file's start that tell what it is

bool is_text(std::string_view bytes) {
  const std::string_view start = bytes.substr(0, kLooked);
  return std::ranges::all_of(
      start, [](char c) { return (c >= ' ' && c <= '~') || c == '\n' || c == '\r' || c == '\t'; });
}

// By the size of a file and how it begins.
void refuse_other_files(std::uint64_t size, std::string_view bytes) {
  if (size == 0) base::fail(Code::kModelUnreadable, "the model file is empty");
  if (size > kMostBytes)
    base::fail(Code::kModelUnreadable, "the model is larger than 2 GB", {},
               "save it with external data");
  for (const Lookalike& other : kLookalikes)
    if (bytes.substr(std::min(other.offset, bytes.size())).starts_with(other.magic))
      base::fail(Code::kModelUnreadable, fmt::format("this is {}", other.name), {}, other.cure);
  if (is_text(bytes))
    base::fail(Code::kModelUnreadable, "this is a text file; an ONNX model is binary", {},
               "save the model in binary protobuf format");
}

onnx::ModelProto checked(bool parsed, onnx::ModelProto model) {
  if (!parsed)
    base::fail(Code::kModelUnreadable, "the file is not an ONNX model, or is truncated or damaged",
               {},
               "compare its size with the original; check it with onnx.checker, which also takes "
               "subgraphs in subgraphs no more than about thirty deep");
  if (!model.has_graph() || !model.has_ir_version())
    base::fail(Code::kModelUnreadable, "the file has no ONNX graph in it", {},
               "pass a model, not a tensor or another protobuf");
  return model;
}

bool is_onnx_domain(const std::string& domain) { return domain.empty() || domain == "ai.onnx"; }

std::int64_t opset_of(const onnx::ModelProto& model) {
  const onnx::OperatorSetIdProto* found = nullptr;
  for (const auto& import : model.opset_import()) {
    if (!is_onnx_domain(import.domain())) continue;
    if (found)
      base::fail(Code::kUnsupportedOpset, "the model imports ONNX's operators in two versions");
    found = &import;
  }
  if (!found)
    base::fail(Code::kUnsupportedOpset, "the model does not say which opset of ONNX it uses");
  if (found->version() < kMinOpset || found->version() > kMaxOpset)
    base::fail(Code::kUnsupportedOpset,
               fmt::format("the model uses opset {}; supported: {} to {}", found->version(),
                           kMinOpset, kMaxOpset),
               {}, "convert it with onnx.version_converter, or export it again");
  return found->version();
}

onnx::ModelProto parse(std::string_view bytes) {
  refuse_other_files(bytes.size(), bytes);
  onnx::ModelProto model;
  const bool parsed = model.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
  return checked(parsed, std::move(model));
}

// The file goes through a small buffer: its bytes and the model are never both in memory.
onnx::ModelProto read_model(const std::filesystem::path& path) {
  base::require_plain_file(path);
  std::ifstream file(path, std::ios::binary);
  if (!file || path.extension() == ".gz") return parse(base::read_file(path, kMostBytes));
  std::string start(kLooked, '\0');
  file.read(start.data(), static_cast<std::streamsize>(start.size()));
  start.resize(static_cast<std::size_t>(file.gcount()));
  refuse_other_files(std::filesystem::file_size(path), start);
  file.clear();
  file.seekg(0);
  onnx::ModelProto model;
  const bool parsed = model.ParseFromIstream(&file);
  return checked(parsed, std::move(model));
}

// Every tensor that may hold constants: initialisers, and attributes of nodes, of subgraphs, too.
template <class Visit>
void for_each_tensor(const onnx::GraphProto& graph, Visit visit) {
  for (const onnx::TensorProto& tensor : graph.initializer()) visit(tensor);
  for (const onnx::NodeProto& node : graph.node())
    for (const onnx::AttributeProto& attribute : node.attribute())
      if (attribute.has_t())
        visit(attribute.t());
      else if (attribute.has_g())
        for_each_tensor(attribute.g(), visit);
}

// What `read` returns; `path` is named in whatever it throws but cannot-read, which names it
// itself.
template <class Read>
auto naming(const std::filesystem::path& path, Read read) {
  try {
    return read();
  } catch (const base::Error& error) {
    std::vector<base::Fault> faults = error.faults();
    if (faults.front().code == Code::kFileUnreadable) throw;
    for (base::Fault& fault : faults)
      fault.where =
          fault.where.empty() ? path.string() : fmt::format("{}: {}", path.string(), fault.where);
    throw base::Error(std::move(faults));
  }
}

}  // namespace

namespace {

Graph import_model(onnx::ModelProto model, const std::filesystem::path& folder,
                   int* missing = nullptr) {
  if (model.functions_size() > 0)
    base::fail(Code::kUnsupportedFeature, "the model defines functions of its own",
               fmt::format("function \"{}\"", model.functions(0).name()),
               "inline them with onnx.inliner");
  const std::int64_t opset = opset_of(model);
  return import_graph(*model.mutable_graph(), opset, folder, missing);
}

}  // namespace

Graph import_onnx_bytes(std::string_view bytes, const std::filesystem::path& model_folder) {
  return import_model(parse(bytes), model_folder);
}

std::vector<SurveyedNode> survey_onnx(const std::filesystem::path& path) {
  return naming(path, [&] {
    onnx::ModelProto model = read_model(path);
    const std::int64_t opset = opset_of(model);
    return survey_graph(*model.mutable_graph(), opset, path.parent_path());
  });
}

std::vector<std::filesystem::path> model_files(const std::filesystem::path& path) {
  return naming(path, [&] {
    const onnx::ModelProto model = read_model(path);
    std::set<std::string> locations;
    for_each_tensor(model.graph(), [&](const onnx::TensorProto& tensor) {
      if (tensor.data_location() == onnx::TensorProto::EXTERNAL)
        locations.insert(external_file(tensor, path.parent_path(), "external data"));
    });
    std::vector<std::filesystem::path> files{path};
    files.insert(files.end(), locations.begin(), locations.end());
    return files;
  });
}

Graph import_onnx(const std::filesystem::path& path) {
  return naming(path, [&] { return import_model(read_model(path), path.parent_path()); });
}

Shapes import_shapes(const std::filesystem::path& path) {
  return naming(path, [&] {
    Shapes shapes;
    shapes.graph = import_model(read_model(path), path.parent_path(), &shapes.missing);
    return shapes;
  });
}

}  // namespace nn
