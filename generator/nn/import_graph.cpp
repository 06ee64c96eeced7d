#include "nn/import_graph.hpp"

#include <fmt/format.h>
#include <onnx/onnx_pb.h>

#include <algorithm>
#include <set>
#include <unordered_map>

#include "base/error.hpp"
#include "base/interrupt.hpp"
#include "base/text.hpp"
#include "nn/infer.hpp"
#include "nn/onnx_types.hpp"
#include "nn/op_support.hpp"
#include "nn/tensor_proto.hpp"

namespace nn {

using base::Code;

namespace {

class Importer {
 public:
  Importer(onnx::GraphProto& proto, std::int64_t opset, std::filesystem::path folder,
           int* missing = nullptr)
      : proto_(proto), folder_(std::move(folder)), missing_(missing) {
    graph_.name = base::printable(proto.name());
    graph_.opset = opset;
    name_nodes();
  }

  Graph run() {
    refuse_what_is_missing();
    check_operators();
    add_initialisers();
    add_inputs();
    add_nodes();
    graph_.nodes = sorted(std::move(graph_.nodes), graph_.values.size());
    add_outputs();
    infer_shapes(graph_);
    check_declared_outputs();
    Graph result = prune(std::move(graph_));
    verify(result);
    return result;
  }

  std::vector<SurveyedNode> survey() const {
    std::vector<SurveyedNode> nodes;
    for (int n = 0; n < proto_.node_size(); ++n) nodes.push_back(surveyed(n));
    return nodes;
  }

 private:
  void refuse_what_is_missing() const {
    if (proto_.node_size() == 0) base::fail(Code::kEmptyNetwork, "the network has no nodes");
    if (proto_.output_size() == 0) base::fail(Code::kEmptyNetwork, "the network has no outputs");
    if (proto_.sparse_initializer_size() > 0)
      base::fail(Code::kUnsupportedFeature, "sparse initialisers are not supported",
                 fmt::format("initialiser \"{}\"", proto_.sparse_initializer(0).values().name()),
                 "store them dense");
  }

  // First of all, and for all nodes at once: what the user wants to know is what is not supported.
  void check_operators() const {
    base::Diagnostics faults;
    for (int n = 0; n < proto_.node_size(); ++n) {
      Node node = named(n);
      if (!find_op(node.op, node.domain)) check_node(node, graph_.opset, faults);
    }
    faults.throw_if_any();
  }

  // Exporters leave names out, give them twice, and put anything into them. Here they become one
  // line of text each, all different; a name that the model gives goes before one that is made up.
  void name_nodes() {
    base::UniqueNames names("#");
    const auto size = static_cast<std::size_t>(proto_.node_size());
    names_.resize(size);
    for (std::size_t n = 0; n < size; ++n)
      if (const std::string& given = proto_.node(static_cast<int>(n)).name(); !given.empty())
        names_[n] = names.take(base::printable(given));
    for (std::size_t n = 0; n < size; ++n)
      if (names_[n].empty())
        names_[n] = names.take(
            fmt::format("{}_{}", base::printable(proto_.node(static_cast<int>(n)).op_type()), n));
  }

  // Node n with its name, op and domain only.
  Node named(int n) const {
    const onnx::NodeProto& from = proto_.node(n);
    Node node;
    node.name = names_[static_cast<std::size_t>(n)];
    node.op = base::printable(from.op_type());
    node.domain = from.domain() == "ai.onnx" ? "" : base::printable(from.domain());
    return node;
  }

  SurveyedNode surveyed(int n) const {
    const auto present = [](const std::string& name) {
      return name.empty() ? ValueId() : ValueId(0);
    };
    Node node = named(n);
    for (const std::string& name : proto_.node(n).input()) node.inputs.push_back(present(name));
    for (const std::string& name : proto_.node(n).output()) node.outputs.push_back(present(name));
    base::Diagnostics faults;
    try {
      if (find_op(node.op, node.domain)) add_attributes(proto_.node(n), node);
      check_node(node, graph_.opset, faults);
    } catch (const base::Error& error) {
      return {std::move(node), error.faults()};
    }
    return {std::move(node), faults.faults()};
  }

