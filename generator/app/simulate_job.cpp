#include <fmt/format.h>

#include "app/jobs.hpp"
#include "base/error.hpp"
#include "emit/tree.hpp"
#include "flow/bench.hpp"
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
  request.progress = [&progress](std::size_t done, std::size_t total) {
    progress.update(static_cast<double>(done) / static_cast<double>(total),
                    fmt::format("{} of {} samples", done, total));
  };
  return request;
}

// The streams are the only thing that Icarus and a netlist show; the hidden layers are compared under
// Verilator.
nlohmann::json run_verilog_bench(const Compiled& compiled, const SimulateOptions& options) {
  flow::BenchRequest request{.directory = options.directory, .simulator = options.simulate.simulator,
                             .name = options.level, .top = "fpsa_tb_top", .sources = {},
                             .parameters = {}};
  request.defines = {fmt::format("BACKPRESSURE={}", static_cast<int>(100 * options.simulate.backpressure)),
                     fmt::format("IDLE={}", static_cast<int>(100 * options.simulate.idle)),
                     fmt::format("SEED={}", options.simulate.seed)};
  const std::vector<fs::path> bench{"tb/fpsa_tb_top.v"};
  if (options.level == "gate") {
    request = flow::gate_level(request, bench, "build/asic/cells.v");
  } else {
    request.sources = bench;
    for (const std::string& file : compiled.rtl.design.leaf_files())
      request.sources.push_back("rtl/" + file + ".v");
    for (const std::string& file : compiled.rtl.design.module_files())
      request.sources.push_back("rtl/" + file + ".v");
  }
  const flow::BenchResult result = flow::run_bench(request);
  flow::require_pass(result);
  return {{"simulator", config::to_string(options.simulate.simulator)}, {"verdict", result.verdict}};
}

void simulate_rtl(const Compiled& compiled, const SimulateOptions& options, const Samples& samples,
                  Golden& golden, base::Progress& progress) {
  emit::write_vectors(options.directory, compiled.design, compiled.rtl, compiled.options,
                      {golden.inputs, golden.trains});
  if (options.level == "gate" || options.simulate.simulator == config::Simulator::kIcarus) {
    write_metrics(options.directory, "simulation", run_verilog_bench(compiled, options));
    golden.levels.push_back({options.level, accuracy_of(golden.outputs, samples.labels)});
    return;
  }
  const flow::SimulationResult result = flow::simulate_verilator(request_of(options, progress));
  flow::require_match(result);
  write_metrics(options.directory, "simulation", result);
  const auto outputs = read_outputs(compiled, options.directory / "reports" / "outputs.bin",
                                    samples.count());
  golden.levels.push_back({"rtl", accuracy_of(outputs, samples.labels)});
}

}  // namespace

void simulate_network(const Compiled& compiled, const SimulateOptions& options,
                      base::Progress& progress) {
  progress.stage("golden levels");
  const Samples samples =
      load_test_samples(compiled.spec, compiled.graph, options.simulate.samples);
  Golden golden = run_golden(compiled, samples);
  if (options.level == "rtl" || options.level == "gate") {
    progress.stage(options.level == "gate" ? "simulate netlist" : "simulate");
    simulate_rtl(compiled, options, samples, golden, progress);
  }
  write_metrics(options.directory, "samples", samples.count());
  write_metrics(options.directory, "levels", golden.levels);
  write_metrics(options.directory, "buses", golden.buses);
}

}  // namespace app
