#include "quant/constants.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/error.hpp"
#include "base/interrupt.hpp"

namespace quant {

namespace {

using base::Code;

[[noreturn]] void bad_quantiser(const nn::Node& node, std::string what, std::string cure) {
  base::fail(Code::kBadQuantiser, std::move(what), nn::describe(node), std::move(cure));
}

bool is_quant(const nn::Node& node) {
  return is_qonnx(node, "Quant") || is_qonnx(node, "IntQuant");
}

bool has_input(const nn::Node& node, std::size_t index) {
  return index < node.inputs.size() && node.inputs[index].valid();
}

bool is_reshape(const std::string& op) {
  return op == "Identity" || op == "Cast" || op == "Reshape" || op == "Flatten" ||
         op == "Squeeze" || op == "Unsqueeze";
}

Constant plain(const nn::Value& value) {
  const nn::Array& array = *value.constant;
  const std::size_t count = static_cast<std::size_t>(nn::element_count(array.shape));
  Constant result{array.shape, std::vector<double>(count), {}, 0};
  for (std::size_t i = 0; i < count; ++i) {
    result.values[i] = array.at(i);
    if (!std::isfinite(result.values[i]))
      base::fail(Code::kNotFinite, fmt::format("element {} is not a finite number", i),
                 fmt::format("tensor \"{}\"", value.name), "train again, or repair the export");
  }
  return result;
}

std::vector<double> parameter(const nn::Graph& graph, const nn::Node& node, std::size_t index) {
  if (!is_constant_expression(graph, node.inputs[index]))
    bad_quantiser(node, fmt::format("input {} is not constant", index),
                  "store scales and zero points as initialisers");
  return constant_of(graph, node.inputs[index]).values;
}

std::vector<double> steps_of(const nn::Graph& graph, const nn::Node& node) {
  std::vector<double> steps = parameter(graph, node, 1);
  for (const double step : steps)
    if (!(step > 0) || !std::isfinite(step))
      bad_quantiser(node, fmt::format("a scale is {}", step), "a scale is a positive number");
  if (steps.empty()) bad_quantiser(node, "the scale is empty", "a scale is a positive number");
  return steps;
}

// The axis that a scale of QONNX spreads over: the one extent that is not 1, counted from the back
// as broadcasting does.
int broadcast_axis(const nn::Graph& graph, const nn::Node& node, const nn::Shape& shape) {
  const nn::Shape scale = constant_of(graph, node.inputs[1]).shape;
  int axis = -1;
  for (std::size_t i = 0; i < scale.size(); ++i) {
    if (scale[i] == 1) continue;
    if (axis >= 0)
      bad_quantiser(node, "the scale varies along two axes", "use one scale an output");
    axis = static_cast<int>(shape.size() + i) - static_cast<int>(scale.size());
  }
  return axis;
}

int linear_axis(const nn::Node& node, const nn::Shape& shape) {
  if (node.int_attribute("block_size", 0) != 0)
    bad_quantiser(node, "blocked quantisation", "use one scale a tensor or an output");
  const auto axis = node.int_attribute("axis", 1);
  return static_cast<int>(axis < 0 ? axis + static_cast<std::int64_t>(shape.size()) : axis);
}

void set_steps(Constant& constant, const nn::Node& node, std::vector<double> steps, int axis) {
  if (constant.quantised())
    bad_quantiser(node, "a constant is quantised twice", "quantise a weight once");
  const bool fits =
      steps.size() == 1 || (axis >= 0 && axis < static_cast<int>(constant.shape.size()) &&
                            constant.shape[axis] == static_cast<int>(steps.size()));
  if (!fits)
    bad_quantiser(node,
                  fmt::format("{} scales for a tensor of shape {}", steps.size(),
                              nn::to_string(constant.shape)),
                  "use one scale a tensor or an output");
  constant.axis = steps.size() == 1 ? 0 : axis;
  constant.steps = std::move(steps);
}

std::size_t step_index(const Constant& constant, std::size_t element) {
  if (constant.steps.size() == 1) return 0;
  std::size_t inner = 1;
  for (std::size_t i = constant.axis + 1; i < constant.shape.size(); ++i)
    inner *= static_cast<std::size_t>(constant.shape[i]);
  return element / inner % constant.steps.size();
}

// Zero points come off the integers: what is left keeps its steps. One for all, or one an index of
// the axis of the steps.
void take_zero_points(Constant& constant, const nn::Graph& graph, const nn::Node& node, int axis) {
  if (!has_input(node, 2)) return;
  const std::vector<double> zeros = parameter(graph, node, 2);
  Constant places{
      constant.shape, {}, std::vector<double>(zeros.size(), 1.0), zeros.size() == 1 ? 0 : axis};
  for (std::size_t i = 0; i < constant.values.size(); ++i)
    constant.values[i] -= zeros[step_index(places, i)];
}

void require_no_zero_point(const nn::Graph& graph, const nn::Node& node) {
  if (!has_input(node, 2)) return;
  for (const double zero : parameter(graph, node, 2))
    if (zero != 0)
      base::fail(Code::kWeightZeroPoint, fmt::format("the weights' zero point is {}", zero),
                 nn::describe(node), "quantise the weights symmetrically (zero point 0)");
}

// QONNX's rounding mode, in capitals.
std::string rounding_mode(const nn::Node& node) {
  std::string mode = node.string_attribute("rounding_mode", "ROUND");
  for (char& c : mode)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return mode;
}

double rounded(const nn::Node& node, double value, const std::string& mode) {
  if (mode == "ROUND") return std::nearbyint(value);
  if (mode == "CEIL") return std::ceil(value);
  if (mode == "FLOOR") return std::floor(value);
  if (mode == "UP") return std::copysign(std::ceil(std::abs(value)), value);
  if (mode == "DOWN") return std::trunc(value);
  if (mode == "HALF_UP") return std::round(value);
  if (mode == "HALF_DOWN") return std::copysign(std::ceil(std::abs(value) - 0.5), value);
  bad_quantiser(node, fmt::format("rounding mode \"{}\"", mode),
                "use ROUND, CEIL, FLOOR, UP, DOWN, HALF_UP or HALF_DOWN");
}

// Turns reals into integers q = clip(round(value / step), low, high) that keep their steps.
void quantise_values(Constant& constant, const nn::Node& node, const Quantiser& range,
                     const std::string& mode) {
  for (std::size_t i = 0; i < constant.values.size(); ++i) {
    const double q =
        rounded(node, constant.values[i] / constant.steps[step_index(constant, i)], mode);
    constant.values[i] =
        std::clamp(q, static_cast<double>(range.low), static_cast<double>(range.high));
  }
}

// Range of the integers that a Quant node writes: QONNX's definition of `signed` and `narrow`.
Quantiser quant_range(const nn::Graph& graph, const nn::Node& node) {
  const double bits = scalar_input(graph, node, 3, 8);
  if (bits != std::floor(bits) || bits < 1 || bits > 24)
    bad_quantiser(node, fmt::format("a bit width of {}", bits), "use a whole number from 1 to 24");
  const std::int64_t full = std::int64_t{1} << static_cast<int>(bits);
  const std::int64_t narrow = node.int_attribute("narrow", 0);
  if (node.int_attribute("signed", 1) != 0)
    return Quantiser{1.0, 0, -full / 2 + narrow, full / 2 - 1};
  return Quantiser{1.0, 0, 0, full - 1 - narrow};
}

// Values of one bit with a sign are the step and its negative.
bool is_bipolar(const nn::Graph& graph, const nn::Node& node) {
  if (is_qonnx(node, "BipolarQuant")) return true;
  return is_quant(node) && node.int_attribute("signed", 1) != 0 &&
         scalar_input(graph, node, 3, 8) == 1;
}

nn::DType linear_type(const nn::Graph& graph, const nn::Node& node) {
  return has_input(node, 2) ? graph.value(node.inputs[2]).dtype : nn::DType::kUint8;
}

Constant transposed(Constant in, const nn::Node& node) {
  if (in.shape.size() != 2)
    base::fail(Code::kCannotLower, "transposes a constant that is not a matrix", nn::describe(node),
               "only weights of two dimensions can become PE weights");
  const auto perm = node.ints_attribute("perm", {1, 0});
  if (perm == std::vector<std::int64_t>{0, 1}) return in;
  Constant out{
      {in.shape[1], in.shape[0]}, std::vector<double>(in.values.size()), in.steps, 1 - in.axis};
  for (std::int64_t r = 0; r < in.shape[0]; ++r)
    for (std::int64_t c = 0; c < in.shape[1]; ++c)
      out.values[c * in.shape[0] + r] = in.values[r * in.shape[1] + c];
  return out;
}

Constant reshaped(Constant in, const nn::Graph& graph, const nn::Node& node) {
  const nn::Shape& shape = graph.value(node.outputs[0]).shape;
  if (shape == in.shape || node.op == "Identity" || node.op == "Cast") return in;
  if (in.steps.size() > 1)
    bad_quantiser(node, "reshapes weights of several scales", "quantise after the reshape");
  in.shape = shape;
  return in;
}

Constant clipped(Constant in, const nn::Graph& graph, const nn::Node& node) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  const double low = scalar_input(graph, node, 1, -kInfinity);
  const double high = scalar_input(graph, node, 2, kInfinity);
  if (in.quantised())
    bad_quantiser(node, "clips weights after DequantizeLinear", "clip the integers before it");
  for (double& value : in.values) value = std::clamp(value, low, high);
  return in;
}

Constant quant_constant(Constant in, const nn::Graph& graph, const nn::Node& node) {
  require_no_zero_point(graph, node);
  set_steps(in, node, steps_of(graph, node), broadcast_axis(graph, node, in.shape));
  quantise_values(in, node, quant_range(graph, node), rounding_mode(node));
  return in;
}

// BipolarQuant: +scale for values >= 0, -scale below.
Constant bipolar_constant(Constant in, const nn::Graph& graph, const nn::Node& node) {
  set_steps(in, node, steps_of(graph, node), broadcast_axis(graph, node, in.shape));
  for (double& value : in.values) value = value >= 0 ? 1 : -1;
  return in;
}

// QuantizeLinear of a constant leaves plain integers, zero points in them; DequantizeLinear gives
// them their steps.
Constant quantize_linear(Constant in, const nn::Graph& graph, const nn::Node& node) {
  Quantiser range = range_of(node, linear_type(graph, node));
  const int axis = linear_axis(node, in.shape);
  const double zero = scalar_input(graph, node, 2, 0.0);
  set_steps(in, node, steps_of(graph, node), axis);
  range.low -= static_cast<std::int64_t>(zero);
  range.high -= static_cast<std::int64_t>(zero);
  quantise_values(in, node, range, "ROUND");
  for (double& value : in.values) value += zero;
  in.steps.clear();
  return in;
}

Constant dequantize_linear(Constant in, const nn::Graph& graph, const nn::Node& node) {
  const int axis = linear_axis(node, in.shape);
  set_steps(in, node, steps_of(graph, node), axis);
  take_zero_points(in, graph, node, axis);
  return in;
}

}  // namespace

