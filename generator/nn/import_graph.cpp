#include "nn/import_graph.hpp"

#include <fmt/format.h>
#include <onnx/onnx_pb.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <unordered_map>

#include "base/error.hpp"
#include "base/interrupt.hpp"
#include "base/text.hpp"
#include "nn/import_branches.hpp"
#include "nn/infer.hpp"
#include "nn/onnx_types.hpp"
#include "nn/op_support.hpp"
#include "nn/tensor_proto.hpp"

namespace nn {

using base::Code;

namespace {

// A graph whose names stand for themselves: the model's, or a branch of an If within it.
struct Scope {
  onnx::GraphProto& proto;
  const Scope* outer = nullptr;                    // whose values it may read, too
  std::string prefix{};                            // of its nodes' names
  std::vector<std::string> names{};                // of the nodes
  std::unordered_map<std::string, ValueId> ids{};  // by the model's own names
};

// One outer scope after the other until one knows the name.
ValueId find_value(const Scope* scope, const std::string& name) {
  for (; scope; scope = scope->outer)
    if (const auto found = scope->ids.find(name); found != scope->ids.end()) return found->second;
  return ValueId();
}

class Importer {
 public:
  Importer(onnx::GraphProto& proto, std::int64_t opset, std::filesystem::path folder,
           int* missing = nullptr)
      : model_{proto}, folder_(std::move(folder)), missing_(missing) {
    graph_.name = base::printable(proto.name());
    graph_.opset = opset;
    name_nodes(model_);
  }

  Graph run() {
    refuse_what_is_missing();
    check_operators(model_);
    add_initialisers(model_);
    add_inputs();
    append(nodes_of(model_), model_);
    add_outputs();
    infer_shapes(graph_);
    check_declared_outputs();
    Graph result = prune(std::move(graph_));
    verify(result);
    return result;
  }

  std::vector<SurveyedNode> survey() const {
    std::vector<SurveyedNode> nodes;
    for (int n = 0; n < model_.proto.node_size(); ++n) nodes.push_back(surveyed(n));
    return nodes;
  }

 private:
  void refuse_what_is_missing() const {
    const onnx::GraphProto& proto = model_.proto;
    if (proto.node_size() == 0) base::fail(Code::kEmptyNetwork, "the network has no nodes");
    if (proto.output_size() == 0) base::fail(Code::kEmptyNetwork, "the network has no outputs");
    if (proto.sparse_initializer_size() > 0)
      base::fail(Code::kUnsupportedFeature, "sparse initialisers are not supported",
                 fmt::format("initialiser \"{}\"", proto.sparse_initializer(0).values().name()),
                 "store them dense");
  }

  // First of all, and for all nodes at once: what the user wants to know is what is not supported.
  // Of a branch of an If it is what is left of the other one.
  void check_operators(const Scope& scope) const {
    base::Diagnostics faults;
    for (int n = 0; n < scope.proto.node_size(); ++n) {
      if (is_choice(scope.proto.node(n))) continue;
      const Node node = named(scope, n);
      if (!find_op(node.op, node.domain)) check_node(node, graph_.opset, faults);
    }
    faults.throw_if_any();
  }

  // Exporters leave names out, give them twice, and put anything into them. Here they become one
  // line of text each, all different; a name that the model gives goes before one that is made up.
  void name_nodes(Scope& scope) {
    const auto size = static_cast<std::size_t>(scope.proto.node_size());
    scope.names.resize(size);
    const auto name = [&](std::size_t n, const std::string& text) {
      const bool parted = scope.prefix.empty() || text.starts_with('/');
      scope.names[n] = node_names_.take(scope.prefix + (parted ? "" : "/") + text);
    };
    for (std::size_t n = 0; n < size; ++n)
      if (const std::string& given = scope.proto.node(static_cast<int>(n)).name(); !given.empty())
        name(n, base::printable(given));
    for (std::size_t n = 0; n < size; ++n)
      if (scope.names[n].empty())
        name(n, fmt::format("{}_{}",
                            base::printable(scope.proto.node(static_cast<int>(n)).op_type()), n));
  }

  // Node n with its name, op and domain only.
  static Node named(const Scope& scope, int n) {
    const onnx::NodeProto& from = scope.proto.node(n);
    Node node;
    node.name = scope.names[static_cast<std::size_t>(n)];
    node.op = base::printable(from.op_type());
    node.domain = from.domain() == "ai.onnx" ? "" : base::printable(from.domain());
    return node;
  }

