// What real samples say of float tensors. Samples stream through the graph a few at a time; what is
// kept of them does not grow with their number.
#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <vector>

#include "nn/graph.hpp"
#include "quant/draft.hpp"
#include "quant/quantise.hpp"

namespace quant {

/// Where the elements of a tap lie, each for itself.
struct Ranges {
  Eigen::VectorXd low;   ///< the least value
  Eigen::VectorXd high;  ///< the greatest
  Eigen::VectorXd mean;
  Eigen::VectorXd variance;

  bool empty() const { return low.size() == 0; }
  double greatest() const;  ///< magnitude of any; 0 if empty
};

/// How often magnitudes occur, in bins of one width from 0 on, which doubles when a greater one
/// comes. What is 0 is in no bin: it is exact whatever the step is.
class Histogram {
 public:
  static constexpr int kBins = 4096;

  void add(double magnitude);  ///< finite
  std::int64_t zeros() const { return zeros_; }
  std::int64_t count() const;  ///< of all values, zeros among them
  /// Width of a bin; of all, the greatest magnitude fills half or more. 0: there were only zeros.
  double width() const { return width_; }
  /// The magnitude that `percentile` % of the values, zeros among them, do not exceed, to a bin.
  double percentile(double percentile) const;
  /// The clip, in hundredths of `greatest`, with the least mean square of rounding and clipping
  /// errors for codes up to `steps`.
  double least_square_clip(double greatest, double steps) const;

 private:
  double square_error(double clip, double steps) const;

  double width_ = 0.0;
  std::int64_t zeros_ = 0;
  std::vector<std::int64_t> bins_;
};

/// What to look at: the tap's elements, each divided by its unit.
struct Look {
  Tap tap;
  Eigen::VectorXd unit{};  ///< > 0, an element; empty: 1
};

/// What was seen there.
struct Seen {
  Ranges ranges;
  Histogram histogram;
};

/// What `looks` see of the calibration samples (an array an input of the graph, samples first, in
/// any shape with that input's number of elements a sample). A model of fixed batch is run batch by
/// batch. Throws kCalibrationShape, and kNotFinite for NaN or infinity.
std::vector<Seen> observe(const nn::Graph& graph, const std::vector<nn::Array>& samples,
                          const std::vector<Look>& looks);

}  // namespace quant
