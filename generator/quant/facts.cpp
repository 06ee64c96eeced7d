#include "quant/facts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "base/error.hpp"

namespace quant {

namespace {

constexpr std::int64_t kMost = std::int64_t{1} << 62;

// a + b; throws where the sum leaves 62 bits.
std::int64_t add(std::int64_t a, std::int64_t b) {
  std::int64_t sum = 0;
  if (__builtin_add_overflow(a, b, &sum) || sum > kMost || sum < -kMost)
    base::fail(base::Code::kInternal, "a layer's sum leaves 62 bits");
  return sum;
}

// Adds weight * x of an x between the format's ends, one of which may be 0.
void extend(SumRange& range, std::int64_t weight, const Format& format) {
  const auto [low, high] = std::minmax({weight * format.low, weight * format.high});
  range.low = add(range.low, low);
  range.high = add(range.high, high);
}

int signed_bits(std::int64_t value) {
  int bits = 1;
  for (std::int64_t rest = value; rest != 0 && rest != -1; rest >>= 1) ++bits;
  return bits;
}

SumRange hull(const SumRange& a, const SumRange& b) {
  return {std::min(a.low, b.low), std::max(a.high, b.high)};
}

void require(const Network& network, LayerId id) {
  if (!network.layers.contains(id)) base::fail(base::Code::kInternal, "a layer out of range");
}

}  // namespace

SumRange column_range(const Network& network, const Product& product, int column) {
  SumRange range{product.bias[column], product.bias[column]};
  int row = 0;
  for (const Format* format : row_formats(network, product, column / product.group_cols()))
    extend(range, product.weights(row++, column), *format);  // they hold the 0 of padding as well
  return range;
}

int input_lanes(const Network& network, const Product& product) {
  int lanes = 0;
  for (const Source& source : product.inputs)
    lanes += source.count * (network.format_of(source.tensor).is_signed ? 2 : 1);
  return lanes;
}

LayerFacts facts_of(const Network& network, LayerId id) {
  require(network, id);
  const Layer& layer = network.layers[id];
  const Product& product = layer.product();
  const Format& output = network.format_of(layer.output);
  LayerFacts facts;
  facts.name = layer.name;
  facts.rows = layer.rows();
  facts.cols = layer.cols();
  facts.lanes = input_lanes(network, product);
  facts.input_scale = network.format_of(product.inputs.at(0).tensor).scale;
  facts.output_scale = output.scale;
  facts.output_signed = output.is_signed;
  if (!layer.weight_scale.empty()) {
    facts.weight_scale_min = *std::ranges::min_element(layer.weight_scale);
    facts.weight_scale_max = *std::ranges::max_element(layer.weight_scale);
  }
  facts.threshold_min = product.threshold.minCoeff();
  facts.threshold_max = product.threshold.maxCoeff();
  facts.bias_min = product.bias.minCoeff();
  facts.bias_max = product.bias.maxCoeff();
  facts.sum = column_range(network, product, 0);
  for (int c = 0; c < facts.cols; ++c) {
    const SumRange range = column_range(network, product, c);
    facts.sum = hull(facts.sum, range);
    const std::int64_t half = product.threshold[c] / 2;
    facts.accumulator_bits = std::max({facts.accumulator_bits, signed_bits(add(range.low, half)),
                                       signed_bits(add(range.high, half))});
  }
  facts.zero_weights = static_cast<double>((product.weights.matrix().array() == 0).count()) /
                       static_cast<double>(product.weights.size());
  facts.float_scale_error = layer.float_scale_error;
  facts.is_exact = layer.is_exact;
  facts.error_bound = layer.error_bound;
  facts.fit = layer.fit;
  facts.output = output;
  facts.rounding = product.rounding;
  return facts;
}

}  // namespace quant
