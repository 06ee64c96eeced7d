#include "quant/columns.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

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

// The threshold from which on a weight step adds little noise: to outputs a sixteenth of what their
// own rounding does, in standard deviations. With more bits neurons would grow for nothing. Inputs
// count for a step at the least, as some may have been 0 by chance.
double ample_threshold(const LayerScales& scales, const Moments& inputs) {
  const double seen = inputs.mean.squaredNorm() + inputs.variance.sum();
  const double power =
      seen / (scales.input * scales.input) + static_cast<double>(inputs.mean.size());
  return std::exp2(std::ceil(std::log2(16 * std::sqrt(power)))) - 1;
}

// Rounds the bias and bounds it to where the output stays saturated whatever the inputs are.
void set_bias(Column& column, double bias, const LayerScales& scales) {
  const double sums =
      column.weights.cast<double>().cwiseAbs().sum() * static_cast<double>(scales.input_limit);
  const double bound =
      sums + static_cast<double>(column.threshold) * static_cast<double>(scales.output_limit + 1);
  column.bias = static_cast<std::int64_t>(std::clamp(std::round(bias), -bound, bound));
}

// Sets the bias so that y rounds as real arithmetic does: no integer sum and bias between two
// integers is a tie. A threshold that is even and a bias that is not whole need twice the weights.
void set_exact_bias(Column& column, double bias, const LayerScales& scales) {
  const double whole = std::floor(bias + 1e-9);
  const bool is_whole = std::abs(bias - std::round(bias)) < 1e-9 * std::max(1.0, std::abs(bias));
  const bool fits = 2 * column.weights.cwiseAbs().maxCoeff() <= scales.weight_limit;
  column.exact = column.threshold_error < 1e-12;
  if (is_whole || column.threshold % 2 != 0) return set_bias(column, bias, scales);
  if (!fits) {
    column.exact = false;
    return set_bias(column, bias, scales);
  }
  column.weights *= 2;
  column.threshold *= 2;
  column.weight_scale /= 2;
  set_bias(column, 2 * whole + 1, scales);
}

void finish_bias(Column& column, double bias, const LayerScales& scales) {
  if (scales.exact_rounding) return set_exact_bias(column, bias, scales);
  set_bias(column, bias, scales);
}

// No weight: the output is the bias in output steps.
Column dead_column(Eigen::Index rows, double bias, const LayerScales& scales) {
  Column result;
  result.weights = Eigen::VectorXi::Zero(rows);
  result.weight_scale = scales.output / scales.input;
  const double steps = bias / scales.output;
  set_bias(result, scales.exact_rounding ? std::nearbyint(steps) : steps, scales);
  result.exact = true;
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

// The weights in steps of which `threshold` are an output step.
Column rounded(const Eigen::VectorXd& weights, double threshold, const LayerScales& scales) {
  const double limit = static_cast<double>(scales.weight_limit);
  Column result;
  result.threshold = static_cast<std::int64_t>(threshold);
  result.weight_scale = scales.output / (threshold * scales.input);
  result.weights =
      (weights.array() / result.weight_scale).round().cwiseMin(limit).cwiseMax(-limit).cast<int>();
  return result;
}

// What rounded() loses, each weight weighed by its input's variance.
double weighted_error(const Eigen::VectorXd& weights, double threshold, const LayerScales& scales,
                      const Eigen::VectorXd& variance) {
  constexpr double kToInteger = 0x1.8p52;  // adding it rounds to nearest, many at once
  const double limit = static_cast<double>(scales.weight_limit);
  const double step = scales.output / (threshold * scales.input);
  const auto codes = ((weights.array() / step + kToInteger) - kToInteger);
  const auto lost = weights.array() - step * codes.cwiseMin(limit).cwiseMax(-limit);
  return (lost.square() * variance.array()).sum();
}

// `full`, with which no weight is clipped, or a greater threshold up to `most` if that is worth it.
double best_threshold(const Eigen::VectorXd& weights, double full, double most,
                      const LayerScales& scales, const Eigen::VectorXd& variance) {
  double best = full;
  double least = weighted_error(weights, full, scales, variance);
  double before = full;
  for (const double part : {0.95, 0.9, 0.85, 0.8, 0.75, 0.7, 0.6, 0.5, 0.4}) {
    const double finer = std::floor(full / part);
    if (finer == std::exchange(before, finer)) continue;
    if (finer > most) break;
    const double error = weighted_error(weights, finer, scales, variance);
    if (error < least) {
      least = error;
      best = finer;
    }
  }
  return best;
}

}  // namespace

