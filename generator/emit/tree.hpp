// A run directory's files: everything that simulation and synthesis need with no fpsa at hand.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "emit/top.hpp"
#include "map/design.hpp"

namespace emit {

/// rtl/<module>.v for every generated module, copies of the leaves it uses (from `leaves`), and
/// rtl/design.f: paths from the run directory, children first, the top last.
void write_rtl(const std::filesystem::path& directory, const verilog::Design& design,
               const std::filesystem::path& leaves);

/// For every PE at its memory_path(): _weights.mem, _offsets.mem, _thresholds.mem ($readmemh) and
/// .load (the sequence for the load bus: 64-bit lines, address in the high word).
void write_memories(const std::filesystem::path& directory, const map::Design& design);

/// constraints/<top>.sdc: one clock, input and output delays of a fifth of the period.
void write_constraints(const std::filesystem::path& directory, const std::string& top,
                       double clock_ns);

/// <name>.core (FuseSoC, CAPI 2): RTL file set, lint and simulation targets.
void write_core_file(const std::filesystem::path& directory, const std::string& name,
                     const verilog::Design& design);

/// tb/: the bench's sources and Makefile (from `bench`), and probes.vlt, which makes the probes
/// visible.
void write_bench(const std::filesystem::path& directory, const Rtl& rtl,
                 const std::filesystem::path& bench);

/// One batch of samples and what every bus must carry for it (map::emulate).
struct Batch {
  const quant::IntegerBatch& inputs;
  const std::vector<units::Trains>& trains;
};

/// tb/bench.txt and tb/vectors/: stimulus.bin, expected_<bus>.bin, expected_out.bin for the C++
/// bench, and the beats of both streams as stimulus.mem and expected.mem for the Verilog bench.
void write_vectors(const std::filesystem::path& directory, const map::Design& design,
                   const Rtl& rtl, const TopOptions& options, const Batch& batch);

}  // namespace emit
