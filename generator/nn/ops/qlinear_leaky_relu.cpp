#include "nn/qlinear.hpp"

namespace nn {
namespace {

std::vector<Array> evaluate(const Call& call) {
  const double alpha = call.node.float_attribute("alpha", 0.01F);
  return qlinear_unary(call, [=](double x) { return x < 0 ? alpha * x : x; });
}

}  // namespace

OpDef qlinear_leaky_relu_op() {
  return {
      .names = {"QLinearLeakyRelu"},
      .domains = {kMicrosoft},
      .doc = "X above 0, alpha * X below, of a quantised array, requantised",
      .min_inputs = 4,
      .max_inputs = 5,
      .may_be_omitted = {2},
      .attributes = {{.name = "alpha",
                      .type = AttributeType::kFloat,
                      .doc = "slope below 0, default 0.01"}},
      .quantises = true,
      .infer = infer_qlinear_unary,
      .evaluate = evaluate,
  };
}

}  // namespace nn
