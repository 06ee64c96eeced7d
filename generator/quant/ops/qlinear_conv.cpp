#include "base/error.hpp"
#include "quant/walks.hpp"

namespace quant {

namespace {

// x, its scale and zero point, the same of the weights and of y, the bias.
enum Input : std::size_t { kX, kFormatX, kW = 3, kScaleW, kZeroW, kFormatY, kBias = 8 };

// The weights less their zero points, with their scales.
Operand operand_of(const nn::Graph& graph, const nn::Node& node) {
  Constant weights = constant_of(graph, node.inputs.at(kW));
  weights.steps = constant_of(graph, node.inputs.at(kScaleW)).values;
  weights.axis = 0;
  Operand operand = kernel_operand(node, weights);
  if (!(operand.step.minCoeff() > 0))
    base::fail(base::Code::kBadQuantiser, "a scale of its weights is not positive",
               nn::describe(node), "a scale is a positive number");
  const std::vector<double> zeros = constant_of(graph, node.inputs.at(kZeroW)).values;
  for (Eigen::Index c = 0; c < operand.weights.cols(); ++c)
    operand.weights.col(c).array() -= zeros[zeros.size() == 1 ? 0 : static_cast<std::size_t>(c)];
  return operand;
}

void lower(Builder& builder, const nn::Node& node) {
  const nn::Graph& graph = builder.graph();
  const nn::ValueId data = node.inputs.at(kX);
  if (builder.only_signal(node) != data)
    Builder::refuse(node, "its weights are computed", "the PEs hold constants");
  const Quantiser format = code_format(graph, node, kFormatX);
  Operand operand = operand_of(graph, node);
  if (node.inputs.size() > kBias && node.inputs[kBias].valid())
    operand.bias = format.step * constant_elements(graph, node, node.inputs[kBias],
                                                   static_cast<int>(operand.weights.cols()))
                                     .cwiseProduct(operand.step);
  const nn::Shape& shape = graph.value(node.inputs.at(kW)).shape;
  const nn::Shape kernel(shape.begin() + 2, shape.end());
  const Window window =
      window_of(node, nn::window_axes(node, map_shape(builder, node, data), kernel));
  builder.convolve(node, codes(builder, node, data, format), operand, window,
                   static_cast<int>(node.int_attribute("group", 1)));
  builder.quantise(node, builder.at(node.outputs.at(0)), output_format(graph, node, kFormatY),
                   Stage::kIntegers);
}

}  // namespace

Lowering qlinear_conv_lowering() {
  return {{"QLinearConv"}, "a layer that walks over maps, with the format of its output", lower};
}

}  // namespace quant
