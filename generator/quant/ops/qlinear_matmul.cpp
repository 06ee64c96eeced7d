#include "quant/builder.hpp"

namespace quant {

namespace {

// A product of codes that brings the formats of both sides along.
void lower(Builder& builder, const nn::Node& node) {
  const nn::ValueId data = builder.only_signal(node);
  const QLinearOperands parts = q_linear_operands(builder.graph(), node, data);
  const Carried in = codes(builder, node, data, parts.input);
  builder.product(node, in, parts.operand);
  if (parts.output)
    builder.quantise(node, builder.at(node.outputs.at(0)), *parts.output, Stage::kIntegers);
}

}  // namespace

Lowering qlinear_matmul_lowering() {
  return {
      {"QLinearMatMul", "QGemm"}, "a layer: weights of PEs, with the format of its output", lower};
}

}  // namespace quant
