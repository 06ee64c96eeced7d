#include "nn/op_support.hpp"

namespace nn {
namespace {

void infer(Graph& graph, const Node& node) {
  const Value& x = input(graph, node, 0);
  Shape wanted;
  for (const std::int64_t element : shape_ints(graph, node, 1, "the new shape"))
    wanted.push_back(extent_of(element));
  check_extents(wanted, describe(node));
  set_output(graph, node, 0, x.dtype, broadcast(node, x.shape, wanted));
}

}  // namespace

OpDef expand_op() {
  return {
      .names = {"Expand"},
      .since = 8,
      .doc = "X repeated by broadcasting against a shape",
      .min_inputs = 2,
      .max_inputs = 2,
      .infer = infer,
      .evaluate =
          [](const Call& call) {
            return std::vector<Array>{broadcast_to(call.input(0), call.blank().shape)};
          },
  };
}

}  // namespace nn
