// Products of codes: whole numbers of them, which tensors have as they are (OpenProduct::of_codes).
#pragma once

#include <string>

#include "quant/draft.hpp"
#include "quant/network.hpp"
#include "quant/quantise.hpp"

namespace quant {

/// Weights, bias and thresholds of `open` for inputs of which the first has the format `first`.
/// Throws kWeightBits naming `where` if weights have more bits than `options` allow.
void set_whole_sums(Product& product, const OpenProduct& open, const Format& first,
                    const std::string& where, const Options& options);

/// Format of what `product`, of whole sums, makes of `open`: of as many bits as its codes need, in
/// steps of the inputs if it is one tensor that they are of, or means of one, else of 1; without
/// sign if `signal` has none. Throws kCannotLower naming it if they have more bits than `options`
/// allow, or if neurons do not end at any code.
Format whole_sum_format(const Network& network, const Product& product, const Signal& signal,
                        const Options& options);

}  // namespace quant
