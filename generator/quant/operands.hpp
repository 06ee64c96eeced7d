// What the nodes of a chain bring along: weights, biases, affine maps, bounds.
#pragma once

#include <Eigen/Core>
#include <optional>
#include <utility>

#include "nn/graph.hpp"
#include "quant/draft.hpp"

namespace quant {

/// The constant side of a product: y = gain * (x . weights) + bias.
struct Operand {
  Eigen::MatrixXd weights;  ///< inputs x outputs, as Term's
  Eigen::VectorXd step;     ///< as Term's
  Eigen::VectorXd bias;     ///< alpha and beta applied
  double gain = 1.0;        ///< Gemm's alpha
  bool is_made = false;     ///< as Term's
  bool from_left = false;   ///< the constant is the left factor: samples are columns
};

/// Operand of a Gemm or MatMul whose other factor is `data`. Throws kCannotLower.
Operand dense_operand(const nn::Graph& graph, const nn::Node& node, nn::ValueId data);

/// Operand and formats of a QLinearMatMul or QGemm that reads `data` as its first factor. Throws
/// kCannotLower, kBadQuantiser.
struct QLinearOperands {
  Operand operand;
  Quantiser input;                  ///< step and zero point only
  std::optional<Quantiser> output;  ///< none: real values
};
QLinearOperands q_linear_operands(const nn::Graph& graph, const nn::Node& node, nn::ValueId data);

/// Step and zero point in inputs `index` and `index + 1`.
Quantiser code_format(const nn::Graph& graph, const nn::Node& node, std::size_t index);
/// The same, with the range of the zero point's type.
Quantiser output_format(const nn::Graph& graph, const nn::Node& node, std::size_t index);

/// Map of an Add, Sub, Mul or Div of `data` and a constant, of a BatchNormalization or Neg, over
/// `count` elements (kUnknown: any). Throws kCannotLower.
Affine affine_of(const nn::Graph& graph, const nn::Node& node, nn::ValueId data, int count);

/// Bounds of a Clip (infinite where omitted). Attributes up to opset 10, inputs after.
std::pair<double, double> clip_bounds(const nn::Graph& graph, const nn::Node& node);

/// The elements that `value`, a constant, adds to a sample of `count`. Throws kCannotLower.
Eigen::VectorXd constant_elements(const nn::Graph& graph, const nn::Node& node, nn::ValueId value,
                                  int count);

/// Throws kCannotLower unless the node's output has the shape of `data`.
void require_same_shape(const nn::Graph& graph, const nn::Node& node, nn::ValueId data);

/// Folds the map of a term's inputs into the term and the product's offset. Integer weights become
/// real ones if their rows need a factor each.
void absorb(const Affine& before, Term& term, Eigen::VectorXd& offset);

/// Narrows the signal's quantiser to what its bounds let through. Throws kCannotLower at `node` if
/// nothing is left.
void bound_quantiser(Signal& signal, const nn::Node& node);

/// Throws kCannotLower unless codes on either side of the zero point, or above it, are left.
void require_range(const Quantiser& quantiser, const nn::Node& node);

/// Elements of one sample of `value`: all extents but the first; all of them for samples that are
/// columns. kUnknown if the shape does not tell.
std::int64_t elements_per_sample(const nn::Graph& graph, nn::ValueId value, bool columns);

/// Throws kCannotLower, at `where`, past the 2^30 elements that a tensor may have.
void require_count(std::int64_t elements, const std::string& where);

/// Throws kCannotLower unless Softmax or ArgMax works along the last axis of `data`.
void require_last_axis(const nn::Graph& graph, const nn::Node& node, nn::ValueId data);

}  // namespace quant
