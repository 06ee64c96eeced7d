// Random integer networks that walk over maps, for tests of lowering, mapping and the hardware.
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "core/frames.hpp"
#include "core/lower.hpp"
#include "random_network.hpp"

namespace test {

/// Sizes and kinds of what is drawn.
struct MapShape {
  int layers = 4;
  int most_channels = 4;
  int most_extent = 8;  ///< of the input's maps
  int most_bits = 5;    ///< a tensor
  bool moves = false;   ///< maps are seen repeated, cropped, padded, dealt
  int inputs = 1;       ///< each of a size of its own
  int outputs = 1;      ///< the last tensor, and any others, whole or in part
  std::uint64_t seed = 1;
};

/// Convolutions of several tensors of equal maps, whole or in part, in groups, with odd kernels,
/// strides, dilations and paddings; greatest elements of windows; tables; products of single
/// positions (residual sums, pointwise convolutions) and, at times at the end, of whole maps.
class MapNetwork {
 public:
  explicit MapNetwork(const MapShape& shape) : shape_(shape), rng_(shape.seed) {}

  quant::Network draw() {
    network_.name = "maps";
    for (int i = 0; i < shape_.inputs; ++i) add_input(i);
    const bool flat = rng_.below(2) != 0;
    for (int layer = 0; layer + flat < shape_.layers; ++layer) {
      const bool last = !flat && layer + 1 == shape_.layers;
      const bool must_be_product = shape_.inputs > 1 ? last : layer == 0;
      const auto kind = must_be_product ? 5 : rng_.below(6);
      if (kind == 0)
        add_table(layer);
      else if (kind == 1)
        add_greatest(layer);
      else
        add_product(layer);
    }
    if (flat) add_flat();
    network_.outputs = {made_.back()};
    for (int i = 1; i < shape_.outputs; ++i)
      network_.outputs.push_back(part(made_[rng_.below(made_.size())]));
    return std::move(network_);
  }

 private:
  void add_input(int index) {
    quant::Shape shape(pick(1, shape_.most_channels), pick(1, shape_.most_extent),
                       pick(1, shape_.most_extent));
    if (index > 0 && rng_.below(3) == 0) shape.height = shape.width = 1;
    const std::string name = index == 0 ? "x" : "x" + std::to_string(index);
    made_.push_back(test::add_input(network_, name, shape, format()));
  }

  int pick(int low, int high) { return static_cast<int>(rng_.between(low, high)); }
  quant::Shape shape_of(const quant::Source& source) const { return network_.seen_by(source); }

  quant::Format format() {
    quant::Format drawn = quant::full_format(pick(1, shape_.most_bits), rng_.below(3) == 0);
    if (rng_.below(2)) drawn.high = pick(1, drawn.high);
    if (drawn.is_signed && rng_.below(2)) drawn.low = pick(drawn.low, -1);
    return drawn;
  }

  // A window over `map` with at least one place to stand.
  quant::Window window(quant::Pair map) {
    const auto most = [](int extent) { return std::min(extent + 2, 7); };
    for (;;) {
      const quant::Window drawn{{pick(1, most(map.y)), pick(1, most(map.x))},
                                {pick(1, 3), pick(1, 3)},
                                {pick(1, 2), pick(1, 2)},
                                {pick(0, 2), pick(0, 2)},
                                {pick(0, 2), pick(0, 2)},
                                map};
      if (drawn.windows().y >= 1 && drawn.windows().x >= 1) return drawn;
    }
  }

  // Whether no window stands beside the map.
  static bool is_on_map(const quant::Window& window) {
    for (int w = 0; w < window.windows().area(); ++w) {
      bool met = false;
      for (int tap = 0; tap < window.taps(); ++tap) met = met || window.position(w, tap) >= 0;
      if (!met) return false;
    }
    return true;
  }

  // Some channels of what is seen of a tensor, or all.
  quant::Source part(const quant::Source& all) {
    const quant::Shape shape = shape_of(all);
    if (rng_.below(2)) return all;
    const int first = pick(0, shape.channels - 1);
    const int channels = pick(1, shape.channels - first);
    return {all.tensor, first * shape.positions(), channels * shape.positions(), all.sight};
  }

