#include "core/integer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

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

void require(bool holds, const std::string& what, const std::string& where) {
  if (!holds) base::fail(base::Code::kInternal, what, where);
}

std::string where(const Layer& layer) { return fmt::format("layer \"{}\"", layer.name); }

int count_of(const std::vector<Source>& sources) {
  int count = 0;
  for (const Source& source : sources) count += source.count;
  return count;
}

void check_format(const quant::Tensor& tensor) {
  const Format& format = tensor.format;
  const std::int64_t most = (std::int64_t{1} << format.bits) - 1;
  require(format.bits >= 1 && format.bits <= 16 && format.high > 0 && format.high <= most &&
              format.low <= 0 && format.low >= (format.is_signed ? -most : 0) && tensor.count > 0,
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
                source.first + source.count <= network.tensors[source.tensor].count,
            "elements outside their source", place);
  }
}

void check_layer(const Network& network, const Layer& layer) {
  const Product& product = layer.product;
  require(count_of(product.inputs) == layer.rows() && layer.cols() > 0 &&
              product.bias.size() == layer.cols() && product.threshold.size() == layer.cols() &&
              network.tensors[layer.output].count == layer.cols(),
          "sizes of inputs, weights, biases, thresholds and outputs differ", where(layer));
  require(product.threshold.minCoeff() > 0, "a threshold is not positive", where(layer));
  const std::int32_t limit = std::int32_t{1} << (network.weight_bits - 1);
  require(
      product.weights.matrix().maxCoeff() < limit && product.weights.matrix().minCoeff() >= -limit,
      "a weight exceeds the weight bits", where(layer));
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
    check_sources(network, layer.product.inputs, known, where(layer));
    make(layer.output, where(layer));
    check_layer(network, layer);
  }
  check_sources(network, network.outputs, known, "the outputs");
}

template <class Scalar>
Wide product_in(const IntegerBatch& x, const Product& product) {
  using M = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  const M sums = x.cast<Scalar>() * product.weights.matrix().cast<Scalar>();
  return sums.template cast<std::int64_t>();
}

// Greatest sum of magnitudes, sum |w| * |x|, that a column can reach: no partial sum, in whatever
// order, exceeds it. In double, which is exact enough to compare with powers of two far above the
// rounding error.
double partial_bound(const Network& network, const Product& product) {
  Eigen::VectorXd limits(product.weights.rows());
  int at = 0;
  for (const Source& source : product.inputs) {
    limits.segment(at, source.count)
        .setConstant(std::ldexp(1.0, network.format_of(source.tensor).bits));
    at += source.count;
  }
  return (limits.transpose() * product.weights.matrix().cast<double>().cwiseAbs()).maxCoeff();
}

Wide sums_of(const IntegerBatch& x, const Product& product, double bound) {
  if (bound < std::ldexp(1.0, 24)) return product_in<float>(x, product);
  if (bound < std::ldexp(1.0, 53)) return product_in<double>(x, product);
  return product_in<std::int64_t>(x, product);
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

IntegerBatch gather(const std::vector<Source>& sources, const TensorValues& values) {
  const Eigen::Index samples = sources.empty() ? 0 : values[sources.front().tensor].rows();
  IntegerBatch x(samples, count_of(sources));
  int at = 0;
  for (const Source& source : sources) {
    x.middleCols(at, source.count) = values[source.tensor].middleCols(source.first, source.count);
    at += source.count;
  }
  return x;
}

IntegerBatch run_layer(const Network& network, quant::LayerId id, const TensorValues& values) {
  const Layer& layer = network.layers[id];
  const Product& product = layer.product;
  const Format& output = network.format_of(layer.output);
  const double bound = partial_bound(network, product);
  check_sums(product, bound, where(layer));
  const IntegerBatch x = gather(product.inputs, values);
  IntegerBatch y(x.rows(), layer.cols());
  for (Eigen::Index first = 0; first < x.rows(); first += kChunk) {
    const auto count = std::min(kChunk, x.rows() - first);
    const Wide sums = sums_of(x.middleRows(first, count), product, bound);
    for (Eigen::Index s = 0; s < count; ++s)
      for (Eigen::Index c = 0; c < sums.cols(); ++c)
        y(first + s, c) = static_cast<std::int32_t>(output_of(
            sums(s, c) + product.bias[c], product.threshold[c], output, product.rounding));
  }
  return y;
}

IntegerResult run_integer(const Network& network, const IntegerBatch& inputs) {
  check_network(network);
  require(inputs.cols() == network.input_count(), "the inputs have another size than the network's",
          "the inputs");
  IntegerResult result{TensorValues(network.tensors.size()), {}, {}};
  Eigen::Index column = 0;
  for (const quant::TensorId id : network.inputs) {
    const quant::Tensor& tensor = network.tensors[id];
    result.tensors[id] = inputs.middleCols(column, tensor.count);
    check_values(result.tensors[id], tensor.format, fmt::format("input \"{}\"", tensor.name));
    column += tensor.count;
  }
  for (const quant::LayerId id : network.layers.ids()) {
    const quant::TensorId output = network.layers[id].output;
    result.tensors[output] = run_layer(network, id, result.tensors);
    result.ceilings.push_back(ceilings_of(result.tensors[output], network.format_of(output)));
  }
  result.outputs = gather(network.outputs, result.tensors);
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
