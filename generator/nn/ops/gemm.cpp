#include "nn/matrix.hpp"
#include "nn/op_support.hpp"

namespace nn {
namespace {

void infer(Graph& graph, const Node& node) {
  require_float(graph, node, 0);
  require_same_type(graph, node, 0, 1);
  Shape a = input(graph, node, 0).shape;
  Shape b = input(graph, node, 1).shape;
  if (a.size() != 2 || b.size() != 2)
    bad_shape(node, "Gemm multiplies matrices, not " + to_string(a) + " by " + to_string(b),
              "put a Flatten before it, or use MatMul");
  if (node.int_attribute("transA", 0)) std::swap(a[0], a[1]);
  if (node.int_attribute("transB", 0)) std::swap(b[0], b[1]);
  if (a[1] != b[0] && a[1] != kUnknown && b[0] != kUnknown)
    bad_shape(node, "inner extents differ: " + to_string(a) + " by " + to_string(b));
  const Shape out = {a[0], b[1]};
  if (has_input(node, 2)) {
    require_same_type(graph, node, 0, 2);
    const Shape& c = input(graph, node, 2).shape;
    if (!repeats_to(c, out))
      bad_shape(node, "C of shape " + to_string(c) + " does not fit the product " + to_string(out));
  }
  set_output(graph, node, 0, input(graph, node, 0).dtype, out);
}

// The product times alpha plus C times beta.
template <class T>
void finish(const Call& call, const Shape& shape, std::vector<T>& out) {
  const T alpha = call.node.float_attribute("alpha", 1.0F);
  const T beta = call.node.float_attribute("beta", 1.0F);
  for (T& value : out) value *= alpha;
  if (!call.has(2)) return;
  const auto& c = call.input(2).elements<T>();
  for_each_broadcast(shape, call.input(2).shape, {},
                     [&](std::size_t i, std::size_t ic, std::size_t) { out[i] += beta * c[ic]; });
}

std::vector<Array> evaluate(const Call& call) {
  Array out = call.blank();
  multiply({.a = &call.input(0),
            .b = &call.input(1),
            .transpose_a = call.node.int_attribute("transA", 0) != 0,
            .transpose_b = call.node.int_attribute("transB", 0) != 0},
           out);
  if (out.dtype == DType::kFloat)
    finish(call, out.shape, out.elements<float>());
  else
    finish(call, out.shape, out.elements<double>());
  return {std::move(out)};
}

}  // namespace

OpDef gemm_op() {
  return {
      .names = {"Gemm"},
      .doc = "alpha * A * B + beta * C, A and B transposed on demand",
      .min_inputs = 2,
      .max_inputs = 3,
      .attributes = {{.name = "alpha", .type = AttributeType::kFloat, .doc = "factor of A * B"},
                     {.name = "beta", .type = AttributeType::kFloat, .doc = "factor of C"},
                     {.name = "transA",
                      .type = AttributeType::kInt,
                      .doc = "transpose A",
                      .allowed = {"0", "1"}},
                     {.name = "transB",
                      .type = AttributeType::kInt,
                      .doc = "transpose B",
                      .allowed = {"0", "1"}}},
      .infer = infer,
      .evaluate = evaluate,
  };
}

}  // namespace nn
