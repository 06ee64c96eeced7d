// Stimuli of a memory block and what it must answer, as files for its bench tb/fpsa_tb_smb.v.
#pragma once

#include <string>

#include "units/smb/smb.hpp"

namespace units {

/// The bench's files, as text. They do not depend on when either side ticks.
struct SmbBench {
  std::string parameters;  ///< tb_params.vh: `define lines
  std::string write;       ///< write.mem: a line a write tick, {win, live, first, done, bus}
  std::string read;        ///< read.mem: a line a tick of a live window, its bus
};

/// `tokens` tokens of random windows, some of them not live, for the block of `module`; the answers
/// are the emulator's.
SmbBench make_bench(const SmbConfig& config, const std::string& module, int tokens,
                    std::uint64_t seed);

}  // namespace units
