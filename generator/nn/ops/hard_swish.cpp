#include <algorithm>

#include "nn/op_support.hpp"

namespace nn {

OpDef hard_swish_op() {
  return {
      .names = {"HardSwish"},
      .since = 14,
      .doc = "X * (X / 6 + 0.5 held to 0 .. 1)",
      .infer = infer_float,
      .evaluate =
          [](const Call& call) {
            return each_float(call, [](auto x) {
              using T = decltype(x);
              return x * std::clamp<T>(x / 6 + T{0.5}, 0, 1);
            });
          },
  };
}

}  // namespace nn