  // Lines seen of `size`, the first of them `begin`; some at least.
  struct Seen {
    int extent, repeat, step, begin;
  };
  Seen lines(int size, bool pads) {
    for (;;) {
      Seen seen{pick(1, shape_.most_extent + 2), pick(1, 3), 1, 0};
      if (seen.repeat == 1 && rng_.below(2)) seen.step = pick(1, 3);
      seen.begin = pick(pads ? -2 : 0, size * seen.repeat - 1);
      const int last = seen.begin + (seen.extent - 1) * seen.step;
      if (last >= 0 && (last < size * seen.repeat || pads)) return seen;
    }
  }

  quant::Sight sight(const quant::Shape& shape, bool pads) {
    if (!shape_.moves || rng_.below(3) == 0) return {};
    for (;;) {
      const Seen y = lines(shape.height, pads);
      const Seen x = lines(shape.width, pads);
      quant::Sight drawn{
          {y.extent, x.extent}, {y.repeat, x.repeat}, {y.step, x.step}, {y.begin, x.begin}};
      if (rng_.below(2)) drawn.deal = static_cast<quant::Deal>(pick(1, 2));
      if (shape.channels % drawn.parts() == 0) return drawn;
    }
  }

  // Maps of another size, somewhere in those of `looks` or of which these are a part.
  quant::Sight put_in(const quant::Shape& looks, const quant::Shape& its) {
    const auto begin = [this](int extent, int size) {
      return pick(std::min(size - extent, 0), std::max(size - extent, 0));
    };
    quant::Sight drawn{.extent = {looks.height, looks.width}};
    drawn.begin = {begin(looks.height, its.height), begin(looks.width, its.width)};
    return drawn;
  }

  // All of a tensor through `sight`.
  quant::Source seen(quant::TensorId id, const quant::Sight& sight) const {
    return {id, 0, sight.seen(network_.tensors[id].shape).count(), sight};
  }

  // The last tensor, and others of the same maps, or seen as if they were.
  std::vector<quant::Source> inputs() {
    const quant::TensorId last = made_.back().tensor;
    const quant::Shape map = network_.tensors[last].shape;
    const quant::Source first = seen(last, sight(map, true));
    const quant::Shape looks = shape_of(first);
    std::vector<quant::Source> read{part(first)};
    for (auto more = rng_.below(3); more > 0; --more) {
      const quant::TensorId other = made_[rng_.below(made_.size())].tensor;
      const quant::Shape& its = network_.tensors[other].shape;
      if (its.height == looks.height && its.width == looks.width)
        read.push_back(part(seen(other, {})));
      else if (its.height == map.height && its.width == map.width &&
               its.channels % first.sight.parts() == 0)
        read.push_back(part(seen(other, first.sight)));
      else if (its.positions() == 1 && shape_.moves)
        read.push_back(
            part(seen(other, {{looks.height, looks.width}, {looks.height, looks.width}})));
      else if (shape_.inputs > 1)
        read.push_back(part(seen(other, put_in(looks, its))));
    }
    return read;
  }

  void add(const std::string& kind, quant::Product product, const std::vector<quant::Source>& read,
           int channels, int groups) {
    const int cols = groups * pick(1, 3);
    const int rows = product.window.taps() * channels / groups;
    const std::int64_t top = (std::int64_t{1} << shape_.most_bits) - 1;
    quant::Product drawn =
        random_product({{{}, 0, rows}}, cols, {127, 127 * top, 1 + 60 * rows}, rng_);
    drawn.inputs = read;
    drawn.window = product.window;
    drawn.groups = groups;
    drawn.rounding = rng_.below(2) ? quant::Rounding::kHalfEven : quant::Rounding::kHalfUp;
    made_.push_back(add_layer(network_, kind, std::move(drawn), format()));
  }

  void add_product(int layer) {
    const std::vector<quant::Source> read = inputs();
    const quant::Shape map = shape_of(read.front());
    quant::Product product;
    product.window.map = {map.height, map.width};
    if (rng_.below(4) != 0) product.window = window(product.window.map);
    const int channels = quant::count_of(read) / map.positions();
    int groups = pick(1, channels);
    while (channels % groups != 0) --groups;
    add("conv" + std::to_string(layer), product, read, channels, groups);
  }

