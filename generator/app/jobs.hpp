// The jobs behind the verbs; `run` does them one after the other.
#pragma once

#include <filesystem>
#include <future>
#include <optional>
#include <string>

#include "app/levels.hpp"
#include "app/pipeline.hpp"
#include "app/run_directory.hpp"
#include "base/progress.hpp"
#include "flow/simulation.hpp"
#include "flow/technology.hpp"
#include "flow/yosys.hpp"

namespace app {

/// What the network, its quantisation and its design look like, as sections of metrics.json.
nlohmann::json network_metrics(const Mapped& mapped);
/// The stream that takes the most ticks a sample: samples follow each other no faster.
nlohmann::json bound_metrics(const map::Design& design);
nlohmann::json quantisation_metrics(const Compiled& compiled);
nlohmann::json design_metrics(const Compiled& compiled);

/// What the figures of black boxes rest on, as a section of the metrics.
nlohmann::json assumed_figures(const std::vector<flow::Figure>& figures);

/// What `estimate` prints: the figures of `compile`'s metrics that follow from the design, and what
/// follows from them. Throws what Technology::read() does for the spec's technology file.
nlohmann::json estimate_document(const Estimated& estimated);
std::string estimate_text(const nlohmann::json& document, int width);

/// Compiles `spec` into the run directory `out`: design, vectors of a few samples (so that it can
/// be simulated with no fpsa at hand), manifest and metrics. If it fails, a design that was there
/// stays, without the figures of its earlier runs.
Compiled compile_into(const config::Spec& spec, base::StagedDirectory& out,
                      base::Progress& progress);

/// The files that a spec names: a run's inputs.
std::vector<std::filesystem::path> inputs_of(const config::Spec& spec);

/// How a simulation is to be run; what is absent comes from the spec.
struct SimulateOptions {
  std::filesystem::path directory;
  std::string level = "rtl";  ///< float, integer, emulate, rtl, gate, fabric
  config::Simulate simulate;
  bool trace = false;
  int jobs = 2;
};

/// The level asked for and those that levels_of() says it needs, on real samples. At levels rtl, gate
/// and fabric what is simulated is what lies in the directory: files that are not what compile wrote are
/// named. Forgets what an earlier simulation found, and at its end writes the sections "samples",
/// "levels", "outputs", "sqnr_db", "buses" and "simulation" (rtl), "gate_simulation" or
/// "fabric_simulation" of metrics.json. Throws kMismatch at the first difference.
void simulate_network(const Mapped& mapped, const SimulateOptions& options,
                      base::Progress& progress);

/// A design on its way to gates, in a second thread.
struct Mapping {
  flow::SynthResult result;
  std::string rtl_hash;  ///< rtl_hash() of what it is made of
};
using MappedDesign = std::future<Mapping>;

/// Forgets the earlier synthesis and starts what synthesise() begins with, so that another job can
/// run beside it.
MappedDesign start_mapping(const std::filesystem::path& directory, const Manifest& manifest);

/// Synthesis of a run directory for `synth.flow`, from `mapped` if it has been started; forgets the
/// earlier one, and at its end writes its part of section "synthesis" of metrics.json.
void synthesise(const std::filesystem::path& directory, const Manifest& manifest,
                base::Progress& progress, MappedDesign mapped = {});

}  // namespace app
