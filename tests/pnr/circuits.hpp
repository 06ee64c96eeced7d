// Circuits for tests of packing, placement and routing.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

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
  int hard = 0;   ///< blocks of delay_tile(), kind 0
  int links = 0;  ///< blocks of link_tile(), kind 1, in cascades of up to 4
};

/// fpsa_tick_delay of three wires and a tick.
inline fabric::HardTile delay_tile() {
  return {"delay", "clk_i", {{"rst_ni"}, {"tick_i"}, {"data_i", 3}, {"data_o", 3, false}}, {}};
}

/// Shows what the tile above has of its link a tick later, and hands on its own data and what it
/// has of the link, a wire further.
inline fabric::HardTile link_tile() {
  return {"stage",
          "clk_i",
          {{"rst_ni"},
           {"tick_i"},
           {"data_i"},
           {"data_o", 3, false},
           {"link_i", 3, true, true},
           {"link_o", 3, false, true}},
          {}};
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
  for (int i = 0, left = 0; i < size.links; ++i) {
    HardBlock block{"stage." + std::to_string(i), 1, std::vector<SignalId>(4), {}, clocks[0]};
    for (int pin = 0; pin < 3; ++pin) block.outputs.push_back(named("s", 3 * i + pin));
    known.insert(known.end(), block.outputs.begin(), block.outputs.end());
    if (left > 0) block.inputs[3] = netlist.hard.back().outputs[3];
    left = left > 0 ? left - 1 : static_cast<int>(rng.below(4));
    block.outputs.push_back(named("link", i));
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
    for (std::size_t pin = 0; pin < (one.kind == 0 ? one.inputs.size() : 3); ++pin)
      if (rng.below(6) > 0 || (one.kind == 1 && pin == 0)) one.inputs[pin] = recent();
  for (int i = 0; i < size.outputs; ++i) netlist.outputs.push_back(recent());
  return netlist;
}

/// Puts LUTs and flip-flops in the place of blocks of delay_tile() and link_tile().
class Softened {
 public:
  explicit Softened(Netlist netlist)
      : netlist_(std::move(netlist)), zero_(netlist_.signals.push_back("zero")) {
    netlist_.luts.push_back({{}, zero_, {false}});
  }

  Netlist run() {
    const std::vector<HardBlock> blocks = std::move(netlist_.hard);
    netlist_.hard.clear();
    for (const HardBlock& one : blocks)
      if (one.kind == 1)
        for (int wire = 0; wire < 3; ++wire)
          links_[one.outputs[3]].push_back(netlist_.signals.push_back("sent"));
    for (const HardBlock& one : blocks) {
      const std::vector<SignalId> taken = one.kind == 1 ? link_of(one) : std::vector<SignalId>();
      for (std::size_t wire = 0; wire < 3; ++wire)
        hold(one, one.kind == 0 ? one.inputs[2 + wire] : taken[wire], one.outputs[wire]);
      if (one.kind == 0) continue;
      const std::vector<SignalId>& sent = links_[one.outputs[3]];
      hold(one, one.inputs[2], sent[0]);
      hold(one, taken[0], sent[1]);
      hold(one, taken[1], sent[2]);
    }
    return std::move(netlist_);
  }

 private:
  std::vector<SignalId> link_of(const HardBlock& block) {
    if (!block.inputs[3].valid()) return std::vector<SignalId>(3, zero_);
    return links_.at(block.inputs[3]);
  }

  // `output` takes `data` at ticks; the block's first two inputs are reset and tick.
  void hold(const HardBlock& block, SignalId data, SignalId output) {
    if (!output.valid()) output = netlist_.signals.push_back("open");
    Lut next{{}, netlist_.signals.push_back("next"), std::vector<bool>(16)};
    for (const SignalId input : {block.inputs[0], block.inputs[1], data})
      next.inputs.push_back(input.valid() ? input : zero_);
    next.inputs.push_back(output);
    for (unsigned row = 0; row < 16; ++row) {  // reset, tick, data, output
      const bool takes = (row >> 1 & 1) != 0;
      next.truth[row] = (row & 1) != 0 && (row >> (takes ? 2 : 3) & 1) != 0;
    }
    netlist_.flip_flops.push_back(
        {.input = next.output, .output = output, .clock = block.clock, .initial = false});
    netlist_.luts.push_back(next);
  }

  Netlist netlist_;
  SignalId zero_;
  std::map<SignalId, std::vector<SignalId>> links_;  // wires
};

inline Netlist without_hard(Netlist netlist) { return Softened(std::move(netlist)).run(); }

}  // namespace pnr::testing
