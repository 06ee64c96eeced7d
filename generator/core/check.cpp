// The checker of lowering, written without lower()'s helpers.
#include <fmt/format.h>

#include <utility>

#include "base/error.hpp"
#include "core/lower.hpp"

namespace core {

namespace {

[[noreturn]] void broken(const std::string& op, const std::string& what) {
  base::fail(base::Code::kInternal, "lowering is wrong: " + what, "core-op " + op);
}

// What a lane carries of a tensor in a window: a channel of what is seen of it, at which tap, and
// which half of it; and of which of the token's windows.
struct Element {
  quant::TensorId tensor;
  int channel = 0;
  int tap = 0;
  int sign = 1;
  int beside = 0;
  bool operator==(const Element&) const = default;
};

// Follows single lanes back to their element and sign: slower than lower(), and shares nothing with
// it.
Element carried(const Program& program, StreamId id, int lane) {
  const Stream& stream = program.streams[id];
  const int width = stream.lanes / stream.beside;
  const int within = lane % width;
  if (stream.is_copy()) {
    const int taps = stream.view->window.taps();
    const int lanes = width / taps;
    const int seen = stream.format.is_signed ? lanes / 2 : lanes;  // channels
    return {stream.tensor, within % lanes % seen, within / lanes, within % lanes < seen ? 1 : -1,
            lane / width};
  }
  const int channels = stream.format.is_signed ? width / 2 : width;
  return {stream.tensor, within % channels, 0, within < channels ? 1 : -1, lane / width};
}

// What a row of a layer's matrix meets, in columns of one group.
struct Row {
  Element element;       // the x+ half
  quant::Window window;  // whose taps they are
  quant::Sight sight;    // of the maps that it walks over
};

Row row_of(const quant::Network& network, const quant::Layer& layer, int row, int group) {
  const quant::Window& window = layer.window();
  const int width = layer.rows() / window.taps();  // channels, or elements where nothing walks
  int index = group * width + row % width;
  for (const quant::Source& source : layer.inputs()) {
    const int area = window.map.area();
    if (index >= source.count / area) {
      index -= source.count / area;
      continue;
    }
    const quant::Shape map = network.seen_by(source);
    if (map.positions() == area)
      return {{source.tensor, source.first / area + index, row / width, 1}, window, source.sight};
    const int element = source.first + index;  // of a map that is read whole
    quant::Window whole;
    whole.kernel = whole.map = {map.height, map.width};
    return {{source.tensor, element / map.positions(), element % map.positions(), 1},
            whole,
            source.sight};
  }
  return {};
}

// Whether windows of `window` follow each other as the map's positions do.
bool is_by_position(const quant::Window& window) {
  if (window.taps() != 1 || window.windows().area() != window.map.area()) return false;
  for (int i = 0; i < window.map.area(); ++i)
    if (window.position(i, 0) != i) return false;
  return true;
}

// Every lane of every core-op against its layer, with the combinations of matrix row, sign of the
// input and output lane that were met.
class Checker {
 public:
  Checker(const Program& program, const quant::Network& network)
      : program_(program), network_(network), carrier_(network.tensors.size()) {}

