// What place and route puts around a design: registers at all ports, on a shift chain.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "verilog/netlist.hpp"

namespace emit {

/// A port of a synthesised module.
struct UnitPort {
  std::string name;
  bool is_input = true;
  int width = 1;
};

/// The module <unit>_scan, which holds `unit` as u_unit and fpsa_scan_pins around it: all ports but
/// the clock clk_i are on the chain. Its own ports: clk_i, scan_i, capture_i, scan_o. The unit,
/// which needs another input than the clock and an output, counts as a leaf of the design.
verilog::Design scan_wrapper(const std::string& unit, const std::vector<UnitPort>& ports);

/// The wrapper's module, fpsa_scan_pins (from `leaves`) and their design.f, into `folder`.
void write_scan_wrapper(const std::filesystem::path& folder, const verilog::Design& wrapper,
                        const std::filesystem::path& leaves);

}  // namespace emit
