// One unit by itself: its RTL, its bench, its synthesis.
#pragma once

#include <filesystem>
#include <string>

#include "app/jobs.hpp"
#include "units/kind.hpp"

namespace app {

/// Writes a unit of `kind` alone into the run directory `out`: RTL, constraints, bench with random
/// stimuli and the answers of its emulation (seed: simulate.seed), manifest.
void generate_unit(const units::Kind& kind, const units::Settings& settings,
                   const config::Spec& spec, base::StagedDirectory& out);

/// Runs a unit's bench (level rtl or gate) and returns its verdict. Throws kMismatch at a
/// difference, kUnknownUnit if the manifest's is none.
std::string simulate_unit(const SimulateOptions& options, const Manifest& manifest,
                          base::Progress& progress);

}  // namespace app
