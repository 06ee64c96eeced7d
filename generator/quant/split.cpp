#include "quant/split.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/bits.hpp"
#include "base/error.hpp"
#include "quant/facts.hpp"

namespace quant {

namespace {

using Sums = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Slices = std::vector<Slice>;

int count_of(const Slices& slices) {
  int count = 0;
  for (const Slice& slice : slices) count += slice.count;
  return count;
}

// Elements [first, first + count) of a concatenation.
Slices part_of(const Slices& slices, int first, int count) {
  Slices result;
  for (const Slice& slice : slices) {
    const int begin = std::max(first, 0);
    const int end = std::min(first + count, slice.count);
    if (begin < end) result.push_back({slice.source, slice.first + begin, end - begin});
    first -= slice.count;
  }
  return result;
}

// One part of a layer's sums: where its integers are, for all columns of the layer.
using Partial = Slices;

// Builds the new network layer by layer and keeps what each layer gives for the calibration
// samples.
class Splitter {
 public:
  Splitter(const Network& network, int rows, const IntegerBatch& calibration)
      : old_(network), rows_(rows), inputs_(calibration), new_(network) {
    new_.layers.clear();
    weight_ = (std::int32_t{1} << (network.weight_bits - 1)) - 1;
  }

  Network run() {
    for (const Dense& layer : old_.layers) places_.push_back(place(layer));
    gather_output();
    return std::move(new_);
  }

 private:
  Slices place(const Dense& layer);
  Slices moved(const Slices& slices) const;
  std::vector<Slices> cut(const Slices& inputs) const;
  Slices split(const Dense& layer);
  Partial add_part(const Dense& layer, const Slices& input, int first_row, int part,
                   const Eigen::VectorXd& unit);
  Slices merge(const Dense& target, const std::vector<Partial>& partials,
               const Eigen::VectorXd& unit);
  void set_merged(Dense& layer, int c, const Dense& target, int column, double unit) const;
  std::vector<Partial> merge_groups(const Dense& layer, const std::vector<Partial>& partials,
                                    Eigen::VectorXd& unit, int level);
  void gather_output();
  Slice add(Dense layer);

  IntegerBatch gather(const Slices& slices) const;
  Eigen::VectorXd least_unit(const std::vector<Sums>& sums) const;

