// `pnr`: a stranger's circuit on a fabric.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "app/jobs.hpp"
#include "app/run_directory.hpp"
#include "base/progress.hpp"
#include "fabric/configuration.hpp"
#include "pnr/extract.hpp"
#include "pnr/implement.hpp"

namespace app {

inline constexpr const char* kCircuit = "circuit";  ///< Manifest::kind, of empty fabrics as well
inline constexpr const char* kFabric = "fabric";    ///< for `generate`
inline constexpr int kPnrStages = 6;

struct PnrOptions {
  std::filesystem::path blif;
  std::filesystem::path directory;  ///< a network's, in place of a circuit
  config::Fabric fabric;
  std::string technology = config::Synth{}.technology;  ///< whose delays count
  std::uint64_t seed = 1;
  double effort = 5;
  bool least_width = false;
};

/// `fabric` with "key=value" settings; throws what config::set_key() throws.
config::Fabric fabric_from(const std::vector<std::string>& settings, config::Fabric fabric = {});

/// `spec` with "key=value" settings of [fabric], or "section.key=value"; throws as above.
config::Spec spec_from(const std::vector<std::string>& settings, config::Spec spec = {});

/// What signals take on a fabric of the technology (synth.technology). Throws what
/// flow::Technology::read() throws, and kBadText if it has no figures of fabrics.
fabric::Delays delays_of(const std::string& technology);

/// Without columns or rows if `fabric` has 0 of them; with the delays that Delays has by itself.
fabric::Architecture architecture_of(const config::Fabric& fabric);

/// Puts the circuit on the fabric and writes what came of it: circuit.blif (without the logic that
/// no output hangs on), placement.txt, routing.txt, path.txt, floorplan.svg, configuration.txt,
/// bitstream.bin, rtl/ and tb/ (the fabric and a bench that configures it and plays 200 random
/// clocks), and the section "pnr" of metrics.json. Throws what pnr::read_blif(),
/// pnr::implement() and pnr::configure() throw.
void place_and_route(const PnrOptions& options, base::StagedDirectory& out,
                     base::Progress& progress);

/// A circuit on a fabric, and section "pnr" of the metrics.
struct Placed {
  pnr::Implementation done;
  nlohmann::json metrics;
};

/// Packs, places and routes `read`, whose hard blocks are of the kinds `hard`.
Placed place(const pnr::Netlist& read, const std::vector<fabric::HardTile>& hard,
             const PnrOptions& options, base::Progress& progress);

/// The bits of a fabric, and what they make of it.
struct Configured {
  fabric::Configuration bits;
  pnr::Extracted found;
};

/// Configures the fabric and writes circuit.blif, placement.txt, routing.txt, path.txt,
/// floorplan.svg, configuration.txt and bitstream.bin.
Configured write_placed(const pnr::Implementation& done, const fabric::Graph& graph,
                        const std::filesystem::path& directory);

/// What the run made of `asked`: the manifest's spec names the fabric itself.
config::Fabric fabric_of(const fabric::Architecture& architecture, config::Fabric asked);

/// The RTL of an empty fabric, with a bench that looks whether it is quiet. 0 columns or rows
/// are 4.
void generate_fabric(config::Fabric fabric, base::StagedDirectory& out);

/// Whether a run directory is that of a tile or a fabric, with a circuit or without.
bool is_fabric(const Manifest& manifest);

/// What the fabric of a circuit's directory offers and takes: LUTs, in LUTs of 4 inputs (2^K / 16
/// each) as well, configuration bits, and the area of each if there is one.
nlohmann::json fabric_cost(const Manifest& manifest, double area_um2);

/// Section "pnr" of the metrics for people, in lines of at most `width` columns.
std::string pnr_text(const nlohmann::json& metrics, int width);

/// Configures the RTL of a circuit's directory, or the netlist that synth made of it, and compares
/// it with the circuit, in Icarus; the bench's verdict. Throws kUsage for what it has no part in,
/// and what flow::require_pass() throws.
std::string simulate_circuit(const SimulateOptions& options, base::Progress& progress);

}  // namespace app
