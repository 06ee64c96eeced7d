// Any function of a stream's values, as a table of all of them: in trains, out trains in the next
// window, the same function for every channel.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "config/spec.hpp"
#include "units/trains.hpp"
#include "verilog/netlist.hpp"

namespace units {

/// One table in full.
struct TableConfig {
  int channels = 1;
  config::Train train = config::Train::kBinary;
  int activation_bits = 6;    ///< of the island's windows
  int input_bits = 6;         ///< of a magnitude that comes in, 1 .. activation_bits
  int output_bits = 6;        ///< of a magnitude that goes out, 1 .. activation_bits
  bool signed_input = false;  ///< pairs of lanes: first all x+, then all x-, of which one is silent
  bool signed_output = false;
  /// Of codes: first those of 0 .. 2^input_bits - 1, then (signed input) those of -0, -1, ..; the
  /// value of -0 is that of 0. |value| < 2^output_bits; without signed_output at least 0.
  std::vector<std::int32_t> values;

  bool operator==(const TableConfig&) const = default;
};

/// Lanes of the bus that comes in and of the one that goes out.
int input_lanes(const TableConfig& config);
int output_lanes(const TableConfig& config);

/// Throws kInternal unless sizes and values are within what TableConfig says.
void check(const TableConfig& config);

/// Name of the module that structure() makes: equal configurations have equal names.
std::string module_name(const TableConfig& config);

/// The table as a module: clk_i, rst_ni, tick_i, win_i, spike_i, spike_o. rtl/fpsa_table.v says
/// when. Expects what check() accepts.
verilog::Module structure(const TableConfig& config);

/// Golden level 2: window k of the result answers window k of `in`. Bits of a binary value above
/// input_bits are not looked at; a count of spikes ends at 2^input_bits - 1. Of pairs with two
/// lanes that are not silent nothing is said.
Trains through(const TableConfig& config, const Trains& in);

}  // namespace units
