#include <algorithm>

#include "nn/op_support.hpp"

namespace nn {
namespace {

void infer(Graph& graph, const Node& node) {
  require_number(graph, node, 0);
  infer_same(graph, node);
}

std::vector<Array> evaluate(const Call& call) {
  Array out = call.input(0);
  if (is_float(out.dtype))
    for (float& value : out.floats()) value = std::max(value, 0.0F);
  else
    for (std::int64_t& value : out.ints()) value = std::max<std::int64_t>(value, 0);
  return {std::move(out)};
}

}  // namespace

OpDef relu_op() {
  return {
      .names = {"Relu"},
      .doc = "max(X, 0)",
      .lowering = "the PE's neurons: their outputs are never negative",
      .infer = infer,
      .evaluate = evaluate,
  };
}

}  // namespace nn
