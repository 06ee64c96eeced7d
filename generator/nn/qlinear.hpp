// What the ops share that compute on integers with a scale and a zero point for the tensor: ONNX
// Runtime's QLinear… ops. An operand is three inputs: integers, scale, zero point (which may be
// omitted).
#pragma once

#include "nn/linear_quant.hpp"

namespace nn {

inline constexpr const char* kMicrosoft = "com.microsoft";

/// Checks the operand at input `i`: 8 bits, one positive scale, a zero point of its type. Throws
/// kBadType, kBadShape, kBadWeights.
void check_operand(const Graph& graph, const Node& node, std::size_t i);

/// Checks a scale, one positive number, at input `i`, and that the zero point behind it is one,
/// too.
void check_parameters(const Graph& graph, const Node& node, std::size_t i);

/// Which input holds codes, and which their zero points.
struct Centred {
  std::size_t codes;
  std::size_t zero;
};
/// Checks the zero points, which may be omitted: of the codes' type, one number or a list of `many`
/// (kUnknown: any). Throws kBadType, kBadShape.
void check_zero(const Graph& graph, const Node& node, Centred inputs, std::int64_t many);

/// Checks scale and zero point of the result at inputs `i` and `i + 1`; its type is that of
/// input 0. Returns that type.
DType check_result(const Graph& graph, const Node& node, std::size_t i);

/// The operand at input `i` as the numbers that its integers stand for.
Array real_operand(const Call& call, std::size_t i);

/// Zero points that may be omitted.
inline const Array* zeros_at(const Call& call, std::size_t i) {
  return call.has(i) ? &call.input(i) : nullptr;
}
/// The integers less their zero points, as int64: none, one for all, or one an index of `axis`.
Array centred(const Array& codes, const Array* zeros, std::size_t axis);

/// Doubles as integers of `type` by the scale and the zero point at inputs `i` and `i + 1`, rounded
/// half to even and saturated.
Array requantised(const Call& call, const Array& real, std::size_t i, DType type);

/// infer() and evaluate() of QLinearAdd and QLinearMul: inputs a, b, result; f(a, b).
void infer_qlinear_binary(Graph& graph, const Node& node);
template <class F>
std::vector<Array> qlinear_binary(const Call& call, F f) {
  const DType type = call.blank().dtype;
  Array real = Array::zeros(DType::kDouble, call.blank().shape);
  combine(real_operand(call, 0), real_operand(call, 3), real, f);
  return {requantised(call, real, 6, type)};
}

/// evaluate() of pools that take means: inputs x, result.
std::vector<Array> qlinear_mean_pool(const Call& call);
/// Which says that the maps' channels are the last axis; they are axis 1 here.
AttributeDef channels_last_attribute();

/// infer() and evaluate() of ops on one operand: inputs x, result; f(x).
void infer_qlinear_unary(Graph& graph, const Node& node);
template <class F>
std::vector<Array> qlinear_unary(const Call& call, F f) {
  Array real = real_operand(call, 0);
  for (double& value : real.elements<double>()) value = f(value);
  return {requantised(call, real, 3, call.input(0).dtype)};
}

}  // namespace nn
