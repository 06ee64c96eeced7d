// What each multiplexer of a fabric reads, told from the architecture alone, seen from what it
// drives: for checks of what the routing graph tells from the other end.
#pragma once

#include "fabric/graph.hpp"

namespace pnr {

/// A pin or a wire.
struct Place {
  fabric::NodeKind kind = fabric::NodeKind::kOutput;
  fabric::Span span;
  int track = 0;  ///< a pin's number
};

/// Whether there is such a pin or wire.
bool exists(const fabric::Architecture& architecture, const Place& place);

/// Whether `from` is an input of the multiplexer that drives `to`, which both exist().
bool reads(const fabric::Architecture& architecture, const Place& to, const Place& from);

}  // namespace pnr
