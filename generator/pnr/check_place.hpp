// Checks a placement with code of its own.
#pragma once

#include "base/error.hpp"
#include "fabric/architecture.hpp"
#include "pnr/packed.hpp"

namespace pnr {

/// Adds a kPlacementInvalid for each fault: blocks without a site or sites without a block, blocks
/// outside the fabric or on a tile of another kind, slots that the tile does not have, two blocks
/// on one site.
void check_placement(const Packed& packed, const Placement& placement,
                     const fabric::Architecture& architecture, base::Diagnostics& diagnostics);

}  // namespace pnr
