#include "nn/passes/passes.hpp"

namespace nn {

Graph simplify(const Graph& graph) {
  Graph result = graph;
  while (true) {
    Graph next = fold_constants(result);
    next = fold_weight_layout(next);
    next = remove_identities(next);
    next = fold_batch_norm(next);
    // No pass adds work: a fixed point has as many nodes and values as before.
    if (next.nodes.size() == result.nodes.size() && next.values.size() == result.values.size())
      return next;
    result = std::move(next);
  }
}

}  // namespace nn
