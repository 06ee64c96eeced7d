#include <algorithm>

#include "base/interrupt.hpp"
#include "nn/edit.hpp"
#include "nn/infer.hpp"
#include "nn/op_support.hpp"
#include "nn/passes/passes.hpp"
#include "nn/registry.hpp"

namespace nn {

namespace {

bool is_known(const Graph& graph, const std::vector<ValueId>& ids) {
  return std::ranges::all_of(ids, [&](ValueId id) { return !id.valid() || graph.is_constant(id); });
}

// What inference has computed already: small results, also of shapes.
bool is_computed(const Graph& graph, const Node& node) { return is_known(graph, node.outputs); }

bool is_foldable(const Graph& graph, const Node& node) {
  return !op_of(node).quantises && is_known(graph, node.inputs);
}

void fold(Graph& graph, const Node& node) {
  Call call{graph, node, {}};
  for (const ValueId id : node.inputs)
    call.inputs.push_back(id.valid() ? &*graph.value(id).constant : nullptr);
  std::vector<Array> results = op_of(node).evaluate(call);
  for (std::size_t i = 0; i < results.size(); ++i)
    if (has_output(node, i)) graph.value(node.outputs[i]).constant = std::move(results[i]);
}

// Whether the node is a Reshape whose target is computed from the batch and could be a constant, -1
// for the batch. Two unknown extents have no such target.
bool has_open_target(const Graph& graph, const Node& node) {
  if (node.op != "Reshape" || !node.domain.empty() || graph.is_constant(node.inputs[1]))
    return false;
  const Shape& target = graph.value(node.outputs[0]).shape;
  return std::ranges::find(target, 0) == target.end() && std::ranges::count(target, kUnknown) <= 1;
}

void settle_target(Graph& graph, Node& node, base::UniqueNames& names) {
  const Shape target = graph.value(node.outputs[0]).shape;
  node.inputs[1] = add_constant(
      graph, names, graph.value(node.inputs[1]).name + "_known",
      Array::of_ints(DType::kInt64, {static_cast<std::int64_t>(target.size())}, target));
}

bool has_work(const Graph& graph) {
  return std::ranges::any_of(graph.nodes, [&](const Node& node) {
    return is_computed(graph, node) || is_foldable(graph, node) || has_open_target(graph, node);
  });
}

}  // namespace

Graph fold_constants(Graph graph) {
  if (!has_work(graph)) return graph;
  base::UniqueNames names = names_of(graph.values);
  std::vector<Node> kept;
  for (Node& node : graph.nodes) {
    base::interruption_point();
    if (is_computed(graph, node)) continue;
    if (is_foldable(graph, node)) {
      fold(graph, node);
      continue;
    }
    if (has_open_target(graph, node)) settle_target(graph, node, names);
    kept.push_back(std::move(node));
  }
  graph.nodes = std::move(kept);
  graph = prune(std::move(graph));
  verify(graph);
  return graph;
}

}  // namespace nn