  SurveyedNode surveyed(int n) const {
    const auto present = [](const std::string& name) {
      return name.empty() ? ValueId() : ValueId(0);
    };
    const onnx::NodeProto& from = model_.proto.node(n);
    Node node = named(model_, n);
    for (const std::string& name : from.input()) node.inputs.push_back(present(name));
    for (const std::string& name : from.output()) node.outputs.push_back(present(name));
    if (is_choice(from)) return {std::move(node), {}};  // import_graph() knows which branch
    base::Diagnostics faults;
    try {
      if (find_op(node.op, node.domain)) add_attributes(from, node);
      check_node(node, graph_.opset, faults);
    } catch (const base::Error& error) {
      return {std::move(node), error.faults()};
    }
    return {std::move(node), faults.faults()};
  }

  ValueId add_value(Scope& scope, const std::string& name, const char* what) {
    if (name.empty()) base::fail(Code::kBadGraph, fmt::format("{} has no name", what));
    const ValueId id(graph_.values.size());
    if (!scope.ids.emplace(name, id).second)
      base::fail(Code::kBadGraph, fmt::format("the name \"{}\" is given to two values", name),
                 fmt::format("{} \"{}\"", what, name), "names must be unique in a model");
    graph_.values.push_back(Value{.name = value_names_.take(base::printable(name)),
                                  .dtype = {},
                                  .shape = {},
                                  .constant = {}});
    return id;
  }

  // A value's name -> the first node that reads it.
  static std::unordered_map<std::string, int> first_readers(const onnx::GraphProto& proto) {
    std::unordered_map<std::string, int> readers;
    for (int n = 0; n < proto.node_size(); ++n)
      for (const std::string& name : proto.node(n).input()) readers.emplace(name, n);
    return readers;
  }

