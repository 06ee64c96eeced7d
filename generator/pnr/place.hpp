// Placement by simulated annealing.
//
// Sources: VPR (Betz and Rose, FPL 1997) for the schedule: range of moves, temperatures and moves
// at each; T-VPlace (Marquardt, Betz and Rose, FPGA 2000) for the part that delays have in the
// cost.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "fabric/architecture.hpp"
#include "pnr/packed.hpp"

namespace pnr {

/// How far annealing has come, after each temperature.
struct PlaceStep {
  int step = 0;  ///< from 1
  double temperature = 0;
  double accepted = 0;  ///< share of the moves
  double wires = 0;     ///< wire_estimate()
  double part = 0;      ///< 0..1, roughly how much is done
};

/// From the picoseconds that each sink of each net takes, one after the other, how critical each
/// is: 0 (not at all) to 1 (on the longest path).
using Criticalities = std::function<std::vector<float>(std::span<const int> delays)>;

struct PlaceOptions {
  std::uint64_t seed = 1;
  double effort = 5;              ///< moves at a temperature, in units of blocks^(4/3), or of 10 a
                                  ///< block if there are more than 1,000
  Criticalities criticalities{};  ///< none: only the length of wires counts
  std::function<void(const PlaceStep&)> progress{};
};

/// Sites for all blocks, no two the same, cascades in one piece; equal inputs, equal placements.
/// Throws kDoesNotFit if the fabric has too few tiles or pads, or no room for a cascade.
Placement place(const Packed& packed, const fabric::Architecture& architecture,
                const PlaceOptions& options = {});

}  // namespace pnr
