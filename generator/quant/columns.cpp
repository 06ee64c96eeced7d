#include "quant/columns.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/bits.hpp"
#include "base/error.hpp"

namespace quant {

namespace {

[[noreturn]] void threshold_too_small(const std::string& where) {
  base::fail(base::Code::kThresholdTooSmall,
             "an output step is finer than the least that a weight can contribute", where,
             "raise pe.weight_bits, or give the layer's output a coarser scale");
}

std::string cure_for(int weight_bits) {
  constexpr int kMostWeightBits = 16;  // of a WeightMatrix
  return weight_bits <= kMostWeightBits
             ? fmt::format("set pe.weight_bits to {} or more", weight_bits)
             : fmt::format("quantise the model's weights to {} bits or fewer", kMostWeightBits);
}

// Greatest threshold that makes sense: beyond the greatest weighted sum, all weights together move
// the output by less than a step. The second bound keeps sums in 62 bits.
double threshold_cap(std::int64_t rows, const LayerScales& scales) {
  const double sums = static_cast<double>(rows) * static_cast<double>(scales.weight_limit) *
                      static_cast<double>(scales.input_limit);
  return std::clamp(sums, 1.0, std::ldexp(1.0, 44));
}

// Rounds the bias and bounds it to where the output stays saturated whatever the inputs are.
void set_bias(Column& column, double bias, const LayerScales& scales) {
  const double sums =
      column.weights.cast<double>().cwiseAbs().sum() * static_cast<double>(scales.input_limit);
  const double bound =
      sums + static_cast<double>(column.threshold) * static_cast<double>(scales.output_limit + 1);
  column.bias = static_cast<std::int64_t>(std::clamp(std::round(bias), -bound, bound));
}

// No weight: the output is the bias in output steps.
Column dead_column(Eigen::Index rows, double bias, const LayerScales& scales) {
  Column result;
  result.weights = Eigen::VectorXi::Zero(rows);
  result.weight_scale = scales.output / scales.input;
  set_bias(result, bias / scales.output, scales);
  return result;
}

// The least-error whole factor for weights and threshold: the smallest of the best.
std::int64_t best_factor(double ratio, std::int64_t greatest) {
  std::int64_t best = 0;
  double least = 0;
  for (std::int64_t factor = 1; factor <= greatest; ++factor) {
    const double exact = ratio * static_cast<double>(factor);
    const double threshold = std::max(1.0, std::round(exact));
    const double error = std::abs(threshold - exact) / exact;
    if (best == 0 || error < least - 1e-12) {
      best = factor;
      least = error;
    }
  }
  return best;
}

}  // namespace

Column float_column(const Eigen::VectorXd& weights, double bias, const LayerScales& scales,
                    const std::string& where) {
  const double most = weights.cwiseAbs().maxCoeff();
  if (most == 0) return dead_column(weights.size(), bias, scales);
  const double limit = static_cast<double>(scales.weight_limit);
  const double ratio = scales.output * limit / (most * scales.input);
  // A step that was raised to a threshold of 1 may miss it by a rounding error.
  const double threshold =
      std::floor(std::min(ratio * (1 + 1e-12), threshold_cap(weights.size(), scales)));
  if (threshold < 1) threshold_too_small(where);
  Column result;
  result.threshold = static_cast<std::int64_t>(threshold);
  result.weight_scale = scales.output / (threshold * scales.input);
  result.weights =
      (weights.array() / result.weight_scale).round().cwiseMin(limit).cwiseMax(-limit).cast<int>();
  set_bias(result, bias / (result.weight_scale * scales.input), scales);
  return result;
}

Column integer_column(const Eigen::VectorXd& weights, double step, double bias,
                      const LayerScales& scales, const std::string& where) {
  const double most = weights.cwiseAbs().maxCoeff();
  if (most == 0 || step == 0) return dead_column(weights.size(), bias, scales);
  const Eigen::VectorXd turned = step < 0 ? Eigen::VectorXd(-weights) : weights;
  // The most negative number is a weight, but has no counterpart for the negative lane of an input.
  const double low = static_cast<double>(-scales.weight_limit - (scales.signed_input ? 0 : 1));
  if (turned.minCoeff() < low || turned.maxCoeff() > static_cast<double>(scales.weight_limit))
    base::fail(base::Code::kWeightBits,
               fmt::format("integer weights from {} to {} exceed [{}, {}]", turned.minCoeff(),
                           turned.maxCoeff(), low, scales.weight_limit),
               where, cure_for(base::clog2(static_cast<std::uint64_t>(most) + 1) + 1));
  const double ratio = scales.output / (std::abs(step) * scales.input);
  if (ratio > threshold_cap(weights.size(), scales))
    return float_column(weights * step, bias, scales, where);
  const std::int64_t factor = best_factor(
      ratio, std::max<std::int64_t>(1, scales.weight_limit / static_cast<std::int64_t>(most)));
  const double exact = ratio * static_cast<double>(factor);
  if (exact < 0.5) threshold_too_small(where);
  Column result;
  result.threshold = std::max<std::int64_t>(1, std::llround(exact));
  result.threshold_error = std::abs(static_cast<double>(result.threshold) - exact) / exact;
  result.weight_scale = std::abs(step) / static_cast<double>(factor);
  result.weights = (turned * static_cast<double>(factor)).cast<int>();
  set_bias(result, bias / (result.weight_scale * scales.input), scales);
  return result;
}

}  // namespace quant
