#include "nn/op_support.hpp"

namespace nn {
namespace {

void infer(Graph& graph, const Node& node) {
  require_number(graph, node, 0);
  require_same_type(graph, node, 0, 1);
  const Shape& slope = input(graph, node, 1).shape;
  if (!repeats_to(slope, input(graph, node, 0).shape))
    bad_shape(node, "slopes of shape " + to_string(slope) + " for " +
                        to_string(input(graph, node, 0).shape));
  infer_same(graph, node);
}

}  // namespace

OpDef prelu_op() {
  return {
      .names = {"PRelu"},
      .doc = "X above 0, slope * X below, with broadcasting",
      .min_inputs = 2,
      .max_inputs = 2,
      .infer = infer,
      .evaluate =
          [](const Call& call) {
            return arithmetic(call, [](auto x, auto slope) { return x < 0 ? slope * x : x; });
          },
  };
}

}  // namespace nn
