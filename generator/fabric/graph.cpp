#include "fabric/graph.hpp"

#include "fabric/graph_builder.hpp"

namespace fabric {

Graph::Graph(const Architecture& architecture) : architecture_(architecture) {
  validate(architecture);
  GraphBuilder(*this).build();
}

int Graph::length(NodeId node) const {
  if (!is_wire(node)) return 0;
  const Span& at = span(node);
  return 1 + at.x_high - at.x_low + at.y_high - at.y_low;
}

std::span<const NodeId> Graph::wires(NodeId node) const {
  return {successors_.data() + first_successor_[node.index()], wire_successors_[node.index()]};
}

std::span<const NodeId> Graph::inputs(NodeId node) const {
  const std::size_t first = first_successor_[node.index()] + wire_successors_[node.index()];
  return {successors_.data() + first, first_successor_[node.index() + 1] - first};
}

int Graph::delay(NodeId node) const {
  if (is_wire(node))
    return wire_delay(architecture_.delays, length(node), wires(node).size(), inputs(node).size());
  return kind(node) == NodeKind::kInput ? architecture_.delays.connection : 0;
}

std::vector<std::uint16_t> Graph::fan_ins() const {
  std::vector<std::uint16_t> counts(size());
  for (const NodeId node : successors_) ++counts[node.index()];
  return counts;
}

bool Graph::is_link(NodeId node) const {
  if (is_wire(node) || architecture_.hard.empty()) return false;
  const Span& at = span(node);
  if (tile_at(architecture_, at.x_low, at.y_low) != Tile::kHard) return false;
  const auto kind_of_tile = static_cast<std::size_t>(hard_in(architecture_, at.x_low));
  return architecture_.hard[kind_of_tile].is_link(kind(node) == NodeKind::kInput, track(node));
}

NodeId Graph::input(int x, int y, int pin) const {
  return NodeId(first_input_[tile(x, y)] + static_cast<std::size_t>(pin));
}

NodeId Graph::output(int x, int y, int pin) const {
  return NodeId(first_output_[tile(x, y)] + static_cast<std::size_t>(pin));
}

NodeId Graph::wire(NodeKind kind, int channel, int position, int track) const {
  const int length = architecture_.segment_length;
  const int phase = (track / 2 + channel) % length;
  return NodeId(first_wire_[line(kind, channel, track)] +
                static_cast<std::size_t>((position - 1 + phase) / length));
}

std::size_t Graph::tile(int x, int y) const {
  return static_cast<std::size_t>(y * (architecture_.columns + 2) + x);
}

std::size_t Graph::line(NodeKind kind, int channel, int track) const {
  const int above = kind == NodeKind::kVertical ? architecture_.rows + 1 : 0;
  return static_cast<std::size_t>((above + channel) * architecture_.channel_width + track);
}

// It turns both ways in each box that it passes or ends in, and goes straight on in the last one. A
// tile's inputs are shared among the wires of the channels along two of its sides.
int typical_delay(const Architecture& architecture) {
  const int length = architecture.segment_length;
  const int inputs = architecture.clb_inputs * architecture.fc_in_percent * length / 200;
  return wire_delay(architecture.delays, length, static_cast<std::size_t>(2 * length + 1),
                    static_cast<std::size_t>(inputs));
}

}  // namespace fabric
