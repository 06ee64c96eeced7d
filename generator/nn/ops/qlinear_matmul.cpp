#include <cmath>

#include "nn/matrix.hpp"
#include "nn/qlinear.hpp"

namespace nn {
namespace {

// The inputs: a, a_scale, a_zero, b, b_scale, b_zero, y_scale, y_zero.
enum Input : std::size_t { kA, kScaleA, kZeroA, kB, kScaleB, kZeroB, kScaleY, kZeroY };

bool one_element(const Shape& shape) { return known_count(shape) == 1; }

// A scale and its zero point: one for the tensor, or `extent` along the operand's outer axis.
void check_parameters(const Graph& graph, const Node& node, std::size_t scale,
                      std::int64_t extent) {
  require_float(graph, node, scale);
  for (const std::size_t i : {scale, scale + 1}) {
    const Shape& shape = input(graph, node, i).shape;
    const bool list = shape.size() == 1 && (extent == kUnknown || shape[0] == extent);
    if (!one_element(shape) && !list)
      bad_shape(node, "input " + std::to_string(i) + " of shape " + to_string(shape) +
                          " must be one number, or one for each row of A or column of B");
  }
  if (input(graph, node, scale).constant)
    require_positive(node, *input(graph, node, scale).constant);
}

void infer(Graph& graph, const Node& node) {
  for (const std::size_t i : {kA, kB, kZeroY})
    require_type(graph, node, i, {DType::kInt8, DType::kUint8});
  require_same_type(graph, node, kA, kZeroA);
  require_same_type(graph, node, kB, kZeroB);
  const Shape& a = input(graph, node, kA).shape;
  const Shape& b = input(graph, node, kB).shape;
  const Shape out = matmul_shape(node, a, b);
  check_parameters(graph, node, kScaleA, a.size() == 2 ? a[0] : 1);
  check_parameters(graph, node, kScaleB, b.size() == 2 ? b[1] : 1);
  check_parameters(graph, node, kScaleY, 1);
  set_output(graph, node, 0, input(graph, node, kZeroY).dtype, out);
}

double scale_at(const Array& scale, std::size_t i) { return scale.at(scale.size() == 1 ? 0 : i); }

std::vector<Array> evaluate(const Call& call) {
  for (const std::size_t i : {kScaleA, kScaleB, kScaleY})
    require_positive(call.node, call.input(i));
  Array out = call.blank();
  Array sum = Array::zeros(DType::kInt64, out.shape);
  matmul(centred(call.input(kA), &call.input(kZeroA), 0),
         centred(call.input(kB), &call.input(kZeroB), 1), sum);
  const auto cols =
      call.input(kB).shape.size() == 1 ? 1 : static_cast<std::size_t>(out.shape.back());
  std::vector<std::int64_t>& codes = sum.ints();
  for (std::size_t i = 0; i < codes.size(); ++i) {
    const double factor = scale_at(call.input(kScaleA), i / cols) *
                          scale_at(call.input(kScaleB), i % cols) / call.input(kScaleY).at(0);
    const double rounded = std::rint(static_cast<double>(codes[i]) * factor);
    codes[i] = saturate(out.dtype, rounded + call.input(kZeroY).at(0));
  }
  out.data = std::move(sum.data);
  return {std::move(out)};
}

}  // namespace

OpDef qlinear_matmul_op() {
  return {
      .names = {"QLinearMatMul"},
      .since = 10,
      .doc = "product of quantised matrices, requantised; rounds half to even, saturates",
      .min_inputs = 8,
      .max_inputs = 8,
      .quantises = true,
      .infer = infer,
      .evaluate = evaluate,
  };
}

}  // namespace nn
