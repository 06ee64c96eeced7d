#include <algorithm>
#include <set>
#include <unordered_map>

#include "base/interrupt.hpp"
#include "nn/edit.hpp"
#include "nn/infer.hpp"
#include "nn/op_support.hpp"
#include "nn/passes/passes.hpp"

namespace nn {

namespace {

bool has_constant_inputs(const Graph& graph, const Node& node) {
  return std::ranges::all_of(node.inputs,
                             [&](ValueId id) { return !id.valid() || graph.is_constant(id); });
}

// Whether the format of all elements is one scale and one zero point.
bool is_per_tensor(const Graph& graph, const Node& format) {
  for (std::size_t i = 1; i < format.inputs.size(); ++i)
    if (has_input(format, i) && known_count(input(graph, format, i).shape) != 1) return false;
  return true;
}

// The graph being made: its nodes so far, and which of them makes a value.
class Made {
 public:
  explicit Made(Graph& graph)
      : graph_(graph), value_names_(names_of(graph.values)), node_names_(names_of(graph.nodes)) {}

  void push(Node node) {
    for (const ValueId id : node.outputs)
      if (id.valid()) maker_[id] = nodes_.size();
    nodes_.push_back(std::move(node));
  }
  const Node* maker(ValueId id) const {
    const auto found = maker_.find(id);
    return found == maker_.end() ? nullptr : &nodes_[found->second];
  }
  ValueId constant(const std::string& name, Array array) {
    return add_constant(graph_, value_names_, name, std::move(array));
  }
  std::string node_name(const std::string& name) { return node_names_.take(name); }
  std::vector<Node> take() { return std::move(nodes_); }

 private:
  Graph& graph_;
  base::UniqueNames value_names_;
  base::UniqueNames node_names_;
  std::vector<Node> nodes_;
  std::unordered_map<ValueId, std::size_t> maker_;
};

// Swaps "format, then layout" to "layout, then format" and appends both to what is made.
class Swap {
 public:
  Swap(const Graph& graph, const Node& format, const Node& layout, Made& made)
      : graph_(graph), format_(format), layout_(layout), made_(made) {}

  bool run() {
    const bool dequantise = format_.op == "DequantizeLinear";
    if (layout_.op != "Transpose" || is_per_tensor(graph_, format_)) return run_per_tensor();
    if (format_.int_attribute("block_size", 0) != 0) return false;
    return dequantise ? run_axis() : run_broadcast();
  }

 private:
  bool run_per_tensor() {
    if (!is_per_tensor(graph_, format_)) return false;
    for (std::size_t i = 1; i < format_.inputs.size(); ++i) {
      if (!has_input(format_, i) || input(graph_, format_, i).shape.empty()) continue;
      const Value& value = input(graph_, format_, i);
      format_.inputs[i] = made_.constant(value.name + "_scalar", reshaped(*value.constant, {}));
    }
    format_.attributes.erase("axis");
    format_.inputs[0] = moved(format_.inputs[0]);
    return finish();
  }

  // One scale an index of an axis, which the permutation moves.
  bool run_axis() {
    const std::size_t rank = input(graph_, format_, 0).shape.size();
    const auto axis = front_axis(format_, format_.int_attribute("axis", 1), rank);
    const std::vector<std::int64_t> perm = layout_.ints_attribute("perm", {});
    std::size_t place = rank - 1 - axis;  // without perm the axes are reversed
    for (std::size_t d = 0; d < perm.size(); ++d)
      if (perm[d] == static_cast<std::int64_t>(axis)) place = d;
    format_.attributes["axis"] = static_cast<std::int64_t>(place);
    format_.inputs[0] = moved(format_.inputs[0]);
    return finish();
  }

  // Scales of the weights' own rank are permuted with them.
  bool run_broadcast() {
    const std::size_t rank = input(graph_, format_, 0).shape.size();
    const std::size_t parameters = format_.op == "Quant" || format_.op == "IntQuant" ? 3 : 2;
    for (std::size_t i = 1; i < parameters; ++i) {
      const Shape& shape = input(graph_, format_, i).shape;
      if (known_count(shape) != 1 && shape.size() != rank) return false;
    }
    for (std::size_t i = 0; i < parameters; ++i)
      if (input(graph_, format_, i).shape.size() == rank)
        format_.inputs[i] = moved(format_.inputs[i]);
    return finish();
  }

  // The layout op on `id` alone; all constant, so constant folding computes it.
  ValueId moved(ValueId id) {
    Node node = layout_;
    node.name = made_.node_name(layout_.name + "_" + std::to_string(id.index()));
    node.inputs[0] = id;
    const ValueId result =
        made_.constant(graph_.value(id).name + "_moved", *graph_.value(id).constant);
    node.outputs = {result};
    made_.push(std::move(node));
    return result;
  }

  bool finish() {
    format_.outputs = layout_.outputs;
    format_.name = layout_.name;
    made_.push(format_);
    return true;
  }

  const Graph& graph_;
  Node format_;
  const Node layout_;
  Made& made_;
};

bool is_format(const Node& node) {
  static const std::set<std::string> formats = {"DequantizeLinear", "Quant", "IntQuant",
                                                "BipolarQuant"};
  return formats.contains(node.op);
}

bool has_formats(const Graph& graph) { return std::ranges::any_of(graph.nodes, is_format); }

bool swap_at(const Graph& graph, const Node& layout, Made& made) {
  static const std::set<std::string> layouts = {"Transpose", "Reshape", "Squeeze", "Unsqueeze",
                                                "Flatten"};
  if (!layouts.contains(layout.op) || !layout.domain.empty()) return false;
  const Node* format = made.maker(layout.inputs[0]);
  if (!format || !is_format(*format)) return false;
  if (!has_constant_inputs(graph, *format)) return false;
  return Swap(graph, *format, layout, made).run();
}

}  // namespace

Graph fold_weight_layout(Graph graph) {
  if (!has_formats(graph)) return graph;
  Made made(graph);
  bool changed = false;
  for (Node& node : graph.nodes) {
    base::interruption_point();
    if (swap_at(graph, node, made))
      changed = true;
    else
      made.push(std::move(node));
  }
  graph.nodes = made.take();
  if (!changed) return graph;
  infer_shapes(graph);
  return fold_constants(prune(std::move(graph)));
}

}  // namespace nn
