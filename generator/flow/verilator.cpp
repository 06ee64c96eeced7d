#include "flow/verilator.hpp"

#include <fmt/format.h>

#include <future>

#include "base/error.hpp"
#include "base/files.hpp"
#include "flow/tool.hpp"

namespace flow {
namespace {

namespace fs = std::filesystem;

// What the bench exits with; see tb/main.cpp.
constexpr int kBenchPass = 0;
constexpr int kBenchError = 1;
constexpr int kBenchMismatch = 7;

// The bench's program, from the run directory.
std::string model_of(const SimulationRequest& request) {
  return request.trace ? "build/verilator-trace/Vtop" : "build/verilator/Vtop";
}

void build(const SimulationRequest& request) {
  // make would only report that verilator is missing among its own last lines.
  require_tool("verilator");
  require_compiler();
  run_tool({.argv = {"make", "build", fmt::format("JOBS={}", request.jobs),
                     fmt::format("TRACE={:d}", request.trace)},
            .directory = request.directory / "tb",
            .log = request.directory / "reports" / "verilator_build.log"});
  const fs::path model = request.directory / model_of(request);
  if (!fs::exists(model))
    base::fail(base::Code::kToolOutput, "make ended with status 0 and there is no model",
               model.string(), "fpsa doctor shows which program that is");
}

std::vector<std::string> bench_command(const SimulationRequest& request) {
  std::vector<std::string> argv = {model_of(request),
                                   "--samples",
                                   fmt::format("{}", request.samples),
                                   "--seed",
                                   fmt::format("{}", request.seed),
                                   "--backpressure",
                                   fmt::format("{}", request.backpressure),
                                   "--idle",
                                   fmt::format("{}", request.idle),
                                   "--timeout",
                                   fmt::format("{}", request.timeout)};
  if (request.trace) argv.insert(argv.end(), {"--trace", "reports/simulate.fst"});
  return argv;
}

// "progress <done> <total>": the last such line of the log decides.
void pass_progress(const SimulationRequest& request, const fs::path& log) {
  if (!request.progress || !fs::exists(log)) return;
  const std::string text = base::read_file(log);
  const std::size_t at = text.rfind("progress ");
  std::size_t done = 0;
  std::size_t total = 0;
  if (at != std::string::npos &&
      std::sscanf(text.c_str() + at, "progress %zu %zu", &done, &total) == 2)
    request.progress(done, total);
}

// The bench runs in a second thread, so that progress is called from the caller's.
int run_bench(const SimulationRequest& request, const ToolCommand& command) {
  int status = 0;
  std::future<std::string> finished =
      std::async(std::launch::async, [&] { return run_tool(command, status); });
  while (finished.wait_for(std::chrono::milliseconds(100)) != std::future_status::ready)
    pass_progress(request, command.log);
  const std::string log = finished.get();
  pass_progress(request, command.log);
  return status;
}

[[noreturn]] void fail_bench(int status, const fs::path& log) {
  std::string said;
  for (const std::string& line : lines_of(base::read_file(log)))
    if (line.rfind("progress ", 0) != 0) said += "\n" + line;
  base::fail(base::Code::kToolFailed,
             fmt::format("the bench ended with status {}:{}", status, said), log.string());
}

}  // namespace

SimulationResult simulate_verilator(const SimulationRequest& request) {
  if (!fs::exists(request.directory / "tb" / "bench.txt"))
    base::fail(base::Code::kNotARunDirectory, "no tb/bench.txt", request.directory.string(),
               "give the directory that fpsa compile wrote");
  build(request);
  const fs::path results = request.directory / "reports" / "results.json";
  const ToolCommand command{.argv = bench_command(request),
                            .directory = request.directory,
                            .log = request.directory / "reports" / "simulate.log",
                            .outputs = {"reports/results.json", "reports/outputs.bin"}};
  const int status = run_bench(request, command);
  const bool answered = status == kBenchPass || status == kBenchMismatch || status == kBenchError;
  if (!answered || !fs::exists(results)) fail_bench(status, command.log);
  return parse_results(base::read_file(results), results.string());
}

}  // namespace flow
