#include "quant/whole_sums.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/bits.hpp"
#include "base/error.hpp"
#include "quant/facts.hpp"
#include "quant/formats.hpp"

namespace quant {

namespace {

// The step that all inputs have, if they are of one tensor.
double step_of(const Network& network, const std::vector<Source>& inputs) {
  const bool one = std::ranges::all_of(
      inputs, [&](const Source& source) { return source.tensor == inputs.front().tensor; });
  return one ? network.format_of(inputs.front().tensor).scale : 1.0;
}

void require_bits(const Format& format, const std::string& where, const Options& options) {
  if (!options.exact_neurons)
    base::fail(base::Code::kCannotLower,
               "its values have bits of their own, and these neurons know one number of bits",
               where, "set pe.neuron to \"exact\"");
  if (format.bits <= options.most_activation_bits) return;
  base::fail(base::Code::kCannotLower,
             fmt::format("sums of codes from {} to {} have {} bits; a PE's have at most {}",
                         format.low, format.high, format.bits, options.most_activation_bits),
             where, "quantise what it computes of to fewer bits, or lower pe.activation_bits");
}

// Of all columns' quotients.
SumRange quotients(const Network& network, const Product& product) {
  SumRange all;
  for (int c = 0; c < static_cast<int>(product.weights.cols()); ++c) {
    const SumRange own = column_range(network, product, c);
    const std::int64_t parts = product.threshold[c];
    all = {std::min(all.low, (own.low - parts / 2) / parts),
           std::max(all.high, (own.high + parts / 2) / parts)};
  }
  return all;
}

}  // namespace

void set_whole_sums(Product& product, const OpenProduct& open, const Format& first,
                    const std::string& where, const Options& options) {
  const Eigen::MatrixXd& weights = open.terms.front().weights;
  const auto most = static_cast<int>(weights.cwiseAbs().maxCoeff());
  if (most >= 1 << (options.weight_bits - 1))
    base::fail(base::Code::kWeightBits, fmt::format("it takes weights of {}", most), where,
               fmt::format("set pe.weight_bits to {} or more", base::clog2(most + 1U) + 1));
  product.weights = WeightMatrix(weights.cast<WeightMatrix::Scalar>());
  product.bias = (open.offset * first.magnitude()).cast<std::int64_t>();
  product.threshold = WideVector::Ones(open.cols());
  for (std::size_t c = 0; c < open.parts.size(); ++c)
    product.threshold[static_cast<Eigen::Index>(c)] = open.parts[c];
}

Format whole_sum_format(const Network& network, const Product& product, const Signal& signal,
                        const Options& options) {
  SumRange range = quotients(network, product);
  Format format;
  format.scale = step_of(network, product.inputs);
  if (!signal.product->parts.empty()) {
    const Format& first = network.format_of(product.inputs.front().tensor);
    format.scale = first.scale;
    range = {std::max<std::int64_t>(range.low, -first.magnitude()),
             std::min<std::int64_t>(range.high, first.magnitude())};
  }
  if (signal.low == 0) range.low = 0;
  format.low = static_cast<std::int32_t>(range.low);
  format.high = static_cast<std::int32_t>(std::max<std::int64_t>(1, range.high));
  format.is_signed = range.low < 0;
  format.bits = std::max(1, base::clog2(static_cast<std::uint64_t>(format.magnitude()) + 1));
  require_bits(format, where(signal), options);
  return format;
}

}  // namespace quant
