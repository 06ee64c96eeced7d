// Ranges of float tensors from real inputs.
#pragma once

#include <Eigen/Core>
#include <span>
#include <vector>

#include "nn/graph.hpp"
#include "quant/draft.hpp"
#include "quant/quantise.hpp"

namespace quant {

/// Values that each of `taps` takes over the calibration samples (an array an input of the graph,
/// samples first, in any shape with that input's number of elements a sample). A model of fixed
/// batch is run batch by batch. Throws kCalibrationShape, and kNotFinite for NaN or infinity.
std::vector<std::vector<float>> observe(const nn::Graph& graph,
                                        const std::vector<nn::Array>& samples,
                                        const std::vector<Tap>& taps);

/// Where the elements of an input lie, each for itself.
struct Features {
  Eigen::VectorXd low;
  Eigen::VectorXd
      span;  ///< from the least to the greatest value; of constant ones the greatest span
  double greatest = 0.0;  ///< magnitude of any
  double middle = 0.0;    ///< span of the middle one of those that vary

  /// Whether the middle one spans less than a quarter of what a common step has to reach.
  bool are_uneven() const { return middle > 0 && middle < greatest / 4; }
};

/// Of values that are samples of `count` elements, one after the other.
Features features_of(std::span<const float> values, int count);

/// Magnitude at which a tensor of `bits` magnitude bits is to saturate; 1 if all values are 0. For
/// kMse every n-th value is looked at, so that at most 2^17 are.
double range_of(std::span<const float> values, int bits, Method method, double percentile);

}  // namespace quant
