#include "core/integer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/error.hpp"
#include "quant/batch.hpp"

namespace core {

namespace {

using quant::Format;
using quant::IntegerBatch;
using quant::Layer;
using quant::Network;
using quant::Product;
using quant::Rounding;
using quant::Source;
using Wide = Eigen::Matrix<std::int64_t, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

constexpr Eigen::Index kChunk = 256;  // samples at once: keeps the sums in the cache
constexpr Eigen::Index kPatches = Eigen::Index{1} << 20;  // elements unfolded at once

void require(bool holds, const std::string& what, const std::string& where) {
  if (!holds) base::fail(base::Code::kInternal, what, where);
}

std::string where(const Layer& layer) { return fmt::format("layer \"{}\"", layer.name); }

void check_format(const quant::Tensor& tensor) {
  const Format& format = tensor.format;
  const std::int64_t most = (std::int64_t{1} << format.bits) - 1;
  require(format.bits >= 1 && format.bits <= 16 && format.high > 0 && format.high <= most &&
              format.low <= 0 && format.low >= (format.is_signed ? -most : 0) && tensor.count() > 0,
          "a format that does not hold its codes", fmt::format("tensor \"{}\"", tensor.name));
}

void check_values(const IntegerBatch& values, const Format& format, const std::string& place) {
  if (values.size() == 0) return;
  require(values.maxCoeff() <= format.high && values.minCoeff() >= format.low,
          "a value lies outside its format", place);
}

// `known`: the tensors that have values when the layer's turn comes.
void check_sources(const Network& network, const std::vector<Source>& sources,
                   const base::IdVector<quant::TensorId, bool>& known, const std::string& place) {
  for (const Source& source : sources) {
    require(network.tensors.contains(source.tensor) && known[source.tensor],
            "reads what comes later", place);
    require(source.first >= 0 && source.count >= 0 &&
                source.first + source.count <= network.seen_by(source).count(),
            "elements outside their source", place);
  }
}

// Where each tap of each window lies: a row a window.
using Positions = Eigen::Matrix<int, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

Positions positions_of(const quant::Window& window) {
  Positions positions(window.windows().area(), window.taps());
  for (int w = 0; w < positions.rows(); ++w)
    for (int tap = 0; tap < positions.cols(); ++tap) positions(w, tap) = window.position(w, tap);
  return positions;
}

// Channels of the maps that a layer's sources are.
int channels_of(const Layer& layer) { return count_of(layer.inputs()) / layer.window().map.area(); }

void check_window(const Network& network, const Layer& layer, int outputs) {
  const quant::Window& window = layer.window();
  const auto positive = [](quant::Pair pair) { return pair.y > 0 && pair.x > 0; };
  require(positive(window.kernel) && positive(window.stride) && positive(window.dilation) &&
              positive(window.map) && window.pad_begin.y >= 0 && window.pad_begin.x >= 0 &&
              positive(window.windows()),
          "a window that does not walk", where(layer));
  for (const Source& source : layer.inputs())
    require(source.count % window.map.area() == 0, "a source that is not of whole maps",
            where(layer));
  const quant::Shape made(outputs, window.windows().y, window.windows().x);
  require(network.tensors[layer.output].shape == made, "makes another shape than its output's",
          where(layer));
}

void check_rule(const Network& network, const Layer& layer, const Product& product) {
  const int outputs = static_cast<int>(product.weights.cols());
  check_window(network, layer, outputs);
  require(product.groups > 0 && outputs > 0 && outputs % product.groups == 0 &&
              channels_of(layer) % product.groups == 0 &&
              product.weights.rows() ==
                  Eigen::Index{product.window.taps()} * (channels_of(layer) / product.groups) &&
              product.bias.size() == outputs && product.threshold.size() == outputs,
          "sizes of inputs, weights, biases, thresholds and groups differ", where(layer));
  require(product.threshold.minCoeff() > 0, "a threshold is not positive", where(layer));
  const std::int32_t limit = std::int32_t{1} << (network.weight_bits - 1);
  require(
      product.weights.matrix().maxCoeff() < limit && product.weights.matrix().minCoeff() >= -limit,
      "a weight exceeds the weight bits", where(layer));
}

void check_rule(const Network& network, const Layer& layer, const quant::Merge& merge) {
  check_window(network, layer, channels_of(layer));
  const Positions positions = positions_of(merge.window);
  require((positions.rowwise().maxCoeff().array() >= 0).all(), "a window meets nothing but padding",
          where(layer));
  const Format& output = network.format_of(layer.output);
  for (const Source& source : merge.inputs)
    require(!source.sight.pads(network.tensors[source.tensor].shape),
            "a maximum that is to count zeros", where(layer));
  for (const Source& source : merge.inputs)
    require(network.format_of(source.tensor).low >= output.low &&
                network.format_of(source.tensor).high <= output.high,
            "an input's codes are not the output's", where(layer));
}

void check_rule(const Network& network, const Layer& layer, const quant::Table& table) {
  check_window(network, layer, channels_of(layer));
  require(table.inputs.size() == 1 && table.window.taps() == 1, "a table of several elements",
          where(layer));
  require(table.inputs[0].sight.is_plain(), "a table of moved elements", where(layer));
  const Format& input = network.format_of(table.inputs[0].tensor);
  require(std::ssize(table.values) == input.high - input.low + 1, "a table that lacks codes",
          where(layer));
  const Format& output = network.format_of(layer.output);
  for (const std::int32_t value : table.values)
    require(value >= output.low && value <= output.high, "a table with values past its tensor's",
            where(layer));
}

void check_rule(const Network& network, const Layer& layer, const quant::Recurrent& rule) {
  check_window(network, layer, rule.cells->cells);
  const quant::Pair map = rule.window.map;
  const bool all = rule.window == quant::Window{.kernel = map, .map = map};
  const bool walks = rule.cells->is_dense() ? rule.cells->taps == quant::steps_at_once(rule.window)
                                            : std::min(map.y, map.x) == 1 &&
                                                  (all || rule.window == quant::Window{.map = map});
  require(rule.inputs.size() == 1 && walks &&
              channels_of(layer) * rule.walk().taps() == rule.cells->inputs,
          "cells of what is no sequence", where(layer));
}

void check_network(const Network& network) {
  require(!network.layers.empty(), "the network has no layers", "");
  base::IdVector<quant::TensorId, bool> known(network.tensors.size(), false);
  for (const quant::Tensor& tensor : network.tensors) check_format(tensor);
  const auto make = [&](quant::TensorId id, const std::string& place) {
    require(network.tensors.contains(id) && !known[id], "makes a tensor that is made already",
            place);
    known[id] = true;
  };
  for (const quant::TensorId id : network.inputs) make(id, "the inputs");
  for (const Layer& layer : network.layers) {
    check_sources(network, layer.inputs(), known, where(layer));
    make(layer.output, where(layer));
    std::visit([&, &layer = layer](const auto& rule) { check_rule(network, layer, rule); },
               layer.rule);
  }
  check_sources(network, network.outputs, known, "the outputs");
}

template <class Scalar>
Wide product_in(const IntegerBatch& x,
                const Eigen::Ref<const quant::WeightMatrix, 0, Eigen::OuterStride<>>& weights) {
  using M = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  const M sums = x.cast<Scalar>() * weights.cast<Scalar>();
  return sums.template cast<std::int64_t>();
}

// Greatest sum of magnitudes, sum |w| * |x|, that a column can reach: no partial sum, in whatever
// order, exceeds it. In double, which is exact enough to compare with powers of two far above the
// rounding error.
double partial_bound(const Network& network, const Product& product) {
  double bound = 0;
  for (int group = 0; group < product.groups; ++group) {
    const auto formats = quant::row_formats(network, product, group);
    Eigen::VectorXd limits(product.weights.rows());
    for (Eigen::Index row = 0; row < limits.size(); ++row)
      limits[row] = std::ldexp(1.0, formats[static_cast<std::size_t>(row)]->bits);
    const auto weights =
        product.weights.matrix().middleCols(group * product.group_cols(), product.group_cols());
    bound = std::max(bound, (limits.transpose() * weights.cast<double>().cwiseAbs()).maxCoeff());
  }
  return bound;
}

Wide sums_of(const IntegerBatch& x, const Product& product, int group, double bound) {
  const auto weights =
      product.weights.matrix().middleCols(group * product.group_cols(), product.group_cols());
  if (bound < std::ldexp(1.0, 24)) return product_in<float>(x, weights);
  if (bound < std::ldexp(1.0, 53)) return product_in<double>(x, weights);
  return product_in<std::int64_t>(x, weights);
}

// round(s / t) of a sum, 0 for negative ones, at most `top`.
std::int64_t requantise(std::int64_t sum, std::int64_t threshold, std::int64_t top,
                        Rounding rounding) {
  const std::int64_t h = sum + threshold / 2;
  if (h < 0) return 0;
  std::int64_t y = h / threshold;
  const bool tie = threshold % 2 == 0 && h % threshold == 0;
  if (rounding == Rounding::kHalfEven && tie && y % 2 != 0) --y;
  return std::min(y, top);
}

std::int64_t output_of(std::int64_t sum, std::int64_t threshold, const Format& format,
                       Rounding rounding) {
  return requantise(sum, threshold, format.high, rounding) -
         requantise(-sum, threshold, -format.low, rounding);
}

void check_sums(const Product& product, double bound, const std::string& place) {
  const auto most = [](const quant::WideVector& v) {
    return v.cast<double>().cwiseAbs().maxCoeff();
  };
  require(bound + most(product.bias) + most(product.threshold) < std::ldexp(1.0, 62),
          "a sum can exceed 62 bits", place);
}

std::int64_t ceilings_of(const IntegerBatch& values, const Format& format) {
  const auto at_end =
      values.array() == format.high || (values.array() == format.low && values.array() != 0);
  return at_end.count();
}

}  // namespace

namespace {

// What a source sees of moved maps, which is zero where there is nothing of them.
void put_seen(const quant::Shape& shape, const Source& source, const IntegerBatch& values,
              Eigen::Ref<IntegerBatch, 0, Eigen::OuterStride<>> seen) {
  std::vector<int> from;
  for (int i = 0; i < source.count; ++i)
    from.push_back(source.sight.element(shape, source.first + i));
  for (Eigen::Index s = 0; s < seen.rows(); ++s)
    for (Eigen::Index i = 0; i < seen.cols(); ++i)
      if (const int element = from[static_cast<std::size_t>(i)]; element >= 0)
        seen(s, i) = values(s, element);
}

}  // namespace

IntegerBatch gather(const Network& network, const std::vector<Source>& sources,
                    const TensorValues& values) {
  const Eigen::Index samples = sources.empty() ? 0 : values[sources.front().tensor].rows();
  IntegerBatch x = IntegerBatch::Zero(samples, count_of(sources));
  int at = 0;
  for (const Source& source : sources) {
    auto part = x.middleCols(at, source.count);
    if (source.sight.is_plain())
      part = values[source.tensor].middleCols(source.first, source.count);
    else
      put_seen(network.tensors[source.tensor].shape, source, values[source.tensor], part);
    at += source.count;
  }
  return x;
}

namespace {

// What the rows of a group of columns meet: a row a sample and window.
IntegerBatch patches_of(const IntegerBatch& x, const Product& product, int group,
                        const Positions& positions) {
  const int area = product.window.map.area();
  const auto taps = positions.cols();
  const auto width = product.weights.rows() / taps;
  IntegerBatch patches(x.rows() * positions.rows(), product.weights.rows());
  for (Eigen::Index patch = 0; patch < patches.rows(); ++patch)
    for (Eigen::Index tap = 0; tap < taps; ++tap) {
      const int position = positions(patch % positions.rows(), tap);
      for (Eigen::Index c = 0; c < width; ++c)
        patches(patch, tap * width + c) =
            position < 0 ? 0 : x(patch / positions.rows(), (group * width + c) * area + position);
    }
  return patches;
}

// Output of samples [first, first + x.rows()) from what they read.
void run_samples(const IntegerBatch& x, const Product& product, const Format& format, double bound,
                 const Positions& positions, Eigen::Ref<IntegerBatch> y) {
  const Eigen::Index windows = positions.rows();
  const bool plain = product.window.is_point() && product.groups == 1;
  for (int group = 0; group < product.groups; ++group) {
    const Wide sums =
        plain ? sums_of(x, product, group, bound)
              : sums_of(patches_of(x, product, group, positions), product, group, bound);
    for (Eigen::Index i = 0; i < sums.rows(); ++i)
      for (Eigen::Index col = 0; col < sums.cols(); ++col) {
        const Eigen::Index c = group * product.group_cols() + col;
        y(i / windows, c * windows + i % windows) = static_cast<std::int32_t>(output_of(
            sums(i, col) + product.bias[c], product.threshold[c], format, product.rounding));
      }
  }
}

IntegerBatch run_rule(const Network& network, const Layer& layer, const Product& product,
                      const IntegerBatch& x, quant::CellClips*) {
  const double bound = partial_bound(network, product);
  check_sums(product, bound, where(layer));
  const Positions positions = positions_of(product.window);
  const Eigen::Index patch = positions.rows() * product.weights.rows();
  const Eigen::Index chunk =
      product.window.is_point() ? kChunk : std::clamp<Eigen::Index>(kPatches / patch, 1, kChunk);
  const quant::Tensor& output = network.tensors[layer.output];
  IntegerBatch y(x.rows(), output.count());
  for (Eigen::Index first = 0; first < x.rows(); first += chunk) {
    const auto count = std::min(chunk, x.rows() - first);
    run_samples(x.middleRows(first, count), product, output.format, bound, positions,
                y.middleRows(first, count));
  }
  return y;
}

IntegerBatch run_rule(const Network& network, const Layer& layer, const quant::Merge& merge,
                      const IntegerBatch& x, quant::CellClips*) {
  const Positions positions = positions_of(merge.window);
  const Eigen::Index windows = positions.rows();
  const int area = merge.window.map.area();
  IntegerBatch y(x.rows(), network.tensors[layer.output].count());
  for (Eigen::Index s = 0; s < y.rows(); ++s)
    for (Eigen::Index i = 0; i < y.cols(); ++i) {
      std::int32_t most = std::numeric_limits<std::int32_t>::min();
      for (Eigen::Index tap = 0; tap < positions.cols(); ++tap) {
        const int position = positions(i % windows, tap);
        if (position >= 0) most = std::max(most, x(s, i / windows * area + position));
      }
      y(s, i) = most;
    }
  return y;
}

// What the steps of a sample meet, a row each: taps times channels.
IntegerBatch steps_of(const quant::Window& walk, const IntegerBatch& x, Eigen::Index sample) {
  const Eigen::Index area = walk.map.area();
  const Eigen::Index channels = x.cols() / area;
  IntegerBatch steps(walk.windows().area(), walk.taps() * channels);
  for (int step = 0; step < steps.rows(); ++step)
    for (int tap = 0; tap < walk.taps(); ++tap) {
      const int position = walk.position(step, tap);
      for (Eigen::Index c = 0; c < channels; ++c)
        steps(step, tap * channels + c) = position < 0 ? 0 : x(sample, c * area + position);
    }
  return steps;
}

// A sample's steps are the positions or the windows of its maps.
IntegerBatch run_rule(const Network& network, const Layer& layer, const quant::Recurrent& rule,
                      const IntegerBatch& x, quant::CellClips* clips) {
  const quant::Tensor& output = network.tensors[layer.output];
  IntegerBatch y(x.rows(), output.count());
  quant::CellClips own;
  for (Eigen::Index s = 0; s < x.rows(); ++s) {
    const IntegerBatch codes = quant::answers(*rule.cells, output.format,
                                              steps_of(rule.walk(), x, s), clips ? *clips : own);
    const IntegerBatch given = codes.bottomRows(output.shape.positions()).transpose();
    y.row(s) = given.reshaped<Eigen::RowMajor>().transpose();
  }
  return y;
}

IntegerBatch run_rule(const Network& network, const Layer&, const quant::Table& table,
                      const IntegerBatch& x, quant::CellClips*) {
  const std::int32_t low = network.format_of(table.inputs[0].tensor).low;
  return x.unaryExpr(
      [&](std::int32_t code) { return table.values[static_cast<std::size_t>(code - low)]; });
}

}  // namespace

IntegerBatch run_layer(const Network& network, quant::LayerId id, const TensorValues& values,
                       quant::CellClips* clips) {
  const Layer& layer = network.layers[id];
  const IntegerBatch x = gather(network, layer.inputs(), values);
  return std::visit([&](const auto& rule) { return run_rule(network, layer, rule, x, clips); },
                    layer.rule);
}

IntegerResult run_integer(const Network& network, const IntegerBatch& inputs) {
  check_network(network);
  require(inputs.cols() == network.input_count(), "the inputs have another size than the network's",
          "the inputs");
  IntegerResult result{TensorValues(network.tensors.size()), {}, {}};
  quant::CellClips clips;
  Eigen::Index column = 0;
  for (const quant::TensorId id : network.inputs) {
    const quant::Tensor& tensor = network.tensors[id];
    result.tensors[id] = inputs.middleCols(column, tensor.count());
    check_values(result.tensors[id], tensor.format, fmt::format("input \"{}\"", tensor.name));
    column += tensor.count();
  }
  for (const quant::LayerId id : network.layers.ids()) {
    const quant::TensorId output = network.layers[id].output;
    result.tensors[output] = run_layer(network, id, result.tensors, &clips);
    result.ceilings.push_back(ceilings_of(result.tensors[output], network.format_of(output)));
  }
  result.outputs = gather(network, network.outputs, result.tensors);
  result.clipped_words = clips.all();
  return result;
}

double accuracy(const IntegerBatch& outputs, const std::vector<int>& labels) {
  require(outputs.rows() == static_cast<Eigen::Index>(labels.size()) && !labels.empty(),
          "as many labels as samples are needed", "");
  const std::vector<int> classes = quant::argmax(outputs);
  std::size_t right = 0;
  for (std::size_t i = 0; i < labels.size(); ++i) right += classes[i] == labels[i];
  return static_cast<double>(right) / static_cast<double>(labels.size());
}

}  // namespace core
