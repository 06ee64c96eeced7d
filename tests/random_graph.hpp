// Random branching integer networks, for tests of lowering, mapping and the hardware.
#pragma once

#include "random_network.hpp"

namespace test {

/// Sizes and kinds of what is drawn.
struct BranchingShape {
  int layers = 5;
  int most_count = 7;  ///< elements a tensor
  int most_bits = 5;   ///< a tensor
  int inputs = 1;
  int outputs = 1;
  std::uint64_t seed = 1;
};

/// Tensors of mixed bits, signs and ends; layers that read parts of any of those before them, some
/// twice; rounding of both kinds. The first output is the last layer's; others are any tensors,
/// whole or in part, inputs and what is an output already among them.
inline quant::Network branching_network(const BranchingShape& shape) {
  base::Rng rng(shape.seed);
  quant::Network network;
  network.name = "branching";
  std::vector<quant::Source> made;
  const auto format = [&] {
    quant::Format drawn =
        quant::full_format(static_cast<int>(rng.between(1, shape.most_bits)), rng.below(2) != 0);
    if (rng.below(2)) drawn.high = static_cast<std::int32_t>(rng.between(1, drawn.high));
    if (drawn.is_signed && rng.below(2))
      drawn.low = static_cast<std::int32_t>(rng.between(drawn.low, -1));
    return drawn;
  };
  const auto count = [&] { return static_cast<int>(rng.between(1, shape.most_count)); };
  const auto part = [&](const quant::Source& all) {
    const int first = static_cast<int>(rng.between(0, all.count - 1));
    return quant::Source{all.tensor, first, static_cast<int>(rng.between(1, all.count - first))};
  };
  for (int i = 0; i < shape.inputs; ++i)
    made.push_back(add_input(network, "x" + std::to_string(i), count(), format()));
  for (int l = 0; l < shape.layers; ++l) {
    std::vector<quant::Source> inputs{made.back()};
    for (auto more = rng.below(3); more > 0; --more)
      inputs.push_back(part(made[rng.below(made.size())]));
    const std::int64_t top = (std::int64_t{1} << shape.most_bits) - 1;
    quant::Product product = random_product(std::move(inputs), count(), {127, 127 * top, 300}, rng);
    product.rounding = rng.below(2) ? quant::Rounding::kHalfEven : quant::Rounding::kHalfUp;
    made.push_back(add_layer(network, "l" + std::to_string(l), std::move(product), format()));
  }
  network.outputs = {made.back()};
  for (int i = 1; i < shape.outputs; ++i) {
    const quant::Source& drawn = made[rng.below(made.size())];
    network.outputs.push_back(rng.below(2) ? drawn : part(drawn));
  }
  return network;
}

}  // namespace test
