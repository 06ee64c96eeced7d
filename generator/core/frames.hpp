// How tensors of several sizes travel side by side on a stream of the host's: each of a token's
// tensors has a position in it, so that all of them need maps of as many positions. A smaller one
// stands spread out in a map of the common size.
#pragma once

#include <optional>
#include <vector>

#include "core/program.hpp"
#include "quant/network.hpp"

namespace core {

/// The map that all tensors of these shapes, one side of the host's, travel in: of their greatest
/// height and width. None if all have as many positions: each travels as it is.
std::optional<quant::Pair> common_map(const std::vector<quant::Shape>& shapes);

/// Where a map of an input stands in `common`: from the first position on, evenly apart, so that
/// each comes about when those of the others come that belong to the same part of an image. Side by
/// side if some layer of `network` sees it, or a table of it, repeated, or the host has a table of
/// it: lines that are apart cannot be seen so.
Inset input_inset(const quant::Network& network, quant::TensorId input, quant::Pair common);

/// Where a map of extents `own` of an output stands in `common`: evenly apart, each position as
/// late as its part of an image ends.
Inset output_inset(quant::Pair own, quant::Pair common);

}  // namespace core