std::vector<double> Constant::real() const {
  std::vector<double> result = values;
  if (quantised())
    for (std::size_t i = 0; i < result.size(); ++i) result[i] *= steps[step_index(*this, i)];
  return result;
}

bool is_qonnx(const nn::Node& node, const char* op) {
  return node.op == op && !node.domain.empty();
}

// Backwards over the nodes, so that neither depth nor sharing of the expression costs anything.
bool is_constant_expression(const nn::Graph& graph, nn::ValueId id) {
  if (graph.is_constant(id)) return true;
  std::vector<bool> needed(graph.values.size(), false);
  needed[id.index()] = true;
  const auto is_needed = [&](nn::ValueId value) { return value.valid() && needed[value.index()]; };
  for (std::size_t n = graph.nodes.size(); n-- > 0;) {
    if (std::ranges::none_of(graph.nodes[n].outputs, is_needed)) continue;
    for (const nn::ValueId in : graph.nodes[n].inputs)
      if (in.valid() && !graph.is_constant(in)) needed[in.index()] = true;
  }
  return std::ranges::none_of(graph.inputs, is_needed);
}

namespace {

// What `node` makes of its first input.
Constant applied(Constant input, const nn::Graph& graph, const nn::Node& node) {
  if (node.op == "DequantizeLinear") return dequantize_linear(std::move(input), graph, node);
  if (node.op == "QuantizeLinear") return quantize_linear(std::move(input), graph, node);
  if (is_quant(node) && !is_bipolar(graph, node))
    return quant_constant(std::move(input), graph, node);
  if (is_bipolar(graph, node)) return bipolar_constant(std::move(input), graph, node);
  if (node.op == "Clip") return clipped(std::move(input), graph, node);
  if (node.op == "Transpose") return transposed(std::move(input), node);
  if (is_reshape(node.op)) return reshaped(std::move(input), graph, node);
  base::fail(Code::kCannotLower, fmt::format("computes a constant with {}", node.op),
             nn::describe(node), "fold the constants when exporting the model");
}

}  // namespace

