// The checker of lowering, written without lower()'s helpers.
#include <fmt/format.h>

#include "base/error.hpp"
#include "core/program.hpp"

namespace core {

namespace {

[[noreturn]] void broken(const std::string& op, const std::string& what) {
  base::fail(base::Code::kInternal, "lowering is wrong: " + what, "core-op " + op);
}

// Follows single lanes back to their element and sign: slower than lower(), and shares nothing with
// it.
struct Lane {
  quant::LayerId source;
  int element = 0;
  int sign = 1;
};

Lane lane_of(const Program& program, BusId bus, int lane) {
  const bool is_signed = program.bus(bus).format.is_signed;
  const int elements = is_signed ? program.bus(bus).lanes / 2 : program.bus(bus).lanes;
  const quant::LayerId source =
      bus.index() == 0 ? quant::LayerId{} : quant::LayerId{bus.index() - 1};
  return {source, lane % elements, lane < elements ? 1 : -1};
}

// Row of the layer's matrix that reads element `lane.element` of `lane.source`.
int matrix_row(const quant::Dense& layer, const Lane& lane, const std::string& op) {
  int row = 0;
  for (const quant::Slice& slice : layer.inputs) {
    const int offset = lane.element - slice.first;
    if (slice.source == lane.source && offset >= 0 && offset < slice.count) return row + offset;
    row += slice.count;
  }
  broken(op, "reads a lane that its layer does not read");
}

std::int64_t check_op(const Program& program, const quant::Network& network, OpId id) {
  const CoreOp& op = program.ops[id.index()];
  const quant::Dense& layer = network.layers[op.output.index() - 1];
  const quant::WeightMatrix held = crossbar_of(program, id);
  int row = 0;
  for (const LaneRange& range : op.inputs) {
    for (int i = 0; i < range.count; ++i, ++row) {
      const Lane from = lane_of(program, range.bus, range.first + i);
      const int r = matrix_row(layer, from, op.name);
      for (int c = 0; c < op.cols(); ++c) {
        const Lane to = lane_of(program, op.output, op.first_lane + c);
        if (held(row, c) != layer.weights(r, to.element) * from.sign * to.sign)
          broken(op.name, fmt::format("weight ({}, {}) differs from the network's", row, c));
      }
    }
  }
  if (row != op.rows()) broken(op.name, "lane ranges and rows disagree");
  return std::int64_t{op.rows()} * op.cols();
}

void check_neurons(const Program& program, const quant::Network& network, const CoreOp& op) {
  const quant::Dense& layer = network.layers[op.output.index() - 1];
  if (!op.is_last() && op.bias.empty() && op.threshold.empty()) return;
  if (std::ssize(op.bias) != op.cols() || std::ssize(op.threshold) != op.cols())
    broken(op.name, "neurons and columns disagree");
  for (int c = 0; c < op.cols(); ++c) {
    const Lane to = lane_of(program, op.output, op.first_lane + c);
    const auto column = static_cast<std::size_t>(c);
    if (op.bias[column] != layer.bias(to.element) * to.sign ||
        op.threshold[column] != layer.threshold(to.element))
      broken(op.name, fmt::format("bias or threshold of column {} differs", c));
  }
}

std::int64_t weights_of(const Program& program, const quant::Network& network, std::size_t index) {
  const quant::Dense& layer = network.layers[index];
  std::int64_t rows = 0;
  for (const quant::Slice& slice : layer.inputs)
    rows += slice.count * (network.format_of(slice.source).is_signed ? 2 : 1);
  return rows * program.buses[index + 1].lanes;
}

}  // namespace

void check(const Program& program, const quant::Network& network, TileSize tile) {
  std::vector<std::int64_t> seen(network.layers.size(), 0);
  if (!program.device.is_ideal())
    broken(program.name, "it is checked before its devices have errors");
  for (std::size_t i = 0; i < program.ops.size(); ++i) {
    const CoreOp& op = program.ops[i];
    if (op.rows() > tile.rows || op.cols() > tile.cols) broken(op.name, "larger than the crossbar");
    seen[op.output.index() - 1] += check_op(program, network, OpId{i});
    check_neurons(program, network, op);
  }
  for (std::size_t i = 0; i < seen.size(); ++i)
    if (seen[i] != weights_of(program, network, i))
      broken(network.layers[i].name, "weights are missing or doubled");
}

}  // namespace core
