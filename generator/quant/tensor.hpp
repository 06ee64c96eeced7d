// Tensors of integers: how they are stored and read. All that the stages below quant/ know of a
// network's numbers; what computes them is network.hpp.
#pragma once

#include <Eigen/Core>
#include <algorithm>
#include <cstdint>
#include <memory>

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

/// Extents across a map.
struct Pair {
  int y = 1;
  int x = 1;
  int area() const { return y * x; }
  bool operator==(const Pair&) const = default;
};

/// The elements of one sample: channel by channel, each row by row. Features are channels of one
/// position.
struct Shape {
  int channels = 0;
  int height = 1;
  int width = 1;

  Shape() = default;
  Shape(int of_channels, int of_height = 1, int of_width = 1)
      : channels(of_channels), height(of_height), width(of_width) {}
  int positions() const { return height * width; }
  int count() const { return channels * positions(); }
  bool operator==(const Shape&) const = default;
};

/// A kernel and how it walks over maps of extents `map`. As it stands it is one tap on the one
/// position of features.
struct Window {
  Pair kernel{};
  Pair stride{};
  Pair dilation{};
  Pair pad_begin{0, 0};
  Pair pad_end{0, 0};  ///< positions behind the map that windows may reach
  Pair map{};

  int taps() const { return kernel.area(); }
  /// Windows along both axes; less than 1 where the kernel reaches beyond the padded map.
  Pair windows() const;
  /// Whether there is one position, and one tap on it.
  bool is_point() const { return *this == Window(); }
  /// The position of the map, counted row by row, that tap `tap` of window `window` meets; -1 for
  /// padding.
  int position(int window, int tap) const;
  bool operator==(const Window&) const = default;
};

/// What becomes of a quotient midway between two integers.
enum class Rounding {
  kHalfUp,    ///< the greater magnitude
  kHalfEven,  ///< the even one, as ONNX's quantisers do
};

/// Integers of a batch: one row a sample, one column an element.
using IntegerBatch = Eigen::Matrix<std::int32_t, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

}  // namespace quant
