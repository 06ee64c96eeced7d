// Synthesis of a run directory with Yosys, for an ASIC library or an FPGA family.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "config/spec.hpp"
#include "flow/area.hpp"

namespace flow {

struct SynthRequest {
  std::filesystem::path directory;  ///< a run directory
  std::string top;
  config::SynthFlow flow = config::SynthFlow::kAsic;
  std::filesystem::path scripts;                         ///< the project's flows/ folder
  std::vector<std::filesystem::path> liberty;            ///< ASIC: the files of the cell library
  std::vector<std::string> dont_use;                     ///< ASIC: its cells that may not be used
  std::vector<std::string> blackboxes;                   ///< modules without gates
  std::function<double(const BlackBox&)> blackbox_area;  ///< ASIC: um^2 of an instance
  double clock_ns = 10.0;
  bool keep_hierarchy = true;  ///< FPGA: a line a module instead of optimising across modules
  std::uint64_t memory_limit_bits =
      65536;  ///< ASIC: warn of larger memories, which become flip-flops
};

struct SynthResult {
  AreaReport area;
  std::vector<std::string> warnings;
  std::filesystem::path netlist;  ///< netlist.v (ASIC) or netlist.json (FPGA)
  std::string library{};          ///< ASIC: the library's name
};

/// Runs flows/yosys/<flow>.tcl; everything lands in DIR/build/<flow>, the log in
/// reports/yosys_<flow>.log. For an ASIC the library is read first (flow/cell_library.hpp) and
/// written there as all tools are given it: cells.lib, and cells.txt with what its cells do. Throws
/// kNotARunDirectory, kBadLibrary, kToolMissing, kToolFailed, kToolOutput, kCellWithoutArea.
SynthResult synthesize(const SynthRequest& request);

/// A warning for each module whose memories hold more than the limit; reads the design but maps
/// nothing.
std::vector<std::string> memory_warnings(const SynthRequest& request);

/// "asic", "ice40", "ecp5", "xilinx".
std::string flow_name(config::SynthFlow flow);

}  // namespace flow
