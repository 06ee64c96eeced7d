// The verbs that work on a network: run, compile, simulate, synth, explain.
#include <fmt/format.h>

#include <iostream>

#include "app/context.hpp"
#include "app/fabric_job.hpp"
#include "app/jobs.hpp"
#include "app/pnr_job.hpp"
#include "app/tile_job.hpp"
#include "app/unit_job.hpp"
#include "base/error.hpp"
#include "base/files.hpp"
#include "config/spec_io.hpp"
#include "report/text.hpp"
#include "units/kind.hpp"

namespace app {

namespace fs = std::filesystem;

namespace {

constexpr int kCompileStages = 6;
constexpr int kSimulateStages = 3;
constexpr int kSynthStages = 2;

void print_metrics(const Context& context, const fs::path& directory) {
  const nlohmann::json metrics = read_metrics(directory);
  context.print(report::text(metrics, context.width()), metrics);
}

void write_report(const fs::path& directory) {
  base::write_file(directory / "reports" / "report.txt", report::text(read_metrics(directory)));
}

// --- run -----------------------------------------------------------------------------------------

struct RunOptions {
  fs::path spec;
  int samples = 0;
  bool no_synth = false;
};

fs::path output_of(const Context& context, const config::Spec& spec) {
  return context.out.empty() ? fs::path("out") / spec.name : context.out;
}

base::StagedDirectory open_output(const fs::path& out, const fs::path& file,
                                  const config::Spec& spec, bool force) {
  std::vector<fs::path> inputs = inputs_of(spec);
  inputs.push_back(file);
  return output_directory(out, inputs, force);
}

void run_all(const Context& context, const RunOptions& options) {
  config::Spec spec = config::load_spec(options.spec);
  if (options.samples > 0) spec.simulate.samples = options.samples;
  const fs::path out = output_of(context, spec);
  const int stages = kCompileStages + kSimulateStages + (options.no_synth ? 0 : kSynthStages);
  base::Progress progress(stages, stderr, context.quiet);
  base::StagedDirectory directory = open_output(out, options.spec, spec, context.force);
  const Compiled compiled = compile_into(spec, directory, progress);
  const Manifest manifest = read_manifest(out);
  // Simulation and synthesis need nothing of each other until power wants the activity.
  MappedDesign mapped;
  if (!options.no_synth && context.jobs > 1) mapped = start_mapping(out, manifest);
  simulate_network(
      compiled, {.directory = out, .level = "rtl", .simulate = spec.simulate, .jobs = context.jobs},
      progress);
  if (!options.no_synth) synthesise(out, manifest, progress, std::move(mapped));
  progress.finish();
  write_report(out);
  print_metrics(context, out);
  if (!context.quiet) std::cerr << "everything is in " << out.string() << "\n";
}

// --- compile -------------------------------------------------------------------------------------

void run_compile(const Context& context, const fs::path& file) {
  const config::Spec spec = config::load_spec(file);
  const fs::path out = output_of(context, spec);
  base::Progress progress(kCompileStages, stderr, context.quiet);
  base::StagedDirectory directory = open_output(out, file, spec, context.force);
  compile_into(spec, directory, progress);
  progress.finish();
  print_metrics(context, out);
}

// --- simulate ------------------------------------------------------------------------------------

struct SimulateWords {
  SimulateOptions options;
  std::string simulator;
  int samples = 0;
  double backpressure = -1;
  double idle = -1;
  std::int64_t seed = -1;
};

config::Simulate merged(config::Simulate simulate, const SimulateWords& words) {
  config::Spec spec;
  spec.simulate = simulate;
  if (!words.simulator.empty()) config::set_key(spec, "simulate.simulator", words.simulator);
  if (words.samples > 0) spec.simulate.samples = words.samples;
  if (words.backpressure >= 0) spec.simulate.backpressure = words.backpressure;
  if (words.idle >= 0) spec.simulate.idle = words.idle;
  if (words.seed >= 0) spec.simulate.seed = static_cast<std::uint64_t>(words.seed);
  return spec.simulate;
}

// Options that the job would not look at are mistakes.
void refuse_unused(const SimulateWords& words, const SimulateOptions& options,
                   const std::string& kind) {
  const bool is_network = kind == "network";
  const bool is_unit = !is_network && kind != kCircuit;
  if (kind == kCircuit && (words.idle >= 0 || words.seed >= 0))
    base::fail(base::Code::kUsage, "a circuit's bench plays what pnr has written, without stalls",
               "--idle, --seed", "leave them out");
  if (is_unit && !units::kind_of(kind).idles && (words.idle >= 0 || words.seed >= 0))
    base::fail(base::Code::kUsage,
               "this unit's bench plays the clocks that generate has written, without stalls",
               "--idle, --seed", "leave them out");
  if (!is_network && (words.samples > 0 || words.backpressure >= 0))
    base::fail(base::Code::kUsage, "a unit's bench has its own inputs and no back-pressure",
               "--samples, --backpressure", "leave them out");
  const bool verilator = options.simulate.simulator == config::Simulator::kVerilator;
  if (options.trace && !(is_network && options.level == "rtl" && verilator))
    base::fail(base::Code::kUsage, "waveforms come from Verilator, of a network at level rtl",
               "--trace", "--level rtl --simulator verilator");
}

void run_simulate(const Context& context, const SimulateWords& words) {
  SimulateOptions options = words.options;
  const Manifest manifest = read_manifest(options.directory);
  if (find_tile(manifest.kind) != nullptr)
    base::fail(base::Code::kUsage, "a tile by itself has no bench", options.directory.string(),
               "fpsa generate fabric makes a whole fabric, which has one");
  const base::DirectoryLock lock(options.directory);
  base::sweep(options.directory);
  options.simulate = merged(manifest.spec.simulate, words);
  options.jobs = context.jobs;
  refuse_unused(words, options, manifest.kind);
  if (manifest.kind != "network") {
    base::Progress progress(2, stderr, context.quiet);
    const std::string verdict = manifest.kind == kCircuit
                                    ? simulate_circuit(options, progress)
                                    : simulate_unit(options, manifest, progress);
    progress.finish();
    context.print(verdict + "\n", {{"verdict", verdict}});
    return;
  }
  check_model(manifest);
  const GoldenLevels levels = levels_of(options.level);
  const bool hardware =
      options.level == "rtl" || options.level == "gate" || options.level == "fabric";
  base::Progress progress(2 + (levels.emulate ? 2 : 0) + (hardware ? 2 : 0), stderr, context.quiet);
  const Mapped mapped = restore(options.directory, manifest, levels,
                                [&](const std::string& name) { progress.stage(name); });
  simulate_network(mapped, options, progress);
  progress.finish();
  write_report(options.directory);
  print_metrics(context, options.directory);
}

void add_simulate_options(CLI::App* verb, SimulateWords& words) {
  verb->add_option("directory", words.options.directory, "Run directory")->required();
  verb->add_option("--level", words.options.level,
                   "float, integer, emulate, rtl, gate or fabric; README.md says what each runs")
      ->check(CLI::IsMember({"float", "integer", "emulate", "rtl", "gate", "fabric"}));
  verb->add_option("--samples", words.samples, "Samples, from the first on")
      ->check(CLI::Range(1, 1000000));
  verb->add_option("--simulator", words.simulator, "verilator or icarus")
      ->check(CLI::IsMember({"verilator", "icarus"}));
  verb->add_option("--backpressure", words.backpressure,
                   "Chance a clock that the sink is not ready")
      ->check(number_between(0.0, 0.95));
  verb->add_option("--idle", words.idle, "Chance a clock that the source pauses")
      ->check(number_between(0.0, 0.95));
  verb->add_option("--seed", words.seed, "Seed of stalls and pauses")
      ->check(CLI::Range(std::int64_t{0}, std::int64_t{9007199254740991}));
  verb->add_flag("--trace", words.options.trace, "Waveform in reports/simulate.fst (Verilator)");
}

// --- synth ---------------------------------------------------------------------------------------

struct SynthWords {
  fs::path directory;
  std::string flow;
  std::vector<std::string> liberty;
  std::vector<std::string> dont_use;
  std::string device;
  std::string package;
  double clock_ns = 0;
};

void run_synth(const Context& context, const SynthWords& words) {
  Manifest manifest = read_manifest(words.directory);
  refuse_fabric(
      words.directory,
      "a network on a fabric is bits: rtl/ is what they make of it, and no hardware",
      "name the directory that pnr took the network from, or one of generate fabric or tile");
  if (!words.flow.empty()) config::set_key(manifest.spec, "synth.flow", words.flow);
  if (!words.liberty.empty())
    config::set_list(manifest.spec, "synth.liberty", words.liberty, "--liberty");
  if (!words.dont_use.empty())
    config::set_list(manifest.spec, "synth.dont_use", words.dont_use, "--dont-use");
  if (!words.device.empty()) config::set_key(manifest.spec, "synth.device", words.device);
  if (!words.package.empty()) config::set_key(manifest.spec, "synth.package", words.package);
  if (words.clock_ns > 0) manifest.spec.synth.clock_ns = words.clock_ns;
  config::check_rules(manifest.spec);
  check_model(manifest);
  const base::DirectoryLock lock(words.directory);
  base::sweep(words.directory);
  base::Progress progress(kSynthStages, stderr, context.quiet);
  synthesise(words.directory, manifest, progress);
  progress.finish();
  write_report(words.directory);
  const nlohmann::json metrics = read_metrics(words.directory);
  context.print(
      report::synthesis_text(metrics, config::to_string(manifest.spec.synth.flow), context.width()),
      metrics);
}

// --- explain -------------------------------------------------------------------------------------

struct ExplainWords {
  fs::path directory;
  std::string layer;
};

void run_explain(const Context& context, const ExplainWords& words) {
  if (const Manifest manifest = read_manifest(words.directory); manifest.kind != "network")
    base::fail(base::Code::kUsage,
               fmt::format("this is a {} by itself and has no layers", manifest.kind),
               words.directory.string(), "name a directory that fpsa compile or run made");
  const nlohmann::json metrics = read_metrics(words.directory);
  std::vector<std::string> names;
  for (const nlohmann::json& layer :
       metrics.value("/quantisation/layers"_json_pointer, nlohmann::json::array())) {
    names.push_back(layer["layer"]);
    if (names.back() != words.layer) continue;
    context.print(report::layer_text(metrics, layer, context.width()), layer);
    return;
  }
  for (const nlohmann::json& layer :
       metrics.value("/network/cells"_json_pointer, nlohmann::json::array())) {
    names.push_back(layer["layer"]);
    if (names.back() != words.layer) continue;
    context.print(report::words_text(layer, context.width()), layer);
    return;
  }
  const std::string near = base::nearest(words.layer, names);
  base::fail(base::Code::kUnknownLayer, fmt::format("there is no layer \"{}\"", words.layer),
             words.directory.string(),
             near.empty() ? fmt::format("one of {}", fmt::join(names, ", ")) : near);
}

}  // namespace

void add_run(CLI::App& cli, Context& context) {
  CLI::App* verb =
      add_verb(cli, context, "run", "The whole pipeline: compile, simulate, synthesise",
               "fpsa run examples/fashion_mlp/spec.toml --samples 1000");
  auto options = std::make_shared<RunOptions>();
  add_output(verb, context, false);
  verb->add_option("spec", options->spec, "Spec (TOML)")->required();
  verb->add_option("--samples", options->samples, "Samples to simulate")
      ->check(CLI::Range(1, 1000000));
  verb->add_flag("--no-synth", options->no_synth, "Stop after the simulation");
  verb->callback([&context, options] { run_all(context, *options); });
}

void add_compile(CLI::App& cli, Context& context) {
  CLI::App* verb = add_verb(cli, context, "compile", "Quantise, lower, map, emit",
                            "fpsa compile spec.toml -o out/design");
  auto spec = std::make_shared<fs::path>();
  add_output(verb, context, false);
  verb->add_option("spec", *spec, "Spec (TOML)")->required();
  verb->callback([&context, spec] { run_compile(context, *spec); });
}

void add_simulate(CLI::App& cli, Context& context) {
  CLI::App* verb =
      add_verb(cli, context, "simulate", "Run real inputs and compare with the level above",
               "fpsa simulate out/design --samples 1000 --backpressure 0.3");
  auto words = std::make_shared<SimulateWords>();
  add_simulate_options(verb, *words);
  verb->callback([&context, words] { run_simulate(context, *words); });
}

void add_synth(CLI::App& cli, Context& context) {
  CLI::App* verb = add_verb(cli, context, "synth", "Area, timing and power of a run directory",
                            "fpsa synth out/design --flow asic --liberty cells.lib");
  auto words = std::make_shared<SynthWords>();
  verb->add_option("directory", words->directory, "Run directory")->required();
  verb->add_option("--flow", words->flow, "asic, ice40, ecp5 or xilinx")
      ->check(CLI::IsMember({"asic", "ice40", "ecp5", "xilinx"}));
  verb->add_option("--liberty", words->liberty,
                   "Liberty file of the asic flow, .gz too; once for each file of the library; "
                   "osu018 if not given")
      ->allow_extra_args(false);
  verb->add_option("--dont-use", words->dont_use,
                   "Cells that may not be used, as '*_X1' or 'DFF*'; may be repeated")
      ->allow_extra_args(false);
  verb->add_option("--device", words->device, "iCE40 for place and route: hx8k, up5k, ...");
  verb->add_option("--package", words->package,
                   "Its package; left out: one that the device comes in");
  verb->add_option("--clock", words->clock_ns, "Clock period in ns")
      ->check(number_between(0.01, 1e6));
  verb->callback([&context, words] { run_synth(context, *words); });
}

void add_explain(CLI::App& cli, Context& context) {
  CLI::App* verb = add_verb(cli, context, "explain", "The integer arithmetic of a layer",
                            "fpsa explain out/design fc1");
  auto words = std::make_shared<ExplainWords>();
  verb->add_option("directory", words->directory, "Run directory")->required();
  verb->add_option("layer", words->layer, "Layer (its ONNX node)")->required();
  verb->callback([&context, words] { run_explain(context, *words); });
}

}  // namespace app
