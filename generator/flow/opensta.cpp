#include "flow/opensta.hpp"

#include <fmt/format.h>

#include <regex>

#include "base/error.hpp"
#include "flow/tool.hpp"

namespace flow {
namespace {

namespace fs = std::filesystem;

const std::string kNumber = R"((-?[0-9.]+(?:[eE][+-]?[0-9]+)?))";

// First match of `pattern`; what it stands for is named if there is none.
std::smatch find(const std::string& log, const std::string& pattern, const std::string& what,
                 const std::string& source) {
  std::smatch match;
  if (!std::regex_search(log, match, std::regex(pattern)))
    base::fail(base::Code::kToolOutput, fmt::format("OpenSTA reported no {}", what), source,
               "read the log; a design without registers has no clocked path");
  return match;
}

// Lines "fpsa <key> <value>"
std::map<std::string, std::string> results_of(const std::string& log) {
  std::map<std::string, std::string> results;
  for (const std::string& line : lines_of(log)) {
    if (line.rfind("fpsa ", 0) != 0) continue;
    const std::size_t end = line.find(' ', 5);
    if (end != std::string::npos) results[line.substr(5, end - 5)] = line.substr(end + 1);
  }
  return results;
}

// OpenSTA ends with status 0 after a script that failed.
void refuse_errors(const std::string& log, const std::string& source) {
  for (const std::string& line : lines_of(log))
    if (line.rfind("Error: ", 0) == 0)
      base::fail(base::Code::kToolFailed, fmt::format("OpenSTA: {}", line.substr(7)), source,
                 known_cure(line));
}

}  // namespace

StaResult parse_sta(const std::string& log, const std::string& source) {
  refuse_errors(log, source);
  const std::map<std::string, std::string> results = results_of(log);
  const auto text = [&](const char* key, const char* what) {
    if (!results.count(key)) find(log, "fpsa " + std::string(key), what, source);
    return results.at(key);
  };
  StaResult result;
  result.path_from = text("start", "worst path");
  result.path_to = text("end", "worst path");
  result.clock_ns = std::stod(text("period_ns", "clock period"));
  result.slack_ns = std::stod(text("worst_slack_ns", "slack"));
  result.hold_slack_ns = std::stod(text("worst_hold_slack_ns", "hold slack"));
  result.tns_ns = std::stod(text("tns_ns", "total negative slack"));
  result.fmax_mhz = std::stod(text("fmax_mhz", "fastest clock"));
  result.overloads = std::stoull(text("overloads", "overloaded outputs"));
  result.untimed_cells = std::stoull(text("untimed_cells", "cells without a model"));
  const std::string sp = R"(\s+)";
  const std::smatch power =
      find(log, R"((?:^|\n)Total\s+)" + kNumber + sp + kNumber + sp + kNumber + sp + kNumber,
           "power", source);
  result.internal_w = std::stod(power[1]);
  result.switching_w = std::stod(power[2]);
  result.leakage_w = std::stod(power[3]);
  result.total_w = std::stod(power[4]);
  return result;
}

StaResult analyse_timing(const StaRequest& request) {
  const std::string script = flow_script(request.directory, request.scripts, "opensta/sta.tcl");
  const fs::path log = request.directory / "reports" / "opensta.log";
  const std::string text =
      run_tool({.argv = {"sta", "-no_splash", "-exit", script},
                .environment = {{"FPSA_TOP", request.top},
                                {"FPSA_NETLIST", "build/asic/netlist.v"},
                                {"FPSA_LIBERTY", "build/asic/cells.lib"},
                                {"FPSA_SDC", "constraints/" + request.top + ".sdc"},
                                {"FPSA_FLOWS", "build/flows"},
                                {"FPSA_CLOCK_NS", fmt::format("{}", request.clock_ns)},
                                {"FPSA_ACTIVITY", fmt::format("{}", request.activity)}},
                .directory = request.directory,
                .log = log});
  return parse_sta(text, log.string());
}

}  // namespace flow
