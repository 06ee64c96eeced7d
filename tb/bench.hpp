// What the generator tells the bench: bench.txt and the binary vectors beside it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace tb {

using Bytes = std::vector<std::uint8_t>;

/// A train in the top module; the nets are names inside it.
struct Probe {
  std::string layer;
  std::size_t lanes = 0;
  std::string tick;
  std::string spikes;
  std::string win;
  std::string live;
  std::size_t period = 0;  ///< ticks a window
  bool rate = false;       ///< rate train; otherwise binary

  /// Bytes of a tick's spikes.
  std::size_t row_bytes() const { return (lanes + 7) / 8; }
};

/// Weights for one unit: lines of 64 bits in hexadecimal, address in the high word, data in the
/// low.
struct Load {
  std::uint32_t unit = 0;
  std::filesystem::path file;
};

/// bench.txt, one "key value..." a line; a line that starts with # is a comment.
struct Bench {
  std::string top;
  std::uint32_t spec_hash = 0;            ///< what CSR 0x08 must hold
  std::size_t in_lanes = 0;               ///< values of a sample
  std::size_t out_lanes = 0;              ///< values of a result
  std::size_t beat_lanes = 0;             ///< values a stream beat
  std::size_t lane_bytes = 0;             ///< bytes a value in the streams and in the vectors
  std::size_t out_lane_bytes = 0;         ///< of a result, if they differ from a sample's
  std::vector<Probe> probes;              ///< upstream first; the last is the output bus
  std::vector<Load> loads;                ///< in this order, before the first sample
  std::optional<std::uint64_t> ceilings;  ///< expected saturations of all samples
  std::optional<std::uint64_t> windows;   ///< expected live windows of all samples (CSR 0x20)
};

/// Reads and checks `file`; throws std::runtime_error naming the line, or the key that is missing.
Bench read_bench(const std::filesystem::path& file);

/// Inputs and what every bus must carry.
struct Vectors {
  std::size_t samples = 0;
  Bytes stimulus;             ///< samples x in_lanes x lane_bytes, little endian
  Bytes outputs;              ///< samples x out_lanes x out_lane_bytes
  std::vector<Bytes> trains;  ///< a probe: samples x period x ceil(lanes / 8), LSB first
};

/// Reads stimulus.bin, expected_out.bin and expected_<k>.bin; their sizes must agree with `bench`.
Vectors read_vectors(const Bench& bench, const std::filesystem::path& folder);

/// One word to load: the address and data of a line of a load file.
struct LoadWord {
  std::uint32_t address;
  std::uint32_t data;
};
std::vector<LoadWord> read_load(const std::filesystem::path& file);

/// Little-endian value of `bytes` bytes at `data`.
inline std::uint64_t little_endian(const std::uint8_t* data, std::size_t bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < bytes; ++i) value |= std::uint64_t{data[i]} << (8 * i);
  return value;
}

}  // namespace tb
