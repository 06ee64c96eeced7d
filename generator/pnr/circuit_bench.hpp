// What a bench needs to see that a configured fabric is its circuit.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "fabric/configuration.hpp"
#include "pnr/implement.hpp"

namespace pnr {

struct BenchLength {
  int clocks = 200;
  std::uint64_t seed = 1;
};

/// Files of tb/ by name: tb_params.vh and the vectors of tb/fpsa_tb_fabric.v. What enters
/// at all pads is random; what Evaluator says to them of `meaning`, which has the inputs and
/// outputs of the circuit and no hard blocks, is expected, pad by pad. Words of the configuration
/// that are 0 are left out.
std::map<std::string, std::string> circuit_bench(const Implementation& done, const Netlist& meaning,
                                                 const fabric::Configuration& configuration,
                                                 const BenchLength& length = {});

}  // namespace pnr
