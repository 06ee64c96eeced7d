// Products of codes less their zero points, whose sums are values of steps of 1.
#include "quant/walks.hpp"

namespace quant {

namespace {

// The inputs: codes, weights, and their zero points.
enum Input : std::size_t { kX, kW, kZeroX, kZeroW };

std::vector<double> zeros_of(const nn::Graph& graph, const nn::Node& node, std::size_t i) {
  const bool given = i < node.inputs.size() && node.inputs[i].valid();
  return given ? constant_of(graph, node.inputs[i]).values : std::vector<double>{0.0};
}

// Weights of a step of 1 less their zero points, one or one an output.
void centre(Operand& operand, const std::vector<double>& zeros) {
  for (Eigen::Index c = 0; c < operand.weights.cols(); ++c)
    operand.weights.col(c).array() -= zeros[zeros.size() == 1 ? 0 : static_cast<std::size_t>(c)];
  operand.step = Eigen::VectorXd::Ones(operand.weights.cols());
  operand.bias = Eigen::VectorXd::Zero(operand.weights.cols());
}

Carried centred_codes(const Builder& builder, const nn::Node& node) {
  if (builder.only_signal(node) != node.inputs[kX])
    Builder::refuse(node, "its weights are computed",
                    "the PEs hold constants, as the second factor");
  const std::vector<double> zeros = zeros_of(builder.graph(), node, kZeroX);
  if (zeros.size() != 1)
    Builder::refuse(node, "its samples have a zero point a row", "use one zero point");
  Quantiser format;
  format.zero = static_cast<std::int64_t>(zeros[0]);
  return codes(builder, node, node.inputs[kX], format);
}

void lower_conv(Builder& builder, const nn::Node& node) {
  const nn::Graph& graph = builder.graph();
  const Carried in = centred_codes(builder, node);
  const Constant weights = constant_of(graph, node.inputs[kW]);
  Operand operand = kernel_operand(node, weights);
  centre(operand, zeros_of(graph, node, kZeroW));
  const nn::Shape kernel(weights.shape.begin() + 2, weights.shape.end());
  const Window window =
      window_of(node, nn::window_axes(node, map_shape(builder, node, node.inputs[kX]), kernel));
  builder.convolve(node, in, operand, window, static_cast<int>(node.int_attribute("group", 1)));
}

void lower(Builder& builder, const nn::Node& node) {
  if (node.op == "ConvInteger") return lower_conv(builder, node);
  const Carried in = centred_codes(builder, node);
  const Constant weights = constant_of(builder.graph(), node.inputs[kW]);
  if (weights.shape.size() != 2)
    Builder::refuse(node, "its weights are of shape " + nn::to_string(weights.shape),
                    "multiply by a matrix");
  using Rows = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  Operand operand;
  operand.weights =
      Eigen::Map<const Rows>(weights.values.data(), weights.shape[0], weights.shape[1]);
  centre(operand, zeros_of(builder.graph(), node, kZeroW));
  builder.product(node, in, operand);
}

}  // namespace

Lowering integer_products_lowering() {
  return {{"ConvInteger", "MatMulInteger"}, "a layer of the weights less their zero points", lower};
}

}  // namespace quant
