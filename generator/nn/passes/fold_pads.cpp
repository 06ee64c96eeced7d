#include <algorithm>
#include <functional>
#include <optional>
#include <set>

#include "base/interrupt.hpp"
#include "nn/infer.hpp"
#include "nn/passes/passes.hpp"
#include "nn/window.hpp"

namespace nn {

namespace {

// Positions of zeros around the map of an input [samples, channels, map ...]: all begins, then all
// ends.
using Pads = std::vector<std::int64_t>;

// The one number of input `i`; 0 if it is omitted, none if it is no constant.
std::optional<double> number_at(const Graph& graph, const Node& node, std::size_t i) {
  if (!has_input(node, i)) return 0;
  const bool one =
      graph.is_constant(node.inputs[i]) && known_count(input(graph, node, i).shape) == 1;
  return one ? std::optional(input(graph, node, i).constant->at(0)) : std::nullopt;
}

// Whether `pad` puts in what its reader takes for 0: codes are 0 at the zero point.
bool puts_in_zeros(const Graph& graph, const Node& pad, const Node& reader) {
  if (pad.string_attribute("mode", "constant") != "constant") return false;
  const bool codes =
      reader.op == "DequantizeLinear" || reader.op == "QLinearConv" || reader.op == "ConvInteger";
  const auto zero = codes ? number_at(graph, reader, 2) : 0.0;
  const auto value = pad.attributes.contains("value") ? pad.float_attribute("value", 0.0F)
                                                      : number_at(graph, pad, 2);
  return zero && value && *zero == *value;
}

// Those of a node that pads nothing but maps; else none.
Pads pads_of(const Graph& graph, const Node& pad) {
  const Pads all =
      has_input(pad, 1) ? input(graph, pad, 1).constant->ints() : pad.ints_attribute("pads", {});
  const std::size_t rank = input(graph, pad, 0).shape.size();
  if (rank < 3 || has_input(pad, 3)) return {};
  Pads pads;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const bool of_map = i % rank >= 2;
    if (all[i] < 0 || (!of_map && all[i] != 0)) return {};
    if (of_map) pads.push_back(all[i]);
  }
  return pads;
}

class FoldPads {
 public:
  explicit FoldPads(Graph& graph) : graph_(graph), uses_(graph) {}

  // Says whether there was any.
  bool run() {
    bool any = false;
    for (std::size_t n = 0; n < graph_.nodes.size(); ++n) {
      base::interruption_point();
      any = fold_into(NodeId(n)) || any;
    }
    return any;
  }

 private:
  const Node* maker(ValueId id) const {
    const NodeId node = uses_.producer[id.index()];
    return node.valid() ? &graph_.node(node) : nullptr;
  }

  bool is_pair(const Node& quantiser, const Node& dequantiser) const {
    return quantiser.op == "QuantizeLinear" && dequantiser.op == "DequantizeLinear" &&
           std::equal(dequantiser.inputs.begin() + 1, dequantiser.inputs.end(),
                      quantiser.inputs.begin() + 1, quantiser.inputs.end());
  }

  // Whether a node makes 0 of 0, element by element, for its reader: a quantiser does with the
  // dequantiser behind it, as every zero point is a code.
  bool keeps_zero(const Node& node, const Node& reader) const {
    if (node.op == "Quant" && !node.domain.empty()) return number_at(graph_, node, 2) == 0.0;
    return node.op == "Relu" || node.op == "DequantizeLinear" || is_pair(node, reader);
  }

  // From input 0 of `reader` up to a Pad, past what keeps zeros; all with one reader. The node that
  // reads the Pad, or an invalid id.
  NodeId reader_of_pad(NodeId reader) const {
    while (true) {
      const ValueId from = graph_.node(reader).inputs[0];
      const NodeId made_by = uses_.producer[from.index()];
      if (!made_by.valid() || !uses_.is_read_only_by(from, reader)) return {};
      const Node& made = graph_.node(made_by);
      if (made.op == "Pad")
        return puts_in_zeros(graph_, made, graph_.node(reader)) ? reader : NodeId();
      if (!keeps_zero(made, graph_.node(reader))) return {};
      reader = made_by;
    }
  }

