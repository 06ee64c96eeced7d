// Products that are computed in words by block-circulant engines, not by crossbars.
#pragma once

#include "quant/draft.hpp"
#include "quant/formats.hpp"

namespace quant {

/// Makes the products of `draft` that `options` names dense layers of words (OpenCell of a kDense).
/// Such a product has one input, whole and as it was made, real weights, and no bound but a Relu's.
/// Throws all faults, kCannotLower each, naming the layer
/// and what it has instead, and kUnknownKey for a name that no layer has.
void take_dense(Draft& draft, const CellOptions& options);

/// The format of what `signal` answers, such a layer whose inputs have the format `from`: all codes
/// of its bits.
Format dense_format(const Signal& signal, const Observed& seen, bool is_result, const Format& from,
                    const Options& options);

}  // namespace quant
