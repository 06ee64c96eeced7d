#include "nn/op_support.hpp"

namespace nn {

OpDef abs_op() {
  return {
      .names = {"Abs"},
      .doc = "the absolute value",
      .infer = infer_number,
      .evaluate =
          [](const Call& call) {
            return each(call, [](auto x) { return x < 0 ? 0 - modular(x) : modular(x); });
          },
  };
}

}  // namespace nn
