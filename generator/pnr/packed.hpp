// A netlist packed into the tiles of a fabric, and where these lie: what placement and routing pass
// to each other.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace pnr {

enum class BlockKind { kLogic, kInput, kOutput };

/// Inputs of a block are equivalent: a local crossbar brings any of them to any LUT. Output `pin`
/// of a logic block is that of its LUT `pin`; pads have output, or input, 0.
struct Terminal {
  int block = 0;
  int pin = 0;
  bool operator==(const Terminal&) const = default;
};

/// What one output drives outside its own block.
struct Net {
  std::string name;
  Terminal driver;
  std::vector<int> sinks;  ///< blocks, each once, ascending, never the driver's own
};

struct Block {
  std::string name;
  BlockKind kind = BlockKind::kLogic;
};

struct Packed {
  std::vector<Block> blocks;
  std::vector<Net> nets;  ///< clocks are not among them: they have a network of their own
};

/// Tile (x, y) of the grid; `slot` tells the inputs and outputs of an IO tile apart, 0 for logic.
struct Site {
  int x = 0;
  int y = 0;
  int slot = 0;
  bool operator==(const Site&) const = default;
};

using Placement = std::vector<Site>;  ///< by block

}  // namespace pnr
