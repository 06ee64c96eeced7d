#include <cmath>

#include "nn/op_support.hpp"

namespace nn {
namespace {

std::vector<Array> evaluate(const Call& call) {
  const float alpha = call.node.float_attribute("alpha", 1.0F);
  return each_float(call, [=](auto x) { return x < 0 ? alpha * std::expm1(x) : x; });
}

}  // namespace

OpDef elu_op() {
  return {
      .names = {"Elu"},
      .doc = "X above 0, alpha * (e^X - 1) below",
      .attributes = {{.name = "alpha", .type = AttributeType::kFloat, .doc = "default 1"}},
      .infer = infer_float,
      .evaluate = evaluate,
  };
}

}  // namespace nn
