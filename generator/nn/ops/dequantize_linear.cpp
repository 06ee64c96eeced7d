#include "nn/linear_quant.hpp"

namespace nn {
namespace {

void infer(Graph& graph, const Node& node) {
  const Value& x = input(graph, node, 0);
  if (x.dtype != DType::kInt32) require_quantised(graph, node, x.dtype);
  check_linear_quant(graph, node);
  if (has_input(node, 2) && input(graph, node, 2).dtype != DType::kInt64)
    require_same_type(graph, node, 0, 2);
  set_output(graph, node, 0, input(graph, node, 1).dtype, x.shape);
}

template <class T>
void dequantise(const Call& call, std::vector<T>& out) {
  const auto& x = call.input(0).ints();
  const auto& scale = call.input(1).elements<T>();
  for_each_scaled(call, [&](std::size_t i, std::size_t p) {
    const std::int64_t zero = call.has(2) ? call.input(2).ints()[p] : 0;
    out[i] = static_cast<T>(x[i] - zero) * scale[p];
  });
}

std::vector<Array> evaluate(const Call& call) {
  Array out = call.blank();
  if (out.dtype == DType::kFloat)
    dequantise(call, out.elements<float>());
  else
    dequantise(call, out.elements<double>());
  return {std::move(out)};
}

}  // namespace

OpDef dequantize_linear_op() {
  return {
      .names = {"DequantizeLinear"},
      .domains = {"", "com.microsoft"},
      .since = 10,
      .doc = "(X - zero point) * scale",
      .min_inputs = 2,
      .max_inputs = 3,
      .attributes =
          {{.name = "axis", .type = AttributeType::kInt, .doc = "axis of the scales", .since = 13},
           {.name = "block_size",
            .type = AttributeType::kInt,
            .doc = "elements a scale along the axis",
            .since = 21},
           {.name = "output_dtype",
            .type = AttributeType::kInt,
            .doc = "type of the result: the scale's",
            .allowed = {"0", "1"},
            .since = 23}},
      .quantises = true,
      .infer = infer,
      .evaluate = evaluate,
  };
}

}  // namespace nn
