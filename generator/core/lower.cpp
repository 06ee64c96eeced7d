#include "core/lower.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/bits.hpp"
#include "base/error.hpp"
#include "base/layout.hpp"
#include "core/frames.hpp"
#include "core/lookup.hpp"
#include "core/tiles.hpp"

namespace core {

namespace {

int lanes_of(int elements, const quant::Format& format) {
  return format.is_signed ? 2 * elements : elements;
}

// Streams by the tensors that they carry.
using StreamOf = base::IdVector<quant::TensorId, StreamId>;

// Groups [first, last) of a layer.
struct Groups {
  int first = 0;
  int last = 1;
};

// A source as a layer's core-ops read it: channels of a stream, tap by tap.
struct Read {
  StreamId stream;
  quant::Format format;
  int stream_channels = 0;
  int taps = 1;              // side by side in the stream
  int first = 0, count = 0;  // elements, or channels of maps
  bool is_flat = false;      // elements of whole maps, whose positions are the taps
  quant::Sight sight{};      // through which the layer walks over them
};

// `count` rows from `channel` of `tap` on: a signed source delivers x+ and x- as separate lanes, so
// its rows appear twice, as w and as -w.
void add_rows(const Read& read, int tap, int channel, MatrixRange rows, LaneProduct& product) {
  int lane = tap * lanes_of(read.stream_channels, read.format) + channel;
  product.inputs.push_back({read.stream, lane, rows.count});
  product.rows.push_back(rows);
  if (!read.format.is_signed) return;
  rows.negated = true;
  product.inputs.push_back({read.stream, lane + read.stream_channels, rows.count});
  product.rows.push_back(rows);
}

// The rows of one tap of one source, whose first channel is channel `at` of the layer's. A matrix
// counts channels fastest, and of them those that a group reads, `width`.
void add_tap(const Read& read, int tap, int at, int width, Groups groups, LaneProduct& product) {
  for (int group = groups.first; group < groups.last; ++group) {
    const int from = std::max(at, group * width);
    const int to = std::min(at + read.count, (group + 1) * width);
    if (from >= to) continue;
    add_rows(read, tap, read.first + from - at,
             {tap * width + from - group * width, to - from, false, group}, product);
  }
}

// The rows of whole maps, whose positions the matrix counts fastest; the first is `row`.
void add_flat(const Read& read, int row, LaneProduct& product) {
  for (int tap = 0; tap < read.taps; ++tap)
    for (int channel = 0; channel < read.stream_channels; ++channel) {
      const int element = channel * read.taps + tap - read.first;
      if (element < 0 || element >= read.count) continue;
      add_rows(read, tap, channel, {row + element, 1, false, 0}, product);
    }
}

void add_inputs(const std::vector<Read>& reads, const quant::Product& layer, Groups groups,
                LaneProduct& product) {
  const int taps = layer.window.taps();
  const int width = static_cast<int>(layer.weights.rows()) / taps;
  for (int tap = 0; tap < taps; ++tap) {
    int at = 0;
    for (const Read& read : reads) {
      if (read.is_flat)
        add_flat(read, at, product);
      else
        add_tap(read, tap, at, width, groups, product);
      at += read.count;
    }
  }
}

void add_columns(const quant::Product& layer, const quant::Format& output, Groups groups,
                 bool negated, LaneProduct& product) {
  const int width = layer.group_cols();
  for (int group = groups.first; group < groups.last; ++group)
    product.cols.push_back({group * width, width, negated, group});
  for (int c = groups.first * width; c < groups.last * width; ++c) {
    product.bias.push_back(negated ? -layer.bias[c] : layer.bias[c]);
    product.threshold.push_back(layer.threshold[c]);
    product.top.push_back(negated ? -output.low : output.high);
  }
}

// The most negative weight has no negative: it may stand only where nothing is negated.
void check_range(const LaneProduct& product, const quant::Layer& layer, bool negated_output,
                 int weight_bits) {
  const std::int32_t lowest = -(1 << (weight_bits - 1));
  for (const MatrixRange& rows : product.rows) {
    if (!rows.negated && !negated_output) continue;
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

// Cuts a network's layers one after the other.
class Lowering {
 public:
  Lowering(const quant::Network& network, TileSize tile, const Duplication& duplication)
      : network_(network),
        tile_(tile),
        duplication_(duplication),
        streams_(network.tensors.size()) {
    program_.name = network.name;
    program_.weight_bits = network.weight_bits;
  }

  Program run() {
    add_host_inputs();
    for (const quant::LayerId id : network_.layers.ids()) {
      const quant::Layer& layer = network_.layers[id];
      layer_ = id;
      std::visit([&](const auto& rule) { add_layer(layer, rule); }, layer.rule);
    }
    add_host_outputs();
    check_frames();
    return std::move(program_);
  }

 private:
  const quant::Tensor& tensor(quant::TensorId id) const { return network_.tensors[id]; }

  int beside(quant::TensorId id) const { return duplication_.empty() ? 1 : duplication_[id]; }

  void add_host_inputs() {
    std::vector<quant::Shape> shapes;
    for (const quant::TensorId id : network_.inputs) shapes.push_back(tensor(id).shape);
    const std::optional<quant::Pair> common = common_map(shapes);
    for (const quant::TensorId id : network_.inputs)
      program_.inputs.push_back(common ? add_stream(id, *common, input_inset(network_, id, *common))
                                       : add_stream(id));
  }

  StreamId add_stream(quant::TensorId id) {
    const quant::Pair map{tensor(id).shape.height, tensor(id).shape.width};
    return add_stream(id, map, {map});
  }

  StreamId add_stream(quant::TensorId id, quant::Pair map, const Inset& own) {
    const quant::Tensor& made = tensor(id);
    if (beside(id) < 1 || beside(id) > map.x)
      base::fail(base::Code::kInternal,
                 fmt::format("{} positions side by side in rows of {}", beside(id), map.x),
                 "tensor " + base::quoted_name(made.name));
    return streams_[id] = program_.streams.push_back(
               {.name = made.name,
                .tensor = id,
                .lanes = beside(id) * lanes_of(made.shape.channels, made.format),
                .format = made.format,
                .tokens = tokens_of(map, beside(id)),
                .map = map,
                .own = own,
                .beside = beside(id)});
  }

  // Whether window k is token k: it meets it, and nothing else.
  static bool is_in_step(const quant::Window& window) {
    const auto steps = [](int stride, int extent) { return stride == 1 || extent == 1; };
    return window.taps() == 1 && window.pad_begin == quant::Pair{0, 0} &&
           window.windows() == window.map && steps(window.stride.y, window.map.y) &&
           steps(window.stride.x, window.map.x);
  }

  // Padding counts for nothing, so there has to be something.
  void check_meets(const quant::Layer& layer, const quant::Window& window) const {
    for (int w = 0; w < window.windows().area(); ++w) {
      bool meets = false;
      for (int tap = 0; tap < window.taps() && !meets; ++tap) meets = window.position(w, tap) >= 0;
      if (!meets)
        refuse(layer, "some of its windows meet nothing but padding",
               "pad by less than the kernel's extent");
    }
  }

  // Channels of a tensor, `count` from `first` of those that are seen, in a token's first position:
  // part after part x+ and, if it is signed, x-.
  std::vector<LaneRange> halves_of(quant::TensorId id, const quant::Sight& sight, int first,
                                   int count) const {
    const quant::Tensor& from = tensor(id);
    std::vector<LaneRange> lanes;
    for (int part = 0; part < sight.parts(); ++part)
      for (const int half : {0, from.shape.channels}) {
        if (half > 0 && !from.format.is_signed) break;
        const std::size_t begin = lanes.size();
        for (int c = first; c < first + count; ++c) {
          const int lane = half + (sight.parts() > 1 ? sight.channel(from.shape, c, part) : c);
          if (lanes.size() > begin && lanes.back().first + lanes.back().count == lane)
            ++lanes.back().count;
          else
            lanes.push_back({streams_[id], lane, 1});
        }
      }
    return lanes;
  }

  // The stream as `layer` reads it through `window`: itself, where its windows are tokens.
  StreamId seen(const quant::Layer& layer, StreamId id, const quant::Window& window,
                const quant::Sight& sight) {
    const Stream& shown = program_.streams[id];
    const int copies = beside(layer.output);
    const bool alone = shown.own == Inset{shown.map};  // no token brings another tensor's position
    if (is_in_step(window) && sight.is_plain() && shown.beside == copies && alone) return id;
    const int lanes = shown.position_lanes() / sight.parts();
    const int channels = sight.seen(tensor(shown.tensor).shape).channels;
    std::vector<LaneRange> all{{id, 0, lanes}};
    if (sight.parts() > 1) all = halves_of(shown.tensor, sight, 0, channels);
    return program_.streams.push_back({.name = layer.name + ".taps",
                                       .tensor = shown.tensor,
                                       .lanes = copies * window.taps() * lanes,
                                       .format = shown.format,
                                       .tokens = tokens_of(window.windows(), copies),
                                       .map = window.windows(),
                                       .own = {window.windows()},
                                       .beside = copies,
                                       .view = View{std::move(all), window, sight}});
  }

  // All of a map in one window.
  static quant::Window whole(const quant::Shape& map) {
    quant::Window window;
    window.kernel = window.map = {map.height, map.width};
    return window;
  }

  [[noreturn]] void refuse(const quant::Layer& layer, const std::string& what,
                           const std::string& cure) const {
    base::fail(base::Code::kCannotMap, what, "layer " + base::quoted_name(layer.name), cure);
  }

  Read read_of(const quant::Layer& layer, const quant::Source& source, int groups) {
    const quant::Tensor& from = tensor(source.tensor);
    const quant::Shape shape = network_.seen_by(source);
    const quant::Window& window = layer.window();
    const int area = window.map.area();
    const bool is_flat = window.is_point() && shape.positions() > 1;
    if (!is_flat && shape.positions() != area)
      refuse(layer,
             fmt::format("it walks over maps of {} x {}, and {} is no map", window.map.y,
                         window.map.x, base::quoted_name(from.name)),
             "put nothing but convolutions, pools and flattening between the input and its maps");
    if (is_flat && groups > 1)
      refuse(layer, "its groups read single elements of maps", "flatten behind it, not before");
    const quant::Window& walk = is_flat ? whole(shape) : window;
    return {.stream = seen(layer, streams_[source.tensor], walk, source.sight),
            .format = from.format,
            .stream_channels = shape.channels,
            .taps = walk.taps(),
            .first = source.first / area,
            .count = source.count / area,
            .is_flat = is_flat,
            .sight = source.sight};
  }

  // Two parts of one tensor share what shows it, if both see it alike.
  std::vector<Read> reads_of(const quant::Layer& layer, int groups) {
    std::vector<Read> reads;
    for (const quant::Source& source : layer.inputs()) {
      const auto same = std::ranges::find_if(reads, [&](const Read& read) {
        return program_.streams[read.stream].tensor == source.tensor && read.sight == source.sight;
      });
      if (same == reads.end()) {
        reads.push_back(read_of(layer, source, groups));
        continue;
      }
      Read again = *same;
      again.first = source.first / layer.window().map.area();
      again.count = source.count / layer.window().map.area();
      reads.push_back(again);
    }
    return reads;
  }

  void add_layer(const quant::Layer& layer, const quant::Product& rule) {
    program_.weights.push_back(rule.weights);
    const std::vector<Read> reads = reads_of(layer, rule.groups);
    CoreOp whole;
    whole.layer = layer_;
    whole.output = add_stream(layer.output);
    whole.rounding = rule.rounding;
    whole.copies = beside(layer.output);
    const std::vector<LaneProduct> products = products_of(layer, rule, reads);
    for (whole.copy = 0; whole.copy < whole.copies; ++whole.copy) {
      whole.col_tile = 0;
      for (const LaneProduct& product : products)
        whole.col_tile =
            add_tiles(at_position(product, whole.copy, program_.streams[whole.output], program_),
                      whole, tile_, program_);
    }
  }

  // A layer of one group in one, x+ and x- columns side by side; several groups in as few as hold
  // them, these as equal as can be, block by block along the diagonal.
  std::vector<LaneProduct> products_of(const quant::Layer& layer, const quant::Product& rule,
                                       const std::vector<Read>& reads) const {
    const quant::Format& output = network_.format_of(layer.output);
    LaneProduct one;
    if (rule.groups == 1) {
      add_inputs(reads, rule, {}, one);
      add_columns(rule, output, {}, false, one);
      if (output.is_signed) add_columns(rule, output, {}, true, one);
      check_range(one, layer, output.is_signed, network_.weight_bits);
      return {one};
    }
    std::vector<LaneProduct> products;
    const int together = groups_of_a_tile(rule, reads);
    for (const bool negated : {false, true})
      for (int group = 0; group < rule.groups && (!negated || output.is_signed);
           group += together) {
        const Groups groups{group, std::min(group + together, rule.groups)};
        LaneProduct& product = products.emplace_back();
        product.first_lane =
            (negated ? static_cast<int>(rule.weights.cols()) : 0) + group * rule.group_cols();
        add_inputs(reads, rule, groups, product);
        add_columns(rule, output, groups, negated, product);
        check_range(product, layer, negated, network_.weight_bits);
      }
    return products;
  }

  int groups_of_a_tile(const quant::Product& rule, const std::vector<Read>& reads) const {
    const bool is_signed =
        std::ranges::any_of(reads, [](const Read& read) { return read.format.is_signed; });
    const int rows = static_cast<int>(rule.weights.rows()) * (is_signed ? 2 : 1);
    const int most = std::max(1, std::min(tile_.rows / rows, tile_.cols / rule.group_cols()));
    const auto products = base::ceil_div(rule.groups, most);
    return static_cast<int>(base::ceil_div(rule.groups, products));
  }

  void add_layer(const quant::Layer& layer, const quant::Merge& rule) {
    program_.weights.push_back({});
    const quant::Source& source = rule.inputs.front();
    const int area = rule.window.map.area();
    if (rule.inputs.size() > 1 || network_.seen_by(source).positions() != area)
      refuse(layer, "it takes the greatest elements of what is no map",
             "put nothing but convolutions, pools and flattening between the input and its maps");
    check_meets(layer, rule.window);
    const StreamId made = add_stream(layer.output);
    program_.streams[made].view =
        View{halves_of(source.tensor, source.sight, source.first / area, source.count / area),
             rule.window, source.sight, true};
  }

  void add_layer(const quant::Layer& layer, const quant::Table& rule) {
    program_.weights.push_back({});
    const quant::Source& source = rule.inputs.front();
    const quant::Tensor& from = tensor(source.tensor);
    const int area = rule.window.map.area();
    if (from.shape.positions() != area || source.first % area != 0 || source.count % area != 0)
      refuse(layer, "its function is of elements of maps", "keep the channels on axis 1");
    if (beside(source.tensor) != beside(layer.output))
      base::fail(base::Code::kInternal, "a table of other tokens than its input",
                 "layer " + base::quoted_name(layer.name));
    Lookup lookup{{}, by_magnitude(rule, from.format)};
    add_channels(source, streams_[source.tensor], lookup.inputs);
    const Stream& read = program_.streams[streams_[source.tensor]];
    const StreamId made = add_stream(layer.output, quant::Pair(read.map), Inset(read.own));
    program_.streams[made].lookup = std::move(lookup);
  }

  void add_layer(const quant::Layer& layer, const quant::Recurrent& rule) {
    program_.weights.push_back({});
    const quant::Source& source = rule.inputs.front();
    const quant::Window walk = rule.walk();
    const bool dense = rule.cells->is_dense();
    StreamId id = streams_[source.tensor];
    if (dense) id = seen(layer, id, walk, source.sight);
    const Stream read = program_.streams[id];
    if (!(dense || source.sight.is_plain()) || read.beside != 1 || read.own != Inset{read.map})
      refuse(layer, "its cells read steps that were moved",
             "put nothing but layers that make a step of each step between the input and it");
    Answers answers{lanes_of_step(read, id, walk.taps()), rule.cells};
    program_.streams[add_stream(layer.output)].answers = std::move(answers);
  }

  void add_host_outputs() {
    std::vector<quant::Shape> shapes;
    for (const quant::Source& source : network_.outputs)
      shapes.push_back(tensor(source.tensor).shape);
    common_ = common_map(shapes);
    const auto needs_no_copy = [&](const quant::Source& source) {
      return is_as_received(streams_[source.tensor]);
    };
    const auto as_it_is = std::ranges::find_if(network_.outputs, needs_no_copy);
    const int together = as_it_is == network_.outputs.end() ? 1 : beside(as_it_is->tensor);
    StreamOf received(network_.tensors.size());
    for (const quant::Source& source : network_.outputs) {
      const quant::Tensor& made = tensor(source.tensor);
      const int positions = made.shape.positions();
      if (source.first % positions != 0 || source.count % positions != 0)
        base::fail(base::Code::kCannotMap, "an output is a part of a map",
                   "tensor " + base::quoted_name(made.name),
                   "slice maps along their channels only");
      StreamId& stream = received[source.tensor];
      if (!stream.valid()) stream = as_received(streams_[source.tensor], together);
      add_channels(source, stream, program_.outputs);
    }
  }

  // Where the host expects a stream's tensor, and in which map.
  std::pair<quant::Pair, Inset> at_host(StreamId id) const {
    const quant::Pair own = program_.streams[id].own.map;
    if (!common_) return {own, {own}};
    return {*common_, output_inset(own, *common_)};
  }

  bool is_as_received(StreamId id) const {
    const Stream& stream = program_.streams[id];
    return at_host(id) == std::pair(stream.map, stream.own);
  }

  // A stream as the host receives it: itself, or memory shows it so, `together` positions a token.
  StreamId as_received(StreamId id, int together) {
    if (is_as_received(id)) return id;
    const Stream& made = program_.streams[id];
    const int lanes = made.position_lanes();
    const auto [map, own] = at_host(id);
    const quant::Sight sight{map, own.apart, {}, {-own.at.y, -own.at.x}};
    return program_.streams.push_back({.name = made.name + ".out",
                                       .tensor = made.tensor,
                                       .lanes = together * lanes,
                                       .format = made.format,
                                       .tokens = tokens_of(map, together),
                                       .map = map,
                                       .own = own,
                                       .beside = together,
                                       .view = View{{{id, 0, lanes}}, {.map = map}, sight}});
  }

  // Whole channels of a tensor in `stream`, of each position of a token.
  void add_channels(const quant::Source& source, StreamId stream,
                    std::vector<LaneRange>& lanes) const {
    const Stream& made = program_.streams[stream];
    const int area = tensor(source.tensor).shape.positions();
    for (int at = 0; at < made.lanes; at += made.position_lanes())
      for (const LaneRange& half :
           halves_of(source.tensor, {}, source.first / area, source.count / area))
        lanes.push_back({stream, half.first + at, half.count});
  }

  // The host sends and receives a token of each tensor at a time.
  void check_frames() const {
    const auto check = [this](StreamId id, StreamId first) {
      if (program_.streams[id].tokens != program_.streams[first].tokens)
        base::fail(base::Code::kInternal, "tensors of one frame in several numbers of tokens",
                   "tensor " + base::quoted_name(program_.streams[id].name));
    };
    for (const StreamId id : program_.inputs) check(id, program_.inputs.front());
    for (const LaneRange& lanes : program_.outputs)
      check(lanes.stream, program_.outputs.front().stream);
    if (program_.ops.empty())
      base::fail(base::Code::kCannotMap, "no layer is a product, so no PE would compute anything",
                 "network", "map a network with weights, and leave one layer to crossbars");
  }

  const quant::Network& network_;
  TileSize tile_;
  const Duplication& duplication_;
  Program program_;
  StreamOf streams_;
  quant::LayerId layer_;
  std::optional<quant::Pair> common_;  // map of the outputs
};

}  // namespace

Program lower(const quant::Network& network, TileSize tile, const Duplication& duplication) {
  return Lowering(network, tile, duplication).run();
}

}  // namespace core
