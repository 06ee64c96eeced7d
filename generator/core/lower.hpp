// From the integer network to the program of core-ops, and the check of that step.
#pragma once

#include "core/program.hpp"
#include "quant/network.hpp"

namespace core {

/// Size of the crossbars to cut for.
struct TileSize {
  int rows = 256;
  int cols = 256;
};

/// Cuts every layer of `network` into core-ops. A weight w on a signed input occupies two rows, w
/// and -w; a signed output two columns, W and -W. Throws kWeightRange (naming the layer) if -w does
/// not fit the weight bits; kCannotMap for a layer that walks over what is no map, or takes the
/// greatest of signed values, and if the inputs, or the outputs, are maps of several sizes.
///
/// A layer that walks over maps reads views of its inputs' streams. Its groups share crossbars, as
/// many as fit in, block by block along the diagonal.
Program lower(const quant::Network& network, TileSize tile);

/// Checks a program against its network without lower()'s own helpers: every weight of every layer
/// is met exactly once for each sign combination, lanes cover the buses, cascades are complete.
/// Throws kInternal naming the first fault.
void check(const Program& program, const quant::Network& network, TileSize tile);

}  // namespace core
