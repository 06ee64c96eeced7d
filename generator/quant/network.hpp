// The integer network: what the hardware computes, as a graph of rules over tensors of integers.
//
// A tensor holds integers q that stand for the real values scale * q, low <= q <= high. A signed
// one travels as a pair of unsigned lanes x+ and x- (at most one of them non-zero).
#pragma once

#include <Eigen/Core>
#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/id_vector.hpp"
#include "base/strong_id.hpp"

namespace quant {

using LayerId = base::StrongId<struct LayerTag>;
using TensorId = base::StrongId<struct TensorTag>;

/// Two bytes a weight: weights have at most 16 bits, and networks have many.
using WeightMatrix = Eigen::Matrix<std::int16_t, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using WideVector = Eigen::Matrix<std::int64_t, Eigen::Dynamic, 1>;

/// A matrix that the stages share: a copy is a reference to the same weights, so that core-ops, PEs
/// and designs can view them without holding them.
class Weights {
 public:
  Weights() : Weights(WeightMatrix()) {}
  Weights(WeightMatrix matrix) : matrix_(std::make_shared<WeightMatrix>(std::move(matrix))) {}

  const WeightMatrix& matrix() const { return *matrix_; }
  Eigen::Index rows() const { return matrix_->rows(); }
  Eigen::Index cols() const { return matrix_->cols(); }
  Eigen::Index size() const { return matrix_->size(); }
  std::int32_t operator()(Eigen::Index row, Eigen::Index col) const { return (*matrix_)(row, col); }
  bool operator==(const Weights& other) const { return matrix() == other.matrix(); }

  /// The matrix for writing; first a copy of its own if anybody else refers to it.
  WeightMatrix& edit() {
    if (matrix_.use_count() > 1) matrix_ = std::make_shared<WeightMatrix>(*matrix_);
    return *matrix_;
  }

 private:
  std::shared_ptr<WeightMatrix> matrix_;
};

/// How a tensor's integers are to be read, and where they end: the only place that knows a word
/// length.
struct Format {
  int bits = 6;  ///< of the greatest magnitude, 1..16
  bool is_signed = false;
  double scale = 1.0;      ///< real value of one step, > 0
  std::int32_t low = 0;    ///< least code, <= 0; 0 unless signed
  std::int32_t high = 63;  ///< greatest code, > 0; both within 2^bits - 1

  std::int32_t magnitude() const { return std::max(-low, high); }
  bool operator==(const Format&) const = default;
};

/// The format that takes all codes of `bits` bits: 0 .. 2^bits - 1, or both signs of that.
inline Format full_format(int bits, bool is_signed, double scale = 1.0) {
  const std::int32_t top = (std::int32_t{1} << bits) - 1;
  return {bits, is_signed, scale, is_signed ? -top : 0, top};
}

/// One sample's values between layers.
struct Tensor {
  std::string name;  ///< of the graph's input, or of the layer that makes it
  int count = 0;     ///< elements
  Format format;
};

/// `count` elements of `tensor` from `first`.
struct Source {
  TensorId tensor;
  int first = 0;
  int count = 0;
  bool operator==(const Source&) const = default;
};

/// What becomes of a quotient midway between two integers.
enum class Rounding {
  kHalfUp,    ///< the greater magnitude
  kHalfEven,  ///< the even one, as ONNX's quantisers do
};

/// One matrix product with its requantisation. With x the concatenated inputs and t = threshold[c],
///   S = bias[c] + sum_r weights(r, c) * x[r],  y[c] = clip(round(S / t), low, high)
/// where round() is to nearest and low and high are those of the output's format.
struct Product {
  std::vector<Source> inputs;  ///< concatenated; their counts add up to weights.rows()
  Weights weights;       ///< inputs x outputs, |w| < 2^(weight_bits - 1), or -2^(weight_bits - 1)
  WideVector bias;       ///< in units of the sum S
  WideVector threshold;  ///< > 0
  Rounding rounding = Rounding::kHalfUp;
};

/// A tensor and how it is computed.
struct Layer {
  std::string name;  ///< of the ONNX node
  TensorId output;   ///< which no other layer makes
  Product product;
  std::vector<double> weight_scale;  ///< real value of a weight step, a column
  double float_scale_error = 0.0;    ///< worst relative error of a threshold rounded to an integer

  int rows() const { return static_cast<int>(product.weights.rows()); }
  int cols() const { return static_cast<int>(product.weights.cols()); }
};

/// How the host turns an input's real values into integers, beside the tensor's format:
///   q = clip(round_half_even((gain * value + offset) / scale), low, high)
struct InputEncoding {
  double gain = 1.0;
  double offset = 0.0;
};

/// Tensors and the layers that make them, in topological order.
struct Network {
  std::string name;
  int weight_bits = 8;  ///< signed
  base::IdVector<TensorId, Tensor> tensors;
  base::IdVector<LayerId, Layer> layers;
  std::vector<TensorId> inputs;          ///< which no layer makes
  std::vector<InputEncoding> encodings;  ///< one an input
  std::vector<Source> outputs;           ///< concatenated: what the host reads

  const Format& format_of(TensorId id) const { return tensors[id].format; }
  int input_count() const;   ///< elements of all inputs together
  int output_count() const;  ///< elements of all outputs together
  int widest_bits() const;   ///< of all tensors
};

/// Integers of a batch: one row a sample, one column an element.
using IntegerBatch = Eigen::Matrix<std::int32_t, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

}  // namespace quant
