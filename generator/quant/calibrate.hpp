// Ranges of float tensors from real inputs.
#pragma once

#include <Eigen/Core>
#include <span>
#include <vector>

#include "nn/graph.hpp"
#include "quant/draft.hpp"
#include "quant/quantise.hpp"

namespace quant {

/// What calibration keeps of the values at a tap, however many they are: where each element lies,
/// and every n-th value.
class Seen {
 public:
  Seen() = default;
  /// For `total` values, samples of `count` elements one after the other.
  Seen(std::size_t total, int count);
  /// Of such values.
  Seen(std::span<const float> values, int count);

  void add(float value);
  bool empty() const { return taken_ == 0; }
  /// Least and greatest value of every element.
  const Eigen::VectorXd& low() const { return low_; }
  const Eigen::VectorXd& high() const { return high_; }
  double greatest() const;  ///< magnitude
  /// At most 2^17 values, evenly spread over all.
  std::span<const float> kept() const { return kept_; }

 private:
  std::size_t stride_ = 1;
  std::size_t taken_ = 0;
  Eigen::VectorXd low_;
  Eigen::VectorXd high_;
  std::vector<float> kept_;
};

/// What each of `taps` sees of the calibration samples (an array an input of the graph, samples
/// first, in any shape with that input's number of elements a sample). A model of fixed batch is
/// run batch by batch. Throws kCalibrationShape, and kNotFinite for NaN or infinity.
std::vector<Seen> observe(const nn::Graph& graph, const std::vector<nn::Array>& samples,
                          const std::vector<Tap>& taps);

/// Where the elements of an input lie, each for itself.
struct Features {
  Eigen::VectorXd low;
  /// From the least to the greatest value; of constant ones the greatest span.
  Eigen::VectorXd span;
  double greatest = 0.0;  ///< magnitude of any
  double middle = 0.0;    ///< span of the middle one of those that vary

  /// Whether the middle one spans less than a quarter of what a common step has to reach.
  bool are_uneven() const { return middle > 0 && middle < greatest / 4; }
};
Features features_of(const Seen& seen);

/// Magnitude at which a tensor of `bits` magnitude bits is to saturate; 1 if all values are 0.
/// kPercentile and kMse look at the values that were kept.
double range_of(const Seen& seen, int bits, Method method, double percentile);

}  // namespace quant
