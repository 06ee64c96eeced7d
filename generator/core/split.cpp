#include "core/split.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/layout.hpp"
#include "core/integer.hpp"
#include "quant/facts.hpp"

namespace core {

namespace {

using quant::Format;
using quant::IntegerBatch;
using quant::Layer;
using quant::LayerId;
using quant::Network;
using quant::Source;
using quant::TensorId;
using quant::WeightMatrix;
using quant::WideVector;
using Sums = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Sources = std::vector<Source>;

// Elements [first, first + count) of a concatenation.
Sources part_of(const Sources& sources, int first, int count) {
  Sources result;
  for (const Source& source : sources) {
    const int begin = std::max(first, 0);
    const int end = std::min(first + count, source.count);
    if (begin < end) result.push_back({source.tensor, source.first + begin, end - begin});
    first -= source.count;
  }
  return result;
}

// One part of a layer's sums: where its integers are, for all columns of the layer.
using Partial = Sources;

// What a merge is to deliver: a layer's bias, thresholds and output.
struct Target {
  std::string name;
  WideVector bias;
  WideVector threshold;
  quant::Rounding rounding = quant::Rounding::kHalfUp;
  Format output;
  double float_scale_error = 0.0;
  std::vector<double> unit{};  // Tensor::unit
};

// Builds the new network layer by layer and keeps what each layer gives for the calibration
// samples.
class Splitter {
 public:
  Splitter(const Network& network, int rows, const IntegerBatch& calibration)
      : old_(network),
        rows_(rows),
        samples_(calibration.rows()),
        weight_((std::int32_t{1} << (network.weight_bits - 1)) - 1),
        places_(network.tensors.size()) {
    new_.name = network.name;
    new_.weight_bits = network.weight_bits;
    new_.encodings = network.encodings;
    Eigen::Index column = 0;
    for (const TensorId id : network.inputs) {
      const quant::Tensor& tensor = network.tensors[id];
      new_.inputs.push_back(new_.tensors.push_back(tensor));
      values_.push_back(calibration.middleCols(column, tensor.count()));
      places_[id] = {{new_.inputs.back(), 0, tensor.count()}};
      column += tensor.count();
    }
  }

  Network run() {
    for (const Layer& layer : old_.layers) places_[layer.output] = place(layer);
    for (const Source& output : old_.outputs) new_.outputs.push_back(joined(output));
    return std::move(new_);
  }

 private:
  Sources place(const Layer& layer);
  Sources moved(const Sources& sources) const;
  std::vector<Sources> cut(const Sources& inputs) const;
  Sources split(const Layer& layer);
  Partial add_part(const Layer& layer, const Sources& input, int first_row, int part,
                   const Eigen::VectorXd& unit);
  Sources merge(const Target& target, const std::vector<Partial>& partials,
                const Eigen::VectorXd& unit);
  void set_merged(Layer& layer, int c, const Target& target, int column, double unit) const;
  std::vector<Partial> merge_groups(const Layer& layer, const std::vector<Partial>& partials,
                                    Eigen::VectorXd& unit, int level);
  Source joined(const Source& output);
  Source add(Layer layer, const Format& output, std::vector<double> unit = {});

  const Format& output_of(const Layer& layer) const { return old_.format_of(layer.output); }
  Sums gathered(const Sources& sources) const {
    return gather(old_, sources, values_).cast<double>();
  }
  Eigen::VectorXd least_unit(const std::vector<Sums>& sums, int bits) const;

