// Stimuli of a PE and what it must answer, as files for its bench tb/fpsa_tb_pe.v.
#pragma once

#include <string>

#include "units/pe/pe.hpp"

namespace units {

/// Random weights, offsets and thresholds that use a PE's whole range.
PeContent random_content(const PeConfig& config, std::uint64_t seed);

/// The bench's files, as text.
struct PeBench {
  std::string parameters;    ///< tb_params.vh: `define lines
  std::string load;          ///< load.mem: 64-bit words, address high, data low
  std::string stimulus;      ///< stimulus.mem: a line a tick, {win, spikes}
  std::string expected;      ///< expected.mem: a line a tick, {win_o, spike_o} after it
  std::string sums_in;       ///< sum_in.mem; empty without rows above
  std::string expected_sum;  ///< expected_sum.mem; empty with neurons
};

/// `windows` windows of random spikes (every density from silence to full) for the PE of `module`
/// with `content`; the answers are the emulator's.
PeBench make_bench(const PeConfig& config, const PeContent& content, const std::string& module,
                   int windows, std::uint64_t seed);

}  // namespace units
