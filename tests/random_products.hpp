// Random models with products of two signals, for tests of all levels of the hardware.
#pragma once

#include <algorithm>
#include <vector>

#include "base/rng.hpp"
#include "nn/reference.hpp"
#include "quant/graph_builder.hpp"
#include "quant/quantise.hpp"

namespace test {

/// A graph of one input, and samples of it.
struct ProductModel {
  nn::Graph graph;
  nn::Array samples;
};

/// Convolutions, of maps or of features, with gates, products, quotients, squeezing and exciting,
/// LRN and means of uneven windows between them.
class ProductModels {
 public:
  explicit ProductModels(std::uint64_t seed) : rng_(seed) {}

  ProductModel draw() {
    const bool features = rng_.below(3) == 0;
    at_ = {nn::kUnknown, pick(1, 4), features ? 1 : pick(1, 6), features ? 1 : pick(1, 6)};
    nn::Shape shape = at_;
    Id x = builder_.input(at_);
    x = conv(x, pick(1, 4));
    for (auto blocks = pick(1, 2); blocks > 0; --blocks) x = block(x);
    conv(x, pick(1, 2));
    shape[0] = 12;
    std::vector<float> values;
    for (std::int64_t i = 0; i < nn::element_count(shape); ++i)
      values.push_back(static_cast<float>(4 * rng_.uniform() - 2));
    return {builder_.done(), nn::Array::of_floats(shape, values)};
  }

 private:
  using Id = nn::ValueId;

  std::int64_t pick(std::int64_t low, std::int64_t high) { return rng_.between(low, high); }

  // Of unchanged extents.
  Id conv(Id x, std::int64_t outputs) {
    const std::int64_t ky = at_[2] == 1 ? 1 : 2 * pick(0, 1) + 1;
    const std::int64_t kx = at_[3] == 1 ? 1 : 2 * pick(0, 1) + 1;
    std::vector<float> weights;
    for (std::int64_t i = outputs * at_[1] * ky * kx; i > 0; --i)
      weights.push_back(static_cast<float>(rng_.uniform() - 0.5));
    x = builder_.node("Conv", {x, builder_.floats({outputs, at_[1], ky, kx}, weights)},
                      {{"pads", std::vector<std::int64_t>{ky / 2, kx / 2, ky / 2, kx / 2}}});
    at_[1] = outputs;
    return x;
  }

  Id block(Id x) {
    const std::int64_t channels = at_[1];
    switch (rng_.below(8)) {
      case 0:
        return builder_.node("Mul", {x, builder_.node("Sigmoid", {conv(x, channels)})});
      case 1:
        return builder_.node("Mul", {conv(x, channels), builder_.node("Relu", {x})});
      case 2:
        return builder_.node("Div", {x, positive(conv(x, channels))});
      case 3:
        return mean(x);
      case 5:
        return excited(x);
      case 6:
        return attended(x);
      case 4: {
        const Id gate = builder_.node("HardSigmoid", {conv(x, channels)});
        return builder_.node("Add", {builder_.node("Relu", {builder_.node("Mul", {gate, x})}), x});
      }
      default:
        return builder_.node("LRN", {x},
                             {{"size", pick(1, 3)},
                              {"alpha", static_cast<float>(rng_.uniform() + 0.5)},
                              {"beta", 0.75F},
                              {"bias", 1.0F}});
    }
  }

  // Times a gate of what is pooled: of whole maps, of rows or of columns.
  Id excited(Id x) {
    const nn::Shape at = at_;
    std::vector<std::int64_t> kernel{at_[2], at_[3]};
    if (rng_.below(2) == 0) kernel[rng_.below(2)] = 1;
    for (std::size_t axis = 0; axis < 2; ++axis) at_[2 + axis] -= kernel[axis] - 1;
    const Id pooled =
        builder_.node(rng_.below(2) ? "AveragePool" : "MaxPool", {x}, {{"kernel_shape", kernel}});
    const Id fewer = builder_.node("Relu", {conv(pooled, pick(1, 2))});
    const Id gate = builder_.node("Sigmoid", {conv(fewer, rng_.below(4) ? at[1] : 1)});
    at_ = at;
    return builder_.node("Mul", {x, gate});
  }

  // Times a gate of what a kernel makes along the means of all channels.
  Id attended(Id x) {
    const Id mean = builder_.node("GlobalAveragePool", {x});
    std::vector<float> weights;
    for (int i = 0; i < 3; ++i) weights.push_back(static_cast<float>(rng_.uniform() - 0.3));
    const Id along =
        builder_.node("Conv", {shaped(mean, {-1, 1, at_[1]}), builder_.floats({1, 1, 3}, weights)},
                      {{"pads", std::vector<std::int64_t>{1, 1}}});
    const Id gate = builder_.node("Sigmoid", {shaped(along, {-1, at_[1], 1, 1})});
    return builder_.node("Mul", {x, gate});
  }

  Id shaped(Id x, const std::vector<std::int64_t>& shape) {
    return builder_.node("Reshape",
                         {x, builder_.ints(nn::DType::kInt64, {std::ssize(shape)}, shape)});
  }

  // Of windows that reach beyond the map, at one side or both.
  Id mean(Id x) {
    std::vector<std::int64_t> kernel, strides, pads(4, 0);
    for (std::size_t axis = 0; axis < 2; ++axis) {
      std::int64_t& extent = at_[2 + axis];
      kernel.push_back(std::min<std::int64_t>(extent, pick(1, 3)));
      strides.push_back(pick(1, 2));
      pads[axis] = pads[2 + axis] = kernel[axis] == 3 ? pick(0, 1) : 0;
      extent = (extent + 2 * pads[axis] - kernel[axis] + strides[axis] - 1) / strides[axis] + 1;
    }
    return builder_.node("AveragePool", {x},
                         {{"kernel_shape", kernel},
                          {"strides", strides},
                          {"pads", pads},
                          {"ceil_mode", std::int64_t{1}},
                          {"count_include_pad", pick(0, 1)}});
  }

  // Of one node each, a function without zeros.
  Id positive(Id x) {
    return builder_.node("Add", {builder_.node("Softplus", {x}), builder_.scalar(1)});
  }

  base::Rng rng_;
  GraphBuilder builder_;
  nn::Shape at_;
};

inline ProductModel product_model(std::uint64_t seed) { return ProductModels(seed).draw(); }

}  // namespace test
