#include "nn/qlinear.hpp"

#include "nn/mean_pool.hpp"

namespace nn {

void check_parameters(const Graph& graph, const Node& node, std::size_t i) {
  require_float(graph, node, i);
  for (const std::size_t p : {i, i + 1})
    if (has_input(node, p) && known_count(input(graph, node, p).shape) != 1)
      bad_shape(node, "input " + std::to_string(p) + " of shape " +
                          to_string(input(graph, node, p).shape) + " must be one number");
  if (input(graph, node, i).constant) require_positive(node, *input(graph, node, i).constant);
}

namespace {

double zero_at(const Call& call, std::size_t i) { return call.has(i) ? call.input(i).at(0) : 0; }

}  // namespace

void check_operand(const Graph& graph, const Node& node, std::size_t i) {
  require_type(graph, node, i, {DType::kInt8, DType::kUint8});
  check_parameters(graph, node, i + 1);
  if (has_input(node, i + 2)) require_same_type(graph, node, i, i + 2);
}

void check_zero(const Graph& graph, const Node& node, Centred inputs, std::int64_t many) {
  if (!has_input(node, inputs.zero)) return;
  require_same_type(graph, node, inputs.codes, inputs.zero);
  const Shape& shape = input(graph, node, inputs.zero).shape;
  const bool list = shape.size() == 1 && (many == kUnknown || shape[0] == many);
  if (known_count(shape) == 1 || list) return;
  bad_shape(node, "input " + std::to_string(inputs.zero) + " of shape " + to_string(shape) +
                      " must be one zero point, or a list of " + std::to_string(many));
}

DType check_result(const Graph& graph, const Node& node, std::size_t i) {
  check_parameters(graph, node, i);
  if (has_input(node, i + 1)) require_same_type(graph, node, 0, i + 1);
  return input(graph, node, 0).dtype;
}

Array real_operand(const Call& call, std::size_t i) {
  Array real = convert(call.input(i), DType::kDouble);
  const double scale = call.input(i + 1).at(0);
  const double zero = zero_at(call, i + 2);
  for (double& value : real.elements<double>()) value = (value - zero) * scale;
  return real;
}

Array centred(const Array& codes, const Array* zeros, std::size_t axis) {
  std::vector<std::int64_t> out = codes.ints();
  const std::vector<std::int64_t> zero = zeros ? zeros->ints() : std::vector<std::int64_t>{0};
  const AxisView view = view_along(codes.shape, zero.size() == 1 ? codes.shape.size() : axis);
  for (std::size_t i = 0; i < out.size(); ++i) out[i] -= zero[i / view.inner % view.length];
  return Array::of_ints(DType::kInt64, codes.shape, std::move(out));
}

Array requantised(const Call& call, const Array& real, std::size_t i, DType type) {
  require_positive(call.node, call.input(i));
  const double scale = call.input(i).at(0);
  const double zero = zero_at(call, i + 1);
  std::vector<std::int64_t> codes;
  for (const double value : real.elements<double>())
    codes.push_back(saturate(type, std::rint(value / scale) + zero));
  return Array::of_ints(type, real.shape, std::move(codes));
}

void infer_qlinear_binary(Graph& graph, const Node& node) {
  check_operand(graph, node, 0);
  check_operand(graph, node, 3);
  require_same_type(graph, node, 0, 3);
  set_output(graph, node, 0, check_result(graph, node, 6),
             broadcast(node, input(graph, node, 0).shape, input(graph, node, 3).shape));
}

std::vector<Array> qlinear_mean_pool(const Call& call) {
  const DType type = call.input(0).dtype;
  Array means = Array::zeros(DType::kDouble, call.blank().shape);
  mean_pool(call, real_operand(call, 0), means);
  return {requantised(call, means, 3, type)};
}

AttributeDef channels_last_attribute() {
  return {.name = "channels_last",
          .type = AttributeType::kInt,
          .doc = "channels are axis 1",
          .allowed = {"0"}};
}

void infer_qlinear_unary(Graph& graph, const Node& node) {
  check_operand(graph, node, 0);
  set_output(graph, node, 0, check_result(graph, node, 3), input(graph, node, 0).shape);
}

}  // namespace nn
