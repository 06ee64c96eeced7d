#include "pnr/sites.hpp"

#include <algorithm>

namespace pnr {

namespace {

int draw(int low, int high, base::Rng& rng) { return static_cast<int>(rng.between(low, high)); }

}  // namespace

Site Sites::site(Area area, int index) const {
  if (area == Area::kLogic) return {index % columns_ + 1, index / columns_ + 1, 0};
  const int slot = index % slots_;
  int at = index / slots_;
  if (at < columns_) return {at + 1, 0, slot};
  at -= columns_;
  if (at < rows_) return {columns_ + 1, at + 1, slot};
  at -= rows_;
  if (at < columns_) return {columns_ - at, rows_ + 1, slot};
  return {0, rows_ - (at - columns_), slot};
}

int Sites::index(Area area, const Site& site) const {
  if (area == Area::kLogic) return (site.y - 1) * columns_ + site.x - 1;
  int at = 2 * columns_ + rows_ + rows_ - site.y;
  if (site.y == 0)
    at = site.x - 1;
  else if (site.x == columns_ + 1)
    at = columns_ + site.y - 1;
  else if (site.y == rows_ + 1)
    at = columns_ + rows_ + columns_ - site.x;
  return at * slots_ + site.slot;
}

int Sites::near(Area area, int index, int reach, base::Rng& rng) const {
  if (area == Area::kPads) {
    const int steps = std::min(reach, ring() / 2);
    const int step = draw(1, 2 * steps, rng);  // the slots of one tile are all the same
    const int at = (index / slots_ + (step > steps ? steps - step : step) + ring()) % ring();
    return at * slots_ + draw(0, slots_ - 1, rng);
  }
  const int x = index % columns_, y = index / columns_;
  const int to_x = draw(std::max(x - reach, 0), std::min(x + reach, columns_ - 1), rng);
  const int to_y = draw(std::max(y - reach, 0), std::min(y + reach, rows_ - 1), rng);
  return to_y * columns_ + to_x;
}

}  // namespace pnr
