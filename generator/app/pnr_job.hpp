// `pnr`: a stranger's circuit on a fabric.
#pragma once

#include <filesystem>
#include <string>

#include "app/run_directory.hpp"
#include "base/progress.hpp"
#include "pnr/implement.hpp"

namespace app {

inline constexpr const char* kCircuit = "circuit";  ///< Manifest::kind
inline constexpr int kPnrStages = 6;

struct PnrOptions {
  std::filesystem::path blif;
  config::Fabric fabric;
  std::uint64_t seed = 1;
  double effort = 5;
  bool least_width = false;
};

/// Puts the circuit on the fabric and writes what came of it: circuit.blif (without the logic that
/// no output hangs on), placement.txt, routing.txt, path.txt, floorplan.svg, configuration.txt,
/// bitstream.bin, and the section "pnr" of metrics.json. Throws what pnr::read_blif(),
/// pnr::implement() and pnr::configure() throw.
void place_and_route(const PnrOptions& options, base::StagedDirectory& out,
                     base::Progress& progress);

/// Section "pnr" of the metrics for people, in lines of at most `width` columns.
std::string pnr_text(const nlohmann::json& metrics, int width);

/// Throws kUsage, naming `verb`, if the run directory is that of a circuit.
void refuse_circuit(const Manifest& manifest, const std::string& verb);

}  // namespace app