Constant constant_of(const nn::Graph& graph, nn::ValueId id) {
  std::vector<const nn::Node*> path;
  for (; !graph.is_constant(id); id = path.back()->inputs.at(0)) {
    base::interruption_point();
    path.push_back(&graph.node(graph.producer(id)));
  }
  Constant result = plain(graph.value(id));
  for (auto node = path.rbegin(); node != path.rend(); ++node)
    result = applied(std::move(result), graph, **node);
  return result;
}

Quantiser range_of(const nn::Node& node, nn::DType type) {
  return range_of(nn::describe(node), type);
}

Quantiser range_of(const std::string& where, nn::DType type) {
  switch (type) {
    case nn::DType::kInt4:
      return {1.0, 0, -8, 7};
    case nn::DType::kUint4:
      return {1.0, 0, 0, 15};
    case nn::DType::kInt8:
      return {1.0, 0, -128, 127};
    case nn::DType::kUint8:
      return {1.0, 0, 0, 255};
    case nn::DType::kInt16:
      return {1.0, 0, -32768, 32767};
    case nn::DType::kUint16:
      return {1.0, 0, 0, 65535};
    default:
      base::fail(Code::kBadQuantiser, fmt::format("codes of type {}", nn::to_string(type)), where,
                 "use int4, uint4, int8, uint8, int16 or uint16");
  }
}

