// What Softmax and LogSoftmax share: which elements form a row.
#pragma once

#include "nn/op_support.hpp"

namespace nn {

/// infer() of both.
void infer_softmax(Graph& graph, const Node& node);
std::vector<AttributeDef> softmax_attributes();

/// The input seen as rows along the view's axis.
AxisView softmax_rows(const Call& call);

/// Greatest element of a row that is not empty.
template <class T>
T greatest_of_row(const std::vector<T>& data, const AxisView& view, std::size_t o, std::size_t i) {
  T greatest = data[view.at(o, 0, i)];
  for (std::size_t k = 1; k < view.length; ++k)
    greatest = data[view.at(o, k, i)] > greatest ? data[view.at(o, k, i)] : greatest;
  return greatest;
}

/// evaluate() of both: f(elements, view, o, i) changes the row at `o` and `i` in place.
template <class F>
std::vector<Array> each_row(const Call& call, F f) {
  Array out = call.input(0);
  const AxisView view = softmax_rows(call);
  const auto rows = [&](auto& data) {
    for (std::size_t o = 0; view.length > 0 && o < view.outer; ++o)
      for (std::size_t i = 0; i < view.inner; ++i) f(data, view, o, i);
  };
  if (out.dtype == DType::kFloat)
    rows(out.elements<float>());
  else
    rows(out.elements<double>());
  return {std::move(out)};
}

}  // namespace nn
