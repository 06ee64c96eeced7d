// Moves elements between tiles so that signals meet fewer tiles.
#pragma once

#include <cstdint>

#include "fabric/architecture.hpp"
#include "pnr/packing.hpp"

namespace pnr {

using Tiles = std::vector<std::vector<Element>>;

/// `tiles` that keep the limits of pack(), with elements moved and exchanged by simulated
/// annealing: the cost is the sum over all signals of the tiles that they meet. Time grows with the
/// number of elements. Tiles may end empty.
Tiles repack(const Netlist& netlist, const fabric::Architecture& architecture, Tiles tiles);

}  // namespace pnr
