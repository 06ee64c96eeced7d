#include "pnr/print.hpp"

#include <fmt/format.h>

#include <array>

#include "base/text.hpp"

namespace pnr {

namespace {

const char* word_of(BlockKind kind) {
  constexpr std::array kWords = {"logic", "input", "output", "hard"};
  return kWords[static_cast<std::size_t>(kind)];
}

std::string element_text(const Netlist& netlist, const Element& element, std::size_t pin) {
  std::string text = fmt::format("  {}:", pin);
  if (element.lut.valid())
    text += " LUT " + base::printable(netlist.signals[netlist.luts[element.lut].output]);
  if (element.flip_flop.valid())
    text += " flip-flop " +
            base::printable(netlist.signals[netlist.flip_flops[element.flip_flop].output]);
  return text + "\n";
}

std::string node_text(const fabric::Graph& graph, fabric::NodeId node) {
  const fabric::Span& at = graph.span(node);
  switch (graph.kind(node)) {
    case fabric::NodeKind::kOutput:
      return fmt::format("tile ({}, {}) output {}", at.x_low, at.y_low, graph.track(node));
    case fabric::NodeKind::kInput:
      return fmt::format("tile ({}, {}) input {}", at.x_low, at.y_low, graph.track(node));
    case fabric::NodeKind::kHorizontal:
      return fmt::format("channel above row {}, columns {} to {}, track {}", at.y_low, at.x_low,
                         at.x_high, graph.track(node));
    case fabric::NodeKind::kVertical:
      break;
  }
  return fmt::format("channel right of column {}, rows {} to {}, track {}", at.x_low, at.y_low,
                     at.y_high, graph.track(node));
}

}  // namespace

std::string placement_text(const Implementation& done) {
  std::string text = "# block kind column row slot\n";
  for (std::size_t i = 0; i < done.placement.size(); ++i) {
    const Block& block = done.packing.packed.blocks[i];
    const Site& site = done.placement[i];
    text += fmt::format("{} {} {} {} {}\n", base::printable(block.name), word_of(block.kind),
                        site.x, site.y, site.slot);
    if (i >= done.packing.tiles.size()) continue;
    for (std::size_t pin = 0; pin < done.packing.tiles[i].size(); ++pin)
      text += element_text(done.netlist, done.packing.tiles[i][pin], pin);
  }
  return text;
}

std::string routing_text(const Implementation& done, const fabric::Graph& graph) {
  std::string text;
  for (std::size_t net = 0; net < done.routing.trees.size(); ++net) {
    text += "net " + base::printable(done.packing.packed.nets[net].name) + "\n";
    std::vector<std::size_t> depths;
    for (const Branch& branch : done.routing.trees[net].branches) {
      depths.push_back(branch.parent < 0 ? 1 : depths[static_cast<std::size_t>(branch.parent)] + 1);
      text += std::string(2 * depths.back(), ' ') + node_text(graph, branch.node) + "\n";
    }
  }
  return text;
}

std::string path_text(const Implementation& done) {
  std::string text = fmt::format("# longest path: {} ps; signal, ps at its source or its end\n",
                                 done.timing.period);
  for (const PathStep& step : done.path)
    text +=
        fmt::format("{:>8} {}\n", step.arrival, base::printable(done.netlist.signals[step.signal]));
  return text;
}

}  // namespace pnr
