#include "nn/edit.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nn {

namespace {

template <class List>
std::string fresh(const List& list, const std::string& name) {
  std::string candidate = name;
  for (int i = 2; std::ranges::any_of(list, [&](const auto& x) { return x.name == candidate; });
       ++i)
    candidate = fmt::format("{}_{}", name, i);
  return candidate;
}

}  // namespace

ValueId add_constant(Graph& graph, const std::string& name, Array array) {
  const ValueId id(graph.values.size());
  graph.values.push_back(Value{fresh(graph.values, name), array.dtype, array.shape, {}});
  graph.values.back().constant = std::move(array);
  return id;
}

std::string fresh_node_name(const Graph& graph, const std::string& name) {
  return fresh(graph.nodes, name);
}

void redirect(Graph& graph, ValueId from, ValueId to) {
  for (Node& node : graph.nodes) std::ranges::replace(node.inputs, from, to);
  std::ranges::replace(graph.outputs, from, to);
}

bool read_only_by(const Graph& graph, ValueId id, NodeId reader) {
  return !is_output(graph, id) && graph.consumers(id) == std::vector<NodeId>{reader};
}

bool is_output(const Graph& graph, ValueId id) {
  return std::ranges::find(graph.outputs, id) != graph.outputs.end();
}

}  // namespace nn
