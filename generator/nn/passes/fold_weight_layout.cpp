#include <algorithm>
#include <set>

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

// Swaps "format, then layout" to "layout, then format" and appends both to `nodes`.
class Swap {
 public:
  Swap(Graph& graph, const Node& format, const Node& layout, std::vector<Node>& nodes)
      : graph_(graph), format_(format), layout_(layout), nodes_(nodes) {}

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
      format_.inputs[i] =
          add_constant(graph_, value.name + "_scalar", reshaped(*value.constant, {}));
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
    node.name = fresh_node_name(graph_, layout_.name + "_" + std::to_string(id.index()));
    node.inputs[0] = id;
    const ValueId result =
        add_constant(graph_, graph_.value(id).name + "_moved", *graph_.value(id).constant);
    node.outputs = {result};
    nodes_.push_back(std::move(node));
    return result;
  }

  bool finish() {
    format_.outputs = layout_.outputs;
    format_.name = layout_.name;
    nodes_.push_back(format_);
    return true;
  }

  Graph& graph_;
  Node format_;
  const Node layout_;
  std::vector<Node>& nodes_;
};

bool swap_at(Graph& graph, const Node& layout, std::vector<Node>& nodes) {
  static const std::set<std::string> layouts = {"Transpose", "Reshape", "Squeeze", "Unsqueeze",
                                                "Flatten"};
  static const std::set<std::string> formats = {"DequantizeLinear", "Quant", "IntQuant",
                                                "BipolarQuant"};
  if (!layouts.contains(layout.op) || !layout.domain.empty()) return false;
  const auto format = std::ranges::find_if(nodes, [&](const Node& node) {
    return std::ranges::find(node.outputs, layout.inputs[0]) != node.outputs.end();
  });
  if (format == nodes.end() || !formats.contains(format->op)) return false;
  if (!has_constant_inputs(graph, *format)) return false;
  return Swap(graph, Node(*format), layout, nodes).run();
}

}  // namespace

Graph fold_weight_layout(const Graph& graph) {
  Graph result = graph;
  std::vector<Node> nodes;
  for (const Node& node : graph.nodes)
    if (!swap_at(result, node, nodes)) nodes.push_back(node);
  result.nodes = std::move(nodes);
  infer_shapes(result);
  return fold_constants(prune(result));
}

}  // namespace nn
