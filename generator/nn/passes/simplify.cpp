#include "nn/passes/passes.hpp"

namespace nn {

Graph simplify(Graph graph) {
  graph = spell_out_integers(std::move(graph));
  graph = split_slopes(std::move(graph));
  while (true) {
    const std::size_t nodes = graph.nodes.size();
    const std::size_t values = graph.values.size();
    graph = fold_constants(std::move(graph));
    graph = fold_weight_layout(std::move(graph));
    graph = remove_identities(std::move(graph));
    graph = fold_pads(std::move(graph));
    graph = join_lrn(std::move(graph));
    // No pass adds work: a fixed point has as many nodes and values as before.
    if (graph.nodes.size() == nodes && graph.values.size() == values) return graph;
  }
}

}  // namespace nn
