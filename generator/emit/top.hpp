// The whole hardwired design as a netlist: host interface, sequencer, SMBs at the edges, PEs.
#pragma once

#include <string>
#include <vector>

#include "config/spec.hpp"
#include "map/design.hpp"
#include "verilog/netlist.hpp"

namespace emit {

/// A spike bus that a bench can watch, by the (legal) names of the top module's nets.
struct Probe {
  std::string layer;  ///< as the model calls it
  int lanes = 0;
  std::string spikes;
  std::string win;
  std::string live;
};

struct Rtl {
  verilog::Design design;
  std::vector<Probe> probes;  ///< one a bus, the input first
  std::string tick;           ///< net of the top module
};

/// What the top needs beside the mapped design.
struct TopOptions {
  std::string name = "fpsa_top";
  int beat_lanes = 64;
  std::uint32_t spec_hash = 0;   ///< first 32 bits of the spec's hash, readable at CSR 0x08
  bool preset_memories = false;  ///< PEs read mem/<pe>_*.mem at time 0 instead of being loaded
};

/// Builds, verifies and legalizes the netlist. Ports of the top: clk_i, rst_ni, s_axis_*, m_axis_*
/// (data in and out), s_axil_* (configuration). PE i is unit i of the load bus.
Rtl build(const map::Design& design, const TopOptions& options);

/// Path of a PE's memory files from the run directory, without what tells them apart and their
/// ending: "mem/03_fc1_r0_c0". The number is the unit's on the load bus.
std::string memory_path(const map::Design& design, map::PeId pe);

/// The preset files of a PE, as $readmemh paths from the run directory.
units::PresetFiles preset_files(const map::Design& design, map::PeId pe);

}  // namespace emit
