#include "nn/op_support.hpp"

namespace nn {
namespace {

std::vector<Array> evaluate(const Call& call) {
  const float alpha = call.node.float_attribute("alpha", 1.0F);
  return each_float(call, [=](auto x) { return x > alpha ? x : decltype(x){0}; });
}

}  // namespace

OpDef thresholded_relu_op() {
  return {
      .names = {"ThresholdedRelu"},
      .since = 10,
      .doc = "X above alpha, 0 below",
      .attributes = {{.name = "alpha", .type = AttributeType::kFloat, .doc = "default 1"}},
      .infer = infer_float,
      .evaluate = evaluate,
  };
}

}  // namespace nn
