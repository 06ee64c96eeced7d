// A circuit of LUTs and flip-flops: what a fabric's logic is programmed to be.
#pragma once

#include <string>
#include <vector>

#include "base/id_vector.hpp"
#include "base/strong_id.hpp"

namespace pnr {

using SignalId = base::StrongId<struct SignalTag>;
using LutId = base::StrongId<struct LutTag>;
using FlipFlopId = base::StrongId<struct FlipFlopTag>;

/// Entry i of `truth` is the output where input k has bit k of i; 2^inputs entries.
struct Lut {
  std::vector<SignalId> inputs{};
  SignalId output;
  std::vector<bool> truth;
  bool operator==(const Lut&) const = default;
};

struct FlipFlop {
  SignalId input{};
  SignalId output{};
  SignalId clock{};  ///< invalid: the only clock, which has no name
  bool falling = false;
  bool initial = false;
  bool operator==(const FlipFlop&) const = default;
};

/// A piece that a tile of its own holds: a crossbar, a memory.
struct HardBlock {
  std::string name{};
  int kind = 0;                     ///< of fabric::Architecture::hard
  std::vector<SignalId> inputs{};   ///< by pin; invalid: 0; of a link one signal, of all its wires
  std::vector<SignalId> outputs{};  ///< by pin; invalid: nothing reads it
  SignalId clock{};                 ///< invalid: as a flip-flop's, or the tile has none
  bool operator==(const HardBlock&) const = default;
};

/// Each signal has one driver: an input, a LUT, a flip-flop or a hard block. LUTs form no loop.
struct Netlist {
  std::string name{};
  base::IdVector<SignalId, std::string> signals{};  ///< their names
  std::vector<SignalId> inputs{};
  std::vector<SignalId> outputs{};
  base::IdVector<LutId, Lut> luts{};
  base::IdVector<FlipFlopId, FlipFlop> flip_flops{};
  std::vector<HardBlock> hard{};
};

/// LUTs so that each comes after those that drive its inputs. Throws kBadGraph with the signals
/// of a loop if there is one.
std::vector<LutId> ordered(const Netlist& netlist);

/// `netlist` without the logic that no output and no hard block hangs on; its inputs stay. A hard
/// block's pin that a constant 0 drives is left open, which is the same.
Netlist swept(const Netlist& netlist);

/// `netlist` with an input for the clock of those flip-flops whose clock has no name: other tools
/// want one.
Netlist with_clock(Netlist netlist);

/// Computes what a netlist computes, clock by clock: all clocks are one, which rises, then falls.
class Evaluator {
 public:
  /// `netlist` must outlive it and have no hard blocks. Throws as ordered() does.
  explicit Evaluator(const Netlist& netlist);

  /// The outputs with `inputs`, in the order of Netlist::outputs and inputs.
  std::vector<bool> outputs(const std::vector<bool>& inputs);
  /// Those at the rising edge take what stood before them at the last outputs(), those at the
  /// falling edge what stands before them then.
  void clock();

 private:
  void settle();
  void edge(bool falling);

  const Netlist& netlist_;
  std::vector<LutId> order_;
  base::IdVector<SignalId, bool> values_;
};

}  // namespace pnr
