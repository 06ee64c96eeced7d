// Which layers share an island.
#pragma once

#include "config/spec.hpp"
#include "map/design.hpp"

namespace map {

struct Cut {
  base::IdVector<core::StreamId, IslandId> island;  ///< where a stream is made
  std::size_t count = 1;                            ///< of islands

  IslandId of(core::StreamId id) const { return island[id]; }
  /// Where a core-op is.
  IslandId of(const core::CoreOp& op) const { return island[op.output]; }
};

/// Islands in the order of their first layer: one for all, or one a layer (kLayer). What the host
/// sends comes into the first, in one frame.
Cut cut(const core::Program& program, config::Islands how);

}  // namespace map
