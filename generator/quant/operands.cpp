#include "quant/operands.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>

#include "base/error.hpp"

namespace quant {

namespace {

using base::Code;

[[noreturn]] void refuse(const nn::Node& node, std::string why, std::string cure) {
  base::fail(Code::kCannotLower, std::move(why), nn::describe(node), std::move(cure));
}

Eigen::VectorXd vector_of(const std::vector<double>& values) {
  return Eigen::Map<const Eigen::VectorXd>(values.data(), static_cast<Eigen::Index>(values.size()));
}

bool has_input(const nn::Node& node, std::size_t index) {
  return index < node.inputs.size() && node.inputs[index].valid();
}

Constant constant_input(const nn::Graph& graph, const nn::Node& node, std::size_t index) {
  if (!is_constant_expression(graph, node.inputs.at(index)))
    refuse(node, fmt::format("input {} is computed, not constant", index),
           "the PEs hold constants; products and sums of two signals are not supported");
  return constant_of(graph, node.inputs[index]);
}

// A matrix [inputs, outputs] from a constant that is stored so, or transposed.
void set_weights(Operand& operand, const nn::Node& node, const Constant& constant, bool transpose) {
  if (constant.shape.size() != 2)
    refuse(node, fmt::format("weights of shape {}", nn::to_string(constant.shape)),
           "weights are a matrix");
  using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  const Eigen::Map<const RowMajor> stored(constant.values.data(), constant.shape[0],
                                          constant.shape[1]);
  operand.weights = transpose ? Eigen::MatrixXd(stored.transpose()) : Eigen::MatrixXd(stored);
  const auto outputs = operand.weights.cols();
  if (operand.weights.size() == 0) refuse(node, "its weights are empty", "repair the export");
  if (constant.steps.size() == 1) {
    operand.step = Eigen::VectorXd::Constant(outputs, constant.steps[0]);
  } else if (constant.quantised()) {
    if (constant.axis != (transpose ? 0 : 1))
      refuse(node, "its weights have a scale an input", "use a scale a tensor or an output");
    operand.step = vector_of(constant.steps);
  }
}

void set_bias(Operand& operand, const nn::Graph& graph, const nn::Node& node) {
  const auto outputs = operand.weights.cols();
  operand.bias = Eigen::VectorXd::Zero(outputs);
  if (node.op != "Gemm" || !has_input(node, 2)) return;
  const Constant bias = constant_input(graph, node, 2);
  const double beta = node.float_attribute("beta", 1.0F);
  const auto count = static_cast<Eigen::Index>(bias.values.size());
  const auto along = bias.shape.empty()  ? 1
                     : operand.from_left ? bias.shape.front()
                                         : bias.shape.back();
  if (count != 1 && (count != outputs || along != outputs))
    refuse(node,
           fmt::format("a bias of shape {} for {} outputs", nn::to_string(bias.shape), outputs),
           "a bias has one element an output");
  if (count == 1)
    operand.bias.setConstant(beta * bias.real()[0]);
  else
    operand.bias = beta * vector_of(bias.real());
}

// Samples that are columns: the value must hold a single one.
void require_single_column(const nn::Graph& graph, const nn::Node& node, nn::ValueId data,
                           bool transposed) {
  const nn::Shape& shape = graph.value(data).shape;
  if (shape.size() == 1) return;
  if (shape.size() != 2 || shape[transposed ? 0 : 1] != 1)
    refuse(node, fmt::format("multiplies {} from the left", nn::to_string(shape)),
           "a constant left factor is supported for a single column [K, 1] only");
}

void require_same_shape(const nn::Graph& graph, const nn::Node& node, nn::ValueId data) {
  const nn::Shape& in = graph.value(data).shape;
  const nn::Shape& out = graph.value(node.outputs.at(0)).shape;
  if (in != out)
    refuse(node, fmt::format("turns {} into {}", nn::to_string(in), nn::to_string(out)),
           "constants must not widen what they are added to or multiplied with");
}

// A constant of one element, or of one an element of the sample.
Eigen::VectorXd factors(const nn::Graph& graph, const nn::Node& node, std::size_t index,
                        int count) {
  const std::vector<double> values = constant_input(graph, node, index).real();
  if (values.size() != 1 && static_cast<int>(values.size()) != count)
    refuse(node, fmt::format("{} constants for {} elements", values.size(), count),
           "use one constant, or one an element");
  return vector_of(values);
}

Affine batch_norm(const nn::Graph& graph, const nn::Node& node, int count) {
  if (node.int_attribute("training_mode", 0) != 0)
    refuse(node, "is in training mode", "export the model for inference");
  const auto part = [&](std::size_t i) {
    const Eigen::VectorXd values = factors(graph, node, i, count);
    return values.size() == count ? values : Eigen::VectorXd::Constant(count, values[0]).eval();
  };
  const double epsilon = node.float_attribute("epsilon", 1e-5F);
  Affine result;
  result.gain = part(1).array() / (part(4).array() + epsilon).sqrt();
  result.offset = part(2).array() - part(3).array() * result.gain.array();
  return result;
}

Affine arithmetic(const nn::Graph& graph, const nn::Node& node, nn::ValueId data, int count) {
  const bool data_first = node.inputs.at(0) == data;
  const Eigen::VectorXd c = factors(graph, node, data_first ? 1 : 0, count);
  Affine result;
  if (node.op == "Mul") {
    result.gain = c;
  } else if (node.op == "Div") {
    if (!data_first) refuse(node, "divides by a signal", "the PEs divide by constants only");
    result.gain = c.cwiseInverse();
  } else if (node.op == "Add" || data_first) {
    result.offset = node.op == "Add" ? c : Eigen::VectorXd(-c);
  } else {
    result.gain[0] = -1.0;
    result.offset = c;
  }
  return result;
}

}  // namespace

bool Affine::is_identity() const { return is_uniform() && gain[0] == 1.0 && offset[0] == 0.0; }

Eigen::VectorXd Affine::gain_of(int count) const {
  return gain.size() == count ? gain : Eigen::VectorXd::Constant(count, gain[0]).eval();
}

Eigen::VectorXd Affine::offset_of(int count) const {
  return offset.size() == count ? offset : Eigen::VectorXd::Constant(count, offset[0]).eval();
}

void Affine::then(const Affine& step) {
  const int count = static_cast<int>(
      std::max({gain.size(), offset.size(), step.gain.size(), step.offset.size()}));
  const Eigen::VectorXd factor = step.gain_of(count);
  gain = gain_of(count).cwiseProduct(factor);
  offset = offset_of(count).cwiseProduct(factor) + step.offset_of(count);
}

bool Affine::is_uniform() const {
  return (gain.array() == gain[0]).all() && (offset.array() == offset[0]).all();
}

Operand dense_operand(const nn::Graph& graph, const nn::Node& node, nn::ValueId data) {
  const bool data_first = node.inputs.at(0) == data;
  const bool gemm = node.op == "Gemm";
  const bool trans_a = gemm && node.int_attribute("transA", 0) != 0;
  const bool trans_b = gemm && node.int_attribute("transB", 0) != 0;
  Operand result;
  result.from_left = data_first ? trans_a : true;
  if (result.from_left) require_single_column(graph, node, data, data_first ? false : trans_b);
  const Constant weights = constant_input(graph, node, data_first ? 1 : 0);
  set_weights(result, node, weights, data_first ? trans_b : !trans_a);
  if (gemm) result.gain = node.float_attribute("alpha", 1.0F);
  set_bias(result, graph, node);
  return result;
}

QLinearOperands q_linear_operands(const nn::Graph& graph, const nn::Node& node, nn::ValueId data) {
  if (node.inputs.at(0) != data)
    refuse(node, "its weights are the first factor", "put the weights second");
  QLinearOperands result;
  result.input.step = scalar_input(graph, node, 1, 1.0);
  result.input.zero = static_cast<std::int64_t>(scalar_input(graph, node, 2, 0.0));
  Constant weights = constant_input(graph, node, 3);
  weights.steps = constant_input(graph, node, 4).values;
  weights.axis = 1;
  for (const double zero : constant_input(graph, node, 5).values)
    if (zero != 0)
      base::fail(Code::kWeightZeroPoint, fmt::format("the weights' zero point is {}", zero),
                 nn::describe(node), "quantise the weights symmetrically (zero point 0)");
  set_weights(result.operand, node, weights, false);
  if (result.operand.step.size() != result.operand.weights.cols() ||
      !(result.operand.step.minCoeff() > 0))
    base::fail(Code::kBadQuantiser, "its weights' scales are not one positive number an output",
               nn::describe(node), "use a scale a tensor or an output");
  result.operand.bias = Eigen::VectorXd::Zero(result.operand.weights.cols());
  result.output = range_of(node, graph.value(node.inputs.at(7)).dtype);
  result.output.step = scalar_input(graph, node, 6, 1.0);
  result.output.zero = static_cast<std::int64_t>(scalar_input(graph, node, 7, 0.0));
  return result;
}

Affine affine_of(const nn::Graph& graph, const nn::Node& node, nn::ValueId data, int count) {
  require_same_shape(graph, node, data);
  Affine result = node.op == "BatchNormalization" ? batch_norm(graph, node, count)
                                                  : arithmetic(graph, node, data, count);
  if (!result.gain.allFinite() || !result.offset.allFinite())
    base::fail(Code::kNotFinite, "divides by zero or by the root of a negative variance",
               nn::describe(node), "train again, or repair the export");
  return result;
}

std::pair<double, double> clip_bounds(const nn::Graph& graph, const nn::Node& node) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  const auto bound = [&](std::size_t index, const char* key, double fallback) {
    const double unset = static_cast<double>(std::numeric_limits<float>::max());
    const double value = node.attributes.contains(key) ? node.float_attribute(key, 0.0F)
                         : has_input(node, index) ? constant_input(graph, node, index).values.at(0)
                                                  : fallback;
    return std::abs(value) >= unset ? fallback : value;
  };
  return {bound(1, "min", -kInfinity), bound(2, "max", kInfinity)};
}

