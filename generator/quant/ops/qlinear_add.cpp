#include "quant/builder.hpp"

namespace quant {

namespace {

// A, its scale and zero point, the same of B, the same of the sum.
void lower(Builder& builder, const nn::Node& node) {
  const nn::Graph& graph = builder.graph();
  std::vector<Summand> summands;
  Eigen::VectorXd offset;
  for (const std::size_t i : {0, 3}) {
    const Quantiser format = code_format(graph, node, i + 1);
    if (builder.is_signal(node.inputs.at(i)))
      summands.push_back({codes(builder, node, node.inputs[i], format)});
    else
      Builder::refuse(node, "adds constant codes", "fold the constant into the product before it");
  }
  offset = Eigen::VectorXd::Zero(summands.front().in.count());
  builder.sum(node, summands, offset);
  builder.quantise(node, builder.at(node.outputs.at(0)), output_format(graph, node, 6),
                   Stage::kIntegers);
}

}  // namespace

Lowering qlinear_add_lowering() {
  return {{"QLinearAdd"}, "a layer of weights that bring both sides to one scale", lower};
}

}  // namespace quant
