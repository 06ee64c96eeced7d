// Means of windows: what AveragePool and QLinearAveragePool share.
#pragma once

#include "nn/window.hpp"

namespace nn {

/// Writes to `out` the mean of each window that the node's kernel (none: the whole map) meets of
/// `x`, both floating of one type, `out` of the shape that infer_pool() gives. Padding counts as
/// zeros if count_include_pad is set.
void mean_pool(const Call& call, const Array& x, Array& out);

/// The attributes of pools, and count_include_pad.
std::vector<AttributeDef> mean_pool_attributes();

}  // namespace nn
