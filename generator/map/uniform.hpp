// A design whose PEs are all alike, as the PE tiles of a fabric are.
#pragma once

#include "map/design.hpp"

namespace map {

struct UniformPe {
  int rows = 0;
  int cols = 0;
  int threshold_bits = 20;
};

/// `design` with PEs of `tile.rows` x `tile.cols`, whose sums, offsets and thresholds are as wide
/// as any weights and thresholds of so many bits need: networks of equal windows, rounding and [pe]
/// get the same module. Rows beyond those of a core-op read 0, columns drive nothing; ticks and
/// values are as before. Throws kDoesNotFit for a core-op of more rows or columns, one in a
/// cascade, or an offset or a threshold that is too large.
Design uniform(Design design, const UniformPe& tile);

}  // namespace map
