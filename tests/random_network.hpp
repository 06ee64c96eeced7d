// Random integer networks and their inputs, for every test that needs more than a hand-made one.
#pragma once

#include <vector>

#include "base/rng.hpp"
#include "quant/network.hpp"

namespace test {

/// A chain of dense layers: sizes[0] inputs, then one layer a further size. Weights use the whole
/// range but the most negative; thresholds are such that outputs spread over their range.
struct NetworkShape {
  std::vector<int> sizes{12, 9, 5};
  int weight_bits = 8;
  int activation_bits = 6;
  bool signed_input = false;
  bool signed_output = true;
  std::uint64_t seed = 1;
};

inline quant::Dense random_dense(const NetworkShape& shape, std::size_t index, base::Rng& rng) {
  const int rows = shape.sizes[index];
  const int cols = shape.sizes[index + 1];
  const std::int64_t weight = (std::int64_t{1} << (shape.weight_bits - 1)) - 1;
  const std::int64_t top = (std::int64_t{1} << shape.activation_bits) - 1;
  quant::Dense layer;
  layer.name = "fc" + std::to_string(index + 1);
  const quant::LayerId source = index == 0 ? quant::LayerId{} : quant::LayerId{index - 1};
  layer.inputs.push_back({source, 0, rows});
  quant::WeightMatrix weights(rows, cols);
  for (Eigen::Index i = 0; i < weights.size(); ++i)
    weights(i) = static_cast<std::int16_t>(rng.between(-weight, weight));
  layer.weights = std::move(weights);
  layer.bias.resize(cols);
  layer.threshold.resize(cols);
  for (int c = 0; c < cols; ++c) {
    layer.bias(c) = rng.between(-weight * top, weight * top);
    layer.threshold(c) = rng.between(1, 1 + weight * (1 + rows / 4));
  }
  const bool last = index + 2 == shape.sizes.size();
  layer.output = {
      .bits = shape.activation_bits, .is_signed = last && shape.signed_output, .scale = 1.0};
  layer.weight_scale.assign(static_cast<std::size_t>(cols), 1.0);
  return layer;
}

inline quant::Network random_network(const NetworkShape& shape) {
  base::Rng rng(shape.seed);
  quant::Network network;
  network.name = "random";
  network.input_name = "x";
  network.input = {.bits = shape.activation_bits, .is_signed = shape.signed_input, .scale = 1.0};
  network.input_count = shape.sizes.front();
  network.weight_bits = shape.weight_bits;
  network.activation_bits = shape.activation_bits;
  for (std::size_t i = 0; i + 1 < shape.sizes.size(); ++i)
    network.layers.push_back(random_dense(shape, i, rng));
  return network;
}

inline quant::IntegerBatch random_inputs(const quant::Network& network, int samples,
                                         std::uint64_t seed) {
  base::Rng rng(seed);
  const int top = (1 << network.activation_bits) - 1;
  quant::IntegerBatch batch(samples, network.input_count);
  for (Eigen::Index i = 0; i < batch.size(); ++i)
    batch(i) = static_cast<std::int32_t>(rng.between(network.input.is_signed ? -top : 0, top));
  return batch;
}

}  // namespace test
