// BLIF (Berkeley Logic Interchange Format, University of California, Berkeley, 1992): how VPR, ABC
// and Yosys pass circuits of LUTs and flip-flops on.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "fabric/architecture.hpp"
#include "pnr/netlist.hpp"

namespace pnr {

/// The one model in `text`: .inputs, .outputs, .clock, .names with covers of either polarity,
/// .latch with any edge and initial value (unknown ones are 0), .subckt of the kinds in `hard` with
/// wires of wide ports as "port[2]"; all wires of a link are one signal, and lead to all of another
/// hard block's. `source` is named in faults, with
/// lines. Throws kBadGraph with all faults of the text at once, or for loops and signals with no
/// driver or two, and kDoesNotFit for .names of more than `lut_inputs` inputs.
Netlist read_blif(std::string_view text, const std::string& source, int lut_inputs,
                  std::span<const fabric::HardTile> hard = {});

/// `netlist`, whose hard blocks are of the kinds in `hard`, as BLIF; reading that gives the same
/// netlist, but for the order of signals and the names of hard blocks and links.
std::string write_blif(const Netlist& netlist, std::span<const fabric::HardTile> hard = {});

}  // namespace pnr
