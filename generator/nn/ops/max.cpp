#include <algorithm>

#include "nn/variadic.hpp"

namespace nn {

OpDef max_op() {
  return {
      .names = {"Max"},
      .doc = "the greatest of all inputs, with broadcasting",
      .max_inputs = kAnyNumber,
      .infer = infer_variadic,
      .evaluate =
          [](const Call& call) {
            return gathered_up(call, [](auto a, auto b) { return std::max(a, b); });
          },
  };
}

}  // namespace nn
