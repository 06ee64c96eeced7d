// The RTL of a circuit on a fabric: what its bits make of the fabric, and the ports around it.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "fabric/architecture.hpp"
#include "pnr/extract.hpp"
#include "pnr/implement.hpp"
#include "units/unit.hpp"
#include "verilog/netlist.hpp"

namespace emit {

/// Module fpsa_circuit, added to `design`: what pnr::extract() found a configured fabric to be, LUT
/// by LUT at its place, without the multiplexers and wires between them. It has the fabric's pads
/// and clock, and active_i, while which is low nothing enters or leaves, LUTs drive and hard tiles
/// read zeros. Simulators take it in place of the fabric, whose wires form loops until they are
/// configured. `hard` are the units of the architecture's hard tiles.
const verilog::Module& add_circuit(verilog::Design& design, const pnr::Extracted& found,
                                   const fabric::Architecture& architecture,
                                   const std::vector<units::UnitPtr>& hard);

/// Wires of ports and their pads: "name" of a port of one wire, "name[2]" of others.
using PortPads = std::map<std::string, int>;
/// Those of a circuit's inputs and outputs.
PortPads port_pads(const pnr::Implementation& done);

/// A module with name and ports of `top`, which are the pads of an instance of `inside`, a module
/// of add_circuit(), always active. Port clk_i is its clock. Throws kNetlistInvalid for a
/// wire of an output without a pad; what enters and has none is not read.
verilog::Module behind_ports(const verilog::Module& top, const verilog::Module& inside,
                             const PortPads& pads);

/// The same around `fabric`, a design of fabric_rtl(), for simulation: tb/fpsa_tb_loader.v
/// configures it with `words` words and holds the network's reset, port rst_ni, until it is done.
std::string fabric_behind_ports(const verilog::Module& top, const verilog::Design& fabric,
                                const PortPads& pads, int words);

}  // namespace emit
