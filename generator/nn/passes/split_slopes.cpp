#include <algorithm>
#include <utility>

#include "base/interrupt.hpp"
#include "nn/edit.hpp"
#include "nn/infer.hpp"
#include "nn/op_support.hpp"
#include "nn/passes/passes.hpp"

namespace nn {

namespace {

// Whether the node is a PRelu of constant slopes that differ.
bool has_slopes(const Graph& graph, const Node& node) {
  if (node.op != "PRelu" || !graph.is_constant(node.inputs[1])) return false;
  const Array& slopes = *input(graph, node, 1).constant;
  bool differ = false;
  for (std::size_t i = 1; i < slopes.size(); ++i) differ = differ || slopes.at(i) != slopes.at(0);
  return differ && slopes.dtype == DType::kFloat;
}

class Split {
 public:
  explicit Split(Graph& graph)
      : graph_(graph), value_names_(names_of(graph.values)), node_names_(names_of(graph.nodes)) {}

  void run() {
    for (Node& node : std::exchange(graph_.nodes, {})) {
      base::interruption_point();
      if (has_slopes(graph_, node))
        split(node);
      else
        graph_.nodes.push_back(std::move(node));
    }
  }

 private:
  void split(const Node& node) {
    const ValueId slopes = node.inputs[1];
    const ValueId positive = push(node.name + "_relu", "Relu", {node.inputs[0]});
    const ValueId sloped = push(node.name + "_slope", "Mul", {node.inputs[0], slopes});
    const ValueId rest = push(node.name + "_rest", "Mul", {positive, rests_of(node, slopes)});
    graph_.nodes.push_back({node.name, "Add", {}, {sloped, rest}, node.outputs, {}});
  }

  // 1 - slope, each.
  ValueId rests_of(const Node& node, ValueId slopes) {
    const Array& of = *graph_.value(slopes).constant;
    std::vector<float> rests(of.size());
    for (std::size_t i = 0; i < rests.size(); ++i) rests[i] = static_cast<float>(1 - of.at(i));
    return add_constant(graph_, value_names_, node.name + "_rests",
                        Array::of_floats(of.shape, std::move(rests)));
  }

  ValueId push(const std::string& name, const std::string& op, std::vector<ValueId> inputs) {
    graph_.values.push_back(Value{value_names_.take(name), {}, {}, {}});
    const ValueId made(graph_.values.size() - 1);
    graph_.nodes.push_back({node_names_.take(name), op, {}, std::move(inputs), {made}, {}});
    return made;
  }

  Graph& graph_;
  base::UniqueNames value_names_;
  base::UniqueNames node_names_;
};

}  // namespace

Graph split_slopes(Graph graph) {
  if (std::ranges::none_of(graph.nodes, [&](const Node& node) { return has_slopes(graph, node); }))
    return graph;
  Split(graph).run();
  infer_shapes(graph);
  graph = prune(std::move(graph));
  verify(graph);
  return graph;
}

}  // namespace nn
