#include <algorithm>
#include <cmath>
#include <map>

#include "base/error.hpp"
#include "nn/linear_quant.hpp"

namespace nn {
namespace {

using Rounding = double (*)(double);

// QONNX's rounding modes. Their definitions: UP and DOWN go away from and towards zero, HALF_UP and
// HALF_DOWN to the nearest with ties away from and towards zero.
Rounding rounding_of(const Node& node) {
  static const std::map<std::string, Rounding> modes = {
      {"ROUND", [](double x) { return std::rint(x); }},
      {"CEIL", [](double x) { return std::ceil(x); }},
      {"FLOOR", [](double x) { return std::floor(x); }},
      {"UP", [](double x) { return std::copysign(std::ceil(std::abs(x)), x); }},
      {"DOWN", [](double x) { return std::trunc(x); }},
      {"HALF_UP", [](double x) { return std::round(x); }},
      {"HALF_DOWN", [](double x) { return std::copysign(std::ceil(std::abs(x) - 0.5), x); }},
  };
  std::string name = node.string_attribute("rounding_mode", "ROUND");
  for (char& c : name)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return modes.at(name);  // the registry has checked the name
}

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

int bits_of(const Node& node, const Array& bitwidth) {
  const double bits = bitwidth.at(0);
  if (!(bits >= 1 && bits <= 32) || bits != std::floor(bits))
    base::fail(
        base::Code::kBadWeights,
        "the bit width is " + std::to_string(bits) + "; it must be a whole number from 1 to 32",
        describe(node));
  return static_cast<int>(bits);
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
  const Value& bitwidth = input(graph, node, 3);
  if (!bitwidth.constant || known_count(bitwidth.shape) != 1)
    bad_shape(node, "the bit width must be one constant number");
  bits_of(node, *bitwidth.constant);
  if (input(graph, node, 1).constant) require_positive(node, *input(graph, node, 1).constant);
  set_output(graph, node, 0, x.dtype, x.shape);
}

template <class T>
void quantise(const Call& call, const Shape& shape, std::vector<T>& data) {
  const int bits = bits_of(call.node, call.input(3));
  const Limits limits = limits_of(call.node, bits);
  const bool bipolar = bits == 1 && call.node.int_attribute("signed", 1) != 0;
  const Rounding round = rounding_of(call.node);
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
      .lowering = "a number format: the scale and width of weights and activations",
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
                     {.name = "rounding_mode",
                      .type = AttributeType::kString,
                      .doc = "default ROUND, half to even",
                      .allowed = {"ROUND", "CEIL", "FLOOR", "UP", "DOWN", "HALF_UP", "HALF_DOWN"},
                      .any_case = true}},
      .quantises = true,
      .infer = infer,
      .evaluate = evaluate,
  };
}

}  // namespace nn
