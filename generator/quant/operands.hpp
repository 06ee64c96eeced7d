// What the nodes of a chain bring along: weights, biases, affine maps, bounds.
#pragma once

#include <Eigen/Core>
#include <utility>

#include "nn/graph.hpp"
#include "quant/chain.hpp"

namespace quant {

/// y = gain * x + offset, one factor for all elements (size 1) or one each.
struct Affine {
  Eigen::VectorXd gain = Eigen::VectorXd::Ones(1);
  Eigen::VectorXd offset = Eigen::VectorXd::Zero(1);

  bool is_identity() const;
  /// One factor and one offset for all elements.
  bool is_uniform() const;
  /// Applies `step` after this map. Sizes other than 1 must agree.
  void then(const Affine& step);
  /// `count` factors, offsets.
  Eigen::VectorXd gain_of(int count) const;
  Eigen::VectorXd offset_of(int count) const;
};

/// The constant side of a product: y = gain * (x . weights) + bias.
struct Operand {
  Eigen::MatrixXd weights;  ///< inputs x outputs, as Product's
  Eigen::VectorXd step;     ///< as Product's
  Eigen::VectorXd bias;     ///< alpha and beta applied
  double gain = 1.0;        ///< Gemm's alpha
  bool from_left = false;   ///< the constant is the left factor: samples are columns
};

/// Operand of a Gemm or MatMul whose other factor is `data`. Throws kCannotLower.
Operand dense_operand(const nn::Graph& graph, const nn::Node& node, nn::ValueId data);

/// Operand and formats of a QLinearMatMul that reads `data` as its first factor. Throws
/// kCannotLower, kBadQuantiser, kWeightZeroPoint.
struct QLinearOperands {
  Operand operand;
  Quantiser input;  ///< step and zero point only
  Quantiser output;
};
QLinearOperands q_linear_operands(const nn::Graph& graph, const nn::Node& node, nn::ValueId data);

/// Map of an Add, Sub, Mul or Div of `data` and a constant, or of a BatchNormalization, over
/// `count` elements (kUnknown: any). Throws kCannotLower.
Affine affine_of(const nn::Graph& graph, const nn::Node& node, nn::ValueId data, int count);

/// Bounds of a Clip (infinite where omitted). Attributes up to opset 10, inputs after.
std::pair<double, double> clip_bounds(const nn::Graph& graph, const nn::Node& node);

/// Folds the map that stands before a product into its weights, gain and offset. Throws
/// kCannotLower if quantised weights would need one factor an input.
void absorb_input(const Affine& before, OpenProduct& product, const nn::Node& node);

/// Narrows the product's quantiser to what its activation lets through.
void bound_quantiser(OpenProduct& product);

/// Elements of one sample of `value`: all extents but the first; all of them for samples that are
/// columns. kUnknown if the shape does not tell.
std::int64_t elements_per_sample(const nn::Graph& graph, nn::ValueId value, bool columns);

/// Throws kCannotLower unless Softmax or ArgMax works along the last axis of `data`.
void require_last_axis(const nn::Graph& graph, const nn::Node& node, nn::ValueId data);

}  // namespace quant
