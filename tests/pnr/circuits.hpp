// Circuits for tests of packing, placement and routing.
#pragma once

#include <string>

#include "base/rng.hpp"
#include "fabric/architecture.hpp"
#include "pnr/netlist.hpp"

namespace pnr::testing {

struct CircuitSize {
  int inputs = 6;
  int outputs = 4;
  int luts = 60;
  int flip_flops = 20;
  int lut_inputs = 4;
  int clocks = 1;
  int hard = 0;  ///< blocks of delay_tile()
};

/// fpsa_tick_delay of three wires and a tick.
inline fabric::HardTile delay_tile() {
  return {"delay", "clk_i", {{"rst_ni"}, {"tick_i"}, {"data_i", 3}, {"data_o", 3, false}}, {}};
}

/// A circuit that reads mostly what was made shortly before, as circuits do. Flip-flops may close
/// loops, LUTs do not.
inline Netlist random_circuit(const CircuitSize& size, std::uint64_t seed) {
  base::Rng rng(seed);
  Netlist netlist{.name = "random"};
  std::vector<SignalId> known, clocks;
  const auto named = [&](const char* prefix, int i) {
    return netlist.signals.push_back(prefix + std::to_string(i));
  };
  const auto recent = [&] {
    const auto back = std::min<std::uint64_t>(known.size(), 12);
    return rng.below(4) == 0 ? known[rng.below(known.size())]
                             : known[known.size() - 1 - rng.below(back)];
  };
  for (int i = 0; i < size.clocks; ++i) clocks.push_back(named("clk", i));
  netlist.inputs = clocks;
  for (int i = 0; i < size.inputs; ++i) {
    known.push_back(named("x", i));
    netlist.inputs.push_back(known.back());
  }
  for (int i = 0; i < size.flip_flops; ++i) {
    const SignalId q = named("q", i);
    known.push_back(q);
    netlist.flip_flops.push_back(
        {.output = q, .clock = clocks[rng.below(clocks.size())], .initial = rng.below(2) == 1});
  }
  for (int i = 0; i < size.hard; ++i) {
    HardBlock block{"delay." + std::to_string(i), 0, std::vector<SignalId>(5), {}, clocks[0]};
    for (int pin = 0; pin < 3; ++pin) block.outputs.push_back(named("h", 3 * i + pin));
    known.insert(known.end(), block.outputs.begin(), block.outputs.end());
    netlist.hard.push_back(block);
  }
  for (int i = 0; i < size.luts; ++i) {
    Lut lut;
    const auto inputs = rng.below(static_cast<std::uint64_t>(size.lut_inputs) + 1);
    for (std::uint64_t k = 0; k < inputs; ++k) lut.inputs.push_back(recent());
    for (std::size_t row = 0; row < std::size_t{1} << inputs; ++row)
      lut.truth.push_back(rng.below(2) == 1);
    lut.output = named("n", i);
    known.push_back(lut.output);
    netlist.luts.push_back(lut);
  }
  for (FlipFlop& one : netlist.flip_flops) one.input = recent();
  for (HardBlock& one : netlist.hard)
    for (SignalId& input : one.inputs)
      if (rng.below(6) > 0) input = recent();
  for (int i = 0; i < size.outputs; ++i) netlist.outputs.push_back(recent());
  return netlist;
}

/// `netlist` with LUTs and flip-flops in place of the blocks of delay_tile().
inline Netlist without_hard(Netlist netlist) {
  const SignalId zero = netlist.signals.push_back("zero");
  netlist.luts.push_back({{}, zero, {false}});
  for (const HardBlock& one : netlist.hard)
    for (std::size_t wire = 0; wire < 3; ++wire) {
      SignalId output = one.outputs[wire];
      if (!output.valid()) output = netlist.signals.push_back("open");
      Lut next{{}, netlist.signals.push_back("next"), std::vector<bool>(16)};
      for (const std::size_t pin : {std::size_t{0}, std::size_t{1}, 2 + wire})
        next.inputs.push_back(one.inputs[pin].valid() ? one.inputs[pin] : zero);
      next.inputs.push_back(output);
      for (unsigned row = 0; row < 16; ++row) {  // reset, tick, data, output
        const bool takes = (row >> 1 & 1) != 0;
        next.truth[row] = (row & 1) != 0 && (row >> (takes ? 2 : 3) & 1) != 0;
      }
      netlist.flip_flops.push_back(
          {.input = next.output, .output = output, .clock = one.clock, .initial = false});
      netlist.luts.push_back(next);
    }
  netlist.hard.clear();
  return netlist;
}

}  // namespace pnr::testing