double scalar_input(const nn::Graph& graph, const nn::Node& node, std::size_t index,
                    double fallback) {
  if (!has_input(node, index)) return fallback;
  const auto values = parameter(graph, node, index);
  if (values.size() != 1)
    bad_quantiser(node,
                  fmt::format("input {} has {} elements where one is wanted", index, values.size()),
                  "quantise activations per tensor");
  return values[0];
}

Quantiser quantiser_of(const nn::Graph& graph, const nn::Node& node) {
  Quantiser result;
  if (is_bipolar(graph, node)) {
    result.bipolar = true;
  } else if (node.op == "QuantizeLinear") {
    result = range_of(node, linear_type(graph, node));
    linear_axis(node, {});
  } else {
    result = quant_range(graph, node);
    const std::string mode = rounding_mode(node);
    result.half_even = mode == "ROUND";
    if (mode != "ROUND" && mode != "HALF_UP")
      bad_quantiser(node, fmt::format("an activation with rounding mode {}", mode),
                    "use rounding_mode ROUND or HALF_UP: the hardware rounds to nearest");
  }
  result.step = steps_of(graph, node)[0];
  scalar_input(graph, node, 1, 1.0);
  if (result.bipolar) return result;
  const double zero = scalar_input(graph, node, 2, 0.0);
  if (zero != std::floor(zero))
    bad_quantiser(node, fmt::format("a zero point of {}", zero), "use a whole zero point");
  result.zero = static_cast<std::int64_t>(zero);
  return result;
}

}  // namespace quant
