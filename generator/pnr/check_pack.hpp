// Checks a packing with code of its own.
#pragma once

#include "base/error.hpp"
#include "fabric/architecture.hpp"
#include "pnr/packing.hpp"

namespace pnr {

/// Adds a kNetlistInvalid for each fault: LUTs and flip-flops that are nowhere or twice, flip-flops
/// behind a foreign LUT, tiles with too many elements, inputs or clocks, blocks that are not the
/// netlist's, nets that do not join exactly what the netlist joins.
void check_packing(const Netlist& netlist, const Packing& packing,
                   const fabric::Architecture& architecture, base::Diagnostics& diagnostics);

}  // namespace pnr
