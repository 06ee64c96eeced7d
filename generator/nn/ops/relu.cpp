#include <algorithm>

#include "nn/op_support.hpp"

namespace nn {

OpDef relu_op() {
  return {
      .names = {"Relu"},
      .doc = "max(X, 0)",
      .infer = infer_number,
      .evaluate =
          [](const Call& call) {
            return each(call, [](auto x) { return std::max<decltype(x)>(x, 0); });
          },
  };
}

}  // namespace nn
