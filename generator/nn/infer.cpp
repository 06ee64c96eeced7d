#include "nn/infer.hpp"

#include <algorithm>

#include "base/interrupt.hpp"
#include "nn/op_support.hpp"
#include "nn/registry.hpp"

namespace nn {

namespace {

// Shapes and axes have at most a few dozen elements; weights are left to the constant folding pass.
constexpr std::int64_t kMostElementsComputed = 1024;

bool is_computable(const Graph& graph, const Node& node, const OpDef& def) {
  if (def.quantises) return false;
  const bool known = std::ranges::all_of(
      node.inputs, [&](ValueId id) { return !id.valid() || graph.is_constant(id); });
  const bool small = std::ranges::all_of(node.outputs, [&](ValueId id) {
    return !id.valid() || known_count(graph.value(id).shape) <= kMostElementsComputed;
  });
  return known && (small || node.inputs.empty());
}

void compute(Graph& graph, const Node& node, const OpDef& def) {
  Call call{graph, node, {}};
  for (const ValueId id : node.inputs)
    call.inputs.push_back(id.valid() ? &*graph.value(id).constant : nullptr);
  std::vector<Array> results = def.evaluate(call);
  for (std::size_t i = 0; i < results.size(); ++i)
    if (has_output(node, i)) graph.value(node.outputs[i]).constant = std::move(results[i]);
}

void infer_node(Graph& graph, const Node& node) {
  const OpDef& def = op_of(node);
  for (const ValueId id : node.outputs)
    if (id.valid()) graph.value(id).constant.reset();
  def.infer(graph, node);
  for (const ValueId id : node.outputs)
    if (id.valid()) check_extents(graph.value(id).shape, describe(node));
  if (is_computable(graph, node, def)) compute(graph, node, def);
}

std::vector<bool> needed_nodes(const Graph& graph) {
  std::vector<bool> wanted(graph.values.size(), false);
  for (const ValueId id : graph.outputs) wanted[id.index()] = true;
  std::vector<bool> needed(graph.nodes.size(), false);
  for (std::size_t n = graph.nodes.size(); n-- > 0;) {
    const Node& node = graph.nodes[n];
    needed[n] = std::ranges::any_of(node.outputs,
                                    [&](ValueId id) { return id.valid() && wanted[id.index()]; });
    if (!needed[n]) continue;
    for (const ValueId id : node.inputs)
      if (id.valid()) wanted[id.index()] = true;
  }
  return needed;
}

std::vector<bool> used_values(const Graph& graph, const std::vector<bool>& needed) {
  std::vector<bool> used(graph.values.size(), false);
  const auto mark = [&](const std::vector<ValueId>& ids) {
    for (const ValueId id : ids)
      if (id.valid()) used[id.index()] = true;
  };
  mark(graph.inputs);
  mark(graph.outputs);
  for (std::size_t n = 0; n < graph.nodes.size(); ++n) {
    if (!needed[n]) continue;
    mark(graph.nodes[n].inputs);
    mark(graph.nodes[n].outputs);
  }
  return used;
}

}  // namespace

void infer_shapes(Graph& graph) {
  for (Value& value : graph.values) {
    if (!value.constant) continue;
    value.dtype = value.constant->dtype;
    value.shape = value.constant->shape;
  }
  for (const Node& node : graph.nodes) {
    base::interruption_point();
    infer_node(graph, node);
  }
}

Graph prune(const Graph& graph) {
  const std::vector<bool> needed = needed_nodes(graph);
  const std::vector<bool> used = used_values(graph, needed);
  Graph result{graph.name, graph.opset, {}, {}, graph.inputs, graph.outputs};
  std::vector<ValueId> renamed(graph.values.size());
  for (std::size_t v = 0; v < graph.values.size(); ++v) {
    if (!used[v]) continue;
    renamed[v] = ValueId(result.values.size());
    result.values.push_back(graph.values[v]);
  }
  const auto rename = [&](std::vector<ValueId>& ids) {
    for (ValueId& id : ids)
      if (id.valid()) id = renamed[id.index()];
  };
  for (std::size_t n = 0; n < graph.nodes.size(); ++n) {
    if (!needed[n]) continue;
    result.nodes.push_back(graph.nodes[n]);
    rename(result.nodes.back().inputs);
    rename(result.nodes.back().outputs);
  }
  rename(result.inputs);
  rename(result.outputs);
  return result;
}

}  // namespace nn