  const Network& old_;
  const int rows_;
  const Eigen::Index samples_;
  const std::int32_t weight_;  // of a merge
  Network new_;
  TensorValues values_;                       // of the new tensors
  base::IdVector<TensorId, Sources> places_;  // of the old tensors in the new network
};

// Adds a layer, with its outputs for the calibration samples.
Source Splitter::add(Layer layer, const Format& output, std::vector<double> unit) {
  const int cols = layer.cols();
  layer.output = new_.tensors.push_back({layer.name, cols, output, std::move(unit)});
  const TensorId id = layer.output;
  values_.push_back(run_layer(new_, new_.layers.push_back(std::move(layer)), values_));
  return {id, 0, cols};
}

Sources Splitter::moved(const Sources& sources) const {
  Sources result;
  for (const Source& source : sources) {
    const Sources parts = part_of(places_[source.tensor], source.first, source.count);
    result.insert(result.end(), parts.begin(), parts.end());
  }
  return result;
}

Sources Splitter::place(const Layer& layer) {
  if (quant::input_lanes(old_, layer.product()) > rows_) return split(layer);
  Layer same = layer;
  same.product().inputs = moved(layer.product().inputs);
  return {add(std::move(same), output_of(layer), old_.tensors[layer.output].unit)};
}

// Cuts a concatenation into runs of at most `rows` lanes.
std::vector<Sources> Splitter::cut(const Sources& inputs) const {
  std::vector<Sources> parts(1);
  int room = rows_;
  for (const Source& source : inputs) {
    const int lanes = new_.format_of(source.tensor).is_signed ? 2 : 1;
    for (int at = 0; at < source.count;) {
      if (room < lanes) {
        parts.emplace_back();
        room = rows_;
      }
      const int count = std::min(source.count - at, room / lanes);
      parts.back().push_back({source.tensor, source.first + at, count});
      at += count;
      room -= count * lanes;
    }
  }
  return parts;
}

// The least threshold a column at which no sum saturates.
Eigen::VectorXd Splitter::least_unit(const std::vector<Sums>& sums, int bits) const {
  const double limit = std::ldexp(1.0, bits) - 1;
  Eigen::VectorXd most = Eigen::VectorXd::Ones(sums.front().cols());
  for (const Sums& part : sums)
    most = most.cwiseMax(part.cwiseAbs().colwise().maxCoeff().transpose());
  return (most / limit).array().ceil();
}

Partial Splitter::add_part(const Layer& layer, const Sources& input, int first_row, int part,
                           const Eigen::VectorXd& unit) {
  const quant::Product& whole = layer.product();
  Layer result;
  result.name = fmt::format("{}.part{}", layer.name, part);
  result.rule = quant::Product{
      input, WeightMatrix(whole.weights.matrix().middleRows(first_row, count_of(input))),
      WideVector::Zero(whole.bias.size()), unit.cast<std::int64_t>(), quant::Rounding::kHalfUp};
  result.weight_scale = layer.weight_scale;
  const double scale = output_of(layer).scale * unit[0] / static_cast<double>(whole.threshold[0]);
  return {add(std::move(result), quant::full_format(output_of(layer).bits, true, scale))};
}

Sources Splitter::split(const Layer& layer) {
  const quant::Product& whole = layer.product();
  const std::vector<Sources> inputs = cut(moved(whole.inputs));
  std::vector<Sums> sums;
  int row = 0;
  for (const Sources& input : inputs) {
    const int count = count_of(input);
    sums.push_back(gathered(input) * whole.weights.matrix().middleRows(row, count).cast<double>());
    row += count;
  }
  Eigen::VectorXd unit = least_unit(sums, output_of(layer).bits);
  std::vector<Partial> partials;
  row = 0;
  for (const Sources& input : inputs) {
    partials.push_back(add_part(layer, input, row, static_cast<int>(partials.size()), unit));
    row += count_of(input);
  }
  for (int level = 0; 2 * static_cast<int>(partials.size()) > rows_; ++level)
    partials = merge_groups(layer, partials, unit, level);
  return merge({layer.name, whole.bias, whole.threshold, whole.rounding, output_of(layer),
                layer.float_scale_error, old_.tensors[layer.output].unit},
               partials, unit);
}

// Too many parts for one merge: merges runs of them into signed partial sums again.
std::vector<Partial> Splitter::merge_groups(const Layer& layer,
                                            const std::vector<Partial>& partials,
                                            Eigen::VectorXd& unit, int level) {
  const std::size_t run = static_cast<std::size_t>(rows_ / 2);
  std::vector<std::vector<Partial>> groups;
  for (std::size_t at = 0; at < partials.size(); at += run)
    groups.emplace_back(
        partials.begin() + static_cast<std::ptrdiff_t>(at),
        partials.begin() + static_cast<std::ptrdiff_t>(std::min(at + run, partials.size())));
  std::vector<Sums> sums;
  for (const auto& group : groups) {
    Sums sum = Sums::Zero(samples_, layer.cols());
    for (const Partial& partial : group) sum += gathered(partial);
    sums.push_back(std::move(sum));
  }
  // In steps of the partials: the merge multiplies both sums and threshold by the same weight.
  const Format& output = output_of(layer);
  const Eigen::VectorXd step = least_unit(sums, output.bits);
  std::vector<Partial> result;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    Target target;
    target.name = fmt::format("{}.sum{}.{}", layer.name, level, i);
    target.bias = WideVector::Zero(layer.cols());
    target.threshold = step.cast<std::int64_t>();
    target.output = quant::full_format(output.bits, true, output.scale);
    result.push_back(merge(target, groups[i], Eigen::VectorXd::Ones(step.size())));
  }
  unit.array() *= step.array();
  return result;
}

// Weights, bias and threshold of output `c` of a merge whose partials' steps are worth `unit` of
// the target's sums: both sides of the division are multiplied by weight / unit.
void Splitter::set_merged(Layer& layer, int c, const Target& target, int column,
                          double unit) const {
  quant::Product& product = layer.product();
  for (int row = c; row < layer.rows(); row += layer.cols())
    product.weights.edit()(row, c) = static_cast<std::int16_t>(weight_);
  const double factor = weight_ / unit;
  const double exact = static_cast<double>(target.threshold[column]) * factor;
  if (exact < 0.5)
    base::fail(base::Code::kThresholdTooSmall,
               "the parts of its sums are far greater than the sums",
               fmt::format("layer \"{}\", output {}", target.name, column),
               "set pe.tall_layers to \"cascade\"");
  product.threshold[c] = std::max<std::int64_t>(1, std::llround(exact));
  product.bias[c] = std::llround(static_cast<double>(target.bias[column]) * factor);
  const double error = std::abs(static_cast<double>(product.threshold[c]) - exact) / exact;
  layer.float_scale_error = std::max(layer.float_scale_error, error);
}

// Adds up partials: as many columns a layer as fit.
Sources Splitter::merge(const Target& target, const std::vector<Partial>& partials,
                        const Eigen::VectorXd& unit) {
  const int parts = static_cast<int>(partials.size());
  const int cols = static_cast<int>(unit.size());
  const int width = std::min(cols, rows_ / (2 * parts));
  Sources places;
  for (int first = 0; first < cols; first += width) {
    const int count = std::min(width, cols - first);
    Layer layer;
    layer.name = width == cols ? target.name : fmt::format("{}.cols{}", target.name, first);
    Sources inputs;
    for (const Partial& partial : partials) {
      const Sources sources = part_of(partial, first, count);
      inputs.insert(inputs.end(), sources.begin(), sources.end());
    }
    layer.rule =
        quant::Product{std::move(inputs), WeightMatrix(WeightMatrix::Zero(parts * count, count)),
                       WideVector(count), WideVector(count), target.rounding};
    layer.weight_scale.assign(static_cast<std::size_t>(count), 1.0 / weight_);
    layer.float_scale_error = target.float_scale_error;
    for (int c = 0; c < count; ++c) set_merged(layer, c, target, first + c, unit[first + c]);
    const auto from = target.unit.begin() + (target.unit.empty() ? 0 : first);
    const auto to = from + (target.unit.empty() ? 0 : count);
    places.push_back(add(std::move(layer), target.output, {from, to}));
  }
  return places;
}

// An output of the network is one tensor: if the last merge took several, a layer of weights 1
// joins them.
Source Splitter::joined(const Source& output) {
  const Sources places = moved({output});
  if (places.size() == 1) return places.front();
  const int cols = count_of(places);
  Layer layer;
  layer.name = old_.tensors[output.tensor].name;
  layer.rule =
      quant::Product{places, WeightMatrix(WeightMatrix::Identity(cols, cols)),
                     WideVector::Zero(cols), WideVector::Ones(cols), quant::Rounding::kHalfUp};
  layer.weight_scale.assign(static_cast<std::size_t>(cols), 1.0);
  if (quant::input_lanes(new_, layer.product()) > rows_)
    base::fail(base::Code::kTooFewRows,
               fmt::format("{} outputs of the last layer cannot be joined in {} rows", cols, rows_),
               fmt::format("layer \"{}\"", layer.name),
               "raise pe.rows, or set pe.tall_layers to \"cascade\"");
  return add(std::move(layer), old_.format_of(output.tensor));
}

}  // namespace

Network split_tall_layers(const Network& network, int rows, const IntegerBatch& calibration) {
  if (calibration.rows() == 0 || calibration.cols() != network.input_count())
    base::fail(base::Code::kInternal, "split_tall_layers() needs samples of the network's size");
  if (rows < 4)
    base::fail(base::Code::kTooFewRows, fmt::format("{} rows cannot merge signed parts", rows),
               "pe.rows", "set pe.rows to 4 or more, or pe.tall_layers to \"cascade\"");
  for (const quant::Layer& layer : network.layers)
    if (!layer.if_product() || !layer.window().is_point() || layer.product().groups > 1 ||
        std::ranges::any_of(layer.inputs(),
                            [](const Source& source) { return !source.sight.is_plain(); }))
      base::fail(base::Code::kCannotMap, "split_merge splits no layer that walks over maps",
                 "layer " + base::quoted_name(layer.name), "set pe.tall_layers to \"cascade\"");
  return Splitter(network, rows, calibration).run();
}

}  // namespace core
