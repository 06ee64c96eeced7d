// One output column of a layer: real weights or model integers into weights, bias and threshold.
#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <string>

namespace quant {

/// Steps and limits that all columns of a layer share.
struct LayerScales {
  double input = 1.0;               ///< real value of an input step
  double output = 1.0;              ///< real value of an output step
  std::int64_t input_limit = 63;    ///< greatest magnitude of an input
  std::int64_t output_limit = 63;   ///< greatest magnitude of an output
  std::int64_t weight_limit = 127;  ///< 2^(weight_bits - 1) - 1
  bool signed_input = false;
  bool exact_rounding = false;  ///< a bias between two integers is kept away from ties
};

struct Column {
  Eigen::VectorXi weights;
  std::int64_t bias = 0;
  std::int64_t threshold = 1;
  double weight_scale = 1.0;     ///< real value of a weight step
  double threshold_error = 0.0;  ///< worst relative error of a whole threshold or factor
  bool exact = false;  ///< y is that of real arithmetic for all inputs, ties apart from none
};

/// What is known of a column's inputs, a row, in real units of `LayerScales::input`; or nothing.
struct Moments {
  Eigen::VectorXd mean;
  Eigen::VectorXd variance;
};

/// Quantises y = clip(round((x . weights + bias) / output)) of real weights so that the threshold
/// is exact. A column without weights gets threshold 1. Without moments the weights keep their
/// range. With them, w' being the rounded weights,
/// - the bias takes what rounding adds to the sum on average, sum_r (w_r - w'_r) E[x_r] (bias
///   correction, Nagel et al., ICCV 2019, section 4.2, from samples);
/// - the range is clipped where sum_r Var[x_r] (w_r - w'_r)^2 is least: the mean square error that
///   is left of the sum, were the inputs independent;
/// - the threshold has no more bits than keep the noise of rounding the weights small beside that
///   of rounding the output.
/// Throws kThresholdTooSmall naming `where`.
Column float_column(const Eigen::VectorXd& weights, double bias, const LayerScales& scales,
                    const std::string& where, const Moments& inputs = {});

/// The same for y = clip(round((step * (x . weights) + bias) / output)) of integers that keep their
/// ratios; `step` may be negative. Throws kWeightBits, kThresholdTooSmall.
Column integer_column(const Eigen::VectorXd& weights, double step, double bias,
                      const LayerScales& scales, const std::string& where);

/// The same where row r is worth steps[r] (any sign) real units an input step, of inputs of several
/// scales: the rows of each step are multiplied by a whole factor of their own. If no factors keep
/// the weights in range, they are rounded like real ones. `scales.input` is 1.
Column mixed_column(const Eigen::VectorXd& weights, const Eigen::VectorXd& steps, double bias,
                    const LayerScales& scales, const std::string& where);

/// y = 1 where x . weights + bias / step >= 0, else 0, for integers; `step` may be negative. Rounds
/// nothing but the bias, downwards, and is exact.
Column sign_column(const Eigen::VectorXd& weights, double step, double bias,
                   const LayerScales& scales);

/// The same of real weights, rounded to as many bits as there are: not exact.
Column real_sign_column(const Eigen::VectorXd& weights, double bias, const LayerScales& scales);

}  // namespace quant
