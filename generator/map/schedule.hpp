// When each bus and each core-op of an island has its windows.
#pragma once

#include <vector>

#include "core/program.hpp"
#include "map/cut.hpp"

namespace map {

struct Schedule {
  Cut cut;
  int input_phase = 0;   ///< of what comes into an island
  std::vector<int> bus;  ///< phase of a bus where it is made
  std::vector<int> op;   ///< phase of the rows of a core-op

  int of(core::StreamId id) const { return bus[id.index()]; }
  /// Phase of a bus in an island.
  int arrival(core::StreamId id, IslandId island) const {
    return cut.of(id) == island ? of(id) : input_phase;
  }
};

/// The earliest schedule, given the phase of what comes into an island: a cascade starts with the
/// latest bus that any of its ops reads, or so much later that all cascades of a stream end
/// together; row tile j is j ticks behind the first, and the answer comes as long after the last
/// rows as `spec`'s neurons take in the island's windows; a table's as long as exact ones.
Schedule schedule(const core::Program& program, Cut cut, int input_phase, const config::Pe& spec);

}  // namespace map
