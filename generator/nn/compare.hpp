// What the ops share that compare two arrays or combine two truths.
#pragma once

#include "nn/op_support.hpp"

namespace nn {

/// infer() of comparisons: two inputs of one type, a bool an element, with broadcasting.
inline void infer_comparison(Graph& graph, const Node& node) {
  require_same_type(graph, node, 0, 1);
  set_output(graph, node, 0, DType::kBool,
             broadcast(node, input(graph, node, 0).shape, input(graph, node, 1).shape));
}

/// infer() of logic on two inputs of bools, with broadcasting.
inline void infer_logic(Graph& graph, const Node& node) {
  require_type(graph, node, 0, {DType::kBool});
  infer_comparison(graph, node);
}

/// evaluate() of comparisons: f(a, b) an element.
template <class F>
std::vector<Array> compare(const Call& call, F f) {
  Array out = call.blank();
  std::vector<std::int64_t>& truths = out.ints();
  const Array& a = call.input(0);
  const Array& b = call.input(1);
  a.visit([&](const auto& from_a) {
    const auto& from_b = b.elements<ElementOf<decltype(from_a)>>();
    for_each_broadcast(out.shape, a.shape, b.shape,
                       [&](std::size_t i, std::size_t ia, std::size_t ib) {
                         truths[i] = f(from_a[ia], from_b[ib]) ? 1 : 0;
                       });
  });
  return {std::move(out)};
}

/// evaluate() of logic: f(a, b) an element, of 0 and 1.
template <class F>
std::vector<Array> logic(const Call& call, F f) {
  Array out = call.blank();
  combine(call.input(0), call.input(1), out, f);
  return {std::move(out)};
}

}  // namespace nn
