// A synthesised unit inside a wrapper, for place and route.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace flow {

struct NetlistPort {
  std::string name{};
  bool is_input = true;
  int width = 1;

  bool operator==(const NetlistPort&) const = default;
};

/// Ports of module `top` in a netlist that Yosys wrote as JSON, by name. Throws kToolOutput.
std::vector<NetlistPort> netlist_ports(const std::string& json, const std::string& top,
                                       const std::string& source);

struct WrapRequest {
  std::filesystem::path directory;  ///< a run directory, synthesised for the ice40 flow
  std::string unit;                 ///< its top
  std::string wrapper;              ///< module that holds the unit
  std::filesystem::path rtl;  ///< the wrapper's files and their design.f, from the run directory
  std::filesystem::path scripts;  ///< the project's flows/ folder
};

/// Maps the wrapper around the unit's netlist, whose cells stay as they are; log in
/// reports/yosys_ice40_scan.log. Returns DIR/build/ice40/scan.json. Throws kToolMissing,
/// kToolFailed.
std::filesystem::path wrap_netlist(const WrapRequest& request);

}  // namespace flow
