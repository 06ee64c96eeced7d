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

// A layer's product over lanes: the rows and columns of its matrix that the hardware holds.
struct LaneProduct {
  std::vector<LaneRange> inputs;
  std::vector<MatrixRange> rows;
  std::vector<MatrixRange> cols;
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

// A signed source delivers x+ and x- as separate lanes, so its rows appear twice, as w and as -w.
void add_inputs(const quant::Network& network, const quant::Dense& layer, LaneProduct& product) {
  int row = 0;
  for (const quant::Slice& slice : layer.inputs) {
    const BusId bus = bus_id(slice.source);
    product.inputs.push_back({bus, slice.first, slice.count});
    product.rows.push_back({row, slice.count, false});
    if (network.format_of(slice.source).is_signed) {
      product.inputs.push_back(
          {bus, elements_of(network, slice.source) + slice.first, slice.count});
      product.rows.push_back({row, slice.count, true});
    }
    row += slice.count;
  }
}

// A signed output is the pair ReLU(y), ReLU(-y): the columns appear twice, as W and as -W.
void add_columns(const quant::Dense& layer, LaneProduct& product) {
  const int cols = static_cast<int>(layer.weights.cols());
  product.cols.push_back({0, cols, false});
  product.bias.assign(layer.bias.begin(), layer.bias.end());
  product.threshold.assign(layer.threshold.begin(), layer.threshold.end());
  if (!layer.output.is_signed) return;
  product.cols.push_back({0, cols, true});
  for (int c = 0; c < cols; ++c) {
    product.bias.push_back(-layer.bias[c]);
    product.threshold.push_back(layer.threshold[c]);
  }
}

// The most negative weight has no negative: it may stand only where nothing is negated.
void check_range(const LaneProduct& product, const quant::Dense& layer, int weight_bits) {
  const std::int32_t lowest = -(1 << (weight_bits - 1));
  for (const MatrixRange& rows : product.rows) {
    if (!rows.negated && !layer.output.is_signed) continue;
    const auto part = layer.weights.matrix().middleRows(rows.first, rows.count);
    if (part.size() == 0 || part.minCoeff() > lowest) continue;
    base::fail(base::Code::kWeightRange,
               fmt::format("a weight of {} must be negated for a signed tensor, and {} does not "
                           "fit {} bits",
                           lowest, -lowest, weight_bits),
               "layer " + layer.name,
               weight_bits < 16
                   ? fmt::format("set pe.weight_bits to {}", weight_bits + 1)
                   : "export the weights in a narrow range, without their lowest number");
  }
}

LaneProduct lane_product(const quant::Network& network, const quant::Dense& layer) {
  LaneProduct product;
  add_inputs(network, layer, product);
  add_columns(layer, product);
  check_range(product, layer, network.weight_bits);
  return product;
}

bool continues(const LaneRange& before, const LaneRange& next) {
  return before.bus == next.bus && before.first + before.count == next.first;
}

bool continues(const MatrixRange& before, const MatrixRange& next) {
  return before.negated == next.negated && before.first + before.count == next.first;
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

// Cuts a product into as few tiles as hold it, and these as equal as can be: equal PEs are one
// module.
void add_tiles(const LaneProduct& product, quant::LayerId layer, TileSize tile, Program& program) {
  const std::string& name = program.buses.back().name;
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
      CoreOp op{.name = fmt::format("{}_r{}_c{}", name, r, col / most_cols),
                .layer = layer,
                .output = program.output(),
                .first_lane = col,
                .row_tile = r,
                .row_tiles = row_tiles,
                .col_tile = col / most_cols,
                .inputs = cut(product.inputs, row, height),
                .row_ranges = cut(product.rows, row, height),
                .col_ranges = cut(product.cols, col, width),
                .bias = {},
                .threshold = {}};
      if (op.is_last()) {
        op.bias = part(product.bias, col, width);
        op.threshold = part(product.threshold, col, width);
      }
      program.ops.push_back(std::move(op));
    }
  }
}

}  // namespace

int CoreOp::rows() const { return total(row_ranges); }
int CoreOp::cols() const { return total(col_ranges); }

Program lower(const quant::Network& network, TileSize tile) {
  Program program{.name = network.name,
                  .weight_bits = network.weight_bits,
                  .activation_bits = network.activation_bits,
                  .weights = {},
                  .device = {},
                  .buses = {},
                  .ops = {}};
  program.buses.push_back(bus_of(network.input_name, network.input_count, network.input));
  for (std::size_t i = 0; i < network.layers.size(); ++i) {
    const quant::Dense& layer = network.layers[i];
    const int elements = static_cast<int>(layer.weights.cols());
    program.weights.push_back(layer.weights);
    program.buses.push_back(bus_of(layer.name, elements, layer.output));
    add_tiles(lane_product(network, layer), quant::LayerId{i}, tile, program);
  }
  return program;
}

quant::WeightMatrix crossbar_of(const Program& program, OpId id) {
  const CoreOp& op = program.ops[id.index()];
  const quant::WeightMatrix& matrix = program.weights[op.layer.index()].matrix();
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
