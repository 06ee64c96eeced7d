// The command line of the bench.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace tb {

struct Options {
  std::filesystem::path bench = "tb/bench.txt";
  std::filesystem::path vectors;          ///< empty: vectors/ beside bench.txt
  std::filesystem::path out = "reports";  ///< results.json and outputs.bin go here
  std::size_t samples = 0;                ///< 0: all in the vectors
  std::uint64_t seed = 1;
  double backpressure = 0.0;       ///< chance a clock that the sink is not ready, 0..0.95
  double idle = 0.0;               ///< chance a clock that the source pauses, 0..0.95
  std::uint64_t timeout = 200000;  ///< clocks without any movement
  std::filesystem::path trace;     ///< FST file; empty: none
};

/// Throws std::runtime_error on an unknown flag, a missing or a bad value.
Options parse_options(int argc, char** argv);

/// Text for --help.
std::string usage();

}  // namespace tb
