#include "quant/walks.hpp"

namespace quant {

namespace {

void lower(Builder& builder, const nn::Node& node) {
  const nn::Graph& graph = builder.graph();
  const nn::ValueId data = node.inputs.at(0);
  if (builder.only_signal(node) != data)
    Builder::refuse(node, "its weights are computed", "the PEs hold constants");
  const Constant weights = constant_of(graph, node.inputs.at(1));
  Operand operand = kernel_operand(node, weights);
  const auto cols = static_cast<int>(operand.weights.cols());
  if (node.inputs.size() > 2 && node.inputs[2].valid())
    operand.bias = constant_elements(graph, node, node.inputs[2], cols);
  const nn::Shape kernel(weights.shape.begin() + 2, weights.shape.end());
  const Window window =
      window_of(node, nn::window_axes(node, map_shape(builder, node, data), kernel));
  builder.convolve(node, builder.real(node, data), operand, window,
                   static_cast<int>(node.int_attribute("group", 1)));
}

}  // namespace

Lowering conv_lowering() { return {{"Conv"}, "a layer that walks over maps", lower}; }

}  // namespace quant
