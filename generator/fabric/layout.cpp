#include "fabric/layout.hpp"

#include <bit>

namespace fabric {

namespace {

constexpr int kFlipFlopBits = 2;

}  // namespace

Fanins::Fanins(const Graph& graph) : first_(graph.size() + 1, 0) {
  const auto each = [&graph](const auto& visit) {
    for (std::size_t from = 0; from < graph.size(); ++from) {
      for (const NodeId to : graph.wires(NodeId(from))) visit(NodeId(from), to);
      for (const NodeId to : graph.inputs(NodeId(from))) visit(NodeId(from), to);
    }
  };
  each([this](NodeId, NodeId to) { ++first_[to.index() + 1]; });
  for (std::size_t node = 0; node < graph.size(); ++node) first_[node + 1] += first_[node];
  nodes_.resize(first_.back());
  std::vector<std::size_t> next(first_.begin(), first_.end() - 1);
  each([&](NodeId from, NodeId to) { nodes_[next[to.index()]++] = from; });
}

int select_bits(int inputs) {
  return inputs < 1 ? 0 : static_cast<int>(std::bit_width(static_cast<unsigned>(inputs)));
}

Home home_of(const Graph& graph, NodeId node) {
  const Span& at = graph.span(node);
  if (!graph.is_wire(node)) return {at.x_low, at.y_low};
  const bool backwards = graph.track(node) % 2 == 1;
  if (graph.kind(node) == NodeKind::kHorizontal)
    return {backwards ? at.x_high : at.x_low - 1, at.y_low};
  return {at.x_low, backwards ? at.y_high : at.y_low - 1};
}

Layout::Layout(const Graph& graph)
    : architecture_(graph.architecture()),
      sizes_(static_cast<std::size_t>((architecture_.columns + 2) * (architecture_.rows + 2)), 0),
      multiplexers_(graph.size()),
      choice_bits_(select_bits(architecture_.clb_inputs + architecture_.luts)) {
  const std::vector<std::uint16_t> fan_ins = graph.fan_ins();
  for (std::size_t node = 0; node < graph.size(); ++node) {
    const Home home = home_of(graph, NodeId(node));
    const int at = frame(home.x, home.y);
    int& size = sizes_[static_cast<std::size_t>(at)];
    multiplexers_[node] = {at, size, select_bits(fan_ins[node])};
    size += multiplexers_[node].bits;
  }
  logic_ = sizes_;
  for (int y = 1; y <= architecture_.rows; ++y)
    for (int x = 1; x <= architecture_.columns; ++x)
      if (hard_in(architecture_, x) < 0)
        sizes_[static_cast<std::size_t>(frame(x, y))] += architecture_.luts * lut_bits();
}

int Layout::lut_bits() const {
  return (1 << architecture_.lut_inputs) + architecture_.lut_inputs * choice_bits_ + kFlipFlopBits;
}

Field Layout::lut_field(int x, int y, int lut, int first, int bits) const {
  const int at = frame(x, y);
  return {at, logic_[static_cast<std::size_t>(at)] + lut * lut_bits() + first, bits};
}

Field Layout::table(int x, int y, int lut) const {
  return lut_field(x, y, lut, 0, 1 << architecture_.lut_inputs);
}

Field Layout::choice(int x, int y, int lut, int input) const {
  return lut_field(x, y, lut, (1 << architecture_.lut_inputs) + input * choice_bits_, choice_bits_);
}

Field Layout::flip_flop(int x, int y, int lut) const {
  return lut_field(x, y, lut, lut_bits() - kFlipFlopBits, kFlipFlopBits);
}

}  // namespace fabric
