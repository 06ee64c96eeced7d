#include <cmath>

#include "nn/softmax_rows.hpp"

namespace nn {
namespace {

// The exponentials in parts of their sum.
template <class T>
void normalise(std::vector<T>& data, const AxisView& view, std::size_t o, std::size_t i) {
  const T greatest = greatest_of_row(data, view, o, i);
  double sum = 0;
  for (std::size_t k = 0; k < view.length; ++k) {
    T& value = data[view.at(o, k, i)];
    value = std::exp(value - greatest);
    sum += value;
  }
  for (std::size_t k = 0; k < view.length; ++k)
    data[view.at(o, k, i)] = static_cast<T>(data[view.at(o, k, i)] / sum);
}

}  // namespace

OpDef softmax_op() {
  return {
      .names = {"Softmax"},
      .doc = "exp(X) in parts of its sum along an axis; flattens up to opset 12",
      .attributes = softmax_attributes(),
      .infer = infer_softmax,
      .evaluate =
          [](const Call& call) { return each_row(call, [](auto&... row) { normalise(row...); }); },
  };
}

}  // namespace nn
