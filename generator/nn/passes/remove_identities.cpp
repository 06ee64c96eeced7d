#include <algorithm>
#include <set>

#include "base/interrupt.hpp"
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

// `uses` tells whether a Dropout's mask is read.
bool is_identity(const Graph& graph, const Uses& uses, const Node& node) {
  static const std::set<std::string> reshapes = {"Reshape", "Flatten", "Squeeze", "Unsqueeze"};
  if (!node.domain.empty()) return false;
  if (node.op == "Identity") return true;
  if (node.op == "Dropout")
    return !has_output(node, 1) ||
           (uses.readers[node.outputs[1].index()].empty() && !uses.is_output(node.outputs[1]));
  if (node.op == "Cast") return input(graph, node, 0).dtype == graph.value(node.outputs[0]).dtype;
  if (node.op == "Transpose") return keeps_order(graph, node);
  return reshapes.contains(node.op) && keeps_shape(graph, node);
}

// Takes nodes out of the way, in topological order. What reads their outputs is changed once, at
// the end.
class Bypass {
 public:
  explicit Bypass(Graph& graph) : graph_(graph), uses_(graph), stands_for_(graph.values.size()) {}

  // Says whether there was any.
  bool run() {
    std::vector<bool> gone(graph_.nodes.size(), false);
    for (std::size_t n = 0; n < graph_.nodes.size(); ++n) {
      base::interruption_point();
      gone[n] = is_identity(graph_, uses_, graph_.nodes[n]) && bypass(graph_.nodes[n]);
    }
    if (std::ranges::find(gone, true) == gone.end()) return false;
    std::vector<Node> kept;
    for (std::size_t n = 0; n < graph_.nodes.size(); ++n) {
      if (gone[n]) continue;
      kept.push_back(std::move(graph_.nodes[n]));
      for (ValueId& id : kept.back().inputs) id = now(id);
    }
    graph_.nodes = std::move(kept);
    return true;
  }

 private:
  // Outputs of the graph keep their names: there the node's source makes the output itself.
  bool bypass(const Node& node) {
    const ValueId from = now(node.inputs[0]);
    const ValueId to = node.outputs[0];
    if (!uses_.is_output(to)) {
      stands_for_[to.index()] = from;
      return true;
    }
    const NodeId source = uses_.producer[from.index()];
    if (!source.valid() || uses_.is_output(from)) return false;
    std::ranges::replace(graph_.node(source).outputs, from, to);
    stands_for_[from.index()] = to;
    return true;
  }

  // The value that readers of `id` are to read. Two steps at most: a link points to a value that
  // nothing stands for, until an output takes that one's place.
  ValueId now(ValueId id) const {
    while (id.valid() && stands_for_[id.index()].valid()) id = stands_for_[id.index()];
    return id;
  }

  Graph& graph_;
  const Uses uses_;
  std::vector<ValueId> stands_for_;
};

}  // namespace

Graph remove_identities(Graph graph) {
  if (!Bypass(graph).run()) return graph;
  // Types and shapes are the same, but which values are known may not be.
  infer_shapes(graph);
  graph = prune(std::move(graph));
  verify(graph);
  return graph;
}

}  // namespace nn
