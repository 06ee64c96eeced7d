// A design whose PEs are all alike, as the PE tiles of a fabric are.
#pragma once

#include "map/design.hpp"

namespace map {

struct UniformPe {
  int rows = 0;
  int cols = 0;
  int threshold_bits = 20;
  int cascade = 1;  ///< PEs of a cascade at most; 1: there are no wires for sums
};

/// `design` with PEs of `tile.rows` x `tile.cols`, whose sums, offsets and thresholds are as wide
/// as any weights and thresholds of so many bits need: networks of equal windows, rounding and [pe]
/// get the same module. Rows beyond those of a core-op read 0, columns drive nothing; ticks and
/// values are as before. With `tile.cascade` > 1 each PE can add the sums of one above it and pass
/// its own on (PeConfig::is_tile), as wide as such a cascade needs. Throws kDoesNotFit for a
/// core-op of more rows or columns, a cascade of more PEs, or an offset or a threshold that is too
/// large.
Design uniform(Design design, const UniformPe& tile);

/// The PE that a tile holds, of a network with such a [pe]; half_even as its rounding says. Throws
/// kDoesNotFit where units::with_widths() does.
units::PeConfig uniform_pe(const config::Pe& spec, const UniformPe& tile);

}  // namespace map