  // What follows reads what these find whole.
  void check_streams() {
    base::IdVector<quant::TensorId, int> carriers(network_.tensors.size(), 0);
    for (const StreamId id : program_.streams.ids()) {
      const Stream& stream = program_.streams[id];
      const quant::Tensor& tensor = network_.tensors[stream.tensor];
      if (stream.format != tensor.format) broken(stream.name, "a stream differs from its tensor");
      if (stream.view) check_view(stream);
      if (stream.is_copy()) continue;
      const int halves = tensor.format.is_signed ? 2 : 1;
      if (stream.own.map != quant::Pair{tensor.shape.height, tensor.shape.width} ||
          stream.lanes != stream.beside * tensor.shape.channels * halves || !has_its_tokens(stream))
        broken(stream.name, "a stream differs from its tensor");
      check_inset(id);
      ++carriers[stream.tensor];
      carrier_[stream.tensor] = id;
    }
    for (const quant::TensorId id : network_.tensors.ids())
      if (carriers[id] != 1) broken(network_.tensors[id].name, "not one stream for a tensor");
    for (const StreamId id : program_.inputs)
      if (program_.streams[id].tokens != program_.streams[program_.inputs.front()].tokens)
        broken(program_.streams[id].name, "an input comes in another number of tokens");
    for (const quant::Layer& layer : network_.layers)
      met_.push_back(std::vector<bool>(
          layer.if_product() ? 2 * std::size_t(layer.rows()) * lanes_of(layer) : 0));
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
      if (layer.if_product())
        check_complete(id, layer);
      else if (const auto* table = std::get_if<quant::Table>(&layer.rule))
        check_table(layer, *table);
      else if (const auto* cells = std::get_if<quant::Recurrent>(&layer.rule))
        check_cells(layer, *cells);
      else
        check_greatest(layer);
    }
  }

  void check_outputs() const {
    std::size_t range = 0;
    for (const quant::Source& source : network_.outputs) {
      if (range == program_.outputs.size()) broken(program_.name, "an output is missing");
      const StreamId id = program_.outputs[range].stream;
      const Stream& stream = program_.streams[id];
      if (stream.tensor != source.tensor || (stream.is_copy() && !shows_own(stream)) ||
          stream.tokens != program_.streams[program_.outputs.front().stream].tokens)
        broken(program_.name, "an output is received in another form");
      for (const Element& first : channels_of(source, stream)) {
        if (range == program_.outputs.size()) broken(program_.name, "an output is missing");
        const LaneRange& lanes = program_.outputs[range++];
        if (lanes.stream != id || !begins(lanes, first, source))
          broken(program_.name, "an output reads other lanes");
      }
    }
    if (range != program_.outputs.size()) broken(program_.name, "an output too many");
  }

 private:
  // Lanes of a token of what the layer makes.
  std::size_t lanes_of(const quant::Layer& layer) const {
    return std::size_t(program_.streams[carrier_[layer.output]].lanes);
  }

  // As many tokens as bring all positions, of rows filled up.
  static bool has_its_tokens(const Stream& stream) {
    int tokens = 0;
    for (int y = 0; y < stream.map.y; ++y)
      for (int x = 0; x < stream.map.x; x += stream.beside) ++tokens;
    return stream.beside >= 1 && stream.beside <= stream.map.x && stream.tokens == tokens;
  }

  // Only what the host sends, and tables of that, stand in greater maps than their own, each
  // position in one of its own.
  void check_inset(StreamId id) const {
    const Stream& stream = program_.streams[id];
    const auto fits = [](int own, int at, int apart, int size) {
      return at >= 0 && apart >= 1 && at + (own - 1) * apart < size;
    };
    const Inset& own = stream.own;
    bool right = fits(own.map.y, own.at.y, own.apart.y, stream.map.y) &&
                 fits(own.map.x, own.at.x, own.apart.x, stream.map.x);
    if (stream.lookup) {
      const Stream& of = program_.streams[stream.lookup->inputs.front().stream];
      right = right && stream.map == of.map && own == of.own;
    } else if (!program_.is_input(id)) {
      right = right && own == Inset{stream.map};
    }
    if (!right) broken(stream.name, "its tensor does not stand in its map");
  }

