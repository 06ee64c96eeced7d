#include "nn/op_support.hpp"

namespace nn {
namespace {

std::size_t axis_of(const Node& node, const Shape& shape) {
  return front_axis(node, node.int_attribute("axis", 0), shape.size());
}

void infer(Graph& graph, const Node& node) {
  Shape out = input(graph, node, 0).shape;
  const std::size_t axis = axis_of(node, out);
  for (std::size_t i = 1; i < node.inputs.size(); ++i) {
    require_same_type(graph, node, 0, i);
    out = joined(node, out, input(graph, node, i).shape, axis);
  }
  set_output(graph, node, 0, input(graph, node, 0).dtype, out);
}

std::vector<Array> evaluate(const Call& call) {
  Array out = call.blank();
  std::vector<Array> parts;
  for (const Array* part : call.inputs) parts.push_back(*part);
  join(parts, axis_of(call.node, out.shape), out);
  return {std::move(out)};
}

}  // namespace

OpDef concat_op() {
  return {
      .names = {"Concat"},
      .doc = "the inputs behind each other along an axis",
      .max_inputs = kAnyNumber,
      .attributes =
          {{.name = "axis", .type = AttributeType::kInt, .doc = "which one", .required = true}},
      .infer = infer,
      .evaluate = evaluate,
  };
}

}  // namespace nn
