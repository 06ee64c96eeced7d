#include "nn/linear_quant.hpp"
#include "nn/onnx_types.hpp"

namespace nn {
namespace {

DType result_type(const Graph& graph, const Node& node) {
  const std::int64_t asked = node.int_attribute("output_dtype", 0);
  if (has_input(node, 2)) {
    const DType type = input(graph, node, 2).dtype;
    if (asked != 0 && dtype_of(asked, describe(node)) != type)
      require_type(graph, node, 2, {dtype_of(asked, describe(node))});
    return type;
  }
  return asked == 0 ? DType::kUint8 : dtype_of(asked, describe(node));
}

void infer(Graph& graph, const Node& node) {
  require_type(graph, node, 0, {DType::kFloat, DType::kDouble, DType::kInt32});
  check_linear_quant(graph, node);
  const DType type = result_type(graph, node);
  require_quantised(graph, node, type);
  set_output(graph, node, 0, type, input(graph, node, 0).shape);
}

template <class T>
void quantise(const Call& call, const std::vector<T>& x, Array& out) {
  const auto& scales = call.input(1).elements<T>();
  std::vector<std::int64_t>& codes = out.ints();
  for_each_scaled(call, [&](std::size_t i, std::size_t p) {
    const std::int64_t zero = call.has(2) ? call.input(2).ints()[p] : 0;
    codes[i] = saturate(out.dtype, linear_quantise(x[i], scales[p], zero));
  });
}

std::vector<Array> evaluate(const Call& call) {
  const Array& scale = call.input(1);
  require_positive(call.node, scale);
  Array out = call.blank();
  const Array x = convert(call.input(0), scale.dtype);
  if (scale.dtype == DType::kFloat)
    quantise(call, x.elements<float>(), out);
  else
    quantise(call, x.elements<double>(), out);
  return {std::move(out)};
}

}  // namespace

OpDef quantize_linear_op() {
  return {
      .names = {"QuantizeLinear"},
      .domains = {"", "com.microsoft"},
      .since = 10,
      .doc = "X / scale rounded half to even, plus the zero point, saturated",
      .min_inputs = 2,
      .max_inputs = 3,
      .attributes =
          {{.name = "axis", .type = AttributeType::kInt, .doc = "axis of the scales", .since = 13},
           {.name = "saturate",
            .type = AttributeType::kInt,
            .doc = "for 8-bit floats, which are not supported",
            .allowed = {"0", "1"},
            .since = 19},
           {.name = "block_size",
            .type = AttributeType::kInt,
            .doc = "elements a scale along the axis",
            .since = 21},
           {.name = "output_dtype",
            .type = AttributeType::kInt,
            .doc = "type where there is no zero point",
            .since = 21},
           {.name = "precision",
            .type = AttributeType::kInt,
            .doc = "type of the division: the scale's",
            .allowed = {"0", "1"},
            .since = 23}},
      .quantises = true,
      .infer = infer,
      .evaluate = evaluate,
  };
}

}  // namespace nn
