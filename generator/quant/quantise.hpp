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
  int activation_bits = 6;  ///< 1..16, of float tensors
  Method method = Method::kMse;
  double percentile = 99.9;       ///< (0, 100]
  int most_activation_bits = 16;  ///< of any tensor, the model's own included
  int output_bits = 0;            ///< least, of float results; at least activation_bits
  /// Neurons end at any code and round half to even; else all tensors have the same bits, end where
  /// those do, and round half up.
  bool exact_neurons = true;
  CellOptions cells{};  ///< of recurrent layers
};

/// What a model says of its own number formats.
struct ModelFormats {
  int weight_bits = 0;      ///< the widest integer weights need; 0: they are floats
  int activation_bits = 0;  ///< of the widest quantised activation; 0: they are floats
  bool complete = false;    ///< every activation has a format: no calibration is needed
  int rows = 0;             ///< of the largest layers
  int cols = 0;
};

/// The formats of `graph` (shapes inferred). Throws what draft_of() throws.
ModelFormats formats_of(const nn::Graph& graph);

/// The integer network of a graph (see quant/ops/ for what it may hold; shapes inferred).
/// `calibration` holds real samples, an array an input, samples first; it may be empty if the model
/// brings the format of every activation.
///
/// Float tensors: an input is unsigned if no calibration value is negative; if its elements lie in
/// very different ranges, the host gives each a scale of its own and takes its least value to 0
/// (InputEncoding). Elements between real weights have a unit each where that makes less noise
/// (quant/rescale.hpp, Tensor::unit). Tensors behind a Relu and sums of nothing negative are
/// unsigned, others signed. A column's weight step is s_w = s_out / (threshold * s_in) with a whole
/// threshold, so that no requantisation error arises at all: of a layer over maps, or of inputs
/// that calibration has not seen, the greatest threshold that keeps the weights in range; else the
/// one with the least error of the sum, and the bias takes what rounding adds on average
/// (quant/columns.hpp). The output step of a layer is at least the finest one that a threshold of 1
/// can give; a clip's bound is not exceeded. Inputs take the greatest magnitude seen whatever the
/// method is, and so do results: their top values decide. Results may do without samples if all
/// else has a format: then their range is what their sums can reach.
///
/// Quantised tensors (QuantizeLinear, Quant, QLinearMatMul ...) keep the model's scales, codes and
/// rounding, weights up to a whole factor a column: weights and threshold are both multiplied by
/// the factor (within weight_bits) for which threshold = round(s_out / (s_w * s_in)) has the least
/// relative error, and Layer::float_scale_error reports the worst that is left. Layers that compute
/// their quantiser's codes exactly have Layer::is_exact. The bits of a tensor are those of its
/// greatest code's magnitude, zero point off: uint8 with zero point 0 has 8, int8 with zero point 0
/// as well, for its -128.
///
/// Biases are rounded to the sum's unit and bounded to where the output cannot change any more.
///
/// Throws what draft_of() throws, and kNoCalibration (a float tensor and no data),
/// kCalibrationShape (data that do not fit the inputs), kWeightBits (the model's weights need more
/// bits), kActivationBits (its activations have more bits than the hardware can have),
/// kThresholdTooSmall (an output step finer than a weight step can give, or coarser than a clip's
/// bound), kNotFinite.
Network quantise(const nn::Graph& graph, const std::vector<nn::Array>& calibration,
                 const Options& options);

/// The network that quantise() would make, but for its numbers: all weights and biases are 0, all
/// thresholds 1, scales mean nothing. Shapes, layers and bits are those of quantise(); signs are
/// too, but for two guesses: float inputs have no negative values, and weights that the graph has
/// as zeros (missing ones) are of both signs. What a graph that quantise() refuses for its numbers
/// alone (thresholds below 1, weights too wide) is not refused.
Network shapes_of(const nn::Graph& graph, const Options& options);

}  // namespace quant
