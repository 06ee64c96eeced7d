// What a bench needs to see that a configured fabric is its circuit.
#pragma once

#include <map>
#include <string>

#include "fabric/configuration.hpp"
#include "pnr/implement.hpp"

namespace pnr {

/// Files of tb/ by name: tb_params.vh and the vectors of tb/fpsa_tb_fabric.v. What enters
/// at all pads in `clocks` clocks is random; what Evaluator says to them is expected, pad by pad.
/// Words of the configuration that are 0 are left out.
std::map<std::string, std::string> circuit_bench(const Implementation& done,
                                                 const fabric::Configuration& configuration,
                                                 int clocks, std::uint64_t seed);

}  // namespace pnr
