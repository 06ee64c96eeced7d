#include <fmt/format.h>

#include "app/jobs.hpp"
#include "base/error.hpp"
#include "emit/tree.hpp"
#include "flow/icarus.hpp"
#include "flow/json.hpp"
#include "flow/verilator.hpp"

namespace app {

namespace fs = std::filesystem;

namespace {

flow::SimulationRequest request_of(const SimulateOptions& options, base::Progress& progress) {
  flow::SimulationRequest request;
  request.directory = options.directory;
  request.seed = options.simulate.seed;
  request.backpressure = options.simulate.backpressure;
  request.idle = options.simulate.idle;
  request.trace = options.trace;
  request.jobs = options.jobs;
  request.step = [&progress](const std::string& step) { progress.stage(step); };
  request.progress = [&progress](const std::string& what, std::size_t done, std::size_t total) {
    progress.update(static_cast<double>(done) / static_cast<double>(total),
                    fmt::format("{} of {} {}", done, total, what));
  };
  return request;
}

// The C++ bench leaves what it received; the Verilog bench stops at the first difference from the
// emulation, so that its score is the emulation's.
Score hardware_score(const Mapped& mapped, const SimulateOptions& options, const Samples& samples,
                     const Golden& golden, const flow::SimulationResult& result) {
  if (result.simulator != "verilator")
    return score_of(mapped.network, golden.outputs, samples.labels);
  const auto outputs =
      read_outputs(mapped, options.directory / "reports" / "outputs.bin", samples.count());
  return score_of(mapped.network, outputs, samples.labels);
}

// Returns what it found as a section of the metrics.
nlohmann::json simulate_rtl(const Mapped& mapped, const SimulateOptions& options,
                            const Samples& samples, Golden& golden, base::Progress& progress) {
  const Manifest manifest = read_manifest(options.directory);
  const std::vector<std::string> edited = edited_files(options.directory, manifest);
  for (const std::string& file : edited)
    progress.note(file + " is not what compile wrote; it is simulated as it is");
  emit::write_vectors(options.directory, mapped.design, {golden.inputs, golden.trains});
  // Icarus and netlists show the streams alone; hidden layers are compared under Verilator.
  const flow::SimulationRequest request = request_of(options, progress);
  const bool gate = options.level == "gate";
  flow::SimulationResult result;
  if (gate)
    result = flow::simulate_icarus(request, flow::gate_sources("build/asic/cells.v"));
  else if (options.simulate.simulator == config::Simulator::kIcarus)
    result = flow::simulate_icarus(request);
  else
    result = flow::simulate_verilator(request);
  flow::require_match(result);
  nlohmann::json found = result;
  if (!edited.empty()) found["edited_files"] = edited;
  golden.levels.push_back(
      {options.level, hardware_score(mapped, options, samples, golden, result)});
  return found;
}

}  // namespace

void simulate_network(const Mapped& mapped, const SimulateOptions& options,
                      base::Progress& progress) {
  progress.stage("golden levels");
  // Synthesis takes the RTL's activity, which a run of the netlist leaves.
  forget_simulation(options.directory, options.level != "gate");
  const Samples samples = load_test_samples(mapped.spec, mapped.graph, options.simulate.samples);
  for (const std::string& note : samples.notes) progress.note(note);
  Golden golden = run_golden(mapped, samples, levels_of(options.level));
  nlohmann::json found;
  if (options.level == "rtl" || options.level == "gate")
    found[options.level == "gate" ? "gate_simulation" : "simulation"] =
        simulate_rtl(mapped, options, samples, golden, progress);
  found["samples"] = samples.count();
  found["levels"] = golden.levels;
  found["buses"] = golden.buses.empty() ? nlohmann::json() : nlohmann::json(golden.buses);
  write_metrics(options.directory, found);
}

}  // namespace app
