// Which layers share an island, and how long its windows are.
#pragma once

#include <vector>

#include "config/spec.hpp"
#include "map/design.hpp"

namespace map {

struct Cut {
  base::IdVector<core::StreamId, IslandId> island;  ///< where a stream is made
  std::vector<int> bits;  ///< by island: of the widest stream that it reads or makes

  std::size_t count() const { return bits.size(); }  ///< of islands
  IslandId of(core::StreamId id) const { return island[id]; }
  /// Where a core-op is.
  IslandId of(const core::CoreOp& op) const { return island[op.output]; }
  int bits_of(IslandId id) const { return bits[id.index()]; }
  /// Whether islands differ in the length of their windows.
  bool is_mixed() const;
};

/// Islands in the order of their first layer: as few as can be (kOne), one a layer (kLayer), or
/// (kAuto) the rows of layers whose latencies add up to the least, of equal sums the fewest. What
/// the host sends comes into the first, in one frame; its results leave the last that makes one, or
/// an island behind all others where memory shows some of them. In any case an island ends before a
/// layer that walks over maps which the island itself makes, and before one of another number of
/// windows a sample.
Cut cut(const core::Program& program, const config::Pe& spec, config::Islands how);

}  // namespace map
