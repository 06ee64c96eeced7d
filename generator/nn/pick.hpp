// Arrays made of another's elements, chosen axis by axis: what Pad, Resize and Upsample share.
#pragma once

#include <vector>

#include "nn/op_support.hpp"

namespace nn {

/// For each axis of a result, the position in the source that each of its positions shows, or
/// kNowhere.
using Picks = std::vector<std::vector<std::int64_t>>;
inline constexpr std::int64_t kNowhere = -1;

/// Copies to `out` the elements of `x` that `picks` names, one list an axis; `out` keeps what it
/// holds where an axis shows nothing. `out` has as many positions as the lists, and x's type.
void pick(const Array& x, const Picks& picks, Array& out);

}  // namespace nn
