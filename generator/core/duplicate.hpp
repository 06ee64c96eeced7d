// How many copies each layer has: the allocation of the temporal-to-spatial mapper.
//
// Source: FPSA (Ji et al., ASPLOS 2019) and the allocator of PolyXB (Han et al., ACM JETC 2022):
// weight groups, reuse degrees, copies for the slowest groups first. Here the copies of a layer
// make neighbouring positions of a row, so a group's windows a sample are rows * ceil(width /
// copies).
#pragma once

#include <functional>

#include "core/lower.hpp"

namespace core {

/// The slowest layer has `degree` copies, or as many as its rows have positions; every other layer
/// as many as it takes to have no more windows a sample than the slowest. Inputs and maxima follow:
/// they come so many positions a token.
///
/// `once` is the network lowered without copies: its core-ops are the PEs of a copy. Tensors that
/// travel in the same tokens have one number: all inputs, all outputs, a table and its input; 1 if
/// their maps differ.
Duplication balanced(const quant::Network& network, const Program& once, int degree);

/// The same for the greatest degree whose PEs are no more than `pes`: the layers of the most
/// windows get another copy as long as that fits. Throws kDoesNotFit if one copy of each does not.
Duplication within(const quant::Network& network, const Program& once, int pes);

/// Of a core-op's PE, above 0, in the unit of a budget.
using Cost = std::function<double(const CoreOp&)>;

/// The same for a budget in another unit, area for one. One copy of each layer is there whatever it
/// costs: see that the budget holds it.
Duplication within(const quant::Network& network, const Program& once, double budget,
                   const Cost& cost);

}  // namespace core
