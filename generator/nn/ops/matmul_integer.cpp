#include "nn/matrix.hpp"
#include "nn/qlinear.hpp"

namespace nn {
namespace {

// The inputs: a, b, and their zero points.
enum Input : std::size_t { kA, kB, kZeroA, kZeroB };

void infer(Graph& graph, const Node& node) {
  for (const std::size_t i : {kA, kB}) require_type(graph, node, i, {DType::kInt8, DType::kUint8});
  const Shape& a = input(graph, node, kA).shape;
  const Shape& b = input(graph, node, kB).shape;
  const Shape out = matmul_shape(node, a, b);
  check_zero(graph, node, {kA, kZeroA}, a.size() == 2 ? a[0] : 1);
  check_zero(graph, node, {kB, kZeroB}, b.size() == 2 ? b[1] : 1);
  set_output(graph, node, 0, DType::kInt32, out);
}

std::vector<Array> evaluate(const Call& call) {
  Array out = call.blank();
  Array sum = Array::zeros(DType::kInt64, out.shape);
  matmul(centred(call.input(kA), zeros_at(call, kZeroA), 0),
         centred(call.input(kB), zeros_at(call, kZeroB), 1), sum);
  return {convert(sum, DType::kInt32)};
}

}  // namespace

OpDef matmul_integer_op() {
  return {
      .names = {"MatMulInteger"},
      .since = 10,
      .doc = "product of matrices of integers less their zero points; the sums",
      .min_inputs = 2,
      .max_inputs = 4,
      .quantises = true,
      .infer = infer,
      .evaluate = evaluate,
  };
}

}  // namespace nn
