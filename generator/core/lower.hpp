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

/// Positions of a row that travel side by side in a token, by tensor: so many copies has the layer
/// that makes it. Empty: one of each.
using Duplication = base::IdVector<quant::TensorId, int>;

/// Cuts every layer of `network` into core-ops. A weight w on a signed input occupies two rows, w
/// and -w; a signed output two columns, W and -W. Throws kWeightRange (naming the layer) if -w does
/// not fit the weight bits; kCannotMap for a layer that walks over what is no map, for a greatest
/// whose window meets nothing but padding, for an output that is a part of a map, and if no layer
/// is a product.
///
/// Inputs that are maps of several sizes stand in maps of one (core/frames.hpp), and so do outputs:
/// views behind all layers show the smaller ones so.
///
/// A layer that walks over maps reads views of its inputs' streams. Its groups share crossbars, as
/// many as fit in, block by block along the diagonal.
///
/// With `duplication` (see core/duplicate.hpp for one that holds together) each copy of a layer
/// reads its own position of a token, or its own window of a view. A layer of single positions
/// reads a view, too, if its input travels otherwise. Throws kInternal for what no token holds:
/// more positions than a row has, a table of another number than its input, tensors of a frame in
/// several numbers of tokens.
Program lower(const quant::Network& network, TileSize tile, const Duplication& duplication = {});

/// Checks a program against its network without lower()'s own helpers: every weight of every layer
/// is met exactly once for each sign combination, lanes cover the buses, cascades are complete.
/// Throws kInternal naming the first fault.
void check(const Program& program, const quant::Network& network, TileSize tile);

}  // namespace core
