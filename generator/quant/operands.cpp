#include "quant/operands.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/error.hpp"
#include "nn/op_support.hpp"

namespace quant {

namespace {

using base::Code;

[[noreturn]] void refuse(const nn::Node& node, std::string why, std::string cure) {
  base::fail(Code::kCannotLower, std::move(why), nn::describe(node), std::move(cure));
}

Eigen::VectorXd vector_of(const std::vector<double>& values) {
  return Eigen::Map<const Eigen::VectorXd>(values.data(), static_cast<Eigen::Index>(values.size()));
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

// A constant of one element, or of one an element of the sample.
Eigen::VectorXd factors(const nn::Graph& graph, const nn::Node& node, std::size_t index,
                        int count) {
  const Constant constant = constant_input(graph, node, index);
  const std::vector<double> values = constant.real();
  if (values.size() == 1 || static_cast<int>(values.size()) == count) return vector_of(values);
  nn::Shape sample = graph.value(node.outputs.at(0)).shape;
  if (!sample.empty()) sample[0] = 1;
  if (!nn::all_known(sample) || nn::element_count(sample) != count ||
      !nn::repeats_to(constant.shape, sample))
    refuse(node, fmt::format("{} constants for {} elements", values.size(), count),
           "use one constant, or one an element or a channel");
  Eigen::VectorXd spread(count);
  nn::for_each_broadcast(sample, constant.shape, {},
                         [&](std::size_t i, std::size_t from, std::size_t) {
                           spread[static_cast<Eigen::Index>(i)] = values[from];
                         });
  return spread;
}

// A parameter of each channel, for each of its elements.
Eigen::VectorXd of_channels(const nn::Graph& graph, const nn::Node& node, std::size_t index,
                            int count) {
  const Affine channels{Eigen::VectorXd::Ones(1),
                        vector_of(constant_input(graph, node, index).real())};
  const auto given = static_cast<int>(channels.offset.size());
  if (given == 0 || count % given != 0)
    refuse(node, fmt::format("{} constants for {} elements", given, count),
           "use one constant a channel");
  return channels.spread(count / given).offset_of(count);
}

Affine batch_norm(const nn::Graph& graph, const nn::Node& node, int count) {
  if (node.int_attribute("training_mode", 0) != 0)
    refuse(node, "is in training mode", "export the model for inference");
  const auto part = [&](std::size_t i) { return of_channels(graph, node, i, count); };
  const double epsilon = node.float_attribute("epsilon", 1e-5F);
  Affine result;
  result.gain = part(1).array() / (part(4).array() + epsilon).sqrt();
  result.offset = part(2).array() - part(3).array() * result.gain.array();
  return result;
}

Affine arithmetic(const nn::Graph& graph, const nn::Node& node, nn::ValueId data, int count) {
  Affine result;
  if (node.op == "Neg") {
    result.gain[0] = -1.0;
    return result;
  }
  const bool data_first = node.inputs.at(0) == data;
  const Eigen::VectorXd c = factors(graph, node, data_first ? 1 : 0, count);
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

Quantiser code_format(const nn::Graph& graph, const nn::Node& node, std::size_t index) {
  Quantiser format;
  format.step = scalar_input(graph, node, index, 1.0);
  format.zero = static_cast<std::int64_t>(scalar_input(graph, node, index + 1, 0.0));
  return format;
}

Quantiser output_format(const nn::Graph& graph, const nn::Node& node, std::size_t index) {
  const bool has_zero = has_input(node, index + 1);
  Quantiser format = range_of(node, has_zero ? graph.value(node.inputs[index + 1]).dtype
                                             : graph.value(node.outputs.at(0)).dtype);
  const Quantiser steps = code_format(graph, node, index);
  format.step = steps.step;
  format.zero = steps.zero;
  return format;
}

namespace {

// The constant factor of a QLinearMatMul (inputs 3 to 5), less its zero points.
void set_coded_weights(Operand& operand, const nn::Graph& graph, const nn::Node& node,
                       bool transpose) {
  Constant weights = constant_input(graph, node, 3);
  weights.steps = constant_input(graph, node, 4).values;
  weights.axis = transpose ? 0 : 1;
  const std::vector<double> zeros =
      has_input(node, 5) ? constant_input(graph, node, 5).values : std::vector<double>{0.0};
  set_weights(operand, node, weights, transpose);
  const auto outputs = operand.weights.cols();
  if (operand.step.size() != outputs || !(operand.step.minCoeff() > 0))
    base::fail(Code::kBadQuantiser, "its weights' scales are not one positive number an output",
               nn::describe(node), "use a scale a tensor or an output");
  if (zeros.size() != 1 && static_cast<Eigen::Index>(zeros.size()) != outputs)
    base::fail(Code::kBadQuantiser, "its weights' zero points are not one an output",
               nn::describe(node), "use a zero point a tensor or an output");
  for (Eigen::Index c = 0; c < outputs; ++c)
    operand.weights.col(c).array() -= zeros[zeros.size() == 1 ? 0 : static_cast<std::size_t>(c)];
}

// QGemm's C is in units of the product of both scales.
void set_coded_bias(Operand& operand, const nn::Graph& graph, const nn::Node& node,
                    double input_step) {
  operand.bias = Eigen::VectorXd::Zero(operand.weights.cols());
  if (node.op != "QGemm" || !has_input(node, 6)) return;
  const Eigen::VectorXd codes =
      constant_elements(graph, node, node.inputs[6], static_cast<int>(operand.weights.cols()));
  operand.bias = operand.gain * input_step * codes.cwiseProduct(operand.step);
}

}  // namespace

QLinearOperands q_linear_operands(const nn::Graph& graph, const nn::Node& node, nn::ValueId data) {
  if (node.inputs.at(0) != data)
    refuse(node, "its weights are the first factor", "put the weights second");
  const bool gemm = node.op == "QGemm";
  if (gemm && node.int_attribute("transA", 0) != 0)
    refuse(node, "its samples are columns", "keep the samples along the first axis");
  QLinearOperands result;
  result.input = code_format(graph, node, 1);
  if (gemm) result.operand.gain = node.float_attribute("alpha", 1.0F);
  set_coded_weights(result.operand, graph, node, gemm && node.int_attribute("transB", 0) != 0);
  set_coded_bias(result.operand, graph, node, result.input.step);
  const std::size_t output = gemm ? 7 : 6;
  if (has_input(node, output)) result.output = output_format(graph, node, output);
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

Eigen::VectorXd constant_elements(const nn::Graph& graph, const nn::Node& node, nn::ValueId value,
                                  int count) {
  const auto index = std::ranges::find(node.inputs, value) - node.inputs.begin();
  const Eigen::VectorXd values = factors(graph, node, static_cast<std::size_t>(index), count);
  return values.size() == count ? values : Eigen::VectorXd::Constant(count, values[0]).eval();
}

void require_same_shape(const nn::Graph& graph, const nn::Node& node, nn::ValueId data) {
  const nn::Shape& in = graph.value(data).shape;
  const nn::Shape& out = graph.value(node.outputs.at(0)).shape;
  if (in != out)
    refuse(node, fmt::format("turns {} into {}", nn::to_string(in), nn::to_string(out)),
           "constants must not widen what they are added to or multiplied with");
}

void absorb(const Affine& before, Term& term, Eigen::VectorXd& offset) {
  if (before.is_identity()) return;
  const int rows = static_cast<int>(term.weights.rows());
  Eigen::VectorXd shift = term.weights.transpose() * before.offset_of(rows);
  if (term.is_integer()) shift.array() *= term.step.array();
  offset.array() += term.gain.array() * shift.array();
  const Eigen::VectorXd gains = before.gain_of(rows);
  if ((gains.array() == gains[0]).all()) {
    term.gain *= gains[0];
    return;
  }
  if (term.is_integer()) term.weights.array().rowwise() *= term.step.transpose().array();
  term.step.resize(0);
  term.weights.array().colwise() *= gains.array();
}

void require_range(const Quantiser& q, const nn::Node& node) {
  if (q.low <= q.zero && q.zero < q.high) return;
  refuse(node, "leaves no range of integers", "codes end at or below the zero point, and above it");
}

void bound_quantiser(Signal& signal, const nn::Node& node) {
  Quantiser& q = *signal.quantiser;
  if (q.bipolar) {
    if (signal.is_bounded())
      refuse(node, "takes the sign of what is clipped", "leave the clip out");
    return;
  }
  const auto codes = [&](double bound) {
    return q.zero + static_cast<std::int64_t>(std::nearbyint(bound / q.step));
  };
  if (!std::isinf(signal.low)) q.low = std::max(q.low, codes(signal.low));
  if (!std::isinf(signal.high)) q.high = std::min(q.high, codes(signal.high));
  require_range(q, node);
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

void require_count(std::int64_t elements, const std::string& where) {
  constexpr std::int64_t kMost = std::int64_t{1} << 30;
  if (elements > kMost)
    base::fail(
        Code::kCannotLower, fmt::format("{} elements a sample", elements), where,
        fmt::format("a tensor may have up to {}: use smaller maps or fewer channels", kMost));
}

void require_last_axis(const nn::Graph& graph, const nn::Node& node, nn::ValueId data) {
  const auto rank = static_cast<std::int64_t>(graph.value(data).shape.size());
  const std::int64_t usual = node.op == "ArgMax" ? 0 : graph.opset >= 13 ? -1 : 1;
  const std::int64_t axis = node.int_attribute("axis", usual);
  if (axis != -1 && axis != rank - 1)
    refuse(node, fmt::format("works along axis {}", axis), "the classes are the last axis");
}

}  // namespace quant
