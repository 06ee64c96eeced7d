// Packing: LUTs and flip-flops into the logic elements of tiles.
//
// Source: T-VPack (Marquardt, Betz and Rose, FPGA 1999): elements join the tile that shares most
// signals with them; a signal that is nearly all inside attracts most.
#pragma once

#include <vector>

#include "fabric/architecture.hpp"
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

/// Blocks: the tiles of logic, then the inputs, then the outputs, in the netlist's order.
struct Packing {
  Packed packed;
  std::vector<std::vector<Element>> tiles;  ///< by block of logic; element k drives its output k
  std::vector<SignalId> signals;            ///< by net
};

/// Tiles of at most architecture.luts elements that read at most architecture.clb_inputs signals of
/// other tiles and have one
/// clock and one edge of it. The same input gives the same packing. Throws kDoesNotFit if a
/// LUT reads more than a tile has inputs.
Packing pack(const Netlist& netlist, const fabric::Architecture& architecture);

}  // namespace pnr
