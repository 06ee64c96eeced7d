// The tiles of a fabric and the pins that they have.
#pragma once

#include "fabric/architecture.hpp"

namespace fabric {

enum class Tile { kEmpty, kLogic, kIo };

/// What lies at column x, row y; kEmpty at the corners and outside.
Tile tile_at(const Architecture& architecture, int x, int y);

/// Input pins of a tile: clb_inputs of a logic tile, one a slot of an IO tile (what leaves there).
int inputs_of(const Architecture& architecture, Tile tile);
/// Output pins of a tile: one a LUT of a logic tile, one a slot of an IO tile (what enters there).
int outputs_of(const Architecture& architecture, Tile tile);

/// Throws kFabricRange with a fault for each field out of its range.
void validate(const Architecture& architecture);

}  // namespace fabric