  const Network& old_;
  const int rows_;
  const IntegerBatch& inputs_;
  std::int32_t weight_ = 0;  // of a merge
  Network new_;
  std::vector<IntegerBatch> values_;  // of the new layers
  std::vector<Slices> places_;        // of the old layers' outputs in the new network
};

IntegerBatch Splitter::gather(const Slices& slices) const {
  IntegerBatch x(inputs_.rows(), count_of(slices));
  int at = 0;
  for (const Slice& slice : slices) {
    const IntegerBatch& source = slice.source.valid() ? values_[slice.source.index()] : inputs_;
    x.middleCols(at, slice.count) = source.middleCols(slice.first, slice.count);
    at += slice.count;
  }
  return x;
}

// Adds a layer, with its outputs for the calibration samples. Products in double are exact below
// 2^53.
Slice Splitter::add(Dense layer) {
  const Sums sums = gather(layer.inputs).cast<double>() * layer.weights.matrix().cast<double>();
  const double limit = std::ldexp(1.0, layer.output.bits) - 1;
  IntegerBatch y(sums.rows(), sums.cols());
  const auto half = [&](double sum, Eigen::Index c) {
    const double rounding = std::floor(static_cast<double>(layer.threshold[c]) / 2);
    const double t = static_cast<double>(layer.threshold[c]);
    return std::clamp(std::floor((sum + rounding) / t), 0.0, limit);
  };
  for (Eigen::Index s = 0; s < y.rows(); ++s)
    for (Eigen::Index c = 0; c < y.cols(); ++c) {
      const double sum = sums(s, c) + static_cast<double>(layer.bias[c]);
      const double negative = layer.output.is_signed ? half(-sum, c) : 0.0;
      y(s, c) = static_cast<std::int32_t>(half(sum, c) - negative);
    }
  values_.push_back(std::move(y));
  new_.layers.push_back(std::move(layer));
  const int cols = static_cast<int>(new_.layers.back().weights.cols());
  return {LayerId(new_.layers.size() - 1), 0, cols};
}

Slices Splitter::moved(const Slices& slices) const {
  Slices result;
  for (const Slice& slice : slices) {
    if (!slice.source.valid()) {
      result.push_back(slice);
      continue;
    }
    const Slices parts = part_of(places_[slice.source.index()], slice.first, slice.count);
    result.insert(result.end(), parts.begin(), parts.end());
  }
  return result;
}

Slices Splitter::place(const Dense& layer) {
  if (input_lanes(old_, layer) > rows_) return split(layer);
  Dense same = layer;
  same.inputs = moved(layer.inputs);
  return {add(std::move(same))};
}

// Cuts a concatenation into runs of at most `rows` lanes.
std::vector<Slices> Splitter::cut(const Slices& inputs) const {
  std::vector<Slices> parts(1);
  int room = rows_;
  for (const Slice& slice : inputs) {
    const int lanes = new_.format_of(slice.source).is_signed ? 2 : 1;
    for (int at = 0; at < slice.count;) {
      if (room < lanes) {
        parts.emplace_back();
        room = rows_;
      }
      const int count = std::min(slice.count - at, room / lanes);
      parts.back().push_back({slice.source, slice.first + at, count});
      at += count;
      room -= count * lanes;
    }
  }
  return parts;
}

// The least threshold a column at which no sum saturates.
Eigen::VectorXd Splitter::least_unit(const std::vector<Sums>& sums) const {
  const double limit = std::ldexp(1.0, old_.activation_bits) - 1;
  Eigen::VectorXd most = Eigen::VectorXd::Ones(sums.front().cols());
  for (const Sums& part : sums)
    most = most.cwiseMax(part.cwiseAbs().colwise().maxCoeff().transpose());
  return (most / limit).array().ceil();
}

Partial Splitter::add_part(const Dense& layer, const Slices& input, int first_row, int part,
                           const Eigen::VectorXd& unit) {
  Dense result;
  result.name = fmt::format("{}.part{}", layer.name, part);
  result.inputs = input;
  result.weights = WeightMatrix(layer.weights.matrix().middleRows(first_row, count_of(input)));
  result.bias = WideVector::Zero(layer.bias.size());
  result.threshold = unit.cast<std::int64_t>();
  const double scale = layer.output.scale * unit[0] / static_cast<double>(layer.threshold[0]);
  result.output = {old_.activation_bits, true, scale};
  result.weight_scale = layer.weight_scale;
  return {add(std::move(result))};
}

Slices Splitter::split(const Dense& layer) {
  const std::vector<Slices> inputs = cut(moved(layer.inputs));
  std::vector<Sums> sums;
  int row = 0;
  for (const Slices& input : inputs) {
    const int count = count_of(input);
    sums.push_back(gather(input).cast<double>() *
                   layer.weights.matrix().middleRows(row, count).cast<double>());
    row += count;
  }
  Eigen::VectorXd unit = least_unit(sums);
  std::vector<Partial> partials;
  row = 0;
  for (const Slices& input : inputs) {
    partials.push_back(add_part(layer, input, row, static_cast<int>(partials.size()), unit));
    row += count_of(input);
  }
  for (int level = 0; 2 * static_cast<int>(partials.size()) > rows_; ++level)
    partials = merge_groups(layer, partials, unit, level);
  return merge(layer, partials, unit);
}

// Too many parts for one merge: merges runs of them into signed partial sums again.
std::vector<Partial> Splitter::merge_groups(const Dense& layer,
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
    Sums sum = Sums::Zero(inputs_.rows(), layer.weights.cols());
    for (const Partial& partial : group) sum += gather(partial).cast<double>();
    sums.push_back(std::move(sum));
  }
  // In steps of the partials: the merge multiplies both sums and threshold by the same weight.
  const Eigen::VectorXd step = least_unit(sums);
  std::vector<Partial> result;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    Dense target;
    target.name = fmt::format("{}.sum{}.{}", layer.name, level, i);
    target.bias = WideVector::Zero(layer.bias.size());
    target.threshold = step.cast<std::int64_t>();
    target.output = {old_.activation_bits, true, layer.output.scale};
    result.push_back(merge(target, groups[i], Eigen::VectorXd::Ones(step.size())));
  }
  unit.array() *= step.array();
  return result;
}

