#include <algorithm>

#include "nn/variadic.hpp"

namespace nn {

OpDef min_op() {
  return {
      .names = {"Min"},
      .doc = "the least of all inputs, with broadcasting",
      .max_inputs = kAnyNumber,
      .infer = infer_variadic,
      .evaluate =
          [](const Call& call) {
            return gathered_up(call, [](auto a, auto b) { return std::min(a, b); });
          },
  };
}

}  // namespace nn
