#include <algorithm>
#include <cmath>

#include "nn/op_support.hpp"

namespace nn {

OpDef mish_op() {
  return {
      .names = {"Mish"},
      .since = 18,
      .doc = "X * tanh(log(1 + e^X))",
      .infer = infer_float,
      .evaluate =
          [](const Call& call) {
            return each_float(call, [](auto x) {
              const auto softplus =
                  std::log1p(std::exp(-std::abs(x))) + std::max<decltype(x)>(x, 0);
              return x * std::tanh(softplus);
            });
          },
  };
}

}  // namespace nn
