#include "nn/matrix.hpp"
#include "nn/qlinear.hpp"

namespace nn {
namespace {

// The inputs; C is int32 with the scale of the product, the result is float without a scale.
enum Input : std::size_t { kA, kScaleA, kZeroA, kB, kScaleB, kZeroB, kC, kScaleY, kZeroY };

bool flag(const Node& node, const char* name) { return node.int_attribute(name, 0) != 0; }

// One for the tensor, or one a column of the product.
void check_columns(const Graph& graph, const Node& node, std::size_t i, std::int64_t columns) {
  const Shape& shape = input(graph, node, i).shape;
  const bool list = shape.size() == 1 && (columns == kUnknown || shape[0] == columns);
  if (known_count(shape) != 1 && !list)
    bad_shape(node, "input " + std::to_string(i) + " of shape " + to_string(shape) +
                        " must be one number, or one for each column of the product");
}

// That of the zero point, or else of A.
DType result_type(const Graph& graph, const Node& node) {
  if (!has_input(node, kScaleY)) return DType::kFloat;
  check_parameters(graph, node, kScaleY);
  if (!has_input(node, kZeroY)) return input(graph, node, kA).dtype;
  require_type(graph, node, kZeroY, {DType::kInt8, DType::kUint8});
  return input(graph, node, kZeroY).dtype;
}

void infer(Graph& graph, const Node& node) {
  check_operand(graph, node, kA);
  require_type(graph, node, kB, {DType::kInt8, DType::kUint8});
  require_same_type(graph, node, kB, kZeroB);
  require_float(graph, node, kScaleB);
  Shape a = input(graph, node, kA).shape;
  Shape b = input(graph, node, kB).shape;
  if (a.size() != 2 || b.size() != 2)
    bad_shape(node, "QGemm multiplies matrices, not " + to_string(a) + " by " + to_string(b));
  if (flag(node, "transA")) std::swap(a[0], a[1]);
  if (flag(node, "transB")) std::swap(b[0], b[1]);
  const Shape out = matmul_shape(node, a, b);
  check_columns(graph, node, kScaleB, b[1]);
  check_columns(graph, node, kZeroB, b[1]);
  if (input(graph, node, kScaleB).constant)
    require_positive(node, *input(graph, node, kScaleB).constant);
  if (has_input(node, kC)) {
    require_type(graph, node, kC, {DType::kInt32});
    if (!repeats_to(input(graph, node, kC).shape, out))
      bad_shape(node, "C of shape " + to_string(input(graph, node, kC).shape) +
                          " does not fit the product " + to_string(out));
  }
  set_output(graph, node, 0, result_type(graph, node), out);
}

// (A - a0) * (B - b0) + C, exactly.
Array sums(const Call& call, const Shape& shape) {
  Array sum = Array::zeros(DType::kInt64, shape);
  const Array a = centred(call.input(kA), zeros_at(call, kZeroA), 0);
  const Array b = centred(call.input(kB), &call.input(kZeroB), flag(call.node, "transB") ? 0 : 1);
  multiply({.a = &a,
            .b = &b,
            .transpose_a = flag(call.node, "transA"),
            .transpose_b = flag(call.node, "transB")},
           sum);
  if (!call.has(kC)) return sum;
  combine(Array(sum), call.input(kC), sum,
          [](std::int64_t x, std::int64_t c) { return modular(x) + modular(c); });
  return sum;
}

std::vector<Array> evaluate(const Call& call) {
  const Array blank = call.blank();
  const Array& scale_b = call.input(kScaleB);
  const double factor = call.node.float_attribute("alpha", 1.0F) * call.input(kScaleA).at(0);
  Array real = convert(sums(call, blank.shape), DType::kDouble);
  const auto cols = static_cast<std::size_t>(blank.shape[1]);
  std::vector<double>& values = real.elements<double>();
  for (std::size_t i = 0; i < values.size(); ++i)
    values[i] *= factor * scale_b.at(scale_b.size() == 1 ? 0 : i % cols);
  if (!call.has(kScaleY)) return {convert(real, DType::kFloat)};
  return {requantised(call, real, kScaleY, blank.dtype)};
}

}  // namespace

OpDef qgemm_op() {
  return {
      .names = {"QGemm"},
      .domains = {kMicrosoft},
      .doc = "alpha * A * B + C of quantised matrices, requantised; rounds half to even, saturates",
      .min_inputs = 6,
      .max_inputs = 9,
      .may_be_omitted = {2},
      .attributes = {{.name = "alpha", .type = AttributeType::kFloat, .doc = "factor of the sum"},
                     {.name = "transA",
                      .type = AttributeType::kInt,
                      .doc = "transpose A",
                      .allowed = {"0", "1"}},
                     {.name = "transB",
                      .type = AttributeType::kInt,
                      .doc = "transpose B",
                      .allowed = {"0", "1"}}},
      .quantises = true,
      .infer = infer,
      .evaluate = evaluate,
  };
}

}  // namespace nn
