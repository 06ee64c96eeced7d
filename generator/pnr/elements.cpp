#include "pnr/elements.hpp"

#include <algorithm>

namespace pnr {

std::vector<SignalId> inputs_of(const Netlist& netlist, const Element& element) {
  std::vector<SignalId> inputs;
  if (element.lut.valid())
    inputs = netlist.luts[element.lut].inputs;
  else
    inputs.push_back(netlist.flip_flops[element.flip_flop].input);
  std::ranges::sort(inputs);
  inputs.erase(std::unique(inputs.begin(), inputs.end()), inputs.end());
  return inputs;
}

SignalId output_of(const Netlist& netlist, const Element& element) {
  return element.flip_flop.valid() ? netlist.flip_flops[element.flip_flop].output
                                   : netlist.luts[element.lut].output;
}

Edge edge_of(const Netlist& netlist, const Element& element) {
  const FlipFlop& one = netlist.flip_flops[element.flip_flop];
  return {one.clock, one.falling};
}

}  // namespace pnr
