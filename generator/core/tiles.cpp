#include "core/tiles.hpp"

#include <algorithm>

#include "base/bits.hpp"

namespace core {

namespace {

bool continues(const LaneRange& before, const LaneRange& next) {
  return before.stream == next.stream && before.first + before.count == next.first;
}

bool continues(const MatrixRange& before, const MatrixRange& next) {
  return before.negated == next.negated && before.group == next.group &&
         before.first + before.count == next.first;
}

// Places [first, first + count) of a concatenation of ranges, pieces that continue each other
// joined.
template <class Range>
std::vector<Range> cut(const std::vector<Range>& ranges, int first, int count) {
  std::vector<Range> pieces;
  int start = 0;
  for (const Range& range : ranges) {
    const int from = std::max(first, start);
    const int to = std::min(first + count, start + range.count);
    Range piece = range;
    piece.first += from - start;
    piece.count = to - from;
    start += range.count;
    if (from >= to) continue;
    if (!pieces.empty() && continues(pieces.back(), piece))
      pieces.back().count += piece.count;
    else
      pieces.push_back(piece);
  }
  return pieces;
}

template <class Range>
int total(const std::vector<Range>& ranges) {
  int count = 0;
  for (const Range& range : ranges) count += range.count;
  return count;
}

template <class T>
std::vector<T> part(const std::vector<T>& all, int first, int count) {
  return {all.begin() + first, all.begin() + first + count};
}

int ceil_div(int a, int b) { return static_cast<int>(base::ceil_div(a, b)); }

}  // namespace

int add_tiles(const LaneProduct& product, const CoreOp& whole, TileSize tile, Program& program) {
  const std::string name = program.streams[whole.output].name + "_";
  const int rows = total(product.rows);
  const int cols = total(product.cols);
  const int row_tiles = ceil_div(rows, tile.rows);
  const int most_rows = ceil_div(rows, row_tiles);
  const int most_cols = ceil_div(cols, ceil_div(cols, tile.cols));
  for (int col = 0; col < cols; col += most_cols) {
    const int width = std::min(most_cols, cols - col);
    for (int r = 0; r < row_tiles; ++r) {
      const int row = r * most_rows;
      const int height = std::min(most_rows, rows - row);
      CoreOp op = whole;
      op.first_lane = product.first_lane + col;
      op.row_tile = r;
      op.row_tiles = row_tiles;
      op.col_tile = whole.col_tile + col / most_cols;
      op.name = name + op_name(op);
      op.inputs = cut(product.inputs, row, height);
      op.row_ranges = cut(product.rows, row, height);
      op.col_ranges = cut(product.cols, col, width);
      if (op.is_last()) {
        op.bias = part(product.bias, col, width);
        op.threshold = part(product.threshold, col, width);
        op.top = part(product.top, col, width);
      }
      program.ops.push_back(std::move(op));
    }
  }
  return whole.col_tile + ceil_div(cols, most_cols);
}

LaneProduct at_position(LaneProduct product, int copy, const Stream& output,
                        const Program& program) {
  product.first_lane += copy * output.position_lanes();
  for (LaneRange& lanes : product.inputs)
    lanes.first += copy * program.streams[lanes.stream].position_lanes();
  return product;
}

}  // namespace core
