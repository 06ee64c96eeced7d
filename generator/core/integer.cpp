#include "core/integer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "quant/batch.hpp"

namespace core {

namespace {

using quant::Dense;
using quant::Format;
using quant::IntegerBatch;
using quant::Network;
using Wide = Eigen::Matrix<std::int64_t, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

constexpr Eigen::Index kChunk = 256;  // samples at once: keeps the sums in the cache

void require(bool holds, const std::string& what, const std::string& where) {
  if (!holds) base::fail(base::Code::kInternal, what, where);
}

void check_values(const IntegerBatch& values, const Format& format, const std::string& where) {
  if (values.size() == 0) return;
  const std::int64_t limit = (std::int64_t{1} << format.bits) - 1;
  require(values.maxCoeff() <= limit && values.minCoeff() >= (format.is_signed ? -limit : 0),
          "a value lies outside its format", where);
}

void check_layer(const Network& network, std::size_t index) {
  const Dense& layer = network.layers[index];
  const std::string where = fmt::format("layer \"{}\"", layer.name);
  const auto cols = layer.weights.cols();
  int rows = 0;
  for (const quant::Slice& slice : layer.inputs) {
    require(!slice.source.valid() || slice.source.index() < index, "a layer reads a later one",
            where);
    const auto size =
        slice.source.valid() ? network.layer(slice.source).weights.cols() : network.input_count;
    require(slice.first >= 0 && slice.count >= 0 && slice.first + slice.count <= size,
            "a slice outside its source", where);
    rows += slice.count;
  }
  require(rows == layer.weights.rows() && cols > 0 && layer.bias.size() == cols &&
              layer.threshold.size() == cols,
          "sizes of inputs, weights, biases and thresholds differ", where);
  require(layer.threshold.minCoeff() > 0, "a threshold is not positive", where);
  const std::int32_t limit = std::int32_t{1} << (network.weight_bits - 1);
  require(layer.weights.matrix().maxCoeff() < limit && layer.weights.matrix().minCoeff() >= -limit,
          "a weight exceeds the weight bits", where);
}

// Concatenates what the slices name, for the samples [first, first + count).
IntegerBatch gather(const Dense& layer, const IntegerBatch& inputs,
                    const std::vector<IntegerBatch>& done, Eigen::Index first, Eigen::Index count) {
  IntegerBatch x(count, layer.weights.rows());
  int at = 0;
  for (const quant::Slice& slice : layer.inputs) {
    const IntegerBatch& source = slice.source.valid() ? done[slice.source.index()] : inputs;
    x.middleCols(at, slice.count) = source.block(first, slice.first, count, slice.count);
    at += slice.count;
  }
  return x;
}

template <class Scalar>
Wide product_in(const IntegerBatch& x, const Dense& layer) {
  using M = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  const M sums = x.cast<Scalar>() * layer.weights.matrix().cast<Scalar>();
  return sums.template cast<std::int64_t>();
}

// Greatest sum of magnitudes, sum |w| * |x|, that a column can reach: no partial sum, in whatever
// order, exceeds it. In double, which is exact enough to compare with powers of two far above the
// rounding error.
double partial_bound(const Network& network, const Dense& layer) {
  Eigen::VectorXd limits(layer.weights.rows());
  int at = 0;
  for (const quant::Slice& slice : layer.inputs) {
    limits.segment(at, slice.count)
        .setConstant(std::ldexp(1.0, network.format_of(slice.source).bits));
    at += slice.count;
  }
  return (limits.transpose() * layer.weights.matrix().cast<double>().cwiseAbs()).maxCoeff();
}

Wide product(const IntegerBatch& x, const Dense& layer, double bound) {
  if (bound < std::ldexp(1.0, 24)) return product_in<float>(x, layer);
  if (bound < std::ldexp(1.0, 53)) return product_in<double>(x, layer);
  return product_in<std::int64_t>(x, layer);
}

// clip(floor((s + floor(t / 2)) / t), 0, most); a negative dividend gives 0, so division may
// truncate.
std::int64_t requantise(std::int64_t sum, std::int64_t threshold, std::int64_t most) {
  const std::int64_t h = sum + threshold / 2;
  return h < 0 ? 0 : std::min(h / threshold, most);
}

std::int64_t output_of(std::int64_t sum, std::int64_t threshold, const Format& format) {
  const std::int64_t most = (std::int64_t{1} << format.bits) - 1;
  const std::int64_t positive = requantise(sum, threshold, most);
  return format.is_signed ? positive - requantise(-sum, threshold, most) : positive;
}

IntegerBatch layer_outputs(const Network& network, const Dense& layer, const IntegerBatch& inputs,
                           const std::vector<IntegerBatch>& done) {
  const double bound = partial_bound(network, layer);
  const auto most = [](const quant::WideVector& v) {
    return v.cast<double>().cwiseAbs().maxCoeff();
  };
  require(bound + most(layer.bias) + most(layer.threshold) < std::ldexp(1.0, 62),
          "a sum can exceed 62 bits", fmt::format("layer \"{}\"", layer.name));
  IntegerBatch y(inputs.rows(), layer.weights.cols());
  for (Eigen::Index first = 0; first < inputs.rows(); first += kChunk) {
    const auto count = std::min(kChunk, inputs.rows() - first);
    const Wide sums = product(gather(layer, inputs, done, first, count), layer, bound);
    for (Eigen::Index s = 0; s < count; ++s)
      for (Eigen::Index c = 0; c < sums.cols(); ++c)
        y(first + s, c) = static_cast<std::int32_t>(
            output_of(sums(s, c) + layer.bias[c], layer.threshold[c], layer.output));
  }
  return y;
}

}  // namespace

IntegerResult run_integer(const Network& network, const IntegerBatch& inputs) {
  require(!network.layers.empty(), "the network has no layers", "");
  require(inputs.cols() == network.input_count, "the inputs have another size than the network's",
          fmt::format("input \"{}\"", network.input_name));
  check_values(inputs, network.input, "the input");
  IntegerResult result;
  for (std::size_t i = 0; i < network.layers.size(); ++i) {
    check_layer(network, i);
    const Dense& layer = network.layers[i];
    result.layers.push_back(layer_outputs(network, layer, inputs, result.layers));
    const std::int32_t top = (std::int32_t{1} << layer.output.bits) - 1;
    result.ceilings.push_back((result.layers.back().array().abs() == top).count());
  }
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
