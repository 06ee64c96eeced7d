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
  std::filesystem::path liberty;                         ///< ASIC: cells to map to
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
};

/// Runs flows/yosys/<flow>.tcl; everything lands in DIR/build/<flow>, the log in
/// reports/yosys_<flow>.log. Throws kNotARunDirectory, kToolMissing, kToolFailed, kToolOutput,
/// kCellWithoutArea.
SynthResult synthesize(const SynthRequest& request);

/// A warning for each module whose memories hold more than the limit; reads the design but maps
/// nothing.
std::vector<std::string> memory_warnings(const SynthRequest& request);

/// "asic", "ice40", "ecp5", "xilinx".
std::string flow_name(config::SynthFlow flow);

}  // namespace flow
