#include "nn/qlinear.hpp"

namespace nn {

OpDef qlinear_sigmoid_op() {
  return {
      .names = {"QLinearSigmoid"},
      .domains = {kMicrosoft},
      .doc = "1 / (1 + e^-X) of a quantised array, requantised",
      .min_inputs = 4,
      .max_inputs = 5,
      .may_be_omitted = {2},
      .quantises = true,
      .infer = infer_qlinear_unary,
      .evaluate =
          [](const Call& call) {
            return qlinear_unary(call, [](double x) { return 1 / (1 + std::exp(-x)); });
          },
  };
}

}  // namespace nn
