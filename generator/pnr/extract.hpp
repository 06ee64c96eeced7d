// The circuit that a configured fabric is, told from its bits alone.
#pragma once

#include <string>

#include "fabric/configuration.hpp"
#include "pnr/netlist.hpp"
#include "pnr/packed.hpp"

namespace pnr {

/// What a circuit's parts are called by where they lie.
std::string input_at(const Site& site);   ///< "in0_x1_y2", what enters at a pad
std::string output_at(const Site& site);  ///< "out0_x1_y2", what leaves at a pad
std::string lut_at(const Site& site, int lut);
std::string flip_flop_at(const Site& site, int lut);
std::string hard_at(const Site& site);  ///< "hard_x1_y2"
std::string hard_output_at(const Site& site, int pin);

struct Extracted {
  Netlist netlist;
  std::vector<SignalId> read;  ///< by output of the netlist, what its pad reads
  std::vector<std::string> faults;
};

/// Inputs are all pads; outputs the pads whose multiplexer is on, LUT by LUT what is not off. A
/// LUT's inputs that are off, or lead to what is, are left out of it: they are 0. An output is a
/// LUT of one input. Hard blocks are those of which an input is on. Faults: multiplexers that
/// choose an input that they do not have, ways that never end, multiplexers that are on and lead to
/// nothing that reads, and ways that begin at a hard tile that is off.
Extracted extract(const fabric::Configuration& configuration, const fabric::Graph& graph,
                  const fabric::Layout& layout);

}  // namespace pnr
