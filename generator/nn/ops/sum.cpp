#include "nn/variadic.hpp"

namespace nn {

OpDef sum_op() {
  return {
      .names = {"Sum"},
      .doc = "the sum of all inputs, with broadcasting",
      .max_inputs = kAnyNumber,
      .infer = infer_variadic,
      .evaluate =
          [](const Call& call) {
            return gathered_up(call, [](auto a, auto b) { return modular(a) + modular(b); });
          },
  };
}

}  // namespace nn
