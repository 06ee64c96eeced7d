#include "units/line/walk.hpp"

#include <algorithm>
#include <cstdlib>

#include "base/bits.hpp"

namespace units {

namespace {

// Where a firing stands: row of windows, firing in that row.
struct Place {
  int row, group;
};

Place place_of(const LineShape& shape, std::int64_t firing) {
  const int groups = shape.firings_a_row();
  return {static_cast<int>(firing / groups), static_cast<int>(firing % groups)};
}

// Line of the map at which window `index` begins, or the nearest one.
int first_line(const LineAxis& axis, int index) {
  return std::clamp(axis.start(index), 0, axis.lines()) / axis.repeat;
}

bool meet(const LineAxis& axis, int neighbours, int banks) {
  for (int tap = 1 - axis.kernel; tap < axis.kernel; ++tap)
    for (int window = 0; window < neighbours; ++window) {
      const int seen = std::abs(tap * axis.dilation + window * axis.stride);
      const int least = seen / axis.repeat;
      const int most = static_cast<int>(base::ceil_div(seen, axis.repeat));
      for (const int apart : {least, most})
        if (apart != 0 && apart % banks == 0) return true;
    }
  return false;
}

// Tokens of the map before those at which windows after `firing`, not the last, begin.
std::int64_t before_later(const LineShape& shape, std::int64_t firing) {
  const auto [row, group] = place_of(shape, firing);
  const std::int64_t width = shape.tokens_a_row();
  const std::int64_t here = first_line(shape.rows, row);
  const std::int64_t below = first_line(shape.rows, row + 1);
  if (group + 1 == shape.firings_a_row()) return below * width;
  const bool begins_again = row + 1 < shape.rows.windows() && below == here;
  if (begins_again || here == shape.rows.size) return here * width;
  const int next = first_line(shape.cols, (group + 1) * shape.neighbours);
  return here * width + std::min<std::int64_t>(next / shape.beside, width);
}

}  // namespace

std::int64_t freed(const LineShape& shape, std::int64_t firing) {
  if (firing < 0) return 0;
  if (firing + 1 == shape.firings()) return shape.tokens();
  return std::min(before_later(shape, firing), shape.tokens() - 1);
}

std::int64_t reached(const LineShape& shape, std::int64_t firing) {
  const auto [row, group] = place_of(shape, firing);
  const int window = std::min((group + 1) * shape.neighbours, shape.cols.windows()) - 1;
  const int bottom = shape.rows.start(row) + shape.rows.extent();
  const int right = shape.cols.start(window) + shape.cols.extent();
  const std::int64_t seen =
      bottom < 0 ? 0
                 : std::int64_t{std::min(bottom, shape.rows.lines() - 1) / shape.rows.repeat} *
                           shape.tokens_a_row() +
                       base::ceil_div(std::clamp(right + 1, 0, shape.cols.lines()),
                                      shape.cols.repeat * shape.beside);
  return std::max({seen, freed(shape, firing), freed(shape, firing - 1) + (shape.ahead ? 0 : 1)});
}

std::int64_t need(const LineShape& shape, std::int64_t firing) {
  return reached(shape, firing) - freed(shape, firing - 1);
}

std::int64_t frees(const LineShape& shape, std::int64_t firing) {
  return freed(shape, firing) - freed(shape, firing - 1);
}

std::int64_t least_tokens(const LineShape& shape) {
  std::int64_t most = 1;
  for (std::int64_t firing = 0; firing < shape.firings(); ++firing)
    most = std::max(most, need(shape, firing));
  return most;
}

int line_banks(const LineAxis& axis, int neighbours, int beside) {
  int banks = beside;
  while (meet(axis, neighbours, banks)) banks += beside;
  return banks;
}

}  // namespace units
