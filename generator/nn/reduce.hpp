// What the ops share that reduce axes of an array to one number.
#pragma once

#include <algorithm>

#include "nn/op_support.hpp"

namespace nn {

/// infer() of reductions: the axes (an attribute, or input 1 later; all without either) go or
/// become extents of 1.
void infer_reduction(Graph& graph, const Node& node);

/// The axes that are reduced, one flag an axis of the input.
std::vector<bool> reduced_axes(const Graph& graph, const Node& node, const Shape& shape);

/// The attributes of a reduction whose axes are an input since opset `axes_input_since`.
std::vector<AttributeDef> reduction_attributes(std::int64_t axes_input_since);

/// What every number is at least (at most) as great as: where a search for the greatest (the least)
/// starts.
template <class T>
T least_of(T) {
  return std::is_floating_point_v<T> ? -std::numeric_limits<T>::infinity()
                                     : std::numeric_limits<T>::lowest();
}
template <class T>
T greatest_of(T) {
  return std::is_floating_point_v<T> ? std::numeric_limits<T>::infinity()
                                     : std::numeric_limits<T>::max();
}

/// evaluate() of reductions: f(result so far, element), from start(T{}) on; integers wrap.
template <class Start, class F>
std::vector<Array> reduce(const Call& call, Start start, F f) {
  const Array& x = call.input(0);
  Shape kept = x.shape;
  const std::vector<bool> reduced = reduced_axes(call.graph, call.node, x.shape);
  for (std::size_t d = 0; d < kept.size(); ++d)
    if (reduced[d]) kept[d] = 1;
  Array out = call.blank();
  out.visit([&](auto& data) {
    using T = ElementOf<decltype(data)>;
    std::fill(data.begin(), data.end(), static_cast<T>(start(T{})));
    const auto& from = x.elements<T>();
    for_each_broadcast(x.shape, kept, {}, [&](std::size_t i, std::size_t to, std::size_t) {
      data[to] = in_type(out.dtype, static_cast<T>(f(data[to], from[i])));
    });
  });
  return {std::move(out)};
}

}  // namespace nn
