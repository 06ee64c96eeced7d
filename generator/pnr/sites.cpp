#include "pnr/sites.hpp"

#include <algorithm>

#include "fabric/grid.hpp"

namespace pnr {

namespace {

int draw(int low, int high, base::Rng& rng) { return static_cast<int>(rng.between(low, high)); }

}  // namespace

Sites::Sites(const fabric::Architecture& architecture)
    : columns_(architecture.columns),
      rows_(architecture.rows),
      slots_(architecture.io_slots),
      places_(static_cast<std::size_t>(kFirstHardArea) + architecture.hard.size()),
      order_(static_cast<std::size_t>(columns_) + 1, 0) {
  for (int x = 1; x <= columns_; ++x) {
    const int hard = fabric::hard_in(architecture, x);
    std::vector<int>& columns =
        places_[static_cast<std::size_t>(hard < 0 ? kLogicArea : kFirstHardArea + hard)];
    order_[static_cast<std::size_t>(x)] = static_cast<int>(columns.size());
    columns.push_back(x);
  }
}

Site Sites::site(Area area, int index) const {
  if (area != kPadArea) {
    const std::vector<int>& columns = columns_of(area);
    const auto across = static_cast<int>(columns.size());
    return {columns[static_cast<std::size_t>(index % across)], index / across + 1, 0};
  }
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
  if (area != kPadArea)
    return (site.y - 1) * static_cast<int>(columns_of(area).size()) +
           order_[static_cast<std::size_t>(site.x)];
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
  if (area == kPadArea) {
    const int steps = std::min(reach, ring() / 2);
    const int step = draw(1, 2 * steps, rng);  // the slots of one tile are all the same
    const int at = (index / slots_ + (step > steps ? steps - step : step) + ring()) % ring();
    return at * slots_ + draw(0, slots_ - 1, rng);
  }
  const auto across = static_cast<int>(columns_of(area).size());
  const int x = index % across, y = index / across;
  const int aside = std::max(1, reach * across / columns_);
  const int to_x = draw(std::max(x - aside, 0), std::min(x + aside, across - 1), rng);
  const int to_y = draw(std::max(y - reach, 0), std::min(y + reach, rows_ - 1), rng);
  return to_y * across + to_x;
}

}  // namespace pnr
