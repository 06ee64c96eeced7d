// Who drives and who reads every bit of a module; a part of verify().
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>

#include "base/error.hpp"
#include "verilog/netlist.hpp"

namespace verilog {

/// (output, input) ports of a module where assigns copy bits of the one to the other.
using Feedthrough = std::set<std::pair<std::string, std::string>>;

/// Adds a fault for bits of `module` that are driven never or twice or never read, and for nets
/// that assigns copy from themselves. The latter is by nets, not bits, since that is how Verilator
/// (UNOPTFLAT) sees a loop. `signatures` and `feedthroughs` hold what `module` instantiates
/// (feedthroughs: generated modules only). Every connection of `module` must fit its port.
Feedthrough check_connectivity(const Module& module,
                               const std::map<std::string, Signature>& signatures,
                               const std::map<std::string, Feedthrough>& feedthroughs,
                               base::Diagnostics& faults);

}  // namespace verilog
