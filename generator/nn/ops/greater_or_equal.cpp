#include "nn/compare.hpp"

namespace nn {

OpDef greater_or_equal_op() {
  return {
      .names = {"GreaterOrEqual"},
      .since = 12,
      .doc = "whether A >= B, with broadcasting",
      .min_inputs = 2,
      .max_inputs = 2,
      .infer = infer_comparison,
      .evaluate =
          [](const Call& call) { return compare(call, [](auto a, auto b) { return a >= b; }); },
  };
}

}  // namespace nn