  // Whether a view shows the tensor's own map where its stream says.
  bool shows_own(const Stream& stream) const {
    const View& view = *stream.view;
    const auto shows = [](int own, int at, int apart, int extent, int repeat, int step, int begin) {
      bool all = at >= 0 && apart >= 1 && at + (own - 1) * apart < extent;
      for (int line = 0; line < own; ++line) {
        const int seen = step * (at + line * apart) + begin;
        all = all && seen >= 0 && seen / repeat == line;
      }
      return all;
    };
    const Inset& own = stream.own;
    const quant::Sight& sight = view.sight;
    const quant::Tensor& tensor = network_.tensors[stream.tensor];
    return own.map == quant::Pair{tensor.shape.height, tensor.shape.width} &&
           is_by_position(view.window) && sight.deal == quant::Deal::kNone &&
           shows(own.map.y, own.at.y, own.apart.y, sight.extent.y, sight.repeat.y, sight.step.y,
                 sight.begin.y) &&
           shows(own.map.x, own.at.x, own.apart.x, sight.extent.x, sight.repeat.x, sight.step.x,
                 sight.begin.x);
  }

  // The first channels of `stream` that a source is read from in a token, position by position.
  std::vector<Element> channels_of(const quant::Source& source, const Stream& stream) const {
    const int channel = source.first / stream.own.map.area();
    std::vector<Element> firsts;
    for (int n = 0; n < stream.beside; ++n) {
      firsts.push_back({source.tensor, channel, 0, 1, n});
      if (stream.format.is_signed) firsts.push_back({source.tensor, channel, 0, -1, n});
    }
    return firsts;
  }

  // Whether `lanes` are all channels of `source` from `first` on.
  bool begins(const LaneRange& lanes, const Element& first, const quant::Source& source) const {
    const Stream& stream = program_.streams[lanes.stream];
    return lanes.count * stream.own.map.area() == source.count &&
           carried(program_, lanes.stream, lanes.first) == first;
  }

  std::size_t place(const quant::Layer& layer, int row, int sign, std::size_t lane) const {
    return (2 * static_cast<std::size_t>(row) + (sign < 0)) * lanes_of(layer) + lane;
  }

  // A view shows lanes that are there, so many a window, and a token a window.
  void check_view(const Stream& stream) const {
    const View& view = *stream.view;
    const StreamId id = view.shown[0].stream;
    const Stream& shown = program_.streams[id];
    int lanes = 0;  // of all parts
    for (const LaneRange& range : view.shown) {
      lanes += range.count;
      if (range.stream != id || range.first < 0 ||
          (range.first + range.count) * shown.beside > shown.lanes)
        broken(stream.name, "a view shows lanes that are not there");
    }
    const quant::Pair seen = view.sight.is_plain() ? shown.own.map : view.sight.extent;
    const int parts = view.sight.parts();
    if (lanes % parts != 0 ||
        stream.lanes != stream.beside * (lanes / parts) * (view.most ? 1 : view.window.taps()) ||
        seen != view.window.map || stream.map != view.window.windows() || !has_its_tokens(stream) ||
        shown.is_copy())
      broken(stream.name, "a view shows what is not there");
    if (view.most) return;
    if (shown.tensor != stream.tensor) broken(stream.name, "a view shows another tensor");
    check_shown(stream, 0, network_.tensors[stream.tensor].shape.channels / parts);
  }

  // A view shows `channels` from `first` on of what is seen of its tensor: of each part x+ and x-.
  void check_shown(const Stream& stream, int first, int channels) const {
    const View& view = *stream.view;
    std::vector<Element> lanes;
    for (const LaneRange& range : view.shown)
      for (int i = 0; i < range.count; ++i)
        lanes.push_back(carried(program_, range.stream, range.first + i));
    const int parts = view.sight.parts();
    const quant::Tensor& of = network_.tensors[program_.streams[view.stream()].tensor];
    const int all = of.shape.channels / parts;
    std::size_t next = 0;
    for (int part = 0; part < parts; ++part)
      for (const int sign : {1, -1}) {
        if (sign < 0 && !of.format.is_signed) continue;
        for (int c = first; c < first + channels; ++c, ++next) {
          const bool apart = view.sight.deal == quant::Deal::kPartsFirst;
          const int channel = parts == 1 ? c : apart ? part * all + c : c * parts + part;
          if (next >= lanes.size() ||
              lanes[next] != Element{program_.streams[view.stream()].tensor, channel, 0, sign})
            broken(stream.name, "a view shows other lanes");
        }
      }
    if (next != lanes.size()) broken(stream.name, "a view shows other lanes");
  }

