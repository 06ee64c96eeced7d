// A netlist packed into the tiles of a fabric, and where these lie: what placement and routing pass
// to each other.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <vector>

namespace pnr {

enum class BlockKind { kLogic, kInput, kOutput, kHard };

/// Of a sink whose block takes the signal at whichever of its inputs.
inline constexpr int kAnyPin = -1;

/// Inputs of a logic block are equivalent: a local crossbar brings any of them to any LUT. Output
/// `pin` is that of its LUT `pin`; pads have output, or input, 0; pins of hard blocks are those of
/// their tile.
struct Terminal {
  int block = 0;
  int pin = 0;
  auto operator<=>(const Terminal&) const = default;
};

/// What one output drives outside its own block; of a hard block inside, too.
struct Net {
  std::string name;
  Terminal driver;
  std::vector<Terminal> sinks;  ///< ascending; a logic block or a pad once, with kAnyPin
};

struct Block {
  std::string name;
  BlockKind kind = BlockKind::kLogic;
  int hard = 0;  ///< of fabric::Architecture::hard
};

struct Packed {
  std::vector<Block> blocks;
  std::vector<Net> nets;  ///< clocks are not among them: they have a network of their own
  /// Hard blocks that links join: each lies right below the one before it.
  std::vector<std::vector<int>> cascades{};
};

/// Tile (x, y) of the grid; `slot` tells the inputs and outputs of an IO tile apart, 0 for logic.
struct Site {
  int x = 0;
  int y = 0;
  int slot = 0;
  bool operator==(const Site&) const = default;
};

/// Each block of `net` once, its driver's first.
template <class Visit>
void each_block(const Net& net, const Visit& visit) {
  visit(net.driver.block);
  int before = net.driver.block;
  for (const Terminal& sink : net.sinks) {
    if (sink.block != before && sink.block != net.driver.block) visit(sink.block);
    before = sink.block;
  }
}

/// Of each kind of hard tile, of which there are `kinds`, the lengths of the runs in which its
/// blocks lie: cascades, and single blocks.
std::vector<std::vector<int>> runs_of(const Packed& packed, std::size_t kinds);

using Placement = std::vector<Site>;  ///< by block

}  // namespace pnr
