#include <cmath>

#include "nn/op_support.hpp"

namespace nn {
namespace {

void infer(Graph& graph, const Node& node) {
  require_number(graph, node, 0);
  require_number(graph, node, 1);
  if (graph.opset < 12) require_same_type(graph, node, 0, 1);
  set_output(graph, node, 0, input(graph, node, 0).dtype,
             broadcast(node, input(graph, node, 0).shape, input(graph, node, 1).shape));
}

// A whole power of an integer, modulo 2^64; a negative one truncates towards zero.
std::int64_t power(std::int64_t base, double exponent) {
  if (exponent < 0) return base == 1 ? 1 : base == -1 ? (std::fmod(exponent, 2) == 0 ? 1 : -1) : 0;
  if (exponent != std::floor(exponent))
    return saturate(DType::kInt64, std::trunc(std::pow(static_cast<double>(base), exponent)));
  std::uint64_t result = 1;
  std::uint64_t square = modular(base);
  for (auto rest = modular(saturate(DType::kInt64, exponent)); rest != 0; rest /= 2) {
    if (rest % 2 != 0) result *= square;
    square *= square;
  }
  return static_cast<std::int64_t>(result);
}
float power(float base, double exponent) { return std::pow(base, static_cast<float>(exponent)); }
double power(double base, double exponent) { return std::pow(base, exponent); }

std::vector<Array> evaluate(const Call& call) {
  Array out = call.blank();
  const Array& x = call.input(0);
  const Array& y = call.input(1);
  out.visit([&](auto& data) {
    const auto& bases = x.elements<ElementOf<decltype(data)>>();
    for_each_broadcast(out.shape, x.shape, y.shape,
                       [&](std::size_t i, std::size_t ix, std::size_t iy) {
                         data[i] = in_type(out.dtype, power(bases[ix], y.at(iy)));
                       });
  });
  return {std::move(out)};
}

}  // namespace

OpDef pow_op() {
  return {
      .names = {"Pow"},
      .doc = "X to the power Y, with broadcasting",
      .min_inputs = 2,
      .max_inputs = 2,
      .infer = infer,
      .evaluate = evaluate,
  };
}

}  // namespace nn
