// The RTL of a fabric, whatever circuit it will hold.
#pragma once

#include <string>
#include <vector>

#include "fabric/graph.hpp"
#include "units/unit.hpp"
#include "verilog/netlist.hpp"

namespace emit {

/// Top module fpsa_fabric_top: the fabric behind fpsa_config_port, which takes bitstreams. Bit
/// fabric::pad() of pad_i and pad_o is a pad; nothing leaves or enters, and no LUT drives anything,
/// while active_o is low. Below it fpsa_fabric has the tiles and the wires between them; places of
/// the grid whose multiplexers read the same in the same order share a module. Throws kDoesNotFit
/// for more places than frames can have numbers (2^16). `hard` are the units of the architecture's
/// hard tiles, whose ports are those of hard_tile().
verilog::Design fabric_rtl(const fabric::Graph& graph,
                           const std::vector<units::UnitPtr>& hard = {});

/// Top module fpsa_tile: the tile (x, y) of `graph`, with the wires that begin beside it and its
/// frame. `hard` as above.
verilog::Design tile_rtl(const fabric::Graph& graph, int x, int y,
                         const std::vector<units::UnitPtr>& hard = {});

}  // namespace emit
