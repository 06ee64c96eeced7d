#include "nn/op_support.hpp"

namespace nn {

OpDef sub_op() {
  return {
      .names = {"Sub"},
      .doc = "A - B, with broadcasting",
      .min_inputs = 2,
      .max_inputs = 2,
      .infer = infer_arithmetic,
      .evaluate =
          [](const Call& call) {
            return arithmetic(call, [](auto a, auto b) { return modular(a) - modular(b); });
          },
  };
}

}  // namespace nn
