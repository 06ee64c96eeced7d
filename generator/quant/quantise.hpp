// From a graph to the integer network that the hardware computes.
#pragma once

#include "nn/graph.hpp"
#include "quant/network.hpp"

namespace quant {

/// How the range of a float tensor is chosen from calibration data.
enum class Method {
  kMax,         ///< the greatest magnitude seen
  kPercentile,  ///< the magnitude that `percentile` % of the values do not exceed
  kMse,         ///< the clip with the least mean square of rounding and clipping errors
};

struct Options {
  int weight_bits = 8;      ///< 2..16, signed
  int activation_bits = 6;  ///< 1..16
  Method method = Method::kMse;
  double percentile = 99.9;       ///< (0, 100]
  int most_activation_bits = 16;  ///< that the user may ask for: what a cure may name
};

/// What a model says of its own number formats.
struct ModelFormats {
  int weight_bits = 0;      ///< the widest integer weights need; 0: they are floats
  int activation_bits = 0;  ///< of the widest quantised activation; 0: they are floats
  bool complete = false;    ///< every activation has a format: no calibration is needed
};

/// The formats of `graph` (shapes inferred). Throws what chain_of() throws.
ModelFormats formats_of(const nn::Graph& graph);

/// The integer network of a chain of matrix products (see chain_of() for what a graph may hold;
/// shapes inferred). `calibration` holds real inputs, samples first; it may be empty if the model
/// brings the format of every activation.
///
/// Float tensors: the input is unsigned if no calibration value is negative; tensors behind a Relu
/// are unsigned, others signed. A column's weight step is s_w = s_out / (threshold * s_in) with the
/// greatest whole threshold that keeps its weights in range, so that no requantisation error arises
/// at all. The output step of a layer is at least the finest one that a threshold of 1 can give.
/// The input takes the greatest magnitude seen whatever the method is, and so does the output: its
/// top values decide.
///
/// Quantised tensors (QuantizeLinear, Quant, QLinearMatMul) keep the model's scales and integers,
/// weights up to a whole factor a column: weights and threshold are both multiplied by the factor
/// (within weight_bits) for which threshold = round(s_out / (s_w * s_in)) has the least relative
/// error, and Layer::float_scale_error reports the worst that is left. The bits of a tensor are
/// those of its greatest magnitude behind zero point and Relu: uint8 with zero point 0 has 8, int8
/// with zero point 0 has 7 and saturates at -127, uint8 with another zero point is signed and has
/// up to 8. Signed tensors saturate at
/// +-(2^activation_bits - 1), which may be later than in the model. Ties are rounded up, not to
/// even.
///
/// Biases are rounded to the sum's unit and bounded to where the output cannot change any more.
///
/// Throws what chain_of() throws, and kNoCalibration (a float tensor and no data),
/// kCalibrationShape (data that do not fit the input), kWeightBits (the model's weights need more
/// bits), kActivationBits (its activations have other bits than `options`), kMixedClips (an
/// unsigned tensor saturates below 2^activation_bits - 1), kThresholdTooSmall (an output step finer
/// than a weight step can give), kNotFinite.
Network quantise(const nn::Graph& graph, const nn::Array& calibration, const Options& options);

}  // namespace quant
