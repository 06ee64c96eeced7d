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

}  // namespace

StaResult parse_sta(const std::string& log, double clock_ns, const std::string& source) {
  const auto number = [&](const std::string& pattern, const char* what) {
    return std::stod(find(log, pattern, what, source)[1]);
  };
  StaResult result;
  result.path_from = find(log, R"(Startpoint: (\S+))", "worst path", source)[1];
  result.path_to = find(log, R"(Endpoint: (\S+))", "worst path", source)[1];
  result.slack_ns = number(kNumber + R"(\s+slack \()", "slack");
  result.wns_ns = number(R"((?:^|\n)wns )" + kNumber, "worst negative slack");
  result.fmax_mhz = 1000.0 / (clock_ns - result.slack_ns);
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
  const fs::path build = fs::absolute(request.directory) / "build" / "asic";
  const fs::path script = fs::absolute(request.scripts) / "opensta" / "sta.tcl";
  const fs::path log = request.directory / "reports" / "opensta.log";
  const std::string text =
      run_tool({.argv = {"sta", "-no_splash", "-exit", script.string()},
                .environment = {{"FPSA_TOP", request.top},
                                {"FPSA_OUT", build.string()},
                                {"FPSA_LIBERTY", fs::absolute(request.liberty).string()},
                                {"FPSA_CLOCK_PS", fmt::format("{:.0f}", 1000 * request.clock_ns)},
                                {"FPSA_ACTIVITY", fmt::format("{}", request.activity)}},
                .directory = request.directory,
                .log = log});
  return parse_sta(text, request.clock_ns, log.string());
}

}  // namespace flow
