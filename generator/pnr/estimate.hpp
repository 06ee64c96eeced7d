// What wires between two tiles will be, told from their places alone.
#pragma once

#include <cstddef>

#include "fabric/architecture.hpp"
#include "pnr/packed.hpp"

namespace pnr {

/// Picoseconds from an output of one tile to an input of another `dx` columns and `dy` rows away
/// (both >= 0): as many wires as there are segments of their full length on the way, at least one,
/// each of fabric::typical_delay().
int estimated_delay(const fabric::Architecture& architecture, int dx, int dy);

/// How much longer the wires of a net of `terminals` blocks are than half the perimeter of their
/// box. Source: Cheng, "RISA: accurate and efficient placement routability modeling", ICCAD 1994,
/// interpolated and continued in a straight line beyond 50, as VPR has it.
double crossing(std::size_t terminals);

/// Sum over all nets of crossing() times the columns and rows of the box of their blocks.
double wire_estimate(const Packed& packed, const Placement& placement);

}  // namespace pnr