void absorb_input(const Affine& before, OpenProduct& product, const nn::Node& node) {
  if (before.is_identity()) return;
  const int rows = static_cast<int>(product.weights.rows());
  for (const auto size : {before.gain.size(), before.offset.size()})
    if (size != 1 && size != rows)
      refuse(node, fmt::format("its {} inputs are scaled by {} factors", rows, size),
             "use one factor, or one an input");
  Eigen::VectorXd shift = product.weights.transpose() * before.offset_of(rows);
  if (product.step.size() != 0) shift.array() *= product.step.array();
  product.offset.array() += product.gain.array() * shift.array();
  if ((before.gain.array() == before.gain[0]).all())
    product.gain *= before.gain[0];
  else if (product.step.size() == 0)
    product.weights.array().colwise() *= before.gain_of(rows).array();
  else
    refuse(node, "its weights are quantised and its inputs are scaled by a factor each",
           "scale before the weights are quantised");
}

void bound_quantiser(OpenProduct& product) {
  Quantiser& q = *product.quantiser;
  if (product.relu) q.low = std::max(q.low, q.zero);
  if (std::isinf(product.clip)) return;
  const auto most = static_cast<std::int64_t>(std::nearbyint(product.clip / q.step));
  q.high = std::min(q.high, q.zero + most);
  q.low = std::max(q.low, q.zero - most);
}

std::int64_t elements_per_sample(const nn::Graph& graph, nn::ValueId value, bool columns) {
  const nn::Shape& shape = graph.value(value).shape;
  std::int64_t count = 1;
  for (std::size_t i = columns || shape.size() == 1 ? 0 : 1; i < shape.size(); ++i) {
    if (shape[i] == nn::kUnknown) return nn::kUnknown;
    count *= shape[i];
  }
  return count;
}

void require_last_axis(const nn::Graph& graph, const nn::Node& node, nn::ValueId data) {
  const auto rank = static_cast<std::int64_t>(graph.value(data).shape.size());
  const std::int64_t usual = node.op == "ArgMax" ? 0 : graph.opset >= 13 ? -1 : 1;
  const std::int64_t axis = node.int_attribute("axis", usual);
  if (axis != -1 && axis != rank - 1)
    refuse(node, fmt::format("works along axis {}", axis), "the classes are the last axis");
}

}  // namespace quant
