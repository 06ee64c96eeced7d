#include <cmath>

#include "nn/convolve.hpp"
#include "nn/qlinear.hpp"

namespace nn {
namespace {

// The inputs: x, x_scale, x_zero, weights, their scale and zero, y_scale, y_zero, bias.
enum Input : std::size_t { kX, kScaleX, kZeroX, kW, kScaleW, kZeroW, kScaleY, kZeroY, kBias };

// A scale and its zero point: one number each, or `outputs` of them.
void check_parameters(const Graph& graph, const Node& node, std::size_t scale,
                      std::int64_t outputs) {
  require_float(graph, node, scale);
  for (const std::size_t i : {scale, scale + 1}) {
    const Shape& shape = input(graph, node, i).shape;
    if (known_count(shape) != 1 && (shape.size() != 1 || shape[0] != outputs))
      bad_shape(node, "input " + std::to_string(i) + " of shape " + to_string(shape) +
                          " must be one number, or one for each output of the weights");
  }
  if (input(graph, node, scale).constant)
    require_positive(node, *input(graph, node, scale).constant);
}

void infer(Graph& graph, const Node& node) {
  for (const std::size_t i : {kX, kW, kZeroY})
    require_type(graph, node, i, {DType::kInt8, DType::kUint8});
  require_same_type(graph, node, kX, kZeroX);
  require_same_type(graph, node, kW, kZeroW);
  const Shape& weights = input(graph, node, kW).shape;
  const Shape out = conv_shape(node, input(graph, node, kX).shape, weights);
  check_parameters(graph, node, kScaleX, 1);
  check_parameters(graph, node, kScaleW, weights[0]);
  check_parameters(graph, node, kScaleY, 1);
  if (has_input(node, kBias)) {
    require_type(graph, node, kBias, {DType::kInt32});
    check_conv_bias(node, input(graph, node, kBias).shape, weights);
  }
  set_output(graph, node, 0, input(graph, node, kZeroY).dtype, out);
}

std::vector<Array> evaluate(const Call& call) {
  for (const std::size_t i : {kScaleX, kScaleW, kScaleY})
    require_positive(call.node, call.input(i));
  Array out = call.blank();
  Array sum = Array::zeros(DType::kInt64, out.shape);
  const Array x = centred(call.input(kX), &call.input(kZeroX), 0);
  const Array weights = centred(call.input(kW), &call.input(kZeroW), 0);
  convolve(call.node, {x, weights, call.has(kBias) ? &call.input(kBias) : nullptr}, sum);
  std::vector<std::int64_t>& codes = sum.ints();
  const Array& scales = call.input(kScaleW);
  const auto outputs = static_cast<std::size_t>(out.shape[1]);
  const std::size_t windows =
      codes.size() / std::max<std::size_t>(1, outputs * static_cast<std::size_t>(out.shape[0]));
  for (std::size_t i = 0; i < codes.size(); ++i) {
    const double scale = scales.at(scales.size() == 1 ? 0 : i / windows % outputs);
    const double factor = call.input(kScaleX).at(0) * scale / call.input(kScaleY).at(0);
    const double rounded = std::rint(static_cast<double>(codes[i]) * factor);
    codes[i] = saturate(out.dtype, rounded + call.input(kZeroY).at(0));
  }
  out.data = std::move(sum.data);
  return {std::move(out)};
}

}  // namespace

OpDef qlinear_conv_op() {
  return {
      .names = {"QLinearConv"},
      .since = 10,
      .doc = "convolution of quantised maps, requantised; rounds half to even, saturates",
      .min_inputs = 8,
      .max_inputs = 9,
      .attributes = conv_attributes(),
      .quantises = true,
      .infer = infer,
      .evaluate = evaluate,
  };
}

}  // namespace nn
