// The tiles of a fabric and the pins that they have; the ranges of an architecture's fields.
#pragma once

#include <utility>

#include "fabric/architecture.hpp"

namespace fabric {

enum class Tile { kEmpty, kLogic, kIo, kHard };

/// What lies at column x, row y; kEmpty at the corners and outside.
Tile tile_at(const Architecture& architecture, int x, int y);

/// Which of Architecture::hard fills the column; -1: none.
int hard_in(const Architecture& architecture, int column);

/// Input pins of the tile there: clb_inputs of a logic tile, one a slot of an IO tile (what leaves
/// there), those of its ports of a hard tile.
int inputs_at(const Architecture& architecture, int x, int y);
/// Output pins: one a LUT of a logic tile, one a slot of an IO tile (what enters there), those of
/// its ports of a hard tile.
int outputs_at(const Architecture& architecture, int x, int y);

/// Those of them that wires of the channels lead to or from: all but the ends of a link.
int routed_inputs_at(const Architecture& architecture, int x, int y);
int routed_outputs_at(const Architecture& architecture, int x, int y);

/// Column and row of the tile in the middle.
std::pair<int, int> middle(const Architecture& architecture);
/// The same tiles in a fabric so large that the one in its middle is like those of any larger one:
/// no wire beside it is cut short by an edge.
Architecture around_middle(Architecture architecture);

/// Pads of the whole fabric.
int pads(const Architecture& architecture);
/// Number of a slot of an IO tile, 0 .. pads() - 1: tile by tile, row by row upwards, slots
/// fastest.
int pad(const Architecture& architecture, int x, int y, int slot);

constexpr int kMaxExtent = 1000;        ///< columns, rows
constexpr int kMaxChannelWidth = 1000;  ///< tracks
constexpr int kMaxHardPins = 20'000;    ///< of a hard tile
constexpr int kMaxDelay = 1'000'000;    ///< picoseconds
constexpr int kMaxLoad = 10'000;        ///< ohm, fF

/// The least channel width that the architecture's segment length allows.
int least_channel_width(const Architecture& architecture);

/// Throws kFabricRange with a fault for each field out of its range.
void validate(const Architecture& architecture);

}  // namespace fabric
