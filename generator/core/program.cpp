#include "core/program.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/bits.hpp"

namespace core {

namespace {

template <class Range>
int total(const std::vector<Range>& ranges) {
  int count = 0;
  for (const Range& range : ranges) count += range.count;
  return count;
}

}  // namespace

int count_of(const std::vector<LaneRange>& ranges) { return total(ranges); }

int View::lanes() const { return total(shown) / sight.parts(); }

int CoreOp::rows() const { return total(row_ranges); }
int CoreOp::cols() const { return total(col_ranges); }

std::int64_t CoreOp::used_cells() const {
  std::int64_t cells = 0;
  for (const MatrixRange& row : row_ranges)
    for (const MatrixRange& col : col_ranges)
      if (row.group == col.group) cells += std::int64_t{row.count} * col.count;
  return cells;
}

std::string op_name(const CoreOp& op) {
  const std::string tile = fmt::format("r{}_c{}", op.row_tile, op.col_tile);
  return op.copies == 1 ? tile : fmt::format("{}_n{}", tile, op.copy);
}

std::vector<LaneRange> Program::input_lanes() const {
  std::vector<LaneRange> lanes;
  for (const StreamId id : inputs) lanes.push_back({id, 0, streams[id].lanes});
  return lanes;
}

bool Program::is_input(StreamId id) const { return std::ranges::find(inputs, id) != inputs.end(); }

int tokens_of(const quant::Pair& map, int beside) {
  return map.y * static_cast<int>(base::ceil_div(map.x, beside));
}

Place place_of(const Stream& stream, int channels, int element) {
  const auto& [map, at, apart] = stream.own;
  const int area = map.area();
  const int row = at.y + element % area / map.x * apart.y;
  const int col = at.x + element % area % map.x * apart.x;
  const int lanes = channels * (stream.format.is_signed ? 2 : 1);  // of a position
  return {row * tokens_of({1, stream.map.x}, stream.beside) + col / stream.beside,
          col % stream.beside * lanes + element / area};
}

namespace {

// By element; sample by sample they are walked in the order of memory.
std::vector<Place> places_of(const Stream& stream, int channels) {
  std::vector<Place> places;
  for (int element = 0; element < channels * stream.own.map.area(); ++element)
    places.push_back(place_of(stream, channels, element));
  return places;
}

}  // namespace

quant::IntegerBatch lanes_of(const Stream& stream, const quant::IntegerBatch& samples) {
  const int channels = static_cast<int>(samples.cols()) / stream.own.map.area();
  const int halves = stream.format.is_signed ? 2 : 1;
  const std::vector<Place> places = places_of(stream, channels);
  quant::IntegerBatch all =
      quant::IntegerBatch::Zero(samples.rows() * stream.tokens, stream.beside * channels * halves);
  for (Eigen::Index s = 0; s < samples.rows(); ++s)
    for (Eigen::Index e = 0; e < samples.cols(); ++e) {
      const auto [token, lane] = places[static_cast<std::size_t>(e)];
      const std::int32_t value = samples(s, e);
      const bool negative = stream.format.is_signed && value < 0;
      all(s * stream.tokens + token, lane + (negative ? channels : 0)) = negative ? -value : value;
    }
  return all;
}

quant::IntegerBatch samples_of(const Stream& stream, const quant::IntegerBatch& lanes) {
  const bool is_signed = stream.format.is_signed;
  const int channels = static_cast<int>(lanes.cols()) / (stream.beside * (is_signed ? 2 : 1));
  const std::vector<Place> places = places_of(stream, channels);
  quant::IntegerBatch all(lanes.rows() / stream.tokens, channels * stream.own.map.area());
  for (Eigen::Index s = 0; s < all.rows(); ++s)
    for (Eigen::Index e = 0; e < all.cols(); ++e) {
      const auto [token, lane] = places[static_cast<std::size_t>(e)];
      const auto row = lanes.row(s * stream.tokens + token);
      all(s, e) = row(lane) - (is_signed ? row(lane + channels) : 0);
    }
  return all;
}

quant::WeightMatrix crossbar_of(const Program& program, OpId id) {
  const CoreOp& op = program.ops[id];
  const quant::WeightMatrix& matrix = program.weights[op.layer].matrix();
  quant::WeightMatrix held = quant::WeightMatrix::Zero(op.rows(), op.cols());
  Eigen::Index row = 0;
  for (const MatrixRange& rows : op.row_ranges) {
    Eigen::Index col = 0;
    for (const MatrixRange& cols : op.col_ranges) {
      auto to = held.block(row, col, rows.count, cols.count);
      col += cols.count;
      if (rows.group != cols.group) continue;
      to = matrix.block(rows.first, cols.first, rows.count, cols.count);
      if (rows.negated != cols.negated) to = -to;
    }
    row += rows.count;
  }
  return with_errors(std::move(held), program.weight_bits, program.device, id.index());
}

std::vector<LaneRange> lanes_of_step(const Stream& stream, StreamId id, int taps) {
  const int apart = stream.lanes / taps;
  const int halves = stream.format.is_signed ? 2 : 1;
  std::vector<LaneRange> lanes;
  for (int half = 0; half < halves; ++half)
    for (int tap = 0; tap < taps; ++tap)
      lanes.push_back({id, tap * apart + half * (apart / halves), apart / halves});
  return lanes;
}

}  // namespace core
