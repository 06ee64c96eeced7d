// The integer network: what the hardware computes, written as integers and their scales.
//
// Every tensor holds integers q that stand for the real value scale * q. Unsigned tensors lie in
// [0, 2^bits - 1]; signed ones in [-(2^bits - 1), 2^bits - 1] and travel as a pair of unsigned
// lanes x+ and x- (at most one of them non-zero).
#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/strong_id.hpp"

namespace quant {

using LayerId = base::StrongId<struct LayerTag>;

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

/// How a tensor's integers are to be read.
struct Format {
  int bits = 6;  ///< magnitude bits, 1..16
  bool is_signed = false;
  double scale = 1.0;  ///< real value of one step, > 0
};

/// `count` elements of a layer's output (or of the network's input, if `source` is invalid) from
/// `first`.
struct Slice {
  LayerId source;
  int first = 0;
  int count = 0;
};

/// One matrix product with its requantisation, for column c:
///   S = bias[c] + sum_r weights(r, c) * x[r]
///   unsigned output: y = clip(floor((S + floor(t/2)) / t), 0, 2^bits - 1), t = threshold[c]
///   signed output:   y = y(S) - y(-S), each half by the rule above
struct Dense {
  std::string name;           ///< of the ONNX node
  std::vector<Slice> inputs;  ///< concatenated; their counts add up to weights.rows()
  Weights weights;       ///< inputs x outputs, |w| < 2^(weight_bits - 1), or -2^(weight_bits - 1)
  WideVector bias;       ///< in units of the sum S
  WideVector threshold;  ///< > 0
  Format output;
  std::vector<double> weight_scale;  ///< real value of a weight step, a column
  double float_scale_error = 0.0;    ///< worst relative error of a threshold rounded to an integer
};

/// How the host turns a sample's real values into the network's integers, beside the input's
/// format:
///   q = clip(round_half_even((gain * value + offset) / scale), low, high), then the format's own
///   range
struct InputEncoding {
  double gain = 1.0;
  double offset = 0.0;
  std::int32_t low = -65535;
  std::int32_t high = 65535;
};

/// Layers in topological order; the last one is the network's output.
struct Network {
  std::string name;
  std::string input_name;
  Format input;
  InputEncoding encoding;
  int input_count = 0;
  int weight_bits = 8;  ///< signed
  int activation_bits = 6;
  std::vector<Dense> layers;

  const Dense& layer(LayerId id) const { return layers[id.index()]; }
  /// Format of what `id` delivers; the network's input if `id` is invalid.
  const Format& format_of(LayerId id) const { return id.valid() ? layer(id).output : input; }
};

/// Integers of a batch: one row a sample, one column an element.
using IntegerBatch = Eigen::Matrix<std::int32_t, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

}  // namespace quant
