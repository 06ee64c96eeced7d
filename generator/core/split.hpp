// Split-merge: layers taller than a PE as part layers and a merge, FPSA's alternative to cascades.
#pragma once

#include "quant/network.hpp"

namespace core {

/// `network` with every layer of more than `rows` input lanes (see quant::input_lanes()) replaced
/// by part layers of at most `rows` lanes and a merge layer, the merge again split if it is too
/// tall. Layers that fit are kept as they are, ids renumbered. An output of the network that a
/// merge delivers in several pieces is made one tensor by a layer of weights 1.
///
/// Part j of a layer delivers p_j = round(S_j / t_j) of its partial sum S_j as a signed tensor (the
/// pair ReLU(p), ReLU(-p); a lone ReLU would erase negative sums), where t_j is the least
/// threshold, a column, at which the partial sums of the `calibration` samples do not saturate. All
/// parts of a column share one t, so the merge has the constant weight m = 2^(weight_bits - 1) - 1
/// for each part and the threshold round(threshold * m / t), and the bias, times m / t, is the
/// merge's. Parts are "<name>.part<j>", merges keep the layer's name.
///
/// Approximations: a part rounds to 2^bits - 1 steps a side, with the bits of the layer's output
/// (so the merged sum errs by up to parts * t / 2), partial sums beyond the calibration's saturate,
/// and the merge's threshold is rounded (float_scale_error grows by that). `calibration` are the
/// network's own integers, samples x input_count(). Throws kTooFewRows if `rows` cannot hold a
/// merge of two signed parts (rows < 4); kCannotMap for layers that walk over maps; kInternal if
/// `calibration` is empty or does not fit.
quant::Network split_tall_layers(const quant::Network& network, int rows,
                                 const quant::IntegerBatch& calibration);

}  // namespace core
