#include "quant/builder.hpp"

namespace quant {

namespace {

void lower(Builder& builder, const nn::Node& node) {
  const nn::ValueId data = builder.only_signal(node);
  builder.product(node, builder.real(node, data), dense_operand(builder.graph(), node, data));
}

}  // namespace

Lowering dense_lowering() { return {{"Gemm", "MatMul"}, "a layer: weights of PEs", lower}; }

}  // namespace quant
