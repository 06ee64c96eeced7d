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

/// Sources of a design in the order of rtl/design.f, as paths from the run directory.
std::vector<std::string> design_list(const verilog::Design& design);

/// Paths from the run directory of what $readmemh may read: weights, offsets and thresholds.
std::vector<std::string> memory_images(const map::Design& design);

/// For every PE at its map::memory_path(): _weights.mem, _offsets.mem, _thresholds.mem ($readmemh)
/// and .load (the sequence for the load bus: 64-bit lines, address in the high word). mem/README.md
/// says how wide the words are, which are signed, and what the model calls each layer.
void write_memories(const std::filesystem::path& directory, const map::Design& design);

/// What constraints depend on.
struct Constraints {
  std::string top;
  double clock_ns = 10;
  bool asynchronous_reset = false;  ///< rst_ni is synchronised inside: no path from it counts
};

/// constraints/<top>.sdc: one clock, input and output delays of a fifth of the period, two cycles
/// for what latches of loaded values start. The period is `clock_ns`, unless the reader of the file
/// sets its variable clock_ns.
void write_constraints(const std::filesystem::path& directory, const Constraints& constraints);

/// What a FuseSoC core has beside the RTL and its constraints.
struct CoreFile {
  std::string name;                   ///< in fpsa:generated:<name>:1.0.0; letters, digits, _ and -
  std::string bench;                  ///< module of the Verilog bench, tb/<bench>.v
  std::vector<std::string> memories;  ///< memory_images()
};

/// <top>.core (FuseSoC, CAPI 2): everything that RTL and bench read, as file sets; targets default,
/// sim (Icarus), lint and synth.
void write_core_file(const std::filesystem::path& directory, const CoreFile& core,
                     const verilog::Design& design);

/// tb/: the bench's sources and Makefile (from `bench`), probes.vlt, which makes the probes
/// visible, and bench.txt, which describes the design.
void write_bench(const std::filesystem::path& directory, const map::Design& design, const Rtl& rtl,
                 const std::filesystem::path& bench);

/// What tb/bench.txt says of the design, one "key value..." a line (tb/README.md): everything but
/// the counts that its vectors add.
std::string bench_text(const map::Design& design, const Rtl& rtl);

/// One batch of samples and what every bus must carry for it (map::emulate).
struct Batch {
  const quant::IntegerBatch& inputs;
  const map::StreamTrains& trains;
};

/// tb/vectors/: stimulus.bin, expected_<bus>.bin, expected_out.bin for the C++ bench, and the beats
/// of both streams as stimulus.mem and expected.mem for the Verilog bench. Adds their numbers to
/// the bench.txt and tb_params.vh that write_bench() wrote.
void write_vectors(const std::filesystem::path& directory, const map::Design& design,
                   const Batch& batch);

}  // namespace emit
