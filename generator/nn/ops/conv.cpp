#include "nn/convolve.hpp"

namespace nn {
namespace {

void infer(Graph& graph, const Node& node) {
  const Value& x = input(graph, node, 0);
  const Value& w = input(graph, node, 1);
  require_float(graph, node, 0);
  require_same_type(graph, node, 0, 1);
  set_output(graph, node, 0, x.dtype, conv_shape(node, x.shape, w.shape));
  if (!has_input(node, 2)) return;
  require_same_type(graph, node, 0, 2);
  check_conv_bias(node, input(graph, node, 2).shape, w.shape);
}

std::vector<Array> evaluate(const Call& call) {
  Array out = call.blank();
  const ConvOperands operands{call.input(0), call.input(1), call.has(2) ? &call.input(2) : nullptr};
  convolve(call.node, operands, out);
  return {std::move(out)};
}

}  // namespace

OpDef conv_op() {
  return {
      .names = {"Conv"},
      .doc = "kernels that walk over maps, by groups of channels; one to three axes",
      .min_inputs = 2,
      .max_inputs = 3,
      .attributes = conv_attributes(),
      .infer = infer,
      .evaluate = evaluate,
  };
}

}  // namespace nn
