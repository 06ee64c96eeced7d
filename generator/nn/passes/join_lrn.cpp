#include <algorithm>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "base/interrupt.hpp"
#include "nn/infer.hpp"
#include "nn/op_support.hpp"
#include "nn/passes/passes.hpp"

namespace nn {

namespace {

// A node of two inputs, one of them one number.
struct WithNumber {
  ValueId data;
  double number = 0;
};

// Follows a quotient back to its numerator's squares.
class Match {
 public:
  Match(const Graph& graph, const Uses& uses) : graph_(graph), uses_(uses) {}

  // LRN in place of `node`; none if it is another quotient.
  std::optional<Node> lrn(const Node& node) const {
    if (node.op != "Div" || !node.domain.empty()) return {};
    const ValueId x = node.inputs[0];
    const auto power = with_number(node.inputs[1], "Pow", false);
    const auto sum = power ? with_number(power->data, "Add", true) : std::nullopt;
    const auto scaled = sum ? with_number(sum->data, "Mul", true) : std::nullopt;
    const Node* pool = scaled ? maker(moved(scaled->data)) : nullptr;
    const Shape& shape = graph_.value(x).shape;
    if (!pool || graph_.value(scaled->data).shape != shape || !walks_channels(*pool, shape) ||
        !is_square(moved(pool->inputs[0]), x))
      return {};
    const std::int64_t size = pool->ints_attribute("kernel_shape", {})[0];
    return Node{node.name,
                "LRN",
                {},
                {x},
                node.outputs,
                {{"size", size},
                 {"alpha", static_cast<float>(scaled->number)},
                 {"beta", static_cast<float>(power->number)},
                 {"bias", static_cast<float>(sum->number)}}};
  }

 private:
  const Node* maker(ValueId id) const {
    const NodeId node = uses_.producer[id.index()];
    return node.valid() && graph_.node(node).domain.empty() ? &graph_.node(node) : nullptr;
  }

  // What makes `id`, if it is `op` with one number as its second input; as its first, too, if the
  // inputs may change places.
  std::optional<WithNumber> with_number(ValueId id, const std::string& op, bool commutes) const {
    const Node* node = maker(id);
    if (!node || node->op != op) return {};
    for (const std::size_t i : {1, 0}) {
      const ValueId number = node->inputs[i];
      if (graph_.is_constant(number) && graph_.value(number).constant->size() == 1)
        return WithNumber{node->inputs[1 - i], graph_.value(number).constant->at(0)};
      if (!commutes) break;
    }
    return {};
  }

  // Where the elements of `id` come from, in the same order.
  ValueId moved(ValueId id) const {
    static const std::set<std::string> moves = {"Reshape", "Squeeze", "Unsqueeze", "Flatten"};
    const Node* node = maker(id);
    for (; node && moves.contains(node->op); node = maker(id)) id = node->inputs[0];
    return id;
  }

  // Whether a pool takes means of as many channels before each as behind it, of maps of `shape`
  // that stand in its input as [samples, 1, channels, ...].
  bool walks_channels(const Node& pool, const Shape& shape) const {
    if (pool.op != "AveragePool" || shape.size() < 3) return false;
    const Shape& seen = graph_.value(pool.inputs[0]).shape;
    if (seen.size() < 4 || seen[0] != shape[0] || seen[1] != 1 || seen[2] != shape[1]) return false;
    const Shape rest(seen.begin() + 3, seen.end());
    const Shape map(shape.begin() + 2, shape.end());
    if (!all_known(rest) || !all_known(map) || element_count(rest) != element_count(map))
      return false;
    const std::size_t axes = seen.size() - 2;
    std::vector<std::int64_t> kernel(axes, 1), pads(2 * axes, 0);
    const std::int64_t size = pool.ints_attribute("kernel_shape", {0})[0];
    kernel[0] = size;
    pads[0] = pads[axes] = size / 2;
    return size % 2 == 1 && pool.ints_attribute("kernel_shape", {}) == kernel &&
           pool.ints_attribute("pads", std::vector<std::int64_t>(2 * axes, 0)) == pads &&
           pool.ints_attribute("strides", {1}) ==
               std::vector<std::int64_t>(pool.ints_attribute("strides", {1}).size(), 1) &&
           pool.ints_attribute("dilations", {1}) ==
               std::vector<std::int64_t>(pool.ints_attribute("dilations", {1}).size(), 1) &&
           (size == 1 || pool.int_attribute("count_include_pad", 0) == 1) &&
           pool.string_attribute("auto_pad", "NOTSET") == "NOTSET";
  }

  bool is_square(ValueId id, ValueId of) const {
    const Node* node = maker(id);
    if (!node) return false;
    if (node->op == "Mul") return node->inputs[0] == of && node->inputs[1] == of;
    const auto power = with_number(id, "Pow", false);
    return power && power->data == of && power->number == 2;
  }

  const Graph& graph_;
  const Uses& uses_;
};

}  // namespace

Graph join_lrn(Graph graph) {
  const Uses uses(graph);
  const Match match(graph, uses);
  std::vector<std::pair<NodeId, Node>> found;
  for (std::size_t n = 0; n < graph.nodes.size(); ++n) {
    base::interruption_point();
    if (auto lrn = match.lrn(graph.nodes[n])) found.emplace_back(NodeId(n), std::move(*lrn));
  }
  if (found.empty()) return graph;
  for (auto& [id, lrn] : found) graph.node(id) = std::move(lrn);
  infer_shapes(graph);
  graph = prune(std::move(graph));
  verify(graph);
  return graph;
}

}  // namespace nn
