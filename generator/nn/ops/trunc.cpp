#include <cmath>

#include "nn/linear_quant.hpp"
#include "nn/rounding.hpp"

namespace nn {
namespace {

void infer(Graph& graph, const Node& node) {
  require_float(graph, node, 0);
  for (std::size_t i = 1; i < 3; ++i)
    if (known_count(input(graph, node, i).shape) != 1)
      bad_shape(node, "scale and zero point must be one number each");
  require_bits(graph, node, 3);
  require_bits(graph, node, 4);
  if (input(graph, node, 1).constant) require_positive(node, *input(graph, node, 1).constant);
  infer_same(graph, node);
}

// The integer less its lowest bits, which leaves one of a smaller unit.
std::vector<Array> evaluate(const Call& call) {
  require_positive(call.node, call.input(1));
  const double scale = call.input(1).at(0);
  const double zero = call.input(2).at(0);
  const double unit =
      std::exp2(bits_of(call.node, call.input(3)) - bits_of(call.node, call.input(4)));
  const Rounding round = rounding_of(call.node, "FLOOR");
  return each_float(call, [=](auto x) {
    const double code = std::rint(x / scale + zero);
    return static_cast<decltype(x)>((round(code / unit) - zero) * scale);
  });
}

}  // namespace

OpDef trunc_op() {
  return {
      .names = {"Trunc"},
      .domains = {"qonnx.custom_op.general", "finn.custom_op.general", "onnx.brevitas"},
      .doc =
          "QONNX: the integers of X less their lowest bits; inputs X, scale, zero point, bit "
          "widths before and after",
      .min_inputs = 5,
      .max_inputs = 5,
      .attributes = {rounding_attribute("default FLOOR")},
      .quantises = true,
      .infer = infer,
      .evaluate = evaluate,
  };
}

}  // namespace nn
