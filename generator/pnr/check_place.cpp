#include "pnr/check_place.hpp"

#include <fmt/format.h>

#include <map>
#include <tuple>

#include "fabric/grid.hpp"

namespace pnr {

namespace {

// What takes a link lies right below what gives it.
template <class Fault>
void check_link(const Net& net, const Packed& packed, const Placement& placement,
                const fabric::Architecture& architecture, const Fault& fault) {
  for (const Terminal& sink : net.sinks) {
    const Block& block = packed.blocks[static_cast<std::size_t>(sink.block)];
    if (block.kind != BlockKind::kHard ||
        !architecture.hard[static_cast<std::size_t>(block.hard)].is_link(true, sink.pin))
      continue;
    const Site& below = placement[static_cast<std::size_t>(sink.block)];
    const Site& above = placement[static_cast<std::size_t>(net.driver.block)];
    if (below.x != above.x || below.y + 1 != above.y)
      fault(fmt::format("tile ({}, {}) is not right below tile ({}, {}), whose sums it takes",
                        below.x, below.y, above.x, above.y),
            block.name);
  }
}

}  // namespace

void check_placement(const Packed& packed, const Placement& placement,
                     const fabric::Architecture& architecture, base::Diagnostics& diagnostics) {
  const auto fault = [&](const std::string& what, const std::string& where = {}) {
    diagnostics.add(base::Code::kPlacementInvalid, what, where);
  };
  if (placement.size() != packed.blocks.size())
    return fault(fmt::format("{} sites for {} blocks", placement.size(), packed.blocks.size()));
  std::map<std::tuple<int, int, int>, std::string> taken;
  for (std::size_t i = 0; i < placement.size(); ++i) {
    const Block& block = packed.blocks[i];
    const auto [x, y, slot] = placement[i];
    const bool is_pad = block.kind == BlockKind::kInput || block.kind == BlockKind::kOutput;
    const fabric::Tile wanted = is_pad                           ? fabric::Tile::kIo
                                : block.kind == BlockKind::kHard ? fabric::Tile::kHard
                                                                 : fabric::Tile::kLogic;
    if (fabric::tile_at(architecture, x, y) != wanted ||
        (block.kind == BlockKind::kHard && fabric::hard_in(architecture, x) != block.hard))
      fault(fmt::format("tile ({}, {}) is not of the block's kind", x, y), block.name);
    if (slot < 0 || slot >= (is_pad ? architecture.io_slots : 1))
      fault(fmt::format("tile ({}, {}) has no slot {}", x, y, slot), block.name);
    const auto [other, is_first] = taken.try_emplace({x, y, slot}, block.name);
    if (!is_first)
      fault(fmt::format("tile ({}, {}) slot {} holds \"{}\", too", x, y, slot, other->second),
            block.name);
  }
  for (const Net& net : packed.nets) check_link(net, packed, placement, architecture, fault);
}

}  // namespace pnr
