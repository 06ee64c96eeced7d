// Scales of a tensor's elements, each for itself: they move between what makes a tensor and what
// reads it, and leave the function of the network as it is.
#pragma once

#include "quant/draft.hpp"
#include "quant/formats.hpp"

namespace quant {

/// Divides each element i of a float tensor by a unit and multiplies the weights that read it by
/// the same. With a the reach of the element over the calibration samples and r the greatest
/// magnitude of a weight that reads it,
///   unit_i = sqrt(a_i / r_i), after which both are sqrt(a_i r_i).
/// These are the scales of cross-layer equalisation (Nagel et al., Data-Free Quantization Through
/// Weight Equalization and Bias Correction, ICCV 2019, eq. 11: s_i = sqrt(r1_i r2_i) / r2_i) with
/// what was seen of the element in place of r1, the range of the weights before it: columns have
/// thresholds of their own, so only tensors have a common step.
///
/// A tensor takes them if the variance that its rounding and that of all weights beside it is
/// expected to add to what reads it falls by a fifth: it rises where a sum has weights of
/// 1 as well, which a residual's skip brings, and they set the column's step. Tensors that may take
/// them: those of real weights on both sides, without format or bound other than 0, that are
/// features and no result; from the last to the first, so that a layer's columns are final when its
/// rows are looked at. Float inputs that real weights read (or sums, weights 1) as well, if the
/// variance falls by half, as samples to come may leave the range of one element sooner than that
/// of all: then the host also takes the least value of each element to 0 (Signal::encoding).
///
/// `seen` follows: ranges are those after it, Observed::unit says by what the elements were
/// divided.
void rescale(Draft& draft, Observations& seen, const Options& options);

}  // namespace quant
