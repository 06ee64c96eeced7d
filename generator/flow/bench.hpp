// Plain Verilog benches (tb/*.v), which print PASS or MISMATCH lines, under Icarus or Verilator:
// one unit, a whole network, or a mapped netlist with the models of its cells.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "config/spec.hpp"

namespace flow {

/// Names of the two steps of every simulation.
inline constexpr const char* kBuildStep = "build simulation";
inline constexpr const char* kRunStep = "simulate";

struct BenchRequest {
  std::filesystem::path directory{};  ///< working directory; memory files are named relative to it
  config::Simulator simulator = config::Simulator::kIcarus;
  std::string name{};  ///< of build folder and log: reports/<name>_<simulator>.log
  std::string top{};   ///< the bench module
  std::vector<std::filesystem::path> sources{};  ///< bench and design; relative ones to `directory`
  std::vector<std::filesystem::path>
      libraries{};  ///< folders of further modules, file = module, and of included files
  std::map<std::string, std::string>
      parameters;                        ///< of the bench module; strings with their quotes
  std::vector<std::string> defines{};    ///< NAME or NAME=VALUE
  std::vector<std::string> arguments{};  ///< +plusargs of the run
  std::function<void(const std::string& step)> step{};  ///< as SimulationRequest's
};

struct BenchResult {
  bool pass = false;                      ///< a PASS line, no other verdict, status 0
  std::vector<std::string> mismatches{};  ///< MISMATCH lines as printed
  std::string timeout{};                  ///< the TIMEOUT line: signals when nothing moved any more
  std::string verdict{};                  ///< the PASS line
  std::filesystem::path log{};
};

/// Compiles the bench in DIR/build/<name>_<simulator> and runs it. Mismatches are a result. Throws
/// kToolMissing, kToolFailed (does not compile, crashes), kToolOutput (ended without a verdict).
BenchResult run_bench(const BenchRequest& request);

/// Reads the verdict out of the bench's output; throws kToolOutput naming `source` if there is
/// none.
BenchResult parse_bench(const std::string& log, const std::string& source);

/// What stands for rtl/ at gate level: build/asic/netlist.v and the Verilog models of its cells; a
/// relative `cell_models` is relative to the run directory, like all sources.
std::vector<std::filesystem::path> gate_sources(const std::filesystem::path& cell_models);

/// The request that runs the same bench on the netlist: its sources become `bench` and
/// gate_sources(); black boxes (macro crossbars, memories) are taken from rtl/.
BenchRequest gate_level(BenchRequest request, const std::vector<std::filesystem::path>& bench,
                        const std::filesystem::path& cell_models);

/// Throws kMismatch with the first MISMATCH lines, or kSimulationHang, unless the bench passed.
void require_pass(const BenchResult& result);

}  // namespace flow
