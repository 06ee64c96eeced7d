#include "quant/facts.hpp"

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

void extend(SumRange& range, std::int64_t weight, bool is_signed, std::int64_t limit) {
  const std::int64_t most = weight * limit;
  range.low = add(range.low, is_signed ? -std::abs(most) : std::min<std::int64_t>(most, 0));
  range.high = add(range.high, is_signed ? std::abs(most) : std::max<std::int64_t>(most, 0));
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
  if (id.index() >= network.layers.size())
    base::fail(base::Code::kInternal, "a layer out of range");
}

}  // namespace

SumRange column_range(const Dense& layer, int column, bool signed_input, std::int64_t input_limit) {
  SumRange range{layer.bias[column], layer.bias[column]};
  for (Eigen::Index r = 0; r < layer.weights.rows(); ++r)
    extend(range, layer.weights(r, column), signed_input, input_limit);
  return range;
}

SumRange column_range(const Network& network, LayerId id, int column) {
  const Dense& layer = network.layer(id);
  SumRange range{layer.bias[column], layer.bias[column]};
  int row = 0;
  for (const Slice& slice : layer.inputs) {
    const Format& format = network.format_of(slice.source);
    for (int i = 0; i < slice.count; ++i)
      extend(range, layer.weights(row++, column), format.is_signed,
             (std::int64_t{1} << format.bits) - 1);
  }
  return range;
}

std::int64_t sum_bound(const Network& network, LayerId id) {
  require(network, id);
  std::int64_t bound = 0;
  for (int c = 0; c < network.layer(id).weights.cols(); ++c) {
    const SumRange range = column_range(network, id, c);
    bound = std::max({bound, std::abs(range.low), std::abs(range.high)});
  }
  return bound;
}

int input_lanes(const Network& network, const Dense& layer) {
  int lanes = 0;
  for (const Slice& slice : layer.inputs)
    lanes += slice.count * (network.format_of(slice.source).is_signed ? 2 : 1);
  return lanes;
}

LayerFacts facts_of(const Network& network, LayerId id) {
  require(network, id);
  const Dense& layer = network.layer(id);
  LayerFacts facts;
  facts.name = layer.name;
  facts.rows = static_cast<int>(layer.weights.rows());
  facts.cols = static_cast<int>(layer.weights.cols());
  facts.lanes = input_lanes(network, layer);
  facts.input_scale = network.format_of(layer.inputs.at(0).source).scale;
  facts.output_scale = layer.output.scale;
  facts.output_signed = layer.output.is_signed;
  if (!layer.weight_scale.empty()) {
    facts.weight_scale_min = *std::ranges::min_element(layer.weight_scale);
    facts.weight_scale_max = *std::ranges::max_element(layer.weight_scale);
  }
  facts.threshold_min = layer.threshold.minCoeff();
  facts.threshold_max = layer.threshold.maxCoeff();
  facts.bias_min = layer.bias.minCoeff();
  facts.bias_max = layer.bias.maxCoeff();
  facts.sum = column_range(network, id, 0);
  for (int c = 0; c < facts.cols; ++c) {
    const SumRange range = column_range(network, id, c);
    facts.sum = hull(facts.sum, range);
    const std::int64_t half = layer.threshold[c] / 2;
    facts.accumulator_bits = std::max({facts.accumulator_bits, signed_bits(add(range.low, half)),
                                       signed_bits(add(range.high, half))});
  }
  facts.zero_weights = static_cast<double>((layer.weights.matrix().array() == 0).count()) /
                       static_cast<double>(layer.weights.size());
  facts.float_scale_error = layer.float_scale_error;
  return facts;
}

}  // namespace quant
