#include "core/lower.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/bits.hpp"
#include "base/error.hpp"
#include "quant/facts.hpp"

namespace core {

namespace {

int lanes_of(int elements, const quant::Format& format) {
  return format.is_signed ? 2 * elements : elements;
}

// A layer's product over lanes: the rows and columns of its matrix that the hardware holds.
struct LaneProduct {
  std::vector<LaneRange> inputs;
  std::vector<MatrixRange> rows;
  std::vector<MatrixRange> cols;
  std::vector<std::int64_t> bias;
  std::vector<std::int64_t> threshold;
  std::vector<std::int32_t> top;
};

// Streams by the tensors that they carry.
using StreamOf = base::IdVector<quant::TensorId, StreamId>;

// The lanes of `source`: x+ and, of a signed tensor, x- as well.
std::vector<LaneRange> lanes_of(const quant::Network& network, const StreamOf& streams,
                                const quant::Source& source) {
  const quant::Tensor& tensor = network.tensors[source.tensor];
  const StreamId stream = streams[source.tensor];
  std::vector<LaneRange> lanes{{stream, source.first, source.count}};
  if (tensor.format.is_signed)
    lanes.push_back({stream, tensor.count() + source.first, source.count});
  return lanes;
}

// A signed source delivers x+ and x- as separate lanes, so its rows appear twice, as w and as -w.
void add_inputs(const quant::Network& network, const StreamOf& streams, const quant::Layer& layer,
                LaneProduct& product) {
  int row = 0;
  for (const quant::Source& source : layer.product().inputs) {
    bool negated = false;
    for (const LaneRange& lanes : lanes_of(network, streams, source)) {
      product.inputs.push_back(lanes);
      product.rows.push_back({row, source.count, std::exchange(negated, true)});
    }
    row += source.count;
  }
}

// A signed output is the pair ReLU(y), ReLU(-y): the columns appear twice, as W and as -W.
void add_columns(const quant::Product& layer, const quant::Format& output, LaneProduct& product) {
  const int cols = static_cast<int>(layer.weights.cols());
  product.cols.push_back({0, cols, false});
  product.bias.assign(layer.bias.begin(), layer.bias.end());
  product.threshold.assign(layer.threshold.begin(), layer.threshold.end());
  product.top.assign(static_cast<std::size_t>(cols), output.high);
  if (!output.is_signed) return;
  product.cols.push_back({0, cols, true});
  for (int c = 0; c < cols; ++c) {
    product.bias.push_back(-layer.bias[c]);
    product.threshold.push_back(layer.threshold[c]);
    product.top.push_back(-output.low);
  }
}

// The most negative weight has no negative: it may stand only where nothing is negated.
void check_range(const LaneProduct& product, const quant::Layer& layer, bool signed_output,
                 int weight_bits) {
  const std::int32_t lowest = -(1 << (weight_bits - 1));
  for (const MatrixRange& rows : product.rows) {
    if (!rows.negated && !signed_output) continue;
    const auto part = layer.product().weights.matrix().middleRows(rows.first, rows.count);
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

LaneProduct lane_product(const quant::Network& network, const StreamOf& streams,
                         const quant::Layer& layer) {
  LaneProduct product;
  const quant::Format& output = network.format_of(layer.output);
  add_inputs(network, streams, layer, product);
  add_columns(layer.product(), output, product);
  check_range(product, layer, output.is_signed, network.weight_bits);
  return product;
}

bool continues(const LaneRange& before, const LaneRange& next) {
  return before.stream == next.stream && before.first + before.count == next.first;
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
void add_tiles(const LaneProduct& product, const CoreOp& whole, TileSize tile, Program& program) {
  const std::string& name = program.streams[whole.output].name;
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
      op.first_lane = col;
      op.row_tile = r;
      op.row_tiles = row_tiles;
      op.col_tile = col / most_cols;
      op.name = fmt::format("{}_r{}_c{}", name, r, op.col_tile);
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
}

}  // namespace

Program lower(const quant::Network& network, TileSize tile) {
  quant::require_mappable(network);
  Program program;
  program.name = network.name;
  program.weight_bits = network.weight_bits;
  StreamOf streams(network.tensors.size());
  const auto add_stream = [&](quant::TensorId id) {
    const quant::Tensor& tensor = network.tensors[id];
    const int lanes = lanes_of(tensor.count(), tensor.format);
    return streams[id] = program.streams.push_back({tensor.name, id, lanes, tensor.format});
  };
  for (const quant::TensorId id : network.inputs) program.inputs.push_back(add_stream(id));
  for (const quant::LayerId id : network.layers.ids()) {
    const quant::Layer& layer = network.layers[id];
    program.weights.push_back(layer.product().weights);
    CoreOp whole;
    whole.layer = id;
    whole.output = add_stream(layer.output);
    whole.rounding = layer.product().rounding;
    add_tiles(lane_product(network, streams, layer), whole, tile, program);
  }
  for (const quant::Source& source : network.outputs)
    for (const LaneRange& lanes : lanes_of(network, streams, source))
      program.outputs.push_back(lanes);
  return program;
}

}  // namespace core
