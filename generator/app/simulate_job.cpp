#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "app/fabric_job.hpp"
#include "app/jobs.hpp"
#include "base/error.hpp"
#include "base/layout.hpp"
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
// emulation, so that its scores are the emulation's.
std::vector<Score> hardware_scores(const Mapped& mapped, const SimulateOptions& options,
                                   const Golden& golden, const flow::SimulationResult& result) {
  if (result.simulator != "verilator")
    return scores_of(mapped.network, golden.outputs, golden.references);
  const auto samples = static_cast<int>(golden.outputs.rows());
  const auto outputs = read_outputs(mapped, options.directory / "reports" / "outputs.bin", samples);
  return scores_of(mapped.network, outputs, golden.references);
}

std::vector<fs::path> sources_of_fabric(const fs::path& directory) {
  const std::vector<fs::path> sources = fabric_sources(directory);
  if (sources.empty())
    base::fail(base::Code::kUsage, "this network lies on no fabric", "--level fabric",
               "put it on one with fpsa pnr, and name that directory");
  return sources;
}

// Returns what it found as a section of the metrics.
nlohmann::json simulate_rtl(const Mapped& mapped, const SimulateOptions& options, Golden& golden,
                            base::Progress& progress) {
  const Manifest manifest = read_manifest(options.directory);
  const std::vector<std::string> edited = edited_files(options.directory, manifest);
  for (const std::string& file : edited)
    progress.note(file + " is not what compile wrote; it is used as it is");
  emit::write_vectors(options.directory, hardware_of(mapped, options.directory),
                      {golden.inputs, golden.trains});
  // Icarus and netlists show the streams alone; hidden layers are compared under Verilator.
  const flow::SimulationRequest request = request_of(options, progress);
  const bool gate = options.level == "gate";
  flow::SimulationResult result;
  if (options.level == "fabric")
    result = flow::simulate_icarus(request, sources_of_fabric(options.directory), "fabric");
  else if (gate)
    result = flow::simulate_icarus(request, flow::gate_sources("build/asic/cells.v"));
  else if (options.simulate.simulator == config::Simulator::kIcarus)
    result = flow::simulate_icarus(request);
  else
    result = flow::simulate_verilator(request);
  flow::require_match(result);
  nlohmann::json found = result;
  if (!edited.empty()) found["edited_files"] = edited;
  golden.levels.push_back({options.level, hardware_scores(mapped, options, golden, result)});
  return found;
}

const Level* level_called(const Golden& golden, const char* name) {
  const auto found = std::ranges::find(golden.levels, name, &Level::name);
  return found == golden.levels.end() ? nullptr : &*found;
}

// Says so where the integers are worth much less than the float network, and where that begins.
void note_loss(const Golden& golden, const std::vector<Output>& outputs, base::Progress& progress) {
  constexpr double kMuch = 0.02;
  const Level* real = level_called(golden, "float");
  const Level* integer = level_called(golden, "integer");
  if (!real || !integer || golden.sqnr.empty()) return;
  const auto worst =
      std::ranges::min_element(golden.sqnr, {}, [](const auto& layer) { return layer.second; });
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    const double expected = real->scores[i].accuracy.value_or(0);
    const double found = integer->scores[i].accuracy.value_or(expected);
    if (expected - found <= kMuch) continue;
    const std::string where =
        outputs.size() == 1 ? "" : " at output " + base::quoted_name(outputs[i].name);
    progress.note(fmt::format(
        "the integer network is right in {:.1f} % of the samples{}, the float one in {:.1f} %; "
        "layer {} loses most (signal to noise {:.1f} dB); more pe.activation_bits or "
        "pe.weight_bits help",
        100 * found, where, 100 * expected, base::quoted_name(worst->first), worst->second));
  }
}

nlohmann::json levels_json(const Golden& golden, const std::vector<Output>& outputs) {
  nlohmann::json levels = nlohmann::json::array();
  for (const Level& level : golden.levels) levels.push_back(level_json(level, outputs));
  return levels;
}

// The outputs in the order of the model's, what each is compared with, and what its layer loses.
nlohmann::json outputs_json(const Mapped& mapped, const Golden& golden,
                            const std::vector<Output>& outputs, const std::vector<Labels>& labels) {
  nlohmann::json found = nlohmann::json::array();
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    nlohmann::json output = {{"output", outputs[i].name}, {"elements", outputs[i].count}};
    output["compared_with"] = !labels[i].empty()              ? nlohmann::json("labels")
                              : !golden.references[i].empty() ? nlohmann::json("float")
                                                              : nlohmann::json();
    if (!mapped.network.outputs.empty()) {
      const std::string& layer = mapped.network.tensors[mapped.network.outputs[i].tensor].name;
      output["layer"] = layer;
      if (const auto sqnr = golden.sqnr.find(layer); sqnr != golden.sqnr.end())
        output["sqnr_db"] = sqnr->second;
    }
    found.push_back(output);
  }
  return found;
}

}  // namespace

void simulate_network(const Mapped& mapped, const SimulateOptions& options,
                      base::Progress& progress) {
  progress.stage("golden levels");
  if (options.level == "gate") {
    refuse_fabric(options.directory, "a network on a fabric has no netlist: it is bits",
                  "--level rtl");
    check_netlist(options.directory);
  }
  if (options.level == "fabric") sources_of_fabric(options.directory);
  // Synthesis takes the RTL's activity, which a run of the netlist leaves.
  forget_simulation(options.directory, options.level != "gate" && options.level != "fabric");
  const Samples samples = load_test_samples(mapped.spec, mapped.graph, options.simulate.samples);
  for (const std::string& note : samples.notes) progress.note(note);
  Golden golden = run_golden(mapped, samples, levels_of(options.level));
  const std::vector<Output> outputs = outputs_of(mapped.graph);
  note_loss(golden, outputs, progress);
  if (golden.clipped_words > 0)
    progress.note(
        fmt::format("{} words inside recurrent cells were clipped; more recurrent.bits help "
                    "if that costs accuracy",
                    golden.clipped_words));
  nlohmann::json found;
  const std::map<std::string, const char*> sections = {
      {"rtl", "simulation"}, {"gate", "gate_simulation"}, {"fabric", "fabric_simulation"}};
  if (const auto section = sections.find(options.level); section != sections.end())
    found[section->second] = simulate_rtl(mapped, options, golden, progress);
  found["samples"] = samples.count();
  found["clipped_words"] = golden.clipped_words;
  found["levels"] = levels_json(golden, outputs);
  found["outputs"] = outputs_json(mapped, golden, outputs, samples.labels);
  found["sqnr_db"] = golden.sqnr.empty() ? nlohmann::json() : nlohmann::json(golden.sqnr);
  found["buses"] = golden.buses.empty() ? nlohmann::json() : nlohmann::json(golden.buses);
  write_metrics(options.directory, found);
}

}  // namespace app
