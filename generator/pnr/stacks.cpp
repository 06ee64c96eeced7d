#include "pnr/stacks.hpp"

#include <algorithm>
#include <numeric>

namespace pnr {

std::optional<std::vector<Stacked>> stacked(const std::vector<int>& lengths, int columns,
                                            int rows) {
  std::vector<std::size_t> order(lengths.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::stable_sort(order, std::ranges::greater(),
                           [&](std::size_t i) { return lengths[i]; });
  std::vector<int> filled(static_cast<std::size_t>(columns), 0);
  std::vector<Stacked> places(lengths.size());
  for (const std::size_t i : order) {
    const auto has_room = [&](int tiles) { return tiles + lengths[i] <= rows; };
    const auto column = std::ranges::find_if(filled, has_room);
    if (column == filled.end()) return {};
    places[i] = {static_cast<int>(column - filled.begin()), *column + 1};
    *column += lengths[i];
  }
  return places;
}

std::optional<int> columns_for(const std::vector<int>& lengths, int rows) {
  const auto most = static_cast<int>(lengths.size());
  const auto places = stacked(lengths, most, rows);
  if (!places) return {};
  int columns = 0;
  for (const Stacked& one : *places) columns = std::max(columns, one.column + 1);
  return columns;
}

}  // namespace pnr
