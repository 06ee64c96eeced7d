#include "nn/op_support.hpp"

namespace nn {
namespace {

std::vector<Array> evaluate(const Call& call) {
  const float alpha = call.node.float_attribute("alpha", 0.01F);
  return each_float(call, [=](auto x) { return x < 0 ? alpha * x : x; });
}

}  // namespace

OpDef leaky_relu_op() {
  return {
      .names = {"LeakyRelu"},
      .doc = "X above 0, alpha * X below",
      .attributes = {{.name = "alpha",
                      .type = AttributeType::kFloat,
                      .doc = "slope below 0, default 0.01"}},
      .infer = infer_float,
      .evaluate = evaluate,
  };
}

}  // namespace nn
