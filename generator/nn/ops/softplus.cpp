#include <algorithm>
#include <cmath>

#include "nn/op_support.hpp"

namespace nn {

OpDef softplus_op() {
  return {
      .names = {"Softplus"},
      .doc = "log(1 + e^X)",
      .infer = infer_float,
      .evaluate =
          [](const Call& call) {
            return each_float(call, [](auto x) {
              return std::log1p(std::exp(-std::abs(x))) + std::max<decltype(x)>(x, 0);
            });
          },
  };
}

}  // namespace nn
