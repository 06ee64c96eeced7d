#include "nn/op_support.hpp"

namespace nn {

OpDef mul_op() {
  return {
      .names = {"Mul"},
      .doc = "A * B, with broadcasting",
      .lowering = "folded into the scales of the product before it",
      .min_inputs = 2,
      .max_inputs = 2,
      .infer = infer_arithmetic,
      .evaluate =
          [](const Call& call) {
            return arithmetic(
                call, [](float a, float b) { return a * b; },
                [](std::int64_t a, std::int64_t b) {
                  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) *
                                                   static_cast<std::uint64_t>(b));
                });
          },
  };
}

}  // namespace nn
