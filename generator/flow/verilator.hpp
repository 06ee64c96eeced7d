// Simulation of a run directory with its own C++ bench under Verilator.
#pragma once

#include <filesystem>

#include "flow/simulation.hpp"

namespace flow {

/// Builds the model in DIR/build/verilator (again only if the content of RTL or bench, or the
/// tools, changed; with waveforms in DIR/build/verilator-trace) and streams the vectors through it.
/// Logs: reports/verilator_build.log and reports/simulate.log. A mismatch or a hang is a result,
/// not an exception: see require_match(). Throws kNotARunDirectory, kToolMissing, kToolFailed (the
/// model does not build, or the bench reports an error of its own), kToolOutput.
SimulationResult simulate_verilator(const SimulationRequest& request);

}  // namespace flow
