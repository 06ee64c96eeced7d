#include "fabric/counts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

namespace fabric {
namespace {

// The column and row of the switch box, or of the tile, whose configuration drives the node.
std::pair<int, int> home(const Graph& graph, NodeId node) {
  const Span& at = graph.span(node);
  if (!graph.is_wire(node)) return {at.x_low, at.y_low};
  const bool backwards = graph.track(node) % 2 == 1;
  if (graph.kind(node) == NodeKind::kHorizontal)
    return {backwards ? at.x_high : at.x_low - 1, at.y_low};
  return {at.x_low, backwards ? at.y_high : at.y_low - 1};
}

// A truth table a LUT, a bit for its flip-flop, and a crossbar from inputs and outputs to its
// inputs.
int logic_bits(const Architecture& architecture) {
  const int inputs = architecture.lut_inputs;
  const int crossbar = inputs * select_bits(architecture.clb_inputs + architecture.luts);
  return architecture.luts * ((1 << inputs) + 1 + crossbar);
}

}  // namespace

int select_bits(int inputs) {
  return inputs < 2 ? 0 : static_cast<int>(std::bit_width(static_cast<unsigned>(inputs - 1)));
}

Counts count(const Graph& graph) {
  const Architecture& architecture = graph.architecture();
  const int across = architecture.columns + 2;
  Counts counts;
  counts.edges = graph.edges();
  counts.logic_tile = logic_bits(architecture);
  counts.routing_tile.resize(static_cast<std::size_t>(across * (architecture.rows + 2)));
  const std::vector<std::uint16_t> fan_ins = graph.fan_ins();
  for (std::size_t index = 0; index < graph.size(); ++index) {
    const NodeId node(index);
    const bool wire = graph.is_wire(node);
    ++(wire ? counts.wires : counts.pins);
    int& widest = wire ? counts.widest_wire : counts.widest_input;
    widest = std::max<int>(widest, fan_ins[index]);
    const auto [x, y] = home(graph, node);
    const int bits = select_bits(fan_ins[index]);
    counts.routing_tile[static_cast<std::size_t>(y * across + x)] += bits;
    counts.routing_bits += bits;
  }
  return counts;
}

std::string describe(const Graph& graph) {
  const Architecture& architecture = graph.architecture();
  const Counts counts = count(graph);
  const int middle = (architecture.rows + 1) / 2 * (architecture.columns + 2);
  const int routing =
      counts.routing_tile[static_cast<std::size_t>(middle + (architecture.columns + 1) / 2)];
  return fmt::format(
      "fabric          {} x {} logic tiles of {} {}-input LUTs, {} tracks of wires of {}\n"
      "nodes           {} pins, {} wires\n"
      "edges           {}\n"
      "multiplexers    of up to {} inputs before pins, {} before wires\n"
      "configuration   {} bits of routing, {} in the middle tile; {} bits of logic a tile\n",
      architecture.columns, architecture.rows, architecture.luts, architecture.lut_inputs,
      architecture.channel_width, architecture.segment_length, counts.pins, counts.wires,
      counts.edges, counts.widest_input, counts.widest_wire, counts.routing_bits, routing,
      counts.logic_tile);
}

}  // namespace fabric
