#include <cmath>

#include "nn/op_support.hpp"

namespace nn {
namespace {

std::vector<Array> evaluate(const Call& call) {
  const float alpha = call.node.float_attribute("alpha", 1.67326319F);
  const float gamma = call.node.float_attribute("gamma", 1.05070102F);
  return each_float(call, [=](auto x) { return gamma * (x < 0 ? alpha * std::expm1(x) : x); });
}

}  // namespace

OpDef selu_op() {
  return {
      .names = {"Selu"},
      .doc = "gamma times X above 0, times alpha * (e^X - 1) below",
      .attributes = {{.name = "alpha", .type = AttributeType::kFloat, .doc = "default 1.67326"},
                     {.name = "gamma", .type = AttributeType::kFloat, .doc = "default 1.0507"}},
      .infer = infer_float,
      .evaluate = evaluate,
  };
}

}  // namespace nn