  ValueId add_value(const std::string& name, const char* what) {
    if (name.empty()) base::fail(Code::kBadGraph, fmt::format("{} has no name", what));
    const ValueId id(graph_.values.size());
    if (!ids_.emplace(name, id).second)
      base::fail(Code::kBadGraph, fmt::format("the name \"{}\" is given to two values", name),
                 fmt::format("{} \"{}\"", what, name), "names must be unique in a model");
    graph_.values.push_back(Value{.name = value_names_.take(base::printable(name)),
                                  .dtype = {},
                                  .shape = {},
                                  .constant = {}});
    return id;
  }

  // A value's name -> the first node that reads it.
  std::unordered_map<std::string, int> first_readers() const {
    std::unordered_map<std::string, int> readers;
    for (int n = 0; n < proto_.node_size(); ++n)
      for (const std::string& name : proto_.node(n).input()) readers.emplace(name, n);
    return readers;
  }

  void add_initialisers() {
    const std::unordered_map<std::string, int> readers = first_readers();
    for (onnx::TensorProto& tensor : *proto_.mutable_initializer()) {
      base::interruption_point();
      const ValueId id = add_value(tensor.name(), "initialiser");
      std::string where = fmt::format("initialiser \"{}\"", tensor.name());
      if (const auto reader = readers.find(tensor.name()); reader != readers.end())
        where += " of " + describe(named(reader->second));
      graph_.value(id).constant = array_of(tensor, where);
      let_go(tensor);
    }
  }

  Array array_of(const onnx::TensorProto& tensor, const std::string& where) const {
    const bool is_zeros = missing_ && tensor.data_type() != onnx::TensorProto::INT64 &&
                          lacks_data(tensor, folder_, where);
    if (!is_zeros) return decode_tensor(tensor, folder_, where);
    ++*missing_;
    return zeros_like(tensor, where);
  }

  // Frees what Clear() would keep for later.
  static void let_go(onnx::TensorProto& tensor) { onnx::TensorProto().Swap(&tensor); }

  void add_inputs() {
    std::set<std::string> seen;
    for (const onnx::ValueInfoProto& info : proto_.input()) {
      // Up to IR version 3 initialisers are also listed as inputs.
      const bool initialised = ids_.contains(info.name()) && !seen.contains(info.name());
      seen.insert(info.name());
      if (initialised) continue;
      const std::string where = fmt::format("input \"{}\"", info.name());
      if (!info.type().has_tensor_type())
        base::fail(Code::kUnsupportedFeature,
                   "is not a tensor; sequences, maps and optionals are not "
                   "supported",
                   where);
      const ValueId id = add_value(info.name(), "input");
      graph_.value(id).dtype = dtype_of(info.type().tensor_type().elem_type(), where);
      graph_.value(id).shape = declared_shape(info.type().tensor_type(), where);
      graph_.inputs.push_back(id);
    }
  }

  static Shape declared_shape(const onnx::TypeProto::Tensor& type, const std::string& where) {
    if (!type.has_shape())
      base::fail(Code::kBadShape, "declares no shape", where, "export the model with input shapes");
    Shape shape;
    for (const auto& dim : type.shape().dim())
      shape.push_back(dim.has_dim_value() ? dim.dim_value() : kUnknown);
    check_extents(shape, where);
    return shape;
  }

  void add_nodes() {
    for (int n = 0; n < proto_.node_size(); ++n) {
      base::interruption_point();
      Node node = named(n);
      for (const std::string& name : proto_.node(n).output())
        node.outputs.push_back(name.empty() ? ValueId() : add_value(name, "node output"));
      add_attributes(proto_.node(n), node);
      for (onnx::AttributeProto& attribute : *proto_.mutable_node(n)->mutable_attribute())
        if (attribute.has_t()) let_go(*attribute.mutable_t());
      graph_.nodes.push_back(std::move(node));
    }
    base::Diagnostics faults;
    for (int n = 0; n < proto_.node_size(); ++n) {
      Node& node = graph_.nodes[static_cast<std::size_t>(n)];
      for (const std::string& name : proto_.node(n).input())
        node.inputs.push_back(find(name, node));
      check_node(node, graph_.opset, faults);
    }
    faults.throw_if_any();
  }

