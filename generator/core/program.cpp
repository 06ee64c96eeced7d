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

quant::IntegerBatch tokens_of(const quant::IntegerBatch& samples, int tokens) {
  if (tokens == 1) return samples;
  const Eigen::Index channels = samples.cols() / tokens;
  quant::IntegerBatch all(samples.rows() * tokens, channels);
  for (Eigen::Index row = 0; row < all.rows(); ++row)
    for (Eigen::Index c = 0; c < channels; ++c)
      all(row, c) = samples(row / tokens, c * tokens + row % tokens);
  return all;
}

quant::IntegerBatch samples_of(const quant::IntegerBatch& tokens, int tokens_a_sample) {
  if (tokens_a_sample == 1) return tokens;
  const Eigen::Index channels = tokens.cols();
  quant::IntegerBatch all(tokens.rows() / tokens_a_sample, channels * tokens_a_sample);
  for (Eigen::Index row = 0; row < tokens.rows(); ++row)
    for (Eigen::Index c = 0; c < channels; ++c)
      all(row / tokens_a_sample, c * tokens_a_sample + row % tokens_a_sample) = tokens(row, c);
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

}  // namespace core