Column float_column(const Eigen::VectorXd& weights, double bias, const LayerScales& scales,
                    const std::string& where, const Moments& inputs) {
  const double most = weights.cwiseAbs().maxCoeff();
  if (most == 0) return dead_column(weights.size(), bias, scales);
  const double limit = static_cast<double>(scales.weight_limit);
  const double ratio = scales.output * limit / (most * scales.input);
  const bool known = inputs.mean.size() != 0;
  double cap = threshold_cap(weights.size(), scales);
  if (known) cap = std::min(cap, ample_threshold(scales, inputs));
  // A step that was raised to a threshold of 1 may miss it by a rounding error.
  double threshold = std::floor(std::min(ratio * (1 + 1e-12), cap));
  if (threshold < 1) threshold_too_small(where);
  if (known) threshold = best_threshold(weights, threshold, cap, scales, inputs.variance);
  Column result = rounded(weights, threshold, scales);
  const Eigen::VectorXd lost = weights - result.weight_scale * result.weights.cast<double>();
  if (known) bias += lost.dot(inputs.mean);
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
  finish_bias(result, bias / (result.weight_scale * scales.input), scales);
  return result;
}

namespace {

// Rows of one step, and the greatest of their weights.
struct Group {
  double step = 0.0;
  double most = 0.0;
};

std::vector<Group> groups_of(const Eigen::VectorXd& weights, const Eigen::VectorXd& steps) {
  std::vector<Group> groups;
  for (Eigen::Index r = 0; r < weights.size(); ++r) {
    if (weights[r] == 0 || steps[r] == 0) continue;
    const double step = std::abs(steps[r]);
    auto found = std::ranges::find(groups, step, &Group::step);
    if (found == groups.end()) found = groups.insert(found, {step, 0.0});
    found->most = std::max(found->most, std::abs(weights[r]));
  }
  return groups;
}

double relative_error(double rounded, double exact) { return std::abs(rounded - exact) / exact; }

// Worst error of whole factors for all groups and of a whole threshold, if the first group's factor
// is `factor`; infinite if a weight leaves its range.
double error_of(const std::vector<Group>& groups, double factor, double output, double limit) {
  const double unit = groups.front().step / factor;
  double worst = relative_error(std::max(1.0, std::round(output / unit)), output / unit);
  for (const Group& group : groups) {
    const double own = std::round(group.step / unit);
    if (own * group.most > limit) return std::numeric_limits<double>::infinity();
    worst = std::max(worst, relative_error(own, group.step / unit));
  }
  return worst;
}

// The least of the first group's factors that have the least error; 0 if there is none.
double best_common_factor(const std::vector<Group>& groups, double output, double limit) {
  double best = 0;
  double least = std::numeric_limits<double>::infinity();
  for (double factor = 1; factor * groups.front().most <= limit; ++factor) {
    const double error = error_of(groups, factor, output, limit);
    if (error < least - 1e-12) {
      least = error;
      best = factor;
    }
  }
  return best;
}

}  // namespace

Column mixed_column(const Eigen::VectorXd& weights, const Eigen::VectorXd& steps, double bias,
                    const LayerScales& scales, const std::string& where) {
  std::vector<Group> groups = groups_of(weights, steps);
  if (groups.empty()) return dead_column(weights.size(), bias, scales);
  std::ranges::sort(groups, std::ranges::greater(), &Group::step);
  const double limit = static_cast<double>(scales.weight_limit);
  const double factor = best_common_factor(groups, scales.output, limit);
  const double unit = factor > 0 ? groups.front().step / factor : 0.0;
  const double exact = factor > 0 ? scales.output / unit : 0.0;
  if (factor == 0 || exact < 0.5 || exact > threshold_cap(weights.size(), scales))
    return float_column(weights.cwiseProduct(steps), bias, scales, where);
  Column result;
  result.threshold = std::max<std::int64_t>(1, std::llround(exact));
  result.threshold_error = error_of(groups, factor, scales.output, limit);
  result.weight_scale = unit;
  result.weights.resize(weights.size());
  for (Eigen::Index r = 0; r < weights.size(); ++r)
    result.weights[r] = static_cast<int>(weights[r] * std::round(steps[r] / unit));
  finish_bias(result, bias / unit, scales);
  return result;
}

Column sign_column(const Eigen::VectorXd& weights, double step, double bias,
                   const LayerScales& scales) {
  Column result;
  result.weight_scale = std::abs(step);
  result.exact = true;
  if (step == 0 || weights.isZero(0)) {
    result.weights = Eigen::VectorXi::Zero(weights.size());
    result.weight_scale = 1.0;
    result.bias = bias >= 0 ? 1 : -1;
    return result;
  }
  result.weights = (step < 0 ? Eigen::VectorXd(-weights) : weights).cast<int>();
  // S + 1, clipped to [0, 1], is 1 from S = 0 on.
  set_bias(result, std::floor(bias / std::abs(step) + 1e-9) + 1, scales);
  return result;
}

Column real_sign_column(const Eigen::VectorXd& weights, double bias, const LayerScales& scales) {
  const double most = weights.cwiseAbs().maxCoeff();
  const double step = most > 0 ? most / static_cast<double>(scales.weight_limit) : 0.0;
  const Eigen::VectorXd whole =
      step > 0 ? (weights / step).array().round().matrix().eval() : weights;
  Column column = sign_column(whole, step, bias, scales);
  column.exact = false;
  return column;
}

}  // namespace quant
