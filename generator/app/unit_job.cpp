// `generate`: one unit with its own bench.
#include "app/unit_job.hpp"

#include <fmt/format.h>

#include <cmath>

#include "app/home.hpp"
#include "base/error.hpp"
#include "base/files.hpp"
#include "emit/tree.hpp"
#include "flow/bench.hpp"
#include "flow/tool.hpp"

namespace app {

namespace fs = std::filesystem;

namespace {

void write_bench(const fs::path& directory, const units::Kind& kind, const units::Alone& alone) {
  const fs::path bench = fs::path("tb") / (kind.bench + ".v");
  base::write_file(directory / bench, base::read_file(home() / bench));
  for (const auto& [file, text] : alone.bench) base::write_file(directory / "tb" / file, text);
}

}  // namespace

void generate_unit(const units::Kind& kind, const units::Settings& settings,
                   const config::Spec& spec, base::StagedDirectory& out) {
  forget_results(out.target());
  const units::Alone alone = kind.alone(settings, spec);
  verilog::Design netlist(alone.module.name());
  netlist.add(alone.module);
  for (const verilog::Module& module : alone.below) netlist.add(module);
  verify(netlist);
  const verilog::Design legal = legalize(netlist);
  emit::write_rtl(out.path(), legal, home() / "rtl");
  emit::write_constraints(out.path(), {.top = legal.top(), .clock_ns = spec.synth.clock_ns});
  emit::write_core_file(out.path(), {legal.top(), kind.bench, {}}, legal);
  write_bench(out.path(), kind, alone);
  write_manifest(out.path(), {kind.name, legal.top(), spec});
  nlohmann::json facts{{"unit", kind.name}};
  for (const auto& [name, value] : alone.facts) facts[name] = value;
  write_metrics(out.path(), "unit", facts);
  out.commit(kManifest);
}

std::string simulate_unit(const SimulateOptions& options, const Manifest& manifest,
                          base::Progress& progress) {
  if (options.level != "rtl" && options.level != "gate")
    base::fail(base::Code::kUsage, "a unit is simulated at level rtl or gate",
               "--level " + options.level, "--level rtl");
  const units::Kind& kind = units::kind_of(manifest.kind);
  if (options.level == "gate") check_netlist(options.directory);
  forget_simulation(options.directory, true);
  flow::BenchRequest request{.directory = options.directory,
                             .simulator = options.simulate.simulator,
                             .name = options.level,
                             .top = kind.bench,
                             .sources = {},
                             .parameters = {}};
  request.step = [&progress](const std::string& step) { progress.stage(step); };
  if (kind.idles)
    request.defines = {fmt::format("IDLE={}", std::lround(100 * options.simulate.idle)),
                       fmt::format("SEED={}", options.simulate.seed)};
  const std::vector<fs::path> bench{"tb/" + kind.bench + ".v"};
  if (options.level == "gate") {
    request = flow::gate_level(request, bench, "build/asic/cells.v");
  } else {
    request.sources = bench;
    for (const std::string& file : flow::design_files(options.directory))
      request.sources.push_back("rtl/" + file);
  }
  const flow::BenchResult result = flow::run_bench(request);
  flow::require_pass(result);
  write_metrics(options.directory, "simulation",
                {{"simulator", config::to_string(options.simulate.simulator)},
                 {"level", options.level},
                 {"verdict", result.verdict}});
  return fmt::format("{} ({})", result.verdict, manifest.top);
}

}  // namespace app
