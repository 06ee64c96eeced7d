#include "nn/linear_quant.hpp"

namespace nn {
namespace {

void infer(Graph& graph, const Node& node) {
  const Value& x = input(graph, node, 0);
  if (x.dtype != DType::kInt32) require_quantised(graph, node, x.dtype);
  check_linear_quant(graph, node);
  if (has_input(node, 2)) require_same_type(graph, node, 0, 2);
  set_output(graph, node, 0, input(graph, node, 1).dtype, x.shape);
}

std::vector<Array> evaluate(const Call& call) {
  const Array& x = call.input(0);
  const Array& scale = call.input(1);
  Array out = call.blank();
  for_each_scaled(call, [&](std::size_t i, std::size_t p) {
    const std::int64_t zero = call.has(2) ? call.input(2).ints()[p] : 0;
    out.floats()[i] = static_cast<float>(x.ints()[i] - zero) * scale.floats()[p];
  });
  return {std::move(out)};
}

}  // namespace

OpDef dequantize_linear_op() {
  return {
      .names = {"DequantizeLinear"},
      .since = 10,
      .doc = "(X - zero point) * scale",
      .lowering = "a number format: the scale of weights, biases and activations",
      .min_inputs = 2,
      .max_inputs = 3,
      .attributes =
          {{.name = "axis", .type = AttributeType::kInt, .doc = "axis of the scales", .since = 13},
           {.name = "block_size",
            .type = AttributeType::kInt,
            .doc = "elements a scale along the axis",
            .since = 21}},
      .quantises = true,
      .infer = infer,
      .evaluate = evaluate,
  };
}

}  // namespace nn
