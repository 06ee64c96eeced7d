// Where blocks can lie: a list of sites for each kind of tile, those for pads round the fabric.
#pragma once

#include <vector>

#include "base/rng.hpp"
#include "fabric/architecture.hpp"
#include "pnr/packed.hpp"

namespace pnr {

/// Number of a list of sites: of logic, of pads, then of each kind of hard tile.
using Area = int;
inline constexpr Area kLogicArea = 0;
inline constexpr Area kPadArea = 1;
inline constexpr Area kFirstHardArea = 2;

constexpr Area area_of(const Block& block) {
  if (block.kind == BlockKind::kLogic) return kLogicArea;
  return block.kind == BlockKind::kHard ? kFirstHardArea + block.hard : kPadArea;
}

/// Tiles are numbered row by row. Pads are numbered tile by tile, slots fastest: the lower edge to
/// the right, the right one upwards, the upper one to the left, the left one downwards.
class Sites {
 public:
  /// Of a valid architecture.
  explicit Sites(const fabric::Architecture& architecture);

  int areas() const { return static_cast<int>(places_.size()); }
  int count(Area area) const {
    return area == kPadArea ? ring() * slots_ : static_cast<int>(columns_of(area).size()) * rows_;
  }
  /// Columns of an area that is not of pads.
  int across(Area area) const { return static_cast<int>(columns_of(area).size()); }
  /// 0 <= index < count(area).
  Site site(Area area, int index) const;
  /// Of a site that is in the area.
  int index(Area area, const Site& site) const;
  /// A site about `reach` >= 1 columns and rows from that one: as many of the area's columns as
  /// there are among so many of the fabric's, but one at least; of pads 1 to `reach` tiles along
  /// the ring.
  int near(Area area, int index, int reach, base::Rng& rng) const;

 private:
  int ring() const { return 2 * (columns_ + rows_); }
  const std::vector<int>& columns_of(Area area) const {
    return places_[static_cast<std::size_t>(area)];
  }

  int columns_, rows_, slots_;
  std::vector<std::vector<int>> places_;  // by area, its columns; of pads none
  std::vector<int> order_;                // by column, its number among those of its area
};

}  // namespace pnr