  void add_attributes(const onnx::NodeProto& from, Node& node) const {
    for (const onnx::AttributeProto& attribute : from.attribute()) {
      Attribute value = import_attribute(attribute, folder_, describe(node));
      if (!node.attributes.emplace(attribute.name(), std::move(value)).second)
        base::fail(Code::kBadAttribute,
                   fmt::format("attribute \"{}\" is given twice", attribute.name()),
                   describe(node));
    }
  }

  ValueId find(const std::string& name, const Node& node) const {
    if (name.empty()) return ValueId();
    const auto found = ids_.find(name);
    if (found == ids_.end())
      base::fail(Code::kBadGraph, fmt::format("reads \"{}\", which nothing makes", name),
                 describe(node));
    return found->second;
  }

  void add_outputs() {
    std::set<ValueId> seen;
    for (const onnx::ValueInfoProto& info : proto_.output()) {
      const auto found = ids_.find(info.name());
      const std::string where = fmt::format("output \"{}\"", info.name());
      if (found == ids_.end()) base::fail(Code::kBadGraph, "nothing makes this output", where);
      if (!seen.insert(found->second).second) base::fail(Code::kBadGraph, "is listed twice", where);
      graph_.outputs.push_back(found->second);
    }
  }

  // A declared type or shape that contradicts what the nodes compute hints at a damaged model.
  void check_declared_outputs() const {
    for (int i = 0; i < proto_.output_size(); ++i) {
      const onnx::ValueInfoProto& info = proto_.output(i);
      const Value& value = graph_.value(graph_.outputs[static_cast<std::size_t>(i)]);
      const std::string where = fmt::format("output \"{}\"", info.name());
      if (!info.has_type()) continue;
      if (!info.type().has_tensor_type())
        base::fail(Code::kUnsupportedFeature, "is not a tensor", where);
      const onnx::TypeProto::Tensor& type = info.type().tensor_type();
      if (dtype_of(type.elem_type(), where) != value.dtype)
        base::fail(
            Code::kBadType,
            fmt::format("is declared as {}, but the nodes give {}",
                        to_string(dtype_of(type.elem_type(), where)), to_string(value.dtype)),
            where);
      if (!type.has_shape()) continue;
      const Shape shape = declared_shape(type, where);
      if (!repeats_equal(shape, value.shape))
        base::fail(Code::kBadShape,
                   fmt::format("is declared as {}, but the nodes give {}", to_string(shape),
                               to_string(value.shape)),
                   where);
    }
  }

  static bool repeats_equal(const Shape& a, const Shape& b) {
    return std::ranges::equal(a, b, [](std::int64_t x, std::int64_t y) {
      return x == y || x == kUnknown || y == kUnknown;
    });
  }

  onnx::GraphProto& proto_;
  std::filesystem::path folder_;
  int* missing_;  // counts what counts as zeros; null: all data has to be there
  Graph graph_;
  std::vector<std::string> names_;  // of the nodes
  base::UniqueNames value_names_{"#"};
  std::unordered_map<std::string, ValueId> ids_;  // by the model's own names
};

}  // namespace

Graph import_graph(onnx::GraphProto& proto, std::int64_t opset, const std::filesystem::path& folder,
                   int* missing) {
  return Importer(proto, opset, folder, missing).run();
}

std::vector<SurveyedNode> survey_graph(onnx::GraphProto& proto, std::int64_t opset,
                                       const std::filesystem::path& folder) {
  return Importer(proto, opset, folder).survey();
}

}  // namespace nn