  // The greatest of each window: of the layer's channels, in its windows.
  void check_greatest(const quant::Layer& layer) const {
    const quant::Source& source = layer.inputs().front();
    const int area = layer.window().map.area();
    for (const Stream& stream : program_.streams) {
      if (stream.tensor != layer.output || stream.is_copy()) continue;
      if (!stream.view || !stream.view->most || stream.view->window != layer.window() ||
          stream.view->sight != source.sight || layer.inputs().size() != 1 ||
          program_.streams[stream.view->stream()].tensor != source.tensor ||
          stream.format.is_signed != network_.format_of(source.tensor).is_signed)
        broken(layer.name, "it takes the greatest of other lanes");
      check_shown(stream, source.first / area, source.count / area);
    }
  }

  // Every code of every channel of a table's input has its value.
  void check_table(const quant::Layer& layer, const quant::Table& table) const {
    const quant::Source& source = table.inputs.front();
    const quant::Format& from = network_.format_of(source.tensor);
    for (const Stream& stream : program_.streams) {
      if (stream.tensor != layer.output || stream.is_copy()) continue;
      const Stream& read = program_.streams[carrier_[source.tensor]];
      const std::vector<Element> channels = channels_of(source, read);
      if (!stream.lookup || stream.lookup->inputs.size() != channels.size() ||
          stream.beside != read.beside)
        broken(layer.name, "no table makes it");
      for (std::size_t i = 0; i < channels.size(); ++i)
        if (stream.lookup->inputs[i].stream != carrier_[source.tensor] ||
            !begins(stream.lookup->inputs[i], channels[i], source))
          broken(layer.name, "its table reads other lanes");
      for (std::int32_t code = from.low; code <= from.high; ++code) {
        const std::size_t place =
            code >= 0 ? std::size_t(code) : std::size_t((1 << from.bits) - code);
        if (stream.lookup->values.at(place) != table.values[std::size_t(code - from.low)])
          broken(layer.name, fmt::format("its table has another value of {}", code));
      }
    }
  }

  // Cells read all channels of what they answer to, token by token, or give the last answer alone.
  void check_cells(const quant::Layer& layer, const quant::Recurrent& rule) const {
    const quant::Source& source = rule.inputs.front();
    const Stream& made = program_.streams[carrier_[layer.output]];
    if (!made.answers || *made.answers->cells != *rule.cells || made.beside != 1 ||
        made.map != rule.window.windows())
      broken(layer.name, "no cells make it");
    const StreamId id = made.answers->stream();
    const Stream& read = program_.streams[id];
    const quant::Window walk = rule.walk();
    const bool walks = read.is_copy()
                           ? read.view->window == walk && read.view->sight == source.sight
                           : id == carrier_[source.tensor] && walk.windows() == read.map;
    if (!walks || read.beside != 1) broken(layer.name, "its cells read other steps");
    std::vector<Element> met;
    for (const LaneRange& range : made.answers->inputs)
      for (int lane = range.first; range.stream == id && lane < range.first + range.count; ++lane)
        met.push_back(carried(program_, id, lane));
    if (met != features_of(source, read, walk)) broken(layer.name, "its cells read other lanes");
  }

  // What a step of cells meets: taps times channels, x+ of all and, if it is signed, x-.
  std::vector<Element> features_of(const quant::Source& source, const Stream& read,
                                   const quant::Window& walk) const {
    const int channels = read.lanes / walk.taps() / (read.format.is_signed ? 2 : 1);
    std::vector<Element> features;
    for (const int sign : {1, -1})
      for (int tap = 0; tap < walk.taps() && (sign > 0 || read.format.is_signed); ++tap)
        for (int c = 0; c < channels; ++c) features.push_back({source.tensor, c, tap, sign, 0});
    return features;
  }

