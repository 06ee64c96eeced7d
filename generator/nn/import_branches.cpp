#include "nn/import_branches.hpp"

#include <fmt/format.h>
#include <onnx/onnx_pb.h>

#include "base/error.hpp"

namespace nn {

using base::Code;

bool is_choice(const onnx::NodeProto& node) {
  return node.op_type() == "If" && (node.domain().empty() || node.domain() == "ai.onnx");
}

onnx::GraphProto& branch_of(onnx::NodeProto& node, const std::string& name,
                            const std::string& where) {
  for (onnx::AttributeProto& attribute : *node.mutable_attribute())
    if (attribute.name() == name && attribute.has_g()) return *attribute.mutable_g();
  base::fail(Code::kBadAttribute, fmt::format("attribute \"{}\" is missing, or no graph", name),
             where, "check the model with onnx.checker");
}

void check_branch(const onnx::GraphProto& branch, int outputs, const std::string& where) {
  if (branch.input_size() > 0)
    base::fail(
        Code::kBadGraph,
        fmt::format("takes {} inputs; it can only read what is outside", branch.input_size()),
        where, "check the model with onnx.checker");
  if (branch.output_size() != outputs)
    base::fail(Code::kBadGraph,
               fmt::format("has {} outputs, and the node {}", branch.output_size(), outputs), where,
               "check the model with onnx.checker");
  if (branch.sparse_initializer_size() > 0)
    base::fail(Code::kUnsupportedFeature, "sparse initialisers are not supported", where,
               "store them dense");
}

namespace {

// Adds to `names` what `graph` reads without making it. Subgraphs are nested at most as deep as
// protobuf's parser goes, a hundred messages.
void add_captured(const onnx::GraphProto& graph, std::set<std::string>& names) {
  std::set<std::string> read;
  for (const onnx::NodeProto& node : graph.node()) {
    read.insert(node.input().begin(), node.input().end());
    for (const onnx::AttributeProto& attribute : node.attribute())
      if (attribute.has_g()) add_captured(attribute.g(), read);
  }
  for (const onnx::ValueInfoProto& output : graph.output()) read.insert(output.name());
  for (const onnx::NodeProto& node : graph.node())
    for (const std::string& made : node.output()) read.erase(made);
  for (const onnx::TensorProto& tensor : graph.initializer()) read.erase(tensor.name());
  names.merge(read);
}

}  // namespace

std::set<std::string> captured(const onnx::NodeProto& node) {
  std::set<std::string> names;
  for (const onnx::AttributeProto& attribute : node.attribute())
    if (attribute.has_g()) add_captured(attribute.g(), names);
  return names;
}

}  // namespace nn
