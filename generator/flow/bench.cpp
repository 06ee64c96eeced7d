#include "flow/bench.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"
#include "flow/tool.hpp"

namespace flow {
namespace {

namespace fs = std::filesystem;
using config::Simulator;

constexpr std::size_t kShownMismatches = 5;

std::string label(const BenchRequest& request) {
  return request.name + (request.simulator == Simulator::kIcarus ? "_icarus" : "_verilator");
}

void append_sources(std::vector<std::string>& argv, const BenchRequest& request) {
  for (const fs::path& library : request.libraries)
    argv.insert(argv.end(), {"-y", library.string(), "-I" + library.string()});
  for (const fs::path& source : request.sources) argv.push_back(source.string());
}

std::vector<std::string> icarus_compile(const BenchRequest& request, const fs::path& build) {
  std::vector<std::string> argv = {"iverilog",  "-g2005", "-s",
                                   request.top, "-o",     (build / "bench.vvp").string()};
  for (const auto& [name, value] : request.parameters)
    argv.push_back(fmt::format("-P{}.{}={}", request.top, name, value));
  for (const std::string& define : request.defines) argv.push_back("-D" + define);
  append_sources(argv, request);
  return argv;
}

std::vector<std::string> verilator_compile(const BenchRequest& request, const fs::path& build) {
  std::vector<std::string> argv = {"verilator", "--binary", "--timing",     "-O3", "--top-module",
                                   request.top, "-Mdir",    build.string(), "-o",  "bench"};
  argv.insert(argv.end(), {"-MAKEFLAGS", "CURDIR=."});  // its make minds blanks in that variable
  for (const auto& [name, value] : request.parameters)
    argv.push_back(fmt::format("-G{}={}", name, value));
  for (const std::string& define : request.defines) argv.push_back("-D" + define);
  append_sources(argv, request);
  return argv;
}

std::vector<std::string> run_command(const BenchRequest& request, const fs::path& build) {
  std::vector<std::string> argv = {(build / "bench").string()};
  if (request.simulator == Simulator::kIcarus) argv = {"vvp", "-n", (build / "bench.vvp").string()};
  argv.insert(argv.end(), request.arguments.begin(), request.arguments.end());
  return argv;
}

}  // namespace

BenchResult parse_bench(const std::string& log, const std::string& source) {
  BenchResult result{.log = source};
  for (const std::string& line : lines_of(log)) {
    if (line.rfind("MISMATCH", 0) == 0) result.mismatches.push_back(line);
    if (line.rfind("TIMEOUT", 0) == 0) result.timeout = line;
    if (line.rfind("PASS", 0) == 0) result.verdict = line;
  }
  if (result.verdict.empty() && result.mismatches.empty() && result.timeout.empty())
    base::fail(base::Code::kToolOutput, "the bench ended without a verdict", source,
               "read the log: the bench was cut short");
  result.pass = result.mismatches.empty() && result.timeout.empty();
  return result;
}

BenchResult run_bench(const BenchRequest& request) {
  const bool icarus = request.simulator == Simulator::kIcarus;
  const fs::path build = fs::path("build") / label(request);  // from the run directory
  const fs::path reports = request.directory / "reports";
  fs::remove_all(request.directory / build);  // times do not tell whether it is made of these files
  fs::create_directories(request.directory / build);
  if (request.step) request.step(kBuildStep);
  run_tool({.argv = icarus ? icarus_compile(request, build) : verilator_compile(request, build),
            .directory = request.directory,
            .log = reports / (label(request) + "_build.log"),
            .outputs = {build / (icarus ? "bench.vvp" : "bench")}});
  const fs::path log = reports / (label(request) + ".log");
  if (request.step) request.step(kRunStep);
  int status = 0;
  const std::string text = run_tool(
      {.argv = run_command(request, build), .directory = request.directory, .log = log}, status);
  BenchResult result = parse_bench(text, log.string());
  // A bench may end with $fatal after its MISMATCH lines; after PASS it may not.
  if (status != 0 && result.pass)
    base::fail(base::Code::kToolFailed, fmt::format("the bench ended with status {}", status),
               log.string());
  return result;
}

std::vector<fs::path> gate_sources(const fs::path& cell_models) {
  return {fs::path("build") / "asic" / "netlist.v", cell_models};
}

BenchRequest gate_level(BenchRequest request, const std::vector<fs::path>& bench,
                        const fs::path& cell_models) {
  request.name += "_gate";
  request.simulator = config::Simulator::kIcarus;  // Verilator refuses the latches
  request.sources = bench;
  request.libraries = {"rtl"};
  for (const fs::path& source : gate_sources(cell_models)) request.sources.push_back(source);
  return request;
}

void require_pass(const BenchResult& result) {
  if (result.pass) return;
  if (result.mismatches.empty())
    base::fail(base::Code::kSimulationHang, result.timeout, result.log.string());
  base::Diagnostics faults;
  const std::size_t shown = std::min(kShownMismatches, result.mismatches.size());
  for (std::size_t i = 0; i < shown; ++i)
    faults.add(base::Code::kMismatch, result.mismatches[i], result.log.string());
  faults.throw_if_any();
}

}  // namespace flow
