#include "flow/verilator.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <future>

#include "base/error.hpp"
#include "base/files.hpp"
#include "flow/bench.hpp"
#include "flow/tool.hpp"

namespace flow {
namespace {

namespace fs = std::filesystem;

// What the bench exits with; see tb/main.cpp.
constexpr int kBenchPass = 0;
constexpr int kBenchError = 1;
constexpr int kBenchMismatch = 7;

// `work` runs in a second thread, so that `look` is called from the caller's.
void watch(const std::function<void()>& work, const std::function<void()>& look) {
  std::future<void> finished = std::async(std::launch::async, work);
  while (finished.wait_for(std::chrono::milliseconds(100)) != std::future_status::ready) look();
  finished.get();
  look();
}

// From the run directory.
fs::path build_folder(const SimulationRequest& request) {
  return fs::path("build") / (request.trace ? "verilator-trace" : "verilator");
}

// Verilator writes all sources before make compiles the first: objects of them, and of the bench,
// that are newer than `start`.
void count_objects(const SimulationRequest& request, fs::file_time_type start) {
  std::size_t sources = 0;
  std::size_t objects = 0;
  std::error_code ignored;  // files come and go while they are counted
  for (const fs::path& folder : {fs::path("tb"), build_folder(request)}) {
    const fs::path path = request.directory / folder;
    for (const auto& entry : fs::directory_iterator(path, ignored)) {
      const std::string ending = entry.path().extension();
      sources += ending == ".cpp";
      objects += ending == ".o" && entry.last_write_time(ignored) >= start;
    }
  }
  if (objects > 0) request.progress("objects", std::min(objects, sources), sources);
}

// The bench's program, from the run directory.
std::string model_of(const SimulationRequest& request) {
  return (build_folder(request) / "Vtop").string();
}

void build(const SimulationRequest& request) {
  // make would only report that verilator is missing among its own last lines.
  require_tool("verilator");
  require_compiler();
  const ToolCommand command{.argv = {"make", "build", fmt::format("JOBS={}", request.jobs),
                                     fmt::format("TRACE={:d}", request.trace)},
                            .directory = request.directory / "tb",
                            .log = request.directory / "reports" / "verilator_build.log"};
  if (request.progress) {
    const auto start = fs::file_time_type::clock::now();
    watch([&] { run_tool(command); }, [&] { count_objects(request, start); });
  } else {
    run_tool(command);
  }
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
    request.progress("samples", done, total);
}

int run_bench(const SimulationRequest& request, const ToolCommand& command) {
  int status = 0;
  watch([&] { run_tool(command, status); }, [&] { pass_progress(request, command.log); });
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
  if (request.step) request.step(kBuildStep);
  build(request);
  if (request.step) request.step(kRunStep);
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
