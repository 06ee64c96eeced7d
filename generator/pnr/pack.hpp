// Packing: LUTs and flip-flops into the logic elements of tiles.
//
// Source: T-VPack (Marquardt, Betz and Rose, FPGA 1999): elements join the tile that shares most
// signals with them; a signal that is nearly all inside attracts most.
#pragma once

#include "fabric/architecture.hpp"
#include "pnr/packing.hpp"

namespace pnr {

/// Tiles of at most architecture.luts elements that read at most architecture.clb_inputs signals of
/// other tiles and have one
/// clock and one edge of it. The same input gives the same packing. Throws kDoesNotFit if a
/// LUT reads more than a tile has inputs.
Packing pack(const Netlist& netlist, const fabric::Architecture& architecture);

}  // namespace pnr
