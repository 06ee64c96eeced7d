#include <cmath>

#include "nn/softmax_rows.hpp"

namespace nn {
namespace {

// Each element less the logarithm of the sum of the exponentials.
template <class T>
void normalise(std::vector<T>& data, const AxisView& view, std::size_t o, std::size_t i) {
  const T greatest = greatest_of_row(data, view, o, i);
  double sum = 0;
  for (std::size_t k = 0; k < view.length; ++k) sum += std::exp(data[view.at(o, k, i)] - greatest);
  const T norm = static_cast<T>(std::log(sum));
  for (std::size_t k = 0; k < view.length; ++k)
    data[view.at(o, k, i)] = (data[view.at(o, k, i)] - greatest) - norm;
}

}  // namespace

OpDef log_softmax_op() {
  return {
      .names = {"LogSoftmax"},
      .doc = "the logarithm of Softmax",
      .attributes = softmax_attributes(),
      .infer = infer_softmax,
      .evaluate =
          [](const Call& call) { return each_row(call, [](auto&... row) { normalise(row...); }); },
  };
}

}  // namespace nn
