#include "nn/infer.hpp"
#include "nn/passes/passes.hpp"

namespace nn {

Graph fix_inputs(Graph graph, const std::vector<Shape>& shapes) {
  for (std::size_t i = 0; i < shapes.size(); ++i)
    if (!shapes[i].empty()) graph.value(graph.inputs[i]).shape = shapes[i];
  infer_shapes(graph);
  graph = prune(std::move(graph));  // shapes that were computed are constants now
  verify(graph);
  return graph;
}

}  // namespace nn
