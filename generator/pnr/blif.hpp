// BLIF (Berkeley Logic Interchange Format, University of California, Berkeley, 1992): how VPR, ABC
// and Yosys pass circuits of LUTs and flip-flops on.
#pragma once

#include <string>
#include <string_view>

#include "pnr/netlist.hpp"

namespace pnr {

/// The one model in `text`: .inputs, .outputs, .clock, .names with covers of either polarity,
/// .latch with any edge and initial value (unknown ones are 0). `source` is named in faults, with
/// lines. Throws kBadGraph with all faults of the text at once, or for loops and signals with no
/// driver or two, and kDoesNotFit for .names of more than `lut_inputs` inputs.
Netlist read_blif(std::string_view text, const std::string& source, int lut_inputs);

/// `netlist` as BLIF; reading that gives the same netlist, but for the order of signals.
std::string write_blif(const Netlist& netlist);

}  // namespace pnr
