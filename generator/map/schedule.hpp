// When each bus and each core-op of an island has its windows.
#pragma once

#include <vector>

#include "core/program.hpp"

namespace map {

struct Schedule {
  std::vector<int> bus;  ///< phase of a bus
  std::vector<int> op;   ///< phase of the rows of a core-op

  int of(core::StreamId id) const { return bus[id.index()]; }
  /// Ticks that `lanes` wait before core-op `id` takes them.
  int wait(core::OpId id, const core::LaneRange& lanes) const {
    return op[id.index()] - of(lanes.stream);
  }
};

/// The earliest schedule, given the phase of the inputs and the ticks from a cascade's last rows to
/// its answer: a cascade starts with the latest bus that any of its ops reads, row tile j is j
/// ticks behind the first.
Schedule schedule(const core::Program& program, int input_phase, int neuron_latency);

}  // namespace map
