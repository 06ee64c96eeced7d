#include <algorithm>
#include <set>

#include "nn/edit.hpp"
#include "nn/infer.hpp"
#include "nn/op_support.hpp"
#include "nn/passes/passes.hpp"

namespace nn {

namespace {

// A reshape to the same shape moves nothing; with two unknown extents it still might.
bool keeps_shape(const Graph& graph, const Node& node) {
  const Shape& from = input(graph, node, 0).shape;
  return from == graph.value(node.outputs[0]).shape && std::ranges::count(from, kUnknown) <= 1;
}

bool keeps_order(const Graph& graph, const Node& node) {
  const std::size_t rank = input(graph, node, 0).shape.size();
  const std::vector<std::int64_t> perm = node.ints_attribute("perm", {});
  return rank <= 1 || (!perm.empty() && std::ranges::is_sorted(perm));
}

bool is_identity(const Graph& graph, const Node& node) {
  static const std::set<std::string> reshapes = {"Reshape", "Flatten", "Squeeze", "Unsqueeze"};
  if (!node.domain.empty()) return false;
  if (node.op == "Identity") return true;
  if (node.op == "Dropout")
    return !has_output(node, 1) ||
           (graph.consumers(node.outputs[1]).empty() && !is_output(graph, node.outputs[1]));
  if (node.op == "Cast") return input(graph, node, 0).dtype == graph.value(node.outputs[0]).dtype;
  if (node.op == "Transpose") return keeps_order(graph, node);
  return reshapes.contains(node.op) && keeps_shape(graph, node);
}

// Takes node n out of the way. Outputs of the graph keep their names: there the node's source makes
// the output itself.
bool bypass(Graph& graph, NodeId n) {
  const ValueId from = graph.node(n).inputs[0];
  const ValueId to = graph.node(n).outputs[0];
  if (!is_output(graph, to)) {
    redirect(graph, to, from);
    return true;
  }
  const NodeId source = graph.producer(from);
  if (!source.valid() || is_output(graph, from)) return false;
  std::ranges::replace(graph.node(source).outputs, from, to);
  redirect(graph, from, to);
  return true;
}

}  // namespace

Graph remove_identities(const Graph& graph) {
  Graph result = graph;
  std::vector<bool> gone(result.nodes.size(), false);
  for (std::size_t n = 0; n < result.nodes.size(); ++n) {
    if (!is_identity(result, result.nodes[n])) continue;
    gone[n] = bypass(result, NodeId(n));
    if (gone[n]) result.nodes[n].outputs.clear();
  }
  std::vector<Node> kept;
  for (std::size_t n = 0; n < result.nodes.size(); ++n)
    if (!gone[n]) kept.push_back(std::move(result.nodes[n]));
  result.nodes = std::move(kept);
  // Types and shapes are the same, but which values are known may not be.
  infer_shapes(result);
  result = prune(result);
  verify(result);
  return result;
}

}  // namespace nn
