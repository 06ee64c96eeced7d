#include "flow/doctor.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <regex>
#include <sstream>

#include "base/subprocess.hpp"

namespace flow {
namespace {

// A capability is present if the command's output holds the words.
struct Probe {
  const char* name;
  std::vector<std::string> argv;
  const char* words;
};

struct Tool {
  const char* name;
  const char* purpose;
  bool required;
  const char* minimum;
  std::vector<std::string> version_argv;
  std::vector<Probe> probes;
};

Probe yosys_command(const char* command) {
  return {command, {"yosys", "-qp", fmt::format("tee -o /dev/stdout help {}", command)}, "    "};
}

std::vector<Tool> tools() {
  return {
      {"verilator",
       "simulation",
       true,
       "5.006",
       {"verilator", "--version"},
       {{"--trace-fst", {"verilator", "--help"}, "--trace-fst"},
        {"--x-initial", {"verilator", "--help"}, "--x-initial"}}},
      {"make", "builds the simulation", true, "4.3", {"make", "--version"}, {}},
      {"g++", "builds the simulation", true, "12.2", {"g++", "-dumpfullversion"}, {}},
      {"iverilog", "second simulator, gate level", true, "11.0", {"iverilog", "-V"}, {}},
      {"vvp", "second simulator, gate level", true, "11.0", {"vvp", "-V"}, {}},
      {"yosys",
       "synthesis",
       true,
       "0.23",
       {"yosys", "-V"},
       {yosys_command("synth_ice40"), yosys_command("synth_ecp5"), yosys_command("synth_xilinx"),
        yosys_command("dfflibmap"), yosys_command("abc")}},
      {"sta", "timing and power", true, "2.0.17", {"sta", "-version"}, {}},
      {"nextpnr-ice40",
       "place and route on iCE40",
       false,
       "0.4",
       {"nextpnr-ice40", "--version"},
       {{"--report", {"nextpnr-ice40", "--help"}, "--report"}}},
      {"sbatch", "sweeps on a cluster", false, "22.05", {"sbatch", "--version"}, {}},
  };
}

std::string output_of(const std::vector<std::string>& argv) {
  base::Command command;
  command.argv = argv;
  command.timeout = std::chrono::seconds(60);
  return base::run(command).output;
}

Capability examine(const Probe& probe) {
  const std::string output = output_of(probe.argv);
  const bool refused = output.find("No such command") != std::string::npos;
  return {probe.name, !refused && output.find(probe.words) != std::string::npos};
}

ToolStatus examine(const Tool& tool) {
  ToolStatus status{.name = tool.name,
                    .purpose = tool.purpose,
                    .required = tool.required,
                    .minimum = tool.minimum,
                    .package = base::debian_package(tool.name)};
  status.install = fmt::format("sudo apt-get install {}", status.package);
  const auto path = base::find_program(tool.name);
  if (!path) return status;
  status.path = path->string();
  status.version = version_in(output_of(tool.version_argv));
  status.recent = at_least(status.version, tool.minimum);
  for (const Probe& probe : tool.probes) status.capabilities.push_back(examine(probe));
  return status;
}

std::vector<long> fields_of(const std::string& version) {
  std::vector<long> fields;
  std::istringstream stream(version);
  for (std::string field; std::getline(stream, field, '.');) fields.push_back(std::stol(field));
  return fields;
}

}  // namespace

bool ToolStatus::usable() const {
  return recent && std::all_of(capabilities.begin(), capabilities.end(),
                               [](const Capability& capability) { return capability.present; });
}

std::vector<ToolStatus> examine_tools() {
  std::vector<ToolStatus> statuses;
  for (const Tool& tool : tools()) statuses.push_back(examine(tool));
  return statuses;
}

std::string version_in(const std::string& text) {
  static const std::regex number(R"((\d+(?:\.\d+)+))");
  std::smatch match;
  return std::regex_search(text, match, number) ? match[1].str() : std::string{};
}

bool at_least(const std::string& version, const std::string& minimum) {
  if (version.empty()) return false;
  std::vector<long> have = fields_of(version);
  std::vector<long> need = fields_of(minimum);
  have.resize(std::max(have.size(), need.size()));
  need.resize(have.size());
  return have >= need;
}

}  // namespace flow
