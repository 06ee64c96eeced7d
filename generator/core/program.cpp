#include "core/program.hpp"

#include <fmt/format.h>

#include "base/bits.hpp"
#include "base/error.hpp"

namespace core {

namespace {

int lanes_of(int elements, const quant::Format& format) {
  return format.is_signed ? 2 * elements : elements;
}

Bus bus_of(const std::string& name, int elements, const quant::Format& format) {
  return {name, lanes_of(elements, format), format};
}

// A layer's product over lanes: the matrix that the hardware holds, and where its rows come from.
struct LaneProduct {
  std::vector<LaneRange> inputs;
  quant::WeightMatrix weights;
  std::vector<std::int64_t> bias;
  std::vector<std::int64_t> threshold;
};

BusId bus_id(quant::LayerId source) {
  return source.valid() ? BusId{source.index() + 1} : BusId{0};
}

int elements_of(const quant::Network& network, quant::LayerId source) {
  return source.valid() ? static_cast<int>(network.layer(source).weights.cols())
                        : network.input_count;
}

void append_rows(quant::WeightMatrix& to, const quant::WeightMatrix& rows) {
  const Eigen::Index before = to.rows();
  to.conservativeResize(before + rows.rows(), rows.cols());
  to.bottomRows(rows.rows()) = rows;
}

// A signed source delivers x+ and x- as separate lanes, so its rows appear twice, as w and as -w.
void add_inputs(const quant::Network& network, const quant::Dense& layer, LaneProduct& product) {
  Eigen::Index row = 0;
  for (const quant::Slice& slice : layer.inputs) {
    const quant::WeightMatrix rows = layer.weights.middleRows(row, slice.count);
    row += slice.count;
    const BusId bus = bus_id(slice.source);
    product.inputs.push_back({bus, slice.first, slice.count});
    append_rows(product.weights, rows);
    if (!network.format_of(slice.source).is_signed) continue;
    product.inputs.push_back({bus, elements_of(network, slice.source) + slice.first, slice.count});
    append_rows(product.weights, -rows);
  }
}

// A signed output is the pair ReLU(y), ReLU(-y): the columns appear twice, as W and as -W.
void double_columns(LaneProduct& product) {
  const Eigen::Index cols = product.weights.cols();
  product.weights.conservativeResize(Eigen::NoChange, 2 * cols);
  product.weights.rightCols(cols) = -product.weights.leftCols(cols).eval();
  for (Eigen::Index c = 0; c < cols; ++c) {
    product.bias.push_back(-product.bias[static_cast<std::size_t>(c)]);
    product.threshold.push_back(product.threshold[static_cast<std::size_t>(c)]);
  }
}

void check_range(const LaneProduct& product, const std::string& layer, int weight_bits) {
  const std::int32_t highest = (1 << (weight_bits - 1)) - 1;
  if (product.weights.size() == 0 || product.weights.maxCoeff() <= highest) return;
  base::fail(
      base::Code::kWeightRange,
      fmt::format("a weight of {} must be negated for a signed tensor, and {} does not fit {} "
                  "bits",
                  -product.weights.maxCoeff(), product.weights.maxCoeff(), weight_bits),
      "layer " + layer, fmt::format("pe.weight_bits = {}", weight_bits + 1));
}

LaneProduct lane_product(const quant::Network& network, const quant::Dense& layer) {
  LaneProduct product;
  product.weights.resize(0, layer.weights.cols());
  add_inputs(network, layer, product);
  product.bias.assign(layer.bias.begin(), layer.bias.end());
  product.threshold.assign(layer.threshold.begin(), layer.threshold.end());
  if (layer.output.is_signed) double_columns(product);
  check_range(product, layer.name, network.weight_bits);
  return product;
}

// Rows [first, first + count) of a concatenation of lane ranges, adjacent pieces of a bus joined.
std::vector<LaneRange> cut(const std::vector<LaneRange>& ranges, int first, int count) {
  std::vector<LaneRange> pieces;
  int start = 0;
  for (const LaneRange& range : ranges) {
    const int from = std::max(first, start);
    const int to = std::min(first + count, start + range.count);
    const int lane = range.first + from - start;
    start += range.count;
    if (from >= to) continue;
    if (!pieces.empty() && pieces.back().bus == range.bus &&
        pieces.back().first + pieces.back().count == lane) {
      pieces.back().count += to - from;
    } else {
      pieces.push_back({range.bus, lane, to - from});
    }
  }
  return pieces;
}

template <class T>
std::vector<T> part(const std::vector<T>& all, int first, int count) {
  return {all.begin() + first, all.begin() + first + count};
}

int ceil_div(int a, int b) { return static_cast<int>(base::ceil_div(a, b)); }

// Cuts a product into as few tiles as hold it, and these as equal as can be: equal PEs are one
// module.
void add_tiles(const LaneProduct& product, const Bus& bus, BusId output, TileSize tile,
               std::vector<CoreOp>& ops) {
  const int rows = static_cast<int>(product.weights.rows());
  const int cols = static_cast<int>(product.weights.cols());
  const int row_tiles = ceil_div(rows, tile.rows);
  const int most_rows = ceil_div(rows, row_tiles);
  const int most_cols = ceil_div(cols, ceil_div(cols, tile.cols));
  for (int col = 0; col < cols; col += most_cols) {
    const int width = std::min(most_cols, cols - col);
    for (int r = 0; r < row_tiles; ++r) {
      const int row = r * most_rows;
      const int height = std::min(most_rows, rows - row);
      CoreOp op{.name = fmt::format("{}_r{}_c{}", bus.name, r, col / most_cols),
                .output = output,
                .first_lane = col,
                .row_tile = r,
                .row_tiles = row_tiles,
                .inputs = cut(product.inputs, row, height),
                .weights = product.weights.block(row, col, height, width),
                .bias = {},
                .threshold = {}};
      if (op.is_last()) {
        op.bias = part(product.bias, col, width);
        op.threshold = part(product.threshold, col, width);
      }
      ops.push_back(std::move(op));
    }
  }
}

}  // namespace

Program lower(const quant::Network& network, TileSize tile) {
  Program program{.name = network.name,
                  .weight_bits = network.weight_bits,
                  .activation_bits = network.activation_bits,
                  .buses = {},
                  .ops = {}};
  program.buses.push_back(bus_of(network.input_name, network.input_count, network.input));
  for (const quant::Dense& layer : network.layers) {
    const int elements = static_cast<int>(layer.weights.cols());
    program.buses.push_back(bus_of(layer.name, elements, layer.output));
    add_tiles(lane_product(network, layer), program.buses.back(), program.output(), tile,
              program.ops);
  }
  return program;
}

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

std::int64_t check_op(const Program& program, const quant::Network& network, const CoreOp& op) {
  const quant::Dense& layer = network.layers[op.output.index() - 1];
  int row = 0;
  for (const LaneRange& range : op.inputs) {
    for (int i = 0; i < range.count; ++i, ++row) {
      const Lane from = lane_of(program, range.bus, range.first + i);
      const int r = matrix_row(layer, from, op.name);
      for (int c = 0; c < op.cols(); ++c) {
        const Lane to = lane_of(program, op.output, op.first_lane + c);
        if (op.weights(row, c) != layer.weights(r, to.element) * from.sign * to.sign)
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
  for (const CoreOp& op : program.ops) {
    if (op.rows() > tile.rows || op.cols() > tile.cols) broken(op.name, "larger than the crossbar");
    seen[op.output.index() - 1] += check_op(program, network, op);
    check_neurons(program, network, op);
  }
  for (std::size_t i = 0; i < seen.size(); ++i)
    if (seen[i] != weights_of(program, network, i))
      broken(network.layers[i].name, "weights are missing or doubled");
}

}  // namespace core
