// The checker of lowering, written without lower()'s helpers.
#include <fmt/format.h>

#include "base/error.hpp"
#include "core/lower.hpp"

namespace core {

namespace {

[[noreturn]] void broken(const std::string& op, const std::string& what) {
  base::fail(base::Code::kInternal, "lowering is wrong: " + what, "core-op " + op);
}

// An element of a tensor, and which half of it a lane carries.
struct Element {
  quant::TensorId tensor;
  int index = 0;
  int sign = 1;
  bool operator==(const Element&) const = default;
};

// Follows single lanes back to their element and sign: slower than lower(), and shares nothing with
// it.
Element carried(const Program& program, StreamId id, int lane) {
  const Stream& stream = program.streams[id];
  const int elements = stream.format.is_signed ? stream.lanes / 2 : stream.lanes;
  return {stream.tensor, lane % elements, lane < elements ? 1 : -1};
}

// The x+ half of what row `row` of a concatenation of sources reads.
Element row_of(const std::vector<quant::Source>& sources, int row) {
  for (const quant::Source& source : sources) {
    if (row < source.count) return {source.tensor, source.first + row, 1};
    row -= source.count;
  }
  return {};
}

// Every lane of every core-op against its layer, with the combinations of matrix row, sign of the
// input and output lane that were met.
class Checker {
 public:
  Checker(const Program& program, const quant::Network& network)
      : program_(program), network_(network) {
    for (const quant::Layer& layer : network.layers)
      met_.push_back(std::vector<bool>(2 * std::size_t(layer.rows()) * lanes_of(layer)));
  }

  void check_streams() const {
    base::IdVector<quant::TensorId, int> carriers(network_.tensors.size(), 0);
    for (const Stream& stream : program_.streams) {
      const quant::Tensor& tensor = network_.tensors[stream.tensor];
      if (stream.format != tensor.format ||
          stream.lanes != tensor.count() * (tensor.format.is_signed ? 2 : 1))
        broken(stream.name, "a stream differs from its tensor");
      ++carriers[stream.tensor];
    }
    for (const quant::TensorId id : network_.tensors.ids())
      if (carriers[id] != 1) broken(network_.tensors[id].name, "not one stream for a tensor");
  }

  void check_op(OpId id) {
    const CoreOp& op = program_.ops[id];
    if (!network_.layers.contains(op.layer)) broken(op.name, "belongs to no layer");
    const quant::Layer& layer = network_.layers[op.layer];
    if (program_.streams[op.output].tensor != layer.output)
      broken(op.name, "drives another stream");
    check_weights(id, layer);
    check_neurons(op, layer);
  }

  void check_complete() const {
    for (const quant::LayerId id : network_.layers.ids()) {
      const quant::Layer& layer = network_.layers[id];
      for (int row = 0; row < layer.rows(); ++row) {
        const Element element = row_of(layer.product().inputs, row);
        for (std::size_t lane = 0; lane < lanes_of(layer); ++lane)
          if (!met_[id][place(layer, row, 1, lane)] ||
              met_[id][place(layer, row, -1, lane)] != network_.format_of(element.tensor).is_signed)
            broken(layer.name, "weights are missing");
      }
    }
  }

  void check_outputs() const {
    std::size_t range = 0;
    for (const quant::Source& source : network_.outputs)
      for (int sign = 1; sign >= (network_.format_of(source.tensor).is_signed ? -1 : 1);
           sign -= 2) {
        if (range == program_.outputs.size()) broken(program_.name, "an output is missing");
        const LaneRange& lanes = program_.outputs[range++];
        if (lanes.count != source.count || carried(program_, lanes.stream, lanes.first) !=
                                               Element{source.tensor, source.first, sign})
          broken(program_.name, "an output reads other lanes");
      }
    if (range != program_.outputs.size()) broken(program_.name, "an output too many");
  }

 private:
  std::size_t lanes_of(const quant::Layer& layer) const {
    return std::size_t(layer.cols()) * (network_.format_of(layer.output).is_signed ? 2 : 1);
  }

  std::size_t place(const quant::Layer& layer, int row, int sign, std::size_t lane) const {
    return (2 * static_cast<std::size_t>(row) + (sign < 0)) * lanes_of(layer) + lane;
  }

  void check_weights(OpId id, const quant::Layer& layer) {
    const CoreOp& op = program_.ops[id];
    const quant::WeightMatrix held = crossbar_of(program_, id);
    std::vector<int> rows;  // of the layer's matrix, as the op says
    for (const MatrixRange& range : op.row_ranges)
      for (int i = 0; i < range.count; ++i) rows.push_back(range.first + i);
    std::size_t row = 0;
    for (const LaneRange& range : op.inputs)
      for (int i = 0; i < range.count; ++i, ++row) {
        const Element from = carried(program_, range.stream, range.first + i);
        if (row >= rows.size()) broken(op.name, "lane ranges and rows disagree");
        Element wanted = row_of(layer.product().inputs, rows[row]);
        wanted.sign = from.sign;
        if (from != wanted) broken(op.name, "reads a lane that its layer does not read");
        check_row(op, layer, rows[row], from.sign, held.row(static_cast<Eigen::Index>(row)));
      }
    if (row != rows.size()) broken(op.name, "lane ranges and rows disagree");
  }

  template <class Row>
  void check_row(const CoreOp& op, const quant::Layer& layer, int row, int sign, const Row& held) {
    for (int c = 0; c < op.cols(); ++c) {
      const Element to = carried(program_, op.output, op.first_lane + c);
      if (held(c) != layer.product().weights(row, to.index) * sign * to.sign)
        broken(op.name, fmt::format("weight ({}, {}) differs from the network's", row, c));
      auto met = met_[op.layer][place(layer, row, sign, std::size_t(op.first_lane + c))];
      if (met) broken(op.name, "a weight is met twice");
      met = true;
    }
  }

  void check_neurons(const CoreOp& op, const quant::Layer& layer) const {
    if (!op.is_last() && op.bias.empty() && op.threshold.empty() && op.top.empty()) return;
    if (std::ssize(op.bias) != op.cols() || std::ssize(op.threshold) != op.cols() ||
        std::ssize(op.top) != op.cols() || op.rounding != layer.product().rounding)
      broken(op.name, "neurons and columns disagree");
    const quant::Format& format = network_.format_of(layer.output);
    for (int c = 0; c < op.cols(); ++c) {
      const Element to = carried(program_, op.output, op.first_lane + c);
      const auto column = static_cast<std::size_t>(c);
      if (op.bias[column] != layer.product().bias(to.index) * to.sign ||
          op.threshold[column] != layer.product().threshold(to.index) ||
          op.top[column] != (to.sign > 0 ? format.high : -format.low))
        broken(op.name, fmt::format("bias, threshold or top of column {} differs", c));
    }
  }

  const Program& program_;
  const quant::Network& network_;
  base::IdVector<quant::LayerId, std::vector<bool>> met_;
};

}  // namespace

void check(const Program& program, const quant::Network& network, TileSize tile) {
  if (!program.device.is_ideal())
    broken(program.name, "it is checked before its devices have errors");
  Checker checker(program, network);
  checker.check_streams();
  for (const OpId id : program.ops.ids()) {
    const CoreOp& op = program.ops[id];
    if (op.rows() > tile.rows || op.cols() > tile.cols) broken(op.name, "larger than the crossbar");
    checker.check_op(id);
  }
  checker.check_complete();
  checker.check_outputs();
}

}  // namespace core
