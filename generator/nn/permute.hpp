// The axes of an array in another order.
#pragma once

#include <vector>

#include "nn/graph.hpp"

namespace nn {

/// `array` with axis i being its axis axes[i]; `axes` is a permutation of all its axes.
Array permuted(const Array& array, const std::vector<std::size_t>& axes);

}  // namespace nn