// Weights, bias and threshold of output `c` of a merge whose partials' steps are worth `unit` of
// the target's sums: both sides of the division are multiplied by weight / unit.
void Splitter::set_merged(Dense& layer, int c, const Dense& target, int column, double unit) const {
  const int cols = static_cast<int>(layer.weights.cols());
  for (int row = c; row < layer.weights.rows(); row += cols) layer.weights.edit()(row, c) = weight_;
  const double factor = weight_ / unit;
  const double exact = static_cast<double>(target.threshold[column]) * factor;
  if (exact < 0.5)
    base::fail(base::Code::kThresholdTooSmall,
               "the parts of its sums are far greater than the sums",
               fmt::format("layer \"{}\", output {}", target.name, column),
               "set pe.tall_layers to \"cascade\"");
  layer.threshold[c] = std::max<std::int64_t>(1, std::llround(exact));
  layer.bias[c] = std::llround(static_cast<double>(target.bias[column]) * factor);
  const double error = std::abs(static_cast<double>(layer.threshold[c]) - exact) / exact;
  layer.float_scale_error = std::max(layer.float_scale_error, error);
}

// Adds up partials: as many columns a layer as fit.
Slices Splitter::merge(const Dense& target, const std::vector<Partial>& partials,
                       const Eigen::VectorXd& unit) {
  const int parts = static_cast<int>(partials.size());
  const int cols = static_cast<int>(unit.size());
  const int width = std::min(cols, rows_ / (2 * parts));
  Slices places;
  for (int first = 0; first < cols; first += width) {
    const int count = std::min(width, cols - first);
    Dense layer;
    layer.name = width == cols ? target.name : fmt::format("{}.cols{}", target.name, first);
    for (const Partial& partial : partials) {
      const Slices slices = part_of(partial, first, count);
      layer.inputs.insert(layer.inputs.end(), slices.begin(), slices.end());
    }
    layer.weights = WeightMatrix(WeightMatrix::Zero(parts * count, count));
    layer.bias.resize(count);
    layer.threshold.resize(count);
    layer.output = target.output;
    layer.weight_scale.assign(static_cast<std::size_t>(count), 1.0 / weight_);
    layer.float_scale_error = target.float_scale_error;
    for (int c = 0; c < count; ++c) set_merged(layer, c, target, first + c, unit[first + c]);
    places.push_back(add(std::move(layer)));
  }
  return places;
}

// The network's output is one layer: if the last merge took several, a layer of weights 1 joins
// them.
void Splitter::gather_output() {
  const Slices& places = places_.back();
  if (places.size() == 1) return;
  Dense layer;
  layer.name = old_.layers.back().name;
  layer.inputs = places;
  const int cols = count_of(places);
  layer.weights = WeightMatrix(WeightMatrix::Identity(cols, cols));
  layer.bias = WideVector::Zero(cols);
  layer.threshold = WideVector::Ones(cols);
  layer.output = old_.layers.back().output;
  layer.weight_scale.assign(static_cast<std::size_t>(cols), 1.0);
  if (input_lanes(new_, layer) > rows_)
    base::fail(base::Code::kTooFewRows,
               fmt::format("{} outputs of the last layer cannot be joined in {} rows", cols, rows_),
               fmt::format("layer \"{}\"", layer.name),
               "raise pe.rows, or set pe.tall_layers to \"cascade\"");
  add(std::move(layer));
}

}  // namespace

Network split_tall_layers(const Network& network, int rows, const IntegerBatch& calibration) {
  if (calibration.rows() == 0 || calibration.cols() != network.input_count)
    base::fail(base::Code::kInternal, "split_tall_layers() needs samples of the network's size");
  if (rows < 4)
    base::fail(base::Code::kTooFewRows, fmt::format("{} rows cannot merge signed parts", rows),
               "pe.rows", "set pe.rows to 4 or more, or pe.tall_layers to \"cascade\"");
  return Splitter(network, rows, calibration).run();
}

}  // namespace quant
