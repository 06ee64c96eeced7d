#include "flow/nextpnr.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <regex>

#include "base/error.hpp"
#include "base/files.hpp"
#include "flow/tool.hpp"

namespace flow {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> arguments(const PnrRequest& request, std::uint64_t seed,
                                   const fs::path& report) {
  const fs::path netlist = request.netlist.empty()
                               ? request.directory / "build" / "ice40" / "netlist.json"
                               : request.netlist;
  std::vector<std::string> argv = {"nextpnr-ice40",
                                   "--" + request.device,
                                   "--package",
                                   request.package,
                                   "--json",
                                   fs::absolute(netlist).string(),
                                   "--report",
                                   fs::absolute(report).string(),
                                   "--freq",
                                   fmt::format("{:.3f}", 1000.0 / request.clock_ns),
                                   "--seed",
                                   fmt::format("{}", seed),
                                   "--timing-allow-fail"};
  if (!request.pcf.empty())
    argv.insert(argv.end(),
                {"--pcf", fs::absolute(request.pcf).string(), "--pcf-allow-unconstrained"});
  return argv;
}

// "ICESTORM_LC:  9120/ 7680   118%": the resource that is short, with its numbers.
std::string shortage(const std::string& log) {
  static const std::regex line(R"((\w+):\s*(\d+)/\s*(\d+)\s+(\d+)%)");
  std::string text;
  for (auto it = std::sregex_iterator(log.begin(), log.end(), line); it != std::sregex_iterator();
       ++it)
    if (std::stoull((*it)[2]) > std::stoull((*it)[3]))
      text += fmt::format("; {} of {} {}", (*it)[2].str(), (*it)[3].str(), (*it)[1].str());
  return text;
}

void check_fits(const PnrRequest& request, const std::string& log) {
  const bool full = log.find("no BELs remaining") != std::string::npos ||
                    log.find("Unable to find a placement location") != std::string::npos;
  if (full || !shortage(log).empty())
    base::fail(base::Code::kDoesNotFit,
               fmt::format("the design does not fit an iCE40 {} in {}{}", request.device,
                           request.package, shortage(log)),
               "reports/nextpnr.log", "take a larger device, fewer beat_lanes or a smaller PE");
}

PnrResult try_seed(const PnrRequest& request, std::uint64_t seed) {
  const fs::path report = request.directory / "reports" / "nextpnr.json";
  const ToolCommand command{.argv = arguments(request, seed, report),
                            .directory = request.directory,
                            .log = request.directory / "reports" / "nextpnr.log",
                            .silence = request.silence,
                            .outputs = {"reports/nextpnr.json"}};
  int status = 0;
  const std::string log = run_tool(command, status);
  if (status != 0) {
    check_fits(request, log);
    const std::size_t error = log.find("ERROR: ");
    base::fail(base::Code::kToolFailed,
               error == std::string::npos
                   ? fmt::format("nextpnr-ice40 ended with status {}", status)
                   : "nextpnr-ice40: " + log.substr(error, log.find('\n', error) - error),
               command.log.string());
  }
  PnrResult result = parse_pnr(base::read_file(report), request.device, report.string());
  result.seed = seed;
  return result;
}

}  // namespace

PnrResult parse_pnr(const std::string& text, const std::string& device, const std::string& source) {
  try {
    const nlohmann::json document = nlohmann::json::parse(text);
    PnrResult result;
    result.device = device;
    for (const auto& [clock, figures] : document.at("fmax").items()) {
      const double achieved = figures.at("achieved");
      result.fmax_mhz = result.fmax_mhz == 0.0 ? achieved : std::min(result.fmax_mhz, achieved);
    }
    for (const auto& [kind, figures] : document.at("utilization").items())
      result.utilisation[kind] = {figures.at("used"), figures.at("available")};
    return result;
  } catch (const std::exception& error) {
    base::fail(base::Code::kToolOutput,
               fmt::format("the report of nextpnr is unreadable: {}", error.what()), source);
  }
}

PnrResult place_and_route(const PnrRequest& request) {
  for (std::uint64_t seed = request.seed; seed < request.seed + kSeeds; ++seed) {
    try {
      return try_seed(request, seed);
    } catch (const base::Error& error) {
      if (error.faults().front().code != base::Code::kToolTimeout) throw;
    }
  }
  base::fail(base::Code::kToolTimeout,
             fmt::format("nextpnr-ice40 stood still for {} s with each of {} seeds",
                         request.silence.count(), kSeeds),
             (request.directory / "reports" / "nextpnr.log").string(),
             "a nearly full device is hard to place: take a larger one, fewer beat_lanes or a "
             "smaller PE");
}

}  // namespace flow
