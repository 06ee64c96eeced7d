#include <fmt/format.h>

#include <string_view>
#include <unordered_set>

#include "base/error.hpp"
#include "nn/infer.hpp"

namespace nn {

namespace {

[[noreturn]] void broken(const Graph& graph, const std::string& what) {
  base::fail(base::Code::kInternal, "the network graph is inconsistent: " + what,
             fmt::format("graph \"{}\"", graph.name));
}

void check_ids(const Graph& graph) {
  const auto check = [&](const std::vector<ValueId>& ids, bool may_be_omitted, const char* what) {
    for (const ValueId id : ids)
      if (id.valid() ? id.index() >= graph.values.size() : !may_be_omitted)
        broken(graph, fmt::format("an id among the {} is out of range", what));
  };
  check(graph.inputs, false, "graph's inputs");
  check(graph.outputs, false, "graph's outputs");
  for (const Node& node : graph.nodes) {
    check(node.inputs, true, "nodes' inputs");
    check(node.outputs, true, "nodes' outputs");
  }
}

void check_names(const Graph& graph) {
  std::unordered_set<std::string_view> seen;
  for (const Value& value : graph.values)
    if (value.name.empty() || !seen.insert(value.name).second)
      broken(graph, fmt::format("value name \"{}\" is empty or used twice", value.name));
  seen.clear();
  for (const Node& node : graph.nodes)
    if (node.name.empty() || !seen.insert(node.name).second)
      broken(graph, fmt::format("node name \"{}\" is empty or used twice", node.name));
}

// Walks the nodes in order; a value exists once it is an input, a constant or made.
void check_order(const Graph& graph) {
  std::vector<bool> made(graph.values.size(), false);
  for (const Node& node : graph.nodes)
    for (const ValueId id : node.outputs) {
      if (!id.valid()) continue;
      if (made[id.index()])
        broken(graph, fmt::format("value \"{}\" is made twice", graph.value(id).name));
      made[id.index()] = true;
    }
  std::vector<bool> exists(graph.values.size(), false);
  for (std::size_t v = 0; v < exists.size(); ++v)
    exists[v] = !made[v] && graph.values[v].constant.has_value();
  for (const ValueId id : graph.inputs) {
    if (exists[id.index()] || made[id.index()])
      broken(graph,
             fmt::format("input \"{}\" is also a constant, made or doubled", graph.value(id).name));
    exists[id.index()] = true;
  }
  for (const Node& node : graph.nodes) {
    for (const ValueId id : node.inputs)
      if (id.valid() && !exists[id.index()])
        broken(graph, fmt::format("\"{}\" is read by {} before it exists", graph.value(id).name,
                                  describe(node)));
    for (const ValueId id : node.outputs)
      if (id.valid()) exists[id.index()] = true;
  }
  for (std::size_t v = 0; v < exists.size(); ++v)
    if (!exists[v]) broken(graph, fmt::format("nothing makes \"{}\"", graph.values[v].name));
}

void check_constants(const Graph& graph) {
  std::vector<bool> used(graph.values.size(), false);
  for (const ValueId id : graph.outputs) used[id.index()] = true;
  for (const Node& node : graph.nodes)
    for (const auto* ids : {&node.inputs, &node.outputs})
      for (const ValueId id : *ids)
        if (id.valid()) used[id.index()] = true;
  for (std::size_t v = 0; v < graph.values.size(); ++v) {
    const Value& value = graph.values[v];
    if (!value.constant) continue;
    const Array& array = *value.constant;
    if (array.dtype != value.dtype || array.shape != value.shape ||
        array.data.index() != Array::zeros(array.dtype, {0}).data.index() ||
        static_cast<std::int64_t>(array.size()) != element_count(array.shape))
      broken(graph, fmt::format("constant \"{}\" does not match its type or shape", value.name));
    if (!used[v]) broken(graph, fmt::format("nothing reads the constant \"{}\"", value.name));
  }
}

void check_shapes(const Graph& graph) {
  Graph again{graph.name, graph.opset, graph.values, {}, graph.inputs, graph.outputs};
  infer_shapes(again, graph.nodes);
  for (std::size_t v = 0; v < graph.values.size(); ++v)
    if (graph.values[v].dtype != again.values[v].dtype ||
        graph.values[v].shape != again.values[v].shape)
      broken(graph,
             fmt::format("\"{}\" is {} {}, but inference gives {} {}", graph.values[v].name,
                         to_string(graph.values[v].dtype), to_string(graph.values[v].shape),
                         to_string(again.values[v].dtype), to_string(again.values[v].shape)));
}

}  // namespace

void verify(const Graph& graph) {
  check_ids(graph);
  check_names(graph);
  check_order(graph);
  check_constants(graph);
  check_shapes(graph);
}

}  // namespace nn