  void add_greatest(int layer) {
    const quant::TensorId last = made_.back().tensor;
    const quant::Source read = part(seen(last, sight(network_.tensors[last].shape, false)));
    const quant::Shape map = shape_of(read);
    quant::Merge merge{{read}, window({map.height, map.width})};
    while (!is_on_map(merge.window)) merge.window = window({map.height, map.width});
    const int channels = read.count / map.positions();
    const quant::Format& format = network_.format_of(read.tensor);
    made_.push_back(
        add_layer(network_, "pool" + std::to_string(layer), std::move(merge), channels, format));
  }

  void add_table(int layer) {
    const quant::Source read = part(made_.back());
    const quant::Shape map = shape_of(read);
    const quant::Format& from = network_.format_of(read.tensor);
    const quant::Format to = format();
    quant::Table table{{read}, {}};
    table.window.map = {map.height, map.width};
    for (std::int32_t code = from.low; code <= from.high; ++code)
      table.values.push_back(pick(to.low, to.high));
    const int channels = read.count / map.positions();
    made_.push_back(
        add_layer(network_, "table" + std::to_string(layer), std::move(table), channels, to));
  }

  // Elements of whole maps, of two tensors at times.
  void add_flat() {
    std::vector<quant::Source> read{made_.back()};
    if (rng_.below(2)) {
      const quant::Source& other = made_[rng_.below(made_.size())];
      const int first = pick(0, other.count - 1);
      read.push_back({other.tensor, first, pick(1, other.count - first)});
    }
    add("flat", {}, read, quant::count_of(read), 1);
  }

  MapShape shape_;
  base::Rng rng_;
  quant::Network network_;
  std::vector<quant::Source> made_;
};

inline quant::Network map_network(const MapShape& shape) { return MapNetwork(shape).draw(); }

/// Convolutions one after the other, and one that reads what the last made and what the first read:
/// that has to wait for as many lines as there are convolutions.
inline quant::Network long_way_round(int convolutions) {
  base::Rng rng(1);
  const quant::Format plain = quant::full_format(3, false);
  quant::Network network;
  network.name = "round";
  const quant::Source x = add_input(network, "x", {1, 14, 3}, plain);
  quant::Source at = x;
  for (int i = 0; i <= convolutions; ++i) {
    std::vector<quant::Source> read{at};
    if (i == convolutions) read.push_back(x);
    const int rows = 9 * static_cast<int>(read.size());
    quant::Product product = random_product({{{}, 0, rows}}, 1, {7, 20, 40}, rng);
    product.inputs = read;
    product.window = {{3, 3}, {1, 1}, {1, 1}, {1, 1}, {1, 1}, {14, 3}};
    at = add_layer(network, "conv" + std::to_string(i), std::move(product), plain);
  }
  network.outputs = {at};
  return network;
}

/// Any number of positions a token for each tensor that a table does not tie to its input, nor the
/// host to others.
inline core::Duplication random_duplication(const quant::Network& network, std::uint64_t seed) {
  base::Rng rng(seed);
  core::Duplication beside;
  for (const quant::Tensor& tensor : network.tensors)
    beside.push_back(static_cast<int>(rng.between(1, tensor.shape.width)));
  const auto tie = [&](const std::vector<quant::TensorId>& ids) {
    std::vector<quant::Shape> shapes;
    for (const quant::TensorId id : ids) shapes.push_back(network.tensors[id].shape);
    const auto common = core::common_map(shapes);
    const int together = common ? static_cast<int>(rng.between(1, common->x)) : 1;
    for (const quant::TensorId id : ids) beside[id] = together;
  };
  if (network.inputs.size() > 1) tie(network.inputs);
  for (const quant::Layer& layer : network.layers)
    if (std::holds_alternative<quant::Table>(layer.rule))
      beside[layer.output] = beside[layer.inputs().front().tensor];
  return beside;
}

}  // namespace test
