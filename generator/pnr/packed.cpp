#include "pnr/packed.hpp"

namespace pnr {

std::vector<std::vector<int>> runs_of(const Packed& packed, std::size_t kinds) {
  std::vector<std::vector<int>> runs(kinds);
  std::vector<bool> is_joined(packed.blocks.size(), false);
  const auto kind = [&](int block) {
    return static_cast<std::size_t>(packed.blocks[static_cast<std::size_t>(block)].hard);
  };
  for (const std::vector<int>& cascade : packed.cascades) {
    runs[kind(cascade.front())].push_back(static_cast<int>(cascade.size()));
    for (const int block : cascade) is_joined[static_cast<std::size_t>(block)] = true;
  }
  for (std::size_t block = 0; block < packed.blocks.size(); ++block)
    if (packed.blocks[block].kind == BlockKind::kHard && !is_joined[block])
      runs[kind(static_cast<int>(block))].push_back(1);
  return runs;
}

}  // namespace pnr
