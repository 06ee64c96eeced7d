// Which output of its tile each element gets.
#pragma once

#include "fabric/architecture.hpp"
#include "pnr/packing.hpp"

namespace pnr {

/// Orders the elements of each tile so that what they drive leaves on the side that is nearest to
/// where it goes: outputs of a tile lie round its sides and drive wires of the channel there alone.
/// Nets follow. Tiles keep their elements.
void order_outputs(const Netlist& netlist, const Placement& placement, Packing& packing);

}  // namespace pnr
