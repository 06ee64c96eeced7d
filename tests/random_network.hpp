// Integer networks put together by hand or at random, and inputs for them, for every test that
// needs one.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/rng.hpp"
#include "quant/network.hpp"

namespace test {

/// Adds an input of shape `shape`; all of it.
inline quant::Source add_input(quant::Network& network, std::string name, quant::Shape shape,
                               const quant::Format& format) {
  network.inputs.push_back(network.tensors.push_back({std::move(name), shape, format}));
  network.encodings.emplace_back();
  return {network.inputs.back(), 0, shape.count()};
}

/// Adds a layer of `channels` outputs a window and the tensor that it makes; all of it.
inline quant::Source add_layer(quant::Network& network, std::string name, quant::Rule rule,
                               int channels, const quant::Format& format) {
  quant::Layer layer{
      .name = std::move(name), .output = {}, .rule = std::move(rule), .weight_scale = {}};
  if (layer.if_product()) layer.weight_scale.assign(static_cast<std::size_t>(channels), 1.0);
  const quant::Pair windows = layer.window().windows();
  const quant::Shape shape(channels, windows.y, windows.x);
  layer.output = network.tensors.push_back({layer.name, shape, format});
  network.layers.push_back(std::move(layer));
  return {network.tensors.ids().back(), 0, shape.count()};
}

/// The same of a product.
inline quant::Source add_layer(quant::Network& network, std::string name, quant::Product product,
                               const quant::Format& format) {
  const int cols = static_cast<int>(product.weights.cols());
  return add_layer(network, std::move(name), quant::Rule(std::move(product)), cols, format);
}

/// Ranges that a random product is drawn from.
struct ProductRange {
  std::int64_t weight = 127;  ///< greatest magnitudes
  std::int64_t bias = 1000;
  std::int64_t threshold = 5000;
};

/// A product of `inputs` to `cols` outputs, drawn evenly.
inline quant::Product random_product(std::vector<quant::Source> inputs, int cols,
                                     const ProductRange& range, base::Rng& rng) {
  int rows = 0;
  for (const quant::Source& source : inputs) rows += source.count;
  quant::WeightMatrix weights(rows, cols);
  for (Eigen::Index i = 0; i < weights.size(); ++i)
    weights(i) = static_cast<std::int16_t>(rng.between(-range.weight, range.weight));
  quant::Product product{std::move(inputs), std::move(weights), quant::WideVector(cols),
                         quant::WideVector(cols)};
  for (int c = 0; c < cols; ++c) {
    product.bias(c) = rng.between(-range.bias, range.bias);
    product.threshold(c) = rng.between(1, range.threshold);
  }
  return product;
}

/// A chain of layers: sizes[0] inputs, then one layer a further size. Weights use the whole range
/// but the most negative; thresholds are such that outputs spread over their range.
struct NetworkShape {
  std::vector<int> sizes{12, 9, 5};
  int weight_bits = 8;
  int activation_bits = 6;
  bool signed_input = false;
  bool signed_output = true;
  std::uint64_t seed = 1;
};

inline quant::Network random_network(const NetworkShape& shape) {
  base::Rng rng(shape.seed);
  const std::int64_t weight = (std::int64_t{1} << (shape.weight_bits - 1)) - 1;
  const std::int64_t top = (std::int64_t{1} << shape.activation_bits) - 1;
  quant::Network network;
  network.name = "random";
  network.weight_bits = shape.weight_bits;
  quant::Source at = add_input(network, "x", shape.sizes.front(),
                               quant::full_format(shape.activation_bits, shape.signed_input));
  for (std::size_t i = 1; i < shape.sizes.size(); ++i) {
    const bool last = i + 1 == shape.sizes.size();
    const ProductRange range{weight, weight * top, 1 + weight * (1 + at.count / 4)};
    at = add_layer(network, "fc" + std::to_string(i),
                   random_product({at}, shape.sizes[i], range, rng),
                   quant::full_format(shape.activation_bits, last && shape.signed_output));
  }
  network.outputs = {at};
  return network;
}

/// Layers that read one to three of the tensors before them, whole or in part: chains, skips,
/// concatenations. `shape.sizes` are those of the input and of the layers; the last one reads the
/// one before.
inline quant::Network random_branches(const NetworkShape& shape) {
  base::Rng rng(shape.seed);
  const std::int64_t weight = (std::int64_t{1} << (shape.weight_bits - 1)) - 1;
  const std::int64_t top = (std::int64_t{1} << shape.activation_bits) - 1;
  quant::Network network;
  network.name = "branches";
  network.weight_bits = shape.weight_bits;
  std::vector<quant::Source> made{
      add_input(network, "x", shape.sizes.front(),
                quant::full_format(shape.activation_bits, shape.signed_input))};
  for (std::size_t i = 1; i < shape.sizes.size(); ++i) {
    const bool last = i + 1 == shape.sizes.size();
    std::vector<quant::Source> inputs{made.back()};
    int rows = made.back().count;
    for (std::uint64_t more = rng.below(3); more > 0; --more) {
      quant::Source skip = made[rng.below(made.size())];
      skip.first = static_cast<int>(rng.below(static_cast<std::uint64_t>(skip.count)));
      skip.count = static_cast<int>(rng.between(1, skip.count - skip.first));
      rows += skip.count;
      inputs.push_back(skip);
    }
    const ProductRange range{weight, weight * top, 1 + weight * (1 + rows / 4)};
    made.push_back(add_layer(
        network, "fc" + std::to_string(i), random_product(inputs, shape.sizes[i], range, rng),
        quant::full_format(shape.activation_bits, last ? shape.signed_output : rng.below(2) != 0)));
  }
  network.outputs = {made.back()};
  return network;
}

inline quant::IntegerBatch random_inputs(const quant::Network& network, int samples,
                                         std::uint64_t seed) {
  base::Rng rng(seed);
  quant::IntegerBatch batch(samples, network.input_count());
  for (int s = 0; s < samples; ++s) {
    int column = 0;
    for (const quant::TensorId id : network.inputs)
      for (int i = 0; i < network.tensors[id].count(); ++i)
        batch(s, column++) = static_cast<std::int32_t>(
            rng.between(network.format_of(id).low, network.format_of(id).high));
  }
  return batch;
}

}  // namespace test
