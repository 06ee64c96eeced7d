// One unit by itself: its RTL, its bench, its synthesis.
#pragma once

#include <filesystem>
#include <string>

#include "app/jobs.hpp"

namespace app {

/// Writes the PE of spec.pe into the run directory `out`: RTL, constraints, bench with random
/// contents and the answers of its emulation (seed: simulate.seed), manifest.
void generate_pe(const config::Spec& spec, base::StagedDirectory& out);

/// Runs a unit's bench (level rtl or gate) and returns its verdict. Throws kMismatch at a
/// difference.
std::string simulate_unit(const SimulateOptions& options, const Manifest& manifest,
                          base::Progress& progress);

}  // namespace app
