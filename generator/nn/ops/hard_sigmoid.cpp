#include <algorithm>

#include "nn/op_support.hpp"

namespace nn {
namespace {

std::vector<Array> evaluate(const Call& call) {
  const float alpha = call.node.float_attribute("alpha", 0.2F);
  const float beta = call.node.float_attribute("beta", 0.5F);
  return each_float(call, [=](auto x) { return std::clamp<decltype(x)>(alpha * x + beta, 0, 1); });
}

}  // namespace

OpDef hard_sigmoid_op() {
  return {
      .names = {"HardSigmoid"},
      .doc = "alpha * X + beta, held to 0 .. 1",
      .attributes = {{.name = "alpha", .type = AttributeType::kFloat, .doc = "default 0.2"},
                     {.name = "beta", .type = AttributeType::kFloat, .doc = "default 0.5"}},
      .infer = infer_float,
      .evaluate = evaluate,
  };
}

}  // namespace nn
