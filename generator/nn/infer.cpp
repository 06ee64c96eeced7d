#include "nn/infer.hpp"

#include <algorithm>

#include "base/interrupt.hpp"
#include "nn/op_support.hpp"
#include "nn/registry.hpp"

namespace nn {

namespace {

// Shapes and axes have at most a few dozen elements; weights are left to the constant folding pass.
constexpr std::int64_t kMostElementsComputed = 1024;

// What is known of a node's inputs before running.
enum class Knowledge { kNone, kTrials, kConstant };

Knowledge knowledge_of(const Graph& graph, const Node& node, const OpDef& def) {
  Knowledge least = Knowledge::kConstant;
  for (const ValueId id : node.inputs) {
    if (!id.valid() || graph.is_constant(id)) continue;
    const Value& value = graph.value(id);
    if (def.reads_shapes_only && all_known(value.shape)) continue;
    if (!def.reads_shapes_only && value.trials.empty()) return Knowledge::kNone;
    least = Knowledge::kTrials;
  }
  return least;
}

bool is_small(const Graph& graph, const Node& node) {
  return std::ranges::all_of(node.outputs, [&](ValueId id) {
    return !id.valid() || known_count(graph.value(id).shape) <= kMostElementsComputed;
  });
}

bool has_known_shapes(const Graph& graph, const Node& node) {
  return std::ranges::all_of(
      node.outputs, [&](ValueId id) { return !id.valid() || all_known(graph.value(id).shape); });
}

// An array without elements for ops that look at the shape alone.
Array only_shape(const Value& value, std::int64_t unknown) {
  Array array{value.dtype, value.shape, {}};
  std::ranges::replace(array.shape, kUnknown, unknown);
  return array;
}

// The node's outputs, were every unknown extent kTrialExtents[trial].
std::vector<Array> results_at(const Graph& graph, const Node& node, const OpDef& def,
                              std::size_t trial) {
  Call call{graph, node, {}};
  std::vector<Array> shapes;
  shapes.reserve(node.inputs.size());
  for (const ValueId id : node.inputs) {
    if (!id.valid()) {
      call.inputs.push_back(nullptr);
    } else if (graph.is_constant(id)) {
      call.inputs.push_back(&*graph.value(id).constant);
    } else if (def.reads_shapes_only) {
      shapes.push_back(only_shape(graph.value(id), kTrialExtents[trial]));
      call.inputs.push_back(&shapes.back());
    } else {
      call.inputs.push_back(&graph.value(id).trials[trial]);
    }
  }
  return def.evaluate(call);
}

void compute(Graph& graph, const Node& node, const OpDef& def) {
  std::vector<Array> results = results_at(graph, node, def, 0);
  for (std::size_t i = 0; i < results.size(); ++i)
    if (has_output(node, i)) graph.value(node.outputs[i]).constant = std::move(results[i]);
}

bool all_equal(const std::vector<Array>& arrays) {
  return std::ranges::all_of(arrays,
                             [&](const Array& array) { return array.data == arrays[0].data; });
}

// An output that comes out the same at every trial is a constant.
void compute_trials(Graph& graph, const Node& node, const OpDef& def) {
  for (std::size_t t = 0; t < kTrialExtents.size(); ++t) {
    std::vector<Array> results = results_at(graph, node, def, t);
    for (std::size_t i = 0; i < results.size(); ++i)
      if (has_output(node, i)) graph.value(node.outputs[i]).trials.push_back(std::move(results[i]));
  }
  for (const ValueId id : node.outputs) {
    if (!id.valid() || !all_equal(graph.value(id).trials)) continue;
    graph.value(id).constant = graph.value(id).trials.front();
    graph.value(id).trials.clear();
  }
}

void compute_if_known(Graph& graph, const Node& node, const OpDef& def) {
  if (def.quantises || !has_known_shapes(graph, node)) return;
  if (!is_small(graph, node) && !node.inputs.empty()) return;
  const Knowledge knowledge = knowledge_of(graph, node, def);
  if (knowledge == Knowledge::kConstant) compute(graph, node, def);
  if (knowledge == Knowledge::kTrials) compute_trials(graph, node, def);
}

void forget(Value& value) {
  value.constant.reset();
  value.trials.clear();
}

void infer_node(Graph& graph, const Node& node) {
  const OpDef& def = op_of(node);
  for (const ValueId id : node.outputs)
    if (id.valid()) forget(graph.value(id));
  def.infer(graph, node);
  for (const ValueId id : node.outputs)
    if (id.valid()) check_extents(graph.value(id).shape, describe(node));
  compute_if_known(graph, node, def);
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

void infer_shapes(Graph& graph, const std::vector<Node>& nodes) {
  for (Value& value : graph.values) {
    if (!value.constant) continue;
    value.dtype = value.constant->dtype;
    value.shape = value.constant->shape;
  }
  for (const Node& node : nodes) {
    base::interruption_point();
    infer_node(graph, node);
  }
}

void infer_shapes(Graph& graph) { infer_shapes(graph, graph.nodes); }

Graph prune(Graph graph) {
  const std::vector<bool> needed = needed_nodes(graph);
  const std::vector<bool> used = used_values(graph, needed);
  Graph result{graph.name, graph.opset, {}, {}, graph.inputs, graph.outputs};
  std::vector<ValueId> renamed(graph.values.size());
  for (std::size_t v = 0; v < graph.values.size(); ++v) {
    if (!used[v]) continue;
    renamed[v] = ValueId(result.values.size());
    result.values.push_back(std::move(graph.values[v]));
  }
  const auto rename = [&](std::vector<ValueId>& ids) {
    for (ValueId& id : ids)
      if (id.valid()) id = renamed[id.index()];
  };
  for (std::size_t n = 0; n < graph.nodes.size(); ++n) {
    if (!needed[n]) continue;
    result.nodes.push_back(std::move(graph.nodes[n]));
    rename(result.nodes.back().inputs);
    rename(result.nodes.back().outputs);
  }
  rename(result.inputs);
  rename(result.outputs);
  return result;
}

}  // namespace nn
