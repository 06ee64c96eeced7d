// Which LUTs and flip-flops of a netlist lie in which tile.
#pragma once

#include <vector>

#include "pnr/netlist.hpp"
#include "pnr/packed.hpp"

namespace pnr {

/// A LUT and the flip-flop behind it. A flip-flop alone gets its input through the LUT; a LUT alone
/// leaves the flip-flop out.
struct Element {
  LutId lut;
  FlipFlopId flip_flop;
  bool operator==(const Element&) const = default;
};

/// Blocks: the tiles of logic, then the inputs, the outputs, the hard blocks, in the netlist's
/// order.
struct Packing {
  Packed packed;
  std::vector<std::vector<Element>> tiles;  ///< by block of logic; element k drives its output k
  std::vector<SignalId> signals;            ///< by net
};

}  // namespace pnr
