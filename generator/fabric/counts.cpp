#include "fabric/counts.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "fabric/layout.hpp"

namespace fabric {

Counts count(const Graph& graph) {
  Counts counts;
  counts.edges = graph.edges();
  const std::vector<std::uint16_t> fan_ins = graph.fan_ins();
  const Layout layout(graph);
  counts.routing_tile.resize(static_cast<std::size_t>(layout.frames()));
  for (std::size_t index = 0; index < graph.size(); ++index) {
    const NodeId node(index);
    const bool wire = graph.is_wire(node);
    ++(wire ? counts.wires : counts.pins);
    int& widest = wire ? counts.widest_wire : counts.widest_input;
    widest = std::max<int>(widest, fan_ins[index]);
    const Field field = layout.multiplexer(node);
    counts.routing_tile[static_cast<std::size_t>(field.frame)] += field.bits;
    counts.routing_bits += field.bits;
  }
  const Field last = layout.flip_flop(1, 1, graph.architecture().luts - 1);
  counts.logic_tile = last.first + last.bits - layout.table(1, 1, 0).first;
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
