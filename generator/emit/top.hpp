// The hardwired design: a map::Design printed as it is, units wired directly.
#pragma once

#include <string>
#include <vector>

#include "map/design.hpp"
#include "verilog/netlist.hpp"

namespace emit {

/// A train that a bench can watch, by the (legal) names of the top module's nets.
struct Probe {
  std::string layer;  ///< as the model calls it
  int lanes = 0;
  std::string spikes;
  std::string win;
  std::string live;
  std::string tick;
  int period = 0;  ///< ticks of a window
  config::Train train = config::Train::kBinary;
  int tokens = 1;  ///< windows a sample
};

struct Rtl {
  verilog::Design design{""};
  std::vector<Probe> probes;  ///< one a stream, the input first
};

/// Prints instances and links, verifies and legalizes the netlist; the top is fpsa_top. Its ports:
/// clk_i, rst_ni, s_axis_*, m_axis_* (data in and out), s_axil_* (configuration).
Rtl hardwired(const map::Design& design);

}  // namespace emit
