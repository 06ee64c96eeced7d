// Runs of tiles that lie one below the other, stacked into the columns of a fabric.
#pragma once

#include <optional>
#include <vector>

namespace pnr {

struct Stacked {
  int column = 0;  ///< 0 ..
  int low = 1;     ///< the lowest of its rows, 1 ..
};

/// Where runs of `lengths` tiles lie in so many columns of `rows` tiles: the longest first, each in
/// the first column with room for it. Nothing if they do not fit so.
std::optional<std::vector<Stacked>> stacked(const std::vector<int>& lengths, int columns, int rows);

/// The columns that this takes, at least 0; nothing if a run is longer than a column.
std::optional<int> columns_for(const std::vector<int>& lengths, int rows);

}  // namespace pnr
