// Ops that leave the elements of a sample in their order.
#include "quant/builder.hpp"

namespace quant {

namespace {

void lower(Builder& builder, const nn::Node& node) {
  const nn::ValueId data = node.inputs.at(0);
  builder.pass(node, builder.at(data), "nothing: the same elements");
}

}  // namespace

Lowering views_lowering() {
  return {{"Flatten", "Reshape", "Squeeze", "Unsqueeze", "Identity", "Dropout"},
          "nothing: the same elements",
          lower};
}

}  // namespace quant
