#include "quant/quantise.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/bits.hpp"
#include "base/error.hpp"
#include "base/layout.hpp"
#include "quant/calibrate.hpp"
#include "quant/chain.hpp"
#include "quant/columns.hpp"
#include "quant/facts.hpp"

namespace quant {

namespace {

using base::Code;

std::string where(const OpenProduct& product) { return "layer " + base::quoted_name(product.name); }

std::int64_t limit_of(int bits) { return (std::int64_t{1} << bits) - 1; }

// Magnitude bits of a tensor's integers once the zero point is off. The most negative number of
// two's complement counts as its neighbour: int8 with zero point 0 has 7.
int magnitude_bits(const Quantiser& q) {
  const std::int64_t high = q.high - q.zero;
  const std::int64_t low = q.zero - q.low;
  const std::int64_t most = low == high + 1 ? high : std::max(low, high);
  return base::clog2(static_cast<std::uint64_t>(most) + 1);
}

bool is_signed(const Quantiser& q) { return q.low < q.zero; }

void check_options(const Options& options) {
  if (options.weight_bits < 2 || options.weight_bits > 16 || options.activation_bits < 1 ||
      options.activation_bits > 16 || !(options.percentile > 0) || options.percentile > 100)
    base::fail(Code::kInternal, "quantise() was given options out of range");
}

// The widest of the model's activation formats, and whose it is.
struct Widest {
  int bits = 0;
  std::string name = "the input";
};

Widest widest_activation(const Chain& chain) {
  Widest widest;
  const auto look = [&](const std::optional<Quantiser>& q, const std::string& of) {
    if (q && magnitude_bits(*q) > widest.bits) widest = {magnitude_bits(*q), of};
  };
  look(chain.quantiser, widest.name);
  for (const OpenProduct& product : chain.products) look(product.quantiser, where(product));
  return widest;
}

// Bits of the integer weights of a product, as integer_column() will take them.
int weight_bits_of(const OpenProduct& product, bool signed_input) {
  if (product.step.size() == 0) return 0;
  double most = 1;
  for (Eigen::Index c = 0; c < product.weights.cols(); ++c) {
    const bool turned = product.step[c] * product.gain[c] < 0;
    const double high = product.weights.col(c).maxCoeff();
    const double low = -product.weights.col(c).minCoeff();
    most = std::max({most, turned ? low : high, (turned ? high : low) - (signed_input ? 0 : 1)});
  }
  return base::clog2(static_cast<std::uint64_t>(most) + 1) + 1;
}

// All activation formats of a quantised model must come out at the hardware's bits.
void check_activation_bits(const Chain& chain, const Options& options) {
  const auto [most, name] = widest_activation(chain);
  if (most == 0 || most == options.activation_bits) return;
  base::fail(Code::kActivationBits,
             fmt::format("the model's activations have {} bits, the spec says {}", most,
                         options.activation_bits),
             name,
             most <= options.most_activation_bits
                 ? fmt::format("set pe.activation_bits to {}", most)
                 : fmt::format("quantise the model's activations to {} bits or fewer, and set "
                               "pe.activation_bits to that",
                               options.most_activation_bits));
}

// Ranges of the tensors that the model leaves in float: index 0 is the input, i + 1 is product i.
struct Observed {
  std::vector<std::vector<float>> values;
};

Observed observe_floats(const nn::Graph& graph, const Chain& chain, const nn::Array& samples) {
  std::vector<nn::ValueId> wanted;
  std::vector<std::size_t> slots;
  if (!chain.quantiser) wanted.push_back(chain.input), slots.push_back(0);
  for (std::size_t i = 0; i < chain.products.size(); ++i)
    if (!chain.products[i].quantiser)
      wanted.push_back(chain.products[i].output), slots.push_back(i + 1);
  Observed result{std::vector<std::vector<float>>(chain.products.size() + 1)};
  if (wanted.empty()) return result;
  if (samples.shape.empty() || nn::element_count(samples.shape) == 0)
    base::fail(Code::kNoCalibration, "the model does not say in which range its values lie",
               fmt::format("value \"{}\"", graph.value(wanted[0]).name),
               "set data.calibration to a file of real inputs");
  auto values = observe(graph, samples, wanted);
  for (std::size_t i = 0; i < slots.size(); ++i) result.values[slots[i]] = std::move(values[i]);
  return result;
}

Format input_format(const Chain& chain, const Observed& seen, int bits) {
  const std::int64_t limit = limit_of(bits);
  if (chain.quantiser) {
    const Quantiser& q = *chain.quantiser;
    Format format = full_format(bits, is_signed(q), q.step);
    format.low = static_cast<std::int32_t>(std::max<std::int64_t>(format.low, q.low - q.zero));
    format.high = static_cast<std::int32_t>(std::min<std::int64_t>(format.high, q.high - q.zero));
    return format;
  }
  const auto& values = seen.values[0];
  return full_format(bits, std::ranges::any_of(values, [](float x) { return x < 0; }),
                     range_of(values, bits, Method::kMax, 100) / static_cast<double>(limit));
}

// The coarsest step that the weights force: below it, a column would need a threshold under 1.
double finest_output_step(const OpenProduct& product, double input_scale, double weight_limit) {
  double finest = 0;
  for (Eigen::Index c = 0; c < product.weights.cols(); ++c) {
    const double step = product.step.size() != 0 ? product.step[c] : 1.0;
    const double most = product.weights.col(c).cwiseAbs().maxCoeff();
    finest = std::max(finest, std::abs(product.gain[c]) * step * most * input_scale / weight_limit);
  }
  return finest;
}

Format output_format(const OpenProduct& product, const std::vector<float>& values, bool last,
                     const Options& options, const LayerScales& scales) {
  if (product.quantiser)
    return full_format(options.activation_bits, is_signed(*product.quantiser),
                       product.quantiser->step);
  Format format = full_format(options.activation_bits, !product.relu);
  const Method method = last ? Method::kMax : options.method;
  format.scale = range_of(values, format.bits, method, options.percentile) /
                 static_cast<double>(scales.output_limit);
  format.scale =
      std::max(format.scale,
               finest_output_step(product, scales.input, static_cast<double>(scales.weight_limit)));
  return format;
}

// An unsigned tensor saturates at 2^activation_bits - 1; the model's own clip must be the same,
// unless the layer's sums cannot reach it.
void check_clip(const OpenProduct& product, const Network& network, const Layer& layer) {
  const Format& output = network.format_of(layer.output);
  if (!product.quantiser || output.is_signed) return;
  const std::int64_t high = product.quantiser->high - product.quantiser->zero;
  if (high == output.high) return;
  for (int c = 0; c < layer.cols(); ++c) {
    const SumRange range = column_range(network, layer.product, c);
    const std::int64_t t = layer.product.threshold[c];
    if ((range.high + t / 2) / t > high)
      base::fail(
          Code::kMixedClips,
          fmt::format("its output saturates at {}, the hardware's values at {}", high, output.high),
          where(product),
          "export the model with one unsigned format behind each Relu (uint8, zero point 0)");
  }
}

Layer layer_of(const OpenProduct& product, const LayerScales& scales, const Source& input) {
  const auto rows = product.weights.rows();
  const auto cols = product.weights.cols();
  Layer layer;
  layer.name = product.name;
  layer.product.inputs = {input};
  WeightMatrix weights(rows, cols);
  layer.product.bias.resize(cols);
  layer.product.threshold.resize(cols);
  for (Eigen::Index c = 0; c < cols; ++c) {
    const std::string column = fmt::format("{}, output {}", where(product), c);
    const Column result =
        product.step.size() != 0
            ? integer_column(product.weights.col(c), product.step[c] * product.gain[c],
                             product.offset[c], scales, column)
            : float_column(product.weights.col(c) * product.gain[c], product.offset[c], scales,
                           column);
    weights.col(c) = result.weights.cast<WeightMatrix::Scalar>();
    layer.product.bias[c] = result.bias;
    layer.product.threshold[c] = result.threshold;
    layer.weight_scale.push_back(result.weight_scale);
    layer.float_scale_error = std::max(layer.float_scale_error, result.threshold_error);
  }
  layer.product.weights = std::move(weights);
  return layer;
}

}  // namespace

ModelFormats formats_of(const nn::Graph& graph) {
  const Chain chain = chain_of(graph);
  ModelFormats formats{0, widest_activation(chain).bits, chain.quantiser.has_value()};
  bool signed_input = !chain.quantiser || is_signed(*chain.quantiser);
  for (const OpenProduct& product : chain.products) {
    formats.weight_bits = std::max(formats.weight_bits, weight_bits_of(product, signed_input));
    formats.complete = formats.complete && product.quantiser.has_value();
    signed_input = product.quantiser ? is_signed(*product.quantiser) : !product.relu;
  }
  return formats;
}

Network quantise(const nn::Graph& graph, const nn::Array& calibration, const Options& options) {
  check_options(options);
  const Chain chain = chain_of(graph);
  check_activation_bits(chain, options);
  const Observed seen = observe_floats(graph, chain, calibration);
  Network network;
  network.name = chain.name;
  network.weight_bits = options.weight_bits;
  network.inputs = {
      network.tensors.push_back({graph.value(chain.input).name, chain.input_count,
                                 input_format(chain, seen, options.activation_bits)})};
  network.encodings = {{chain.input_gain, chain.input_offset}};
  Source input{network.inputs.front(), 0, chain.input_count};
  const std::int64_t limit = limit_of(options.activation_bits);
  for (std::size_t i = 0; i < chain.products.size(); ++i) {
    const OpenProduct& product = chain.products[i];
    const Format& from = network.format_of(input.tensor);
    LayerScales scales{from.scale,    1.0, limit, limit, limit_of(options.weight_bits - 1),
                       from.is_signed};
    const Format to =
        output_format(product, seen.values[i + 1], i + 1 == chain.products.size(), options, scales);
    scales.output = to.scale;
    Layer layer = layer_of(product, scales, input);
    layer.output = network.tensors.push_back({layer.name, layer.cols(), to});
    check_clip(product, network, layer);
    input = {layer.output, 0, layer.cols()};
    network.layers.push_back(std::move(layer));
  }
  network.tensors[input.tensor].format.scale *= chain.output_gain;
  network.outputs = {input};
  return network;
}

}  // namespace quant
