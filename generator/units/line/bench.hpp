// Stimuli of a line walk and what it must answer, as files for the bench tb/fpsa_tb_smb.v.
#pragma once

#include "units/line/line.hpp"
#include "units/smb/bench.hpp"

namespace units {

/// `maps` maps of random tokens, some of the writer's windows not live, for the walk of `module`;
/// the answers are the emulator's, the amounts those of units/line/walk.hpp.
SmbBench make_bench(const LineConfig& config, const std::string& module, int maps,
                    std::uint64_t seed);

}  // namespace units
