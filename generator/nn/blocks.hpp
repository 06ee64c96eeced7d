// What DepthToSpace and SpaceToDepth share.
#pragma once

#include "nn/op_support.hpp"

namespace nn {

/// Extent of a block along both axes of a map.
AttributeDef blocksize_attribute();

/// Checks that `shape` holds maps of two axes and returns the node's blocksize. Throws kBadShape,
/// kBadAttribute.
std::int64_t check_blocks(const Node& node, const Shape& shape);

/// extent / by and extent * by, or kUnknown. Throws kBadShape if it is not whole, or above 2^31.
std::int64_t divided(const Node& node, std::int64_t extent, std::int64_t by);
std::int64_t times(const Node& node, std::int64_t extent, std::int64_t by);

/// evaluate(): input 0 seen in shape `split`, its axes in the order `axes`, as the output's shape.
std::vector<Array> rearranged(const Call& call, const Shape& split,
                              const std::vector<std::size_t>& axes);

}  // namespace nn
