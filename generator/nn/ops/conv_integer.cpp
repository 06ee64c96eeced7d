#include "nn/convolve.hpp"
#include "nn/qlinear.hpp"

namespace nn {
namespace {

// The inputs: x, weights, and their zero points.
enum Input : std::size_t { kX, kW, kZeroX, kZeroW };

void infer(Graph& graph, const Node& node) {
  for (const std::size_t i : {kX, kW}) require_type(graph, node, i, {DType::kInt8, DType::kUint8});
  const Shape& weights = input(graph, node, kW).shape;
  const Shape out = conv_shape(node, input(graph, node, kX).shape, weights);
  check_zero(graph, node, {kX, kZeroX}, 1);
  check_zero(graph, node, {kW, kZeroW}, weights[0]);
  set_output(graph, node, 0, DType::kInt32, out);
}

std::vector<Array> evaluate(const Call& call) {
  Array out = call.blank();
  Array sum = Array::zeros(DType::kInt64, out.shape);
  const Array x = centred(call.input(kX), zeros_at(call, kZeroX), 0);
  const Array w = centred(call.input(kW), zeros_at(call, kZeroW), 0);
  convolve(call.node, {x, w}, sum);
  return {convert(sum, DType::kInt32)};
}

}  // namespace

OpDef conv_integer_op() {
  return {
      .names = {"ConvInteger"},
      .since = 10,
      .doc = "convolution of integers less their zero points; the sums",
      .min_inputs = 2,
      .max_inputs = 4,
      .attributes = conv_attributes(),
      .quantises = true,
      .infer = infer,
      .evaluate = evaluate,
  };
}

}  // namespace nn
