#include "core/program.hpp"

#include <algorithm>

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

int CoreOp::rows() const { return total(row_ranges); }
int CoreOp::cols() const { return total(col_ranges); }

std::vector<LaneRange> Program::input_lanes() const {
  std::vector<LaneRange> lanes;
  for (const StreamId id : inputs) lanes.push_back({id, 0, streams[id].lanes});
  return lanes;
}

bool Program::is_input(StreamId id) const { return std::ranges::find(inputs, id) != inputs.end(); }

quant::WeightMatrix crossbar_of(const Program& program, OpId id) {
  const CoreOp& op = program.ops[id];
  const quant::WeightMatrix& matrix = program.weights[op.layer].matrix();
  quant::WeightMatrix held(op.rows(), op.cols());
  Eigen::Index row = 0;
  for (const MatrixRange& rows : op.row_ranges) {
    Eigen::Index col = 0;
    for (const MatrixRange& cols : op.col_ranges) {
      auto to = held.block(row, col, rows.count, cols.count);
      to = matrix.block(rows.first, cols.first, rows.count, cols.count);
      if (rows.negated != cols.negated) to = -to;
      col += cols.count;
    }
    row += rows.count;
  }
  return with_errors(std::move(held), program.weight_bits, program.device, id.index());
}

}  // namespace core
