#include "nn/linear_quant.hpp"

namespace nn {
namespace {

void infer(Graph& graph, const Node& node) {
  const Value& x = input(graph, node, 0);
  require_float(graph, node, 0);
  require_same_type(graph, node, 0, 1);
  const Value& scale = input(graph, node, 1);
  if (!repeats_to(scale.shape, x.shape))
    bad_shape(node, "scale of shape " + to_string(scale.shape) + " for " + to_string(x.shape));
  if (scale.constant) require_positive(node, *scale.constant);
  infer_same(graph, node);
}

std::vector<Array> evaluate(const Call& call) {
  const Array& scale = call.input(1);
  require_positive(call.node, scale);
  Array out = call.blank();
  combine(call.input(0), scale, out, [](auto x, auto s) { return x >= 0 ? s : -s; });
  return {std::move(out)};
}

}  // namespace

OpDef bipolar_quant_op() {
  return {
      .names = {"BipolarQuant"},
      .domains = {"qonnx.custom_op.general", "finn.custom_op.general", "onnx.brevitas"},
      .doc = "QONNX: scale where X >= 0, -scale elsewhere",
      .min_inputs = 2,
      .max_inputs = 2,
      .quantises = true,
      .infer = infer,
      .evaluate = evaluate,
  };
}

}  // namespace nn
