#include "pnr/congestion.hpp"

#include <algorithm>

namespace pnr {

bool Congestion::shares(const Tree& tree) const {
  return std::any_of(tree.branches.begin(), tree.branches.end(),
                     [this](const Branch& branch) { return shared(branch.node); });
}

int Congestion::remember() {
  int count = 0;
  for (Use& use : nodes_)
    if (use.nets > 1) {
      use.history += static_cast<float>(use.nets - 1);
      ++count;
    }
  return count;
}

}  // namespace pnr
