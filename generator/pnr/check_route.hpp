// An independent check of a routing: shares nothing with the router, and recomputes from the
// architecture which multiplexer can read what, where the graph computed what drives which.
#pragma once

#include "base/error.hpp"
#include "pnr/route.hpp"

namespace pnr {

/// Adds a kRoutingInvalid fault for each of: a net without its tree, a root that is not the net's
/// output pin, a branch that is not behind its parent or that its parent cannot drive, a sink not
/// reached by an input of its block, or by several, a branch that leads nowhere, a node in two
/// places, a wirelength that is not that of the wires. Collects all.
void check_route(const Packed& packed, const Placement& placement, const fabric::Graph& graph,
                 const Routing& routing, base::Diagnostics& diagnostics);

}  // namespace pnr
