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
#include "units/pe/bench.hpp"

namespace app {

namespace fs = std::filesystem;

namespace {

constexpr int kWindows = 12;

// A PE by itself: membrane and thresholds wide enough for any weights, inputs and a bias as large
// again.
units::PeConfig stand_alone(const config::Pe& spec) {
  units::PeConfig config;
  config.rows = spec.rows;
  config.cols = spec.cols;
  config.weight_bits = spec.weight_bits;
  config.activation_bits = spec.activation_bits;
  config.crossbar = spec.crossbar;
  config.neuron = spec.neuron;
  config.train = spec.train;
  config.has_tops = spec.top == config::Top::kLoaded;
  config.half_even = spec.rounding == config::Rounding::kHalfEven;
  const std::int64_t bias = units::membrane_bound(config, 0) - 1;
  // A threshold past twice the largest sum of a tick would keep outputs below half of their range.
  const std::int64_t threshold = (std::int64_t{1} << units::sum_bits(config, config.rows)) - 1;
  return units::with_widths(config, bias, threshold);
}

void write_bench(const fs::path& directory, const units::PeBench& bench) {
  const fs::path vectors = directory / "tb" / "vectors";
  base::write_file(directory / "tb" / "tb_params.vh", bench.parameters);
  base::write_file(directory / "tb" / "fpsa_tb_pe.v",
                   base::read_file(home() / "tb" / "fpsa_tb_pe.v"));
  base::write_file(vectors / "load.mem", bench.load);
  base::write_file(vectors / "stimulus.mem", bench.stimulus);
  base::write_file(vectors / "expected.mem", bench.expected);
}

}  // namespace

void generate_pe(const config::Spec& spec, base::StagedDirectory& out) {
  forget_results(out.target());
  const units::PeConfig config = stand_alone(spec.pe);
  verilog::Design netlist(units::module_name(config));
  netlist.add(units::structure(config));
  verify(netlist);
  const verilog::Design legal = legalize(netlist);
  emit::write_rtl(out.path(), legal, home() / "rtl");
  emit::write_constraints(out.path(), {.top = legal.top(), .clock_ns = spec.synth.clock_ns});
  emit::write_core_file(out.path(), {legal.top(), "fpsa_tb_pe", {}}, legal);
  const units::PeContent content = units::random_content(config, spec.simulate.seed);
  write_bench(out.path(),
              units::make_bench(config, content, legal.top(), kWindows, spec.simulate.seed));
  write_manifest(out.path(), {"pe", legal.top(), spec});
  write_metrics(out.path(), "unit",
                {{"unit", "pe"},
                 {"rows", config.rows},
                 {"cols", config.cols},
                 {"weight_bits", config.weight_bits},
                 {"activation_bits", config.activation_bits},
                 {"accumulator_bits", config.accumulator_bits},
                 {"threshold_bits", config.threshold_bits}});
  out.commit(kManifest);
}

std::string simulate_unit(const SimulateOptions& options, const Manifest& manifest,
                          base::Progress& progress) {
  if (options.level != "rtl" && options.level != "gate")
    base::fail(base::Code::kUsage, "a unit is simulated at level rtl or gate",
               "--level " + options.level, "--level rtl");
  forget_simulation(options.directory, true);
  flow::BenchRequest request{.directory = options.directory,
                             .simulator = options.simulate.simulator,
                             .name = options.level,
                             .top = "fpsa_tb_pe",
                             .sources = {},
                             .parameters = {}};
  request.step = [&progress](const std::string& step) { progress.stage(step); };
  request.defines = {fmt::format("IDLE={}", std::lround(100 * options.simulate.idle)),
                     fmt::format("SEED={}", options.simulate.seed)};
  const std::vector<fs::path> bench{"tb/fpsa_tb_pe.v"};
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
