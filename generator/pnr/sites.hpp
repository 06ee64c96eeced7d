// Where blocks can lie: a list of sites for logic and one for pads, which goes round the fabric.
#pragma once

#include "base/rng.hpp"
#include "fabric/architecture.hpp"
#include "pnr/packed.hpp"

namespace pnr {

enum class Area { kLogic, kPads };

constexpr Area area_of(BlockKind kind) {
  return kind == BlockKind::kLogic ? Area::kLogic : Area::kPads;
}

/// Logic is numbered row by row. Pads are numbered tile by tile, slots fastest: the lower edge to
/// the right, the right one upwards, the upper one to the left, the left one downwards.
class Sites {
 public:
  /// Of a valid architecture.
  explicit Sites(const fabric::Architecture& architecture)
      : columns_(architecture.columns), rows_(architecture.rows), slots_(architecture.io_slots) {}

  int count(Area area) const { return area == Area::kLogic ? columns_ * rows_ : ring() * slots_; }
  /// 0 <= index < count(area).
  Site site(Area area, int index) const;
  /// Of a site that is in the area.
  int index(Area area, const Site& site) const;
  /// A site at most `reach` >= 1 columns and rows from that one, of pads 1 to `reach` tiles along
  /// the ring.
  int near(Area area, int index, int reach, base::Rng& rng) const;

 private:
  int ring() const { return 2 * (columns_ + rows_); }

  int columns_, rows_, slots_;
};

}  // namespace pnr
