// Random blocks on a fabric's tiles, and nets between neighbours.
#pragma once

#include <algorithm>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "base/rng.hpp"
#include "fabric/grid.hpp"
#include "pnr/packed.hpp"

namespace test {

struct Placed {
  pnr::Packed packed;
  pnr::Placement placement;
};

/// How full the tiles are and how far nets reach.
struct Density {
  double tiles = 0.8;    ///< share of the logic tiles that hold a block
  double outputs = 0.6;  ///< share of a block's outputs that drive a net
  int sinks = 4;         ///< of a net, at most
  int reach = 3;         ///< columns or rows to a sink, at most
};

namespace detail {

inline void add_block(Placed& placed, pnr::BlockKind kind, const pnr::Site& site) {
  placed.packed.blocks.push_back({"b" + std::to_string(placed.packed.blocks.size()), kind});
  placed.placement.push_back(site);
}

inline void add_blocks(const fabric::Architecture& architecture, const Density& density,
                       base::Rng& rng, Placed& placed) {
  for (int y = 0; y <= architecture.rows + 1; ++y)
    for (int x = 0; x <= architecture.columns + 1; ++x) {
      const fabric::Tile tile = fabric::tile_at(architecture, x, y);
      if (tile == fabric::Tile::kLogic && rng.uniform() < density.tiles)
        add_block(placed, pnr::BlockKind::kLogic, {x, y, 0});
      if (tile == fabric::Tile::kHard && rng.uniform() < density.tiles) {
        add_block(placed, pnr::BlockKind::kHard, {x, y, 0});
        placed.packed.blocks.back().hard = fabric::hard_in(architecture, x);
      }
      for (int slot = 0; tile == fabric::Tile::kIo && slot < architecture.io_slots; ++slot)
        if (rng.uniform() < 0.3)
          add_block(placed, rng.below(2) ? pnr::BlockKind::kInput : pnr::BlockKind::kOutput,
                    {x, y, slot});
    }
}

// Blocks that can take one more net, within reach of `from`.
inline std::vector<int> candidates(const Placed& placed, const std::vector<int>& room, int from,
                                   int reach) {
  std::vector<int> result;
  const pnr::Site& a = placed.placement[static_cast<std::size_t>(from)];
  for (std::size_t i = 0; i < room.size(); ++i) {
    const pnr::Site& b = placed.placement[i];
    if (static_cast<int>(i) != from && room[i] > 0 && std::abs(a.x - b.x) <= reach &&
        std::abs(a.y - b.y) <= reach)
      result.push_back(static_cast<int>(i));
  }
  return result;
}

}  // namespace detail

/// Blocks and nets; a logic block reads at most its inputs' number of nets, a hard one some of them
/// at several pins.
inline Placed random_placement(const fabric::Architecture& architecture, const Density& density,
                               base::Rng& rng) {
  Placed placed;
  detail::add_blocks(architecture, density, rng, placed);
  std::vector<int> room;
  const auto hard = [&architecture](const pnr::Block& block) {
    return architecture.hard[static_cast<std::size_t>(block.hard)];
  };
  for (const pnr::Block& block : placed.packed.blocks)
    room.push_back(block.kind == pnr::BlockKind::kLogic    ? architecture.clb_inputs
                   : block.kind == pnr::BlockKind::kHard   ? hard(block).inputs()
                   : block.kind == pnr::BlockKind::kOutput ? 1
                                                           : 0);
  for (int block = 0; block < static_cast<int>(room.size()); ++block) {
    const pnr::Block& from = placed.packed.blocks[static_cast<std::size_t>(block)];
    const int outputs = from.kind == pnr::BlockKind::kLogic   ? architecture.luts
                        : from.kind == pnr::BlockKind::kHard  ? hard(from).outputs()
                        : from.kind == pnr::BlockKind::kInput ? 1
                                                              : 0;
    std::vector<int> near = detail::candidates(placed, room, block, density.reach);
    for (int pin = 0; pin < outputs; ++pin) {
      if (rng.uniform() >= density.outputs) continue;
      pnr::Net net{"n" + std::to_string(placed.packed.nets.size()), {block, pin}, {}};
      for (int i = 1 + static_cast<int>(rng.below(static_cast<std::uint64_t>(density.sinks)));
           i > 0 && !near.empty(); --i) {
        const int sink = near[rng.below(near.size())];
        const bool pins =
            placed.packed.blocks[static_cast<std::size_t>(sink)].kind == pnr::BlockKind::kHard;
        const auto known = [sink](const pnr::Terminal& other) { return other.block == sink; };
        if (room[static_cast<std::size_t>(sink)] == 0 ||
            (!pins && std::any_of(net.sinks.begin(), net.sinks.end(), known)))
          continue;
        const int pin = --room[static_cast<std::size_t>(sink)];
        net.sinks.push_back({sink, pins ? pin : pnr::kAnyPin});
      }
      std::sort(net.sinks.begin(), net.sinks.end());
      if (!net.sinks.empty()) placed.packed.nets.push_back(std::move(net));
    }
  }
  return placed;
}

}  // namespace test
