#include "pnr/extent.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "fabric/grid.hpp"
#include "pnr/stacks.hpp"

namespace pnr {

namespace {

class Sizing {
 public:
  Sizing(const Packed& packed, const fabric::Architecture& asked)
      : asked_(asked), hard_(runs_of(packed, asked.hard.size())) {
    for (const Block& block : packed.blocks)
      if (block.kind != BlockKind::kHard) ++(block.kind == BlockKind::kLogic ? logic_ : pads_);
  }

  fabric::Architecture run() const {
    for (int extent = 1;; ++extent) {
      fabric::Architecture tried = asked_;
      if (tried.columns == 0) tried.columns = extent;
      if (tried.rows == 0) tried.rows = extent;
      const bool last = (asked_.columns != 0 && asked_.rows != 0) || extent == fabric::kMaxExtent;
      if (spread(tried) && (last || holds(tried))) return tried;
      if (last) return tried;
    }
  }

 private:
  // Gives hard tiles their columns; false if there are too few.
  bool spread(fabric::Architecture& tried) const {
    std::vector<std::pair<double, std::size_t>> order;  // by where in the row of hard columns
    for (std::size_t kind = 0; kind < hard_.size(); ++kind) {
      if (!asked_.hard[kind].columns.empty()) continue;
      const int asked = asked_.hard[kind].wanted;
      const std::optional<int> wanted = asked > 0 ? asked : columns_for(hard_[kind], tried.rows);
      if (!wanted) return false;
      for (int i = 0; i < *wanted; ++i) order.emplace_back((i + 0.5) / *wanted, kind);
    }
    if (static_cast<int>(order.size()) > tried.columns) return false;
    std::ranges::sort(order);
    std::vector<int> free;  // columns without tiles of the spec
    for (int x = 1; x <= tried.columns; ++x)
      if (fabric::hard_in(asked_, x) < 0) free.push_back(x);
    if (order.size() > free.size()) return false;
    for (std::size_t i = 0; i < order.size(); ++i)
      tried.hard[order[i].second].columns.push_back(
          free[(2 * i + 1) * free.size() / (2 * order.size())]);
    return true;
  }

  bool holds(const fabric::Architecture& tried) const {
    int logic_columns = tried.columns;
    for (std::size_t kind = 0; kind < hard_.size(); ++kind) {
      const auto columns = static_cast<int>(tried.hard[kind].columns.size());
      if (!stacked(hard_[kind], columns, tried.rows)) return false;
      logic_columns -= columns;
    }
    return logic_columns * tried.rows >= logic_ && fabric::pads(tried) >= pads_;
  }

  const fabric::Architecture& asked_;
  int logic_ = 0, pads_ = 0;
  std::vector<std::vector<int>> hard_;  // by kind, the lengths of its runs
};

}  // namespace

fabric::Architecture sized_for(const Packed& packed, fabric::Architecture architecture) {
  return Sizing(packed, architecture).run();
}

}  // namespace pnr
