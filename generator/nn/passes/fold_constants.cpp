#include <algorithm>

#include "base/interrupt.hpp"
#include "nn/infer.hpp"
#include "nn/op_support.hpp"
#include "nn/passes/passes.hpp"
#include "nn/registry.hpp"

namespace nn {

namespace {

bool is_foldable(const Graph& graph, const Node& node) {
  return !op_of(node).quantises && std::ranges::all_of(node.inputs, [&](ValueId id) {
    return !id.valid() || graph.is_constant(id);
  });
}

void fold(Graph& graph, const Node& node) {
  Call call{graph, node, {}};
  for (const ValueId id : node.inputs)
    call.inputs.push_back(id.valid() ? &*graph.value(id).constant : nullptr);
  std::vector<Array> results = op_of(node).evaluate(call);
  for (std::size_t i = 0; i < results.size(); ++i)
    if (has_output(node, i)) graph.value(node.outputs[i]).constant = std::move(results[i]);
}

}  // namespace

Graph fold_constants(const Graph& graph) {
  Graph result = graph;
  std::vector<Node> kept;
  for (Node& node : result.nodes) {
    base::interruption_point();
    if (is_foldable(result, node))
      fold(result, node);
    else
      kept.push_back(std::move(node));
  }
  result.nodes = std::move(kept);
  result = prune(result);
  verify(result);
  return result;
}

}  // namespace nn
