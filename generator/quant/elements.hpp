// Elements of carried values, one by one: what moves and orders them.
#pragma once

#include <vector>

#include "quant/builder.hpp"

namespace quant {

/// The elements of `in` that `elements` names, in that order; what lies behind each other in a
/// signal is one piece.
Carried taken(const Carried& in, const std::vector<int>& elements);

/// The same if `all` says where each of its elements lies.
Carried gathered(const Carried& in, const std::vector<Piece>& all,
                 const std::vector<int>& elements);

/// The elements of `in` in another order: those of a signal together and as they lie in it, signals
/// as they come first.
std::vector<int> signal_order(const Carried& in);

}  // namespace quant