  void add_initialisers(Scope& scope) {
    const std::unordered_map<std::string, int> readers = first_readers(scope.proto);
    for (onnx::TensorProto& tensor : *scope.proto.mutable_initializer()) {
      base::interruption_point();
      const ValueId id = add_value(scope, tensor.name(), "initialiser");
      std::string where = fmt::format("initialiser \"{}\"", tensor.name());
      if (const auto reader = readers.find(tensor.name()); reader != readers.end())
        where += " of " + describe(named(scope, reader->second));
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
    for (const onnx::ValueInfoProto& info : model_.proto.input()) {
      // Up to IR version 3 initialisers are also listed as inputs.
      const bool initialised = model_.ids.contains(info.name()) && !seen.contains(info.name());
      seen.insert(info.name());
      if (initialised) continue;
      const std::string where = fmt::format("input \"{}\"", info.name());
      if (!info.type().has_tensor_type())
        base::fail(Code::kUnsupportedFeature,
                   "is not a tensor; sequences, maps and optionals are not "
                   "supported",
                   where);
      const ValueId id = add_value(model_, info.name(), "input");
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

  // The nodes of a scope, sorted. An If reads what its branches read.
  std::vector<Node> nodes_of(Scope& scope) {
    std::vector<Node> nodes;
    for (int n = 0; n < scope.proto.node_size(); ++n) {
      base::interruption_point();
      onnx::NodeProto& from = *scope.proto.mutable_node(n);
      Node node = named(scope, n);
      for (const std::string& name : from.output())
        node.outputs.push_back(name.empty() ? ValueId() : add_value(scope, name, "node output"));
      if (is_choice(from)) {
        choices_.emplace(node.name, &from);
      } else {
        add_attributes(from, node);
        for (onnx::AttributeProto& attribute : *from.mutable_attribute())
          if (attribute.has_t()) let_go(*attribute.mutable_t());
      }
      nodes.push_back(std::move(node));
    }
    add_inputs_of(nodes, scope);
    return sorted(std::move(nodes), graph_.values.size());
  }

  void add_inputs_of(std::vector<Node>& nodes, const Scope& scope) const {
    base::Diagnostics faults;
    for (int n = 0; n < scope.proto.node_size(); ++n) {
      const onnx::NodeProto& from = scope.proto.node(n);
      Node& node = nodes[static_cast<std::size_t>(n)];
      for (const std::string& name : from.input()) node.inputs.push_back(find(scope, name, node));
      if (is_choice(from))
        add_captured(from, scope, node);
      else
        check_node(node, graph_.opset, faults);
    }
    faults.throw_if_any();
  }

  // What is further out is there before any node of the scope.
  static void add_captured(const onnx::NodeProto& from, const Scope& scope, Node& node) {
    if (node.inputs.size() != 1 || !node.inputs.front().valid())
      base::fail(Code::kBadGraph,
                 fmt::format("has {} inputs; If takes its condition alone", node.inputs.size()),
                 describe(node), "check the model with onnx.checker");
    for (const std::string& name : captured(from))
      if (const auto found = scope.ids.find(name); found != scope.ids.end())
        node.inputs.push_back(found->second);
  }

  // Puts `nodes` behind those of the graph, of each If the nodes of its branch.
  void append(std::vector<Node> nodes, const Scope& scope) {
    for (Node& node : nodes)
      if (const auto choice = choices_.find(node.name); choice != choices_.end())
        append_branch(node, *choice->second, scope);
      else
        graph_.nodes.push_back(std::move(node));
  }

  void append_branch(const Node& node, onnx::NodeProto& from, const Scope& scope) {
    infer_new();
    const std::string name = holds(node) ? "then_branch" : "else_branch";
    onnx::GraphProto& branch = branch_of(from, name, describe(node));
    const std::string where = fmt::format("{} of {}", name, describe(node));
    check_branch(branch, from.output_size(), where);
    Scope inner{branch, &scope, node.name};
    name_nodes(inner);
    check_operators(inner);
    add_initialisers(inner);
    append(nodes_of(inner), inner);
    for (int i = 0; i < branch.output_size(); ++i) {
      const ValueId made = find_value(&inner, branch.output(i).name());
      if (!made.valid())
        base::fail(Code::kBadGraph,
                   fmt::format("nothing makes its output \"{}\"", branch.output(i).name()), where,
                   "check the model with onnx.checker");
      const ValueId output = node.outputs[static_cast<std::size_t>(i)];
      if (output.valid())
        append_copy(i == 0 ? node.name : node_names_.take(node.name), made, output);
    }
  }

  void append_copy(const std::string& name, ValueId from, ValueId to) {
    Node copy;
    copy.name = name;
    copy.op = "Identity";
    copy.inputs = {from};
    copy.outputs = {to};
    graph_.nodes.push_back(std::move(copy));
  }

  // Shapes and small constants of nodes that have none yet.
  void infer_new() {
    const auto first = graph_.nodes.begin() + static_cast<std::ptrdiff_t>(inferred_);
    std::vector<Node> fresh(std::make_move_iterator(first),
                            std::make_move_iterator(graph_.nodes.end()));
    infer_shapes(graph_, fresh);
    std::ranges::move(fresh, first);
    inferred_ = graph_.nodes.size();
  }

  // The condition of an If, whose shapes are inferred.
  bool holds(const Node& node) const {
    const Value& condition = graph_.value(node.inputs.front());
    if (!condition.trials.empty())
      base::fail(Code::kUnsupportedFeature,
                 "its condition depends on an extent that the model leaves open", describe(node),
                 "export the model with fixed extents, all but the batch");
    if (!condition.constant)
      base::fail(Code::kUnsupportedFeature, "its condition is not known before the network runs",
                 describe(node),
                 "export the branch that is wanted alone: control flow at run time is not "
                 "supported");
    if (condition.dtype != DType::kBool || element_count(condition.shape) != 1)
      base::fail(Code::kBadType,
                 fmt::format("its condition is {} of shape {}, not one bool",
                             to_string(condition.dtype), to_string(condition.shape)),
                 describe(node), "check the model with onnx.checker");
    return std::get<SharedList<std::int64_t>>(condition.constant->data).read().front() != 0;
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

  static ValueId find(const Scope& scope, const std::string& name, const Node& node) {
    if (name.empty()) return ValueId();
    const ValueId found = find_value(&scope, name);
    if (!found.valid())
      base::fail(Code::kBadGraph, fmt::format("reads \"{}\", which nothing makes", name),
                 describe(node));
    return found;
  }

  void add_outputs() {
    std::set<ValueId> seen;
    for (const onnx::ValueInfoProto& info : model_.proto.output()) {
      const auto found = model_.ids.find(info.name());
      const std::string where = fmt::format("output \"{}\"", info.name());
      if (found == model_.ids.end())
        base::fail(Code::kBadGraph, "nothing makes this output", where);
      if (!seen.insert(found->second).second) base::fail(Code::kBadGraph, "is listed twice", where);
      graph_.outputs.push_back(found->second);
    }
  }

  // A declared type or shape that contradicts what the nodes compute hints at a damaged model.
  void check_declared_outputs() const {
    for (int i = 0; i < model_.proto.output_size(); ++i) {
      const onnx::ValueInfoProto& info = model_.proto.output(i);
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

  Scope model_;
  std::filesystem::path folder_;
  int* missing_;  // counts what counts as zeros; null: all data has to be there
  Graph graph_;
  base::UniqueNames node_names_{"#"};
  base::UniqueNames value_names_{"#"};
  std::unordered_map<std::string, onnx::NodeProto*> choices_;  // every If, by its node's name
  std::size_t inferred_ = 0;  // nodes whose shapes are, as far as an If wanted them
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
