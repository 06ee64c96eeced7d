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

// Gives a Reshape whose target is computed from the batch the same target as a constant: -1 for the
// batch. Two unknown extents have no such target.
void settle_target(Graph& graph, Node& node, base::UniqueNames& names) {
  if (node.op != "Reshape" || !node.domain.empty() || graph.is_constant(node.inputs[1])) return;
  const Shape& target = graph.value(node.outputs[0]).shape;
  const bool zeros = std::ranges::find(target, 0) != target.end();
  if (zeros || std::ranges::count(target, kUnknown) > 1) return;
  node.inputs[1] = add_constant(
      graph, names, graph.value(node.inputs[1]).name + "_known",
      Array::of_ints(DType::kInt64, {static_cast<std::int64_t>(target.size())}, target));
}

}  // namespace

Graph fold_constants(const Graph& graph) {
  Graph result = graph;
  base::UniqueNames names = names_of(result.values);
  std::vector<Node> kept;
  for (Node& node : result.nodes) {
    base::interruption_point();
    if (is_computed(result, node)) continue;
    if (is_foldable(result, node)) {
      fold(result, node);
      continue;
    }
    settle_target(result, node, names);
    kept.push_back(std::move(node));
  }
  result.nodes = std::move(kept);
  result = prune(result);
  verify(result);
  return result;
}

}  // namespace nn
