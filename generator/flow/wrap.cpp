#include "flow/wrap.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "flow/tool.hpp"

namespace flow {

namespace fs = std::filesystem;

std::vector<NetlistPort> netlist_ports(const std::string& json, const std::string& top,
                                       const std::string& source) {
  try {
    const nlohmann::json document = nlohmann::json::parse(json);
    std::vector<NetlistPort> ports;
    for (const auto& [name, port] : document.at("modules").at(top).at("ports").items())
      ports.push_back(
          {name, port.at("direction") == "input", static_cast<int>(port.at("bits").size())});
    return ports;
  } catch (const std::exception& error) {
    base::fail(base::Code::kToolOutput,
               fmt::format("the netlist of {} is unreadable: {}", top, error.what()), source);
  }
}

fs::path wrap_netlist(const WrapRequest& request) {
  run_tool({.argv = {"yosys", "-c",
                     flow_script(request.directory, request.scripts, "yosys/ice40_scan.tcl")},
            .environment = {{"FPSA_TOP", request.wrapper},
                            {"FPSA_UNIT", request.unit},
                            {"FPSA_RTL_DIR", request.rtl.string()},
                            {"FPSA_OUT", "build/ice40"}},
            .directory = request.directory,
            .log = request.directory / "reports" / "yosys_ice40_scan.log",
            .outputs = {"build/ice40/scan.json"}});
  return request.directory / "build" / "ice40" / "scan.json";
}

}  // namespace flow
