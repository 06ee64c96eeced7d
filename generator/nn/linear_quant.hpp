// What QuantizeLinear and DequantizeLinear share: which scale and zero point an element has.
#pragma once

#include <cmath>

#include "nn/graph.hpp"
#include "nn/op_support.hpp"
#include "nn/registry.hpp"

namespace nn {

/// Checks scale (input 1) and zero point (input 2) against the data (input 0): one for the tensor,
/// one an index of `axis`, or one a block of `block_size` along `axis` (opset 21). Throws
/// kBadShape, kBadType, kBadAttribute, and kBadWeights if a constant scale is not above 0.
void check_linear_quant(const Graph& graph, const Node& node);

/// Throws kBadType if input `i` has a type that the (de)quantisation of the graph's opset lacks:
/// 8 bits always, 4 and 16 bits since opset 21 and in Microsoft's domain.
void require_quantised(const Graph& graph, const Node& node, DType type);

/// Throws kBadWeights unless all scales are above 0.
void require_positive(const Node& node, const Array& scales);

/// Index of an element's scale and zero point.
struct Granularity {
  AxisView view;          ///< the data around the axis
  std::size_t block = 0;  ///< elements of the axis that share a scale; 0: the whole tensor
  bool blocked = false;   ///< one scale a block, else one an index of the axis

  std::size_t index(std::size_t o, std::size_t k, std::size_t i) const {
    if (block == 0) return 0;
    if (!blocked) return k;
    return (o * ((view.length + block - 1) / block) + k / block) * view.inner + i;
  }
};
Granularity granularity_of(const Call& call);

/// Calls f(element, parameter) for all elements of the data.
template <class F>
void for_each_scaled(const Call& call, F&& f) {
  const Granularity g = granularity_of(call);
  for (std::size_t o = 0; o < g.view.outer; ++o)
    for (std::size_t k = 0; k < g.view.length; ++k)
      for (std::size_t i = 0; i < g.view.inner; ++i) f(g.view.at(o, k, i), g.index(o, k, i));
}

/// Integer nearest to value / scale (in their own precision, ties to even), plus `zero`.
template <class T>
double linear_quantise(T value, T scale, std::int64_t zero) {
  return static_cast<double>(std::rint(value / scale)) + static_cast<double>(zero);
}

}  // namespace nn
