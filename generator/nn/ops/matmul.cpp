#include "nn/matrix.hpp"
#include "nn/op_support.hpp"

namespace nn {
namespace {

void infer(Graph& graph, const Node& node) {
  require_number(graph, node, 0);
  require_same_type(graph, node, 0, 1);
  set_output(graph, node, 0, input(graph, node, 0).dtype,
             matmul_shape(node, input(graph, node, 0).shape, input(graph, node, 1).shape));
}

std::vector<Array> evaluate(const Call& call) {
  Array out = call.blank();
  matmul(call.input(0), call.input(1), out);
  return {std::move(out)};
}

}  // namespace

OpDef matmul_op() {
  return {
      .names = {"MatMul"},
      .doc = "A * B as numpy.matmul has it",
      .min_inputs = 2,
      .max_inputs = 2,
      .infer = infer,
      .evaluate = evaluate,
  };
}

}  // namespace nn
