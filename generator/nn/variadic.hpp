// What the ops share that take any number of inputs of one type.
#pragma once

#include "nn/op_support.hpp"

namespace nn {

/// infer() of ops that combine all inputs element by element, with broadcasting.
inline void infer_variadic(Graph& graph, const Node& node) {
  require_number(graph, node, 0);
  Shape shape = input(graph, node, 0).shape;
  for (std::size_t i = 1; i < node.inputs.size(); ++i) {
    require_same_type(graph, node, 0, i);
    shape = broadcast(node, shape, input(graph, node, i).shape);
  }
  set_output(graph, node, 0, input(graph, node, 0).dtype, shape);
}

/// f(f(input 0, input 1), input 2) and so on, element by element; integers wrap.
template <class F>
std::vector<Array> gathered_up(const Call& call, F f) {
  Array out = broadcast_to(call.input(0), call.blank().shape);
  for (std::size_t i = 1; i < call.inputs.size(); ++i) combine(Array(out), call.input(i), out, f);
  return {std::move(out)};
}

}  // namespace nn