  void check_complete(quant::LayerId id, const quant::Layer& layer) const {
    const StreamId made = carrier_[layer.output];
    for (int group = 0; group < layer.product().groups; ++group)
      for (int row = 0; row < layer.rows(); ++row) {
        const Element element = row_of(network_, layer, row, group).element;
        const bool is_signed = network_.format_of(element.tensor).is_signed;
        for (std::size_t lane = 0; lane < lanes_of(layer); ++lane) {
          const int column = carried(program_, made, static_cast<int>(lane)).channel;
          if (group_of(layer, column) != group) continue;
          if (!met_[id][place(layer, row, 1, lane)] ||
              met_[id][place(layer, row, -1, lane)] != is_signed)
            broken(layer.name, "weights are missing");
        }
      }
  }

  static int group_of(const quant::Layer& layer, int col) {
    return col / layer.product().group_cols();
  }

  void check_weights(OpId id, const quant::Layer& layer) {
    const CoreOp& op = program_.ops[id];
    const quant::WeightMatrix held = crossbar_of(program_, id);
    std::vector<std::pair<int, int>> rows;  // of the layer's matrix, and groups, as the op says
    for (const MatrixRange& range : op.row_ranges)
      for (int i = 0; i < range.count; ++i) rows.emplace_back(range.first + i, range.group);
    std::size_t row = 0;
    for (const LaneRange& range : op.inputs)
      for (int i = 0; i < range.count; ++i, ++row) {
        if (row >= rows.size()) broken(op.name, "lane ranges and rows disagree");
        const auto [index, group] = rows[row];
        Element from = carried(program_, range.stream, range.first + i);
        if (std::exchange(from.beside, 0) != op.copy)
          broken(op.name, "reads another copy's position");
        check_lane(op, range.stream, from, row_of(network_, layer, index, group));
        check_row(op, layer, {index, group, from.sign}, held.row(static_cast<Eigen::Index>(row)));
      }
    if (row != rows.size()) broken(op.name, "lane ranges and rows disagree");
  }

  // A lane carries what the row meets, and its stream shows the windows whose taps they are.
  void check_lane(const CoreOp& op, StreamId id, const Element& from, Row wanted) const {
    wanted.element.sign = from.sign;
    const Stream& stream = program_.streams[id];
    const bool in_step =
        stream.beside == program_.streams[op.output].beside &&
        (stream.is_copy()
             ? stream.view->window == wanted.window && stream.view->sight == wanted.sight
             : is_by_position(wanted.window) && wanted.sight.is_plain() &&
                   stream.own == Inset{stream.map});
    if (from != wanted.element || !in_step)
      broken(op.name, "reads a lane that its layer does not read");
  }

  struct LayerRow {
    int index, group, sign;
  };

  template <class Held>
  void check_row(const CoreOp& op, const quant::Layer& layer, const LayerRow& row,
                 const Held& held) {
    for (int c = 0; c < op.cols(); ++c) {
      const Element to = carried(program_, op.output, op.first_lane + c);
      if (to.beside != op.copy) broken(op.name, "drives another copy's position");
      const bool is_own = group_of(layer, to.channel) == row.group;
      const int weight = is_own ? layer.product().weights(row.index, to.channel) : 0;
      if (held(c) != weight * row.sign * to.sign)
        broken(op.name, fmt::format("weight ({}, {}) differs from the network's", row.index, c));
      if (!is_own) continue;
      auto met = met_[op.layer][place(layer, row.index, row.sign, std::size_t(op.first_lane + c))];
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
      if (op.bias[column] != layer.product().bias(to.channel) * to.sign ||
          op.threshold[column] != layer.product().threshold(to.channel) ||
          op.top[column] != (to.sign > 0 ? format.high : -format.low))
        broken(op.name, fmt::format("bias, threshold or top of column {} differs", c));
    }
  }

  const Program& program_;
  const quant::Network& network_;
  base::IdVector<quant::TensorId, StreamId> carrier_;  // streams that are no copies
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
