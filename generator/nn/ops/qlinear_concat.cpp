#include "nn/qlinear.hpp"

namespace nn {
namespace {

// The inputs: scale and zero point of the result, then operands of three.
std::size_t operands(const Node& node) {
  if (node.inputs.size() % 3 != 2) bad_shape(node, "an operand is integers, scale and zero point");
  return (node.inputs.size() - 2) / 3;
}

void infer(Graph& graph, const Node& node) {
  const std::size_t count = operands(node);
  Shape out = input(graph, node, 2).shape;
  const std::size_t axis = front_axis(node, node.int_attribute("axis", 0), out.size());
  for (std::size_t n = 0; n < count; ++n) {
    check_operand(graph, node, 2 + 3 * n);
    require_same_type(graph, node, 1, 2 + 3 * n);
    if (n > 0) out = joined(node, out, input(graph, node, 2 + 3 * n).shape, axis);
  }
  require_float(graph, node, 0);
  set_output(graph, node, 0, input(graph, node, 1).dtype, out);
}

std::vector<Array> evaluate(const Call& call) {
  std::vector<Array> parts;
  for (std::size_t n = 0; n < operands(call.node); ++n)
    parts.push_back(real_operand(call, 2 + 3 * n));
  Array real = Array::zeros(DType::kDouble, call.blank().shape);
  join(parts, front_axis(call.node, call.node.int_attribute("axis", 0), real.shape.size()), real);
  return {requantised(call, real, 0, call.blank().dtype)};
}

}  // namespace

OpDef qlinear_concat_op() {
  return {
      .names = {"QLinearConcat"},
      .domains = {kMicrosoft},
      .doc = "quantised arrays behind each other along an axis, requantised",
      .min_inputs = 5,
      .max_inputs = kAnyNumber,
      .attributes =
          {{.name = "axis", .type = AttributeType::kInt, .doc = "which one", .required = true}},
      .quantises = true,
      .infer = infer,
      .evaluate = evaluate,
  };
}

}  // namespace nn
