#include "nn/qlinear.hpp"

namespace nn {

OpDef qlinear_mul_op() {
  return {
      .names = {"QLinearMul"},
      .domains = {kMicrosoft},
      .doc = "A * B of quantised arrays, requantised; with broadcasting",
      .min_inputs = 7,
      .max_inputs = 8,
      .may_be_omitted = {2, 5},
      .quantises = true,
      .infer = infer_qlinear_binary,
      .evaluate =
          [](const Call& call) {
            return qlinear_binary(call, [](double a, double b) { return a * b; });
          },
  };
}

}  // namespace nn
