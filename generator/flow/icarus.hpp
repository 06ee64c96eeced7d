// Simulation of a run directory with the plain Verilog bench tb/fpsa_tb_top.v under Icarus:
// four-valued, so an x that reaches an output shows, and able to read mapped netlists.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "flow/bench.hpp"
#include "flow/simulation.hpp"

namespace flow {

/// Compiles the bench with `design` (empty: rtl/design.f; for a netlist gate_sources(), its black
/// boxes as in rtl/), for which it is called `name`, and streams all vectors. Idle and
/// back-pressure are rounded to percent. Layers and activity stay empty: this bench sees the
/// streams and the counters alone, and stops at the first difference. Throws kUsage for a request
/// it cannot follow (fewer samples than the vectors hold, a waveform), and as run_bench().
SimulationResult simulate_icarus(const SimulationRequest& request,
                                 const std::vector<std::filesystem::path>& design = {},
                                 const std::string& name = "gate");

/// How the output stream is cut into values; from tb/bench.txt.
struct StreamShape {
  std::size_t beat_lanes = 1;
  std::size_t lane_bytes = 1;
  std::vector<std::pair<std::string, std::size_t>> outputs{};  ///< several: names and lanes
};

/// Reads the bench's PASS, MISMATCH and TIMEOUT lines.
SimulationResult read_verdict(const BenchResult& bench, const StreamShape& shape);

}  // namespace flow
