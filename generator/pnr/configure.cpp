#include "pnr/configure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/error.hpp"
#include "pnr/elements.hpp"

namespace pnr {

namespace {

void require_one_clock(const Netlist& netlist) {
  std::set<std::pair<SignalId, bool>> edges;
  for (const FlipFlop& one : netlist.flip_flops) edges.insert({one.clock, one.falling});
  for (const HardBlock& one : netlist.hard)
    if (one.clock.valid()) edges.insert({one.clock, false});
  if (edges.size() > 1)
    base::fail(base::Code::kDoesNotFit,
               fmt::format("the circuit has {} clocks or edges, a fabric one", edges.size()),
               netlist.name, "bring its flip-flops to one edge of one clock");
}

class Configuring {
 public:
  Configuring(const Implementation& done, const fabric::Graph& graph, const fabric::Layout& layout)
      : done_(done), graph_(graph), layout_(layout), fanins_(graph), configuration_(layout) {}

  fabric::Configuration run() {
    for (std::size_t net = 0; net < done_.routing.trees.size(); ++net) set_tree(net);
    for (std::size_t tile = 0; tile < done_.packing.tiles.size(); ++tile)
      for (std::size_t lut = 0; lut < done_.packing.tiles[tile].size(); ++lut)
        set_element(static_cast<int>(tile), static_cast<int>(lut));
    return std::move(configuration_);
  }

 private:
  void set_tree(std::size_t net) {
    const Tree& tree = done_.routing.trees[net];
    for (const Branch& branch : tree.branches) {
      if (branch.parent < 0) continue;
      const fabric::NodeId parent = tree.branches[static_cast<std::size_t>(branch.parent)].node;
      const auto inputs = fanins_.of(branch.node);
      const auto at = std::ranges::find(inputs, parent) - inputs.begin();
      configuration_.set(layout_.multiplexer(branch.node), static_cast<std::uint32_t>(at) + 1);
    }
    const Net& wanted = done_.packing.packed.nets[net];
    for (std::size_t sink = 0; sink < wanted.sinks.size(); ++sink) {
      const Branch& end = tree.branches[static_cast<std::size_t>(tree.sinks[sink])];
      pins_[{wanted.sinks[sink].block, done_.packing.signals[net]}] = graph_.track(end.node);
    }
  }

  // What an input of a LUT of `tile` chooses to read `signal`.
  std::uint32_t choice_of(int tile, SignalId signal) const {
    const std::vector<Element>& elements = done_.packing.tiles[static_cast<std::size_t>(tile)];
    for (std::size_t k = 0; k < elements.size(); ++k)
      if (output_of(done_.netlist, elements[k]) == signal)
        return static_cast<std::uint32_t>(done_.architecture.clb_inputs) + 1 +
               static_cast<std::uint32_t>(k);
    return static_cast<std::uint32_t>(pins_.at({tile, signal})) + 1;
  }

  void set_element(int tile, int number) {
    const Site& site = done_.placement[static_cast<std::size_t>(tile)];
    const Element& element =
        done_.packing.tiles[static_cast<std::size_t>(tile)][static_cast<std::size_t>(number)];
    const Lut lut = element.lut.valid() ? done_.netlist.luts[element.lut] : passing(element);
    for (std::size_t k = 0; k < lut.inputs.size(); ++k)
      configuration_.set(layout_.choice(site.x, site.y, number, static_cast<int>(k)),
                         choice_of(tile, lut.inputs[k]));
    const fabric::Field table = layout_.table(site.x, site.y, number);
    for (int row = 0; row < table.bits; ++row)  // inputs that are not used are 0
      configuration_.set_bit(table, row,
                             lut.truth[static_cast<std::size_t>(row) % lut.truth.size()]);
    if (element.flip_flop.valid())
      configuration_.set(layout_.flip_flop(site.x, site.y, number),
                         1U | (done_.netlist.flip_flops[element.flip_flop].initial ? 2U : 0U));
  }

  // The LUT that brings a flip-flop its input.
  Lut passing(const Element& element) const {
    return {{done_.netlist.flip_flops[element.flip_flop].input}, SignalId(), {false, true}};
  }

  const Implementation& done_;
  const fabric::Graph& graph_;
  const fabric::Layout& layout_;
  fabric::Fanins fanins_;
  fabric::Configuration configuration_;
  std::map<std::pair<int, SignalId>, int> pins_;  // by block of logic and signal, the input pin
};

}  // namespace

fabric::Configuration configure(const Implementation& done, const fabric::Graph& graph,
                                const fabric::Layout& layout) {
  require_one_clock(done.netlist);
  return Configuring(done, graph, layout).run();
}

}  // namespace pnr
