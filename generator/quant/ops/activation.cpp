#include "quant/builder.hpp"

namespace quant {

namespace {

void lower(Builder& builder, const nn::Node& node) {
  const nn::ValueId data = node.inputs.at(0);
  if (node.op == "Relu") {
    if (builder.at(data).stage == Stage::kIntegers)
      Builder::refuse(node, "follows QuantizeLinear", "put Relu before QuantizeLinear");
    return builder.activate(node, builder.real(node, data), 0.0, Signal::kInfinity);
  }
  const auto [low, high] = clip_bounds(builder.graph(), node);
  if (builder.at(data).stage == Stage::kIntegers)
    return builder.clip_codes(node, builder.at(data), low, high);
  builder.activate(node, builder.real(node, data), low, high);
}

}  // namespace

Lowering activation_lowering() {
  return {{"Relu", "Clip"}, "where the layer before it saturates", lower};
}

}  // namespace quant