  // Whether no element of a value is below 0.
  bool is_not_negative(ValueId id) const {
    for (const Node* node = maker(id); node; node = maker(id)) {
      if (node->op == "Relu" || node->op == "Sigmoid") return true;
      id = node->inputs[0];
      if (node->op == "MaxPool" || node->op == "AveragePool") continue;
      const Node* quantiser = maker(id);
      if (!quantiser || !is_pair(*quantiser, *node)) return false;
      id = quantiser->inputs[0];
    }
    return false;
  }

  bool fold_into(NodeId walker) {
    const Node& node = graph_.node(walker);
    static const std::set<std::string> walkers = {"Conv", "QLinearConv", "ConvInteger",
                                                  "AveragePool", "MaxPool"};
    if (!node.domain.empty() || !walkers.contains(node.op)) return false;
    const NodeId reader = reader_of_pad(walker);
    if (!reader.valid()) return false;
    const Node& pad = *maker(graph_.node(reader).inputs[0]);
    const Pads pads = pads_of(graph_, pad);
    Node folded = node;
    if (pads.empty() || !add(folded, pads, pad)) return false;
    graph_.node(walker) = std::move(folded);
    graph_.node(reader).inputs[0] = pad.inputs[0];
    return true;
  }

  // The pads and the walker's own, if that comes to the same.
  bool add(Node& walker, const Pads& pads, const Node& pad) const {
    Pads own = walker.ints_attribute("pads", Pads(pads.size(), 0));
    if (walker.string_attribute("auto_pad", "NOTSET").starts_with("SAME")) return false;
    const bool bare = std::ranges::all_of(own, [](std::int64_t p) { return p == 0; });
    std::ranges::transform(own, pads, own.begin(), std::plus<>());
    walker.attributes["pads"] = own;
    walker.attributes.erase("auto_pad");
    if (walker.op.find("Conv") != std::string::npos) return true;
    const bool mean = walker.op == "AveragePool";
    const bool counts = walker.int_attribute("count_include_pad", 0) != 0;
    if (mean) walker.attributes["count_include_pad"] = std::int64_t{1};
    return within_kernel(walker, own) && keeps_windows(walker, pad) &&
           (mean ? bare || counts : is_not_negative(pad.inputs[0]) && meets_map(walker, pad));
  }

  static bool within_kernel(const Node& pool, const Pads& pads) {
    const Shape kernel = pool.ints_attribute("kernel_shape", {});
    for (std::size_t i = 0; i < pads.size(); ++i)
      if (pads[i] >= kernel[i % kernel.size()]) return false;
    return true;
  }

  // Whether a pool has the windows that it had: with ceil_mode none begins behind its own padding,
  // as one may that begins on what `pad` makes.
  bool keeps_windows(const Node& pool, const Node& pad) const {
    if (pool.int_attribute("ceil_mode", 0) == 0) return true;
    const Shape& map = input(graph_, pad, 0).shape;
    const Shape& made = graph_.value(pool.outputs[0]).shape;
    const auto axes = window_axes(pool, map, pool_kernel(pool));
    for (std::size_t i = 0; i < axes.size(); ++i)
      if (axes[i].output == kUnknown || axes[i].output != made[i + 2]) return false;
    return true;
  }

  // Whether every window of a pool meets the map that `pad` reads: what meets padding alone is the
  // greatest of nothing there, and 0 here.
  bool meets_map(const Node& pool, const Node& pad) const {
    const auto axes = window_axes(pool, input(graph_, pad, 0).shape, pool_kernel(pool));
    return std::ranges::all_of(axes, [](const WindowAxis& axis) {
      for (std::int64_t w = 0; w < axis.output; ++w) {
        bool any = false;
        for (std::int64_t tap = 0; tap < axis.kernel; ++tap)
          any = any || axis.holds(axis.at(w, tap));
        if (!any) return false;
      }
      return axis.output != kUnknown;
    });
  }

  Graph& graph_;
  const Uses uses_;
};

}  // namespace

Graph fold_pads(Graph graph) {
  if (std::ranges::none_of(graph.nodes, [](const Node& node) { return node.op == "Pad"; }))
    return graph;
  if (!FoldPads(graph).run()) return graph;
  infer_shapes(graph);
  graph = prune(std::move(graph));
  verify(graph);
  return graph;
}

}  // namespace nn
