#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "nn/linear_quant.hpp"
#include "nn/rounding.hpp"

namespace nn {
namespace {

struct Limits {
  double low;
  double high;
};

// Least and greatest integer of `bits` bits.
Limits limits_of(const Node& node, int bits) {
  const bool is_signed = node.int_attribute("signed", 1) != 0;
  const double narrow = node.int_attribute("narrow", 0) != 0 ? 1 : 0;
  if (!is_signed) return {0, std::exp2(bits) - 1 - narrow};
  const double half = std::exp2(bits - 1);
  return {-half + narrow, half - 1};
}

void infer(Graph& graph, const Node& node) {
  const Value& x = input(graph, node, 0);
  require_float(graph, node, 0);
  require_same_type(graph, node, 0, 1);
  require_number(graph, node, 2);
  for (std::size_t i = 1; i < 3; ++i) {
    const Shape& parameter = input(graph, node, i).shape;
    if (!repeats_to(parameter, x.shape))
      bad_shape(node, "parameters of shape " + to_string(parameter) + " for " + to_string(x.shape));
  }
  require_bits(graph, node, 3);
  if (input(graph, node, 1).constant) require_positive(node, *input(graph, node, 1).constant);
  set_output(graph, node, 0, x.dtype, x.shape);
}

template <class T>
void quantise(const Call& call, const Shape& shape, std::vector<T>& data) {
  const int bits = bits_of(call.node, call.input(3));
  const Limits limits = limits_of(call.node, bits);
  const bool bipolar = bits == 1 && call.node.int_attribute("signed", 1) != 0;
  const Rounding round = rounding_of(call.node, "ROUND");
  const auto& scales = call.input(1).elements<T>();
  const Array zero_points = convert(call.input(2), call.input(0).dtype);
  const auto& zeros = zero_points.elements<T>();
  for_each_broadcast(
      shape, call.input(1).shape, call.input(2).shape,
      [&](std::size_t i, std::size_t s, std::size_t z) {
        T value = data[i] / scales[s] + zeros[z];
        // One signed bit is -1 or 1: QONNX's own convention.
        if (bipolar)
          value = value >= 0 ? T{1} : T{-1};
        else
          value = static_cast<T>(round(std::clamp<double>(value, limits.low, limits.high)));
        data[i] = (value - zeros[z]) * scales[s];
      });
}

std::vector<Array> evaluate(const Call& call) {
  require_positive(call.node, call.input(1));
  Array out = call.input(0);
  if (out.dtype == DType::kFloat)
    quantise(call, out.shape, out.elements<float>());
  else
    quantise(call, out.shape, out.elements<double>());
  return {std::move(out)};
}

}  // namespace

OpDef quant_op() {
  return {
      .names = {"Quant", "IntQuant"},
      .domains = {"qonnx.custom_op.general", "finn.custom_op.general", "onnx.brevitas"},
      .doc = "QONNX: X to integers of a bit width and back; inputs X, scale, zero point, bit width",
      .min_inputs = 4,
      .max_inputs = 4,
      .attributes = {{.name = "signed",
                      .type = AttributeType::kInt,
                      .doc = "integers are signed, default 1",
                      .allowed = {"0", "1"}},
                     {.name = "narrow",
                      .type = AttributeType::kInt,
                      .doc = "one value fewer, default 0",
                      .allowed = {"0", "1"}},
                     rounding_attribute("default ROUND, half to even")},
      .quantises = true,
      .infer = infer,
      .evaluate = evaluate,
  };
}

}  // namespace nn
