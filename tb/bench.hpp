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
  std::size_t tokens = 1;  ///< windows a sample

  /// Bytes of a tick's spikes.
  std::size_t row_bytes() const { return (lanes + 7) / 8; }
};

/// Weights for one unit: lines of 64 bits in hexadecimal, address in the high word, data in the
/// low.
struct Load {
  std::uint32_t unit = 0;
  std::filesystem::path file;
};

/// A stream of the host: samples of tokens of lanes, each token from a beat on.
struct Stream {
  std::size_t lanes = 0;  ///< values a token
  std::size_t tokens = 1;
  std::size_t beat_lanes = 0;  ///< values a beat
  std::size_t lane_bytes = 0;  ///< bytes a value in the stream and in the vectors

  std::size_t token_beats() const { return (lanes + beat_lanes - 1) / beat_lanes; }
  std::size_t beats() const { return tokens * token_beats(); }       ///< a sample
  std::size_t bytes() const { return tokens * lanes * lane_bytes; }  ///< a sample
  std::size_t beat_bytes() const { return beat_lanes * lane_bytes; }
  /// First value of beat `beat` of a sample, and how many it carries.
  std::size_t first(std::size_t beat) const {
    return beat / token_beats() * lanes + beat % token_beats() * beat_lanes;
  }
  std::size_t count(std::size_t beat) const {
    const std::size_t left = lanes - beat % token_beats() * beat_lanes;
    return left < beat_lanes ? left : beat_lanes;
  }
};

/// A part of each result's tokens: an output of the network.
struct Output {
  std::string name;
  std::size_t lanes = 0;
};

/// bench.txt, one "key value..." a line; a line that starts with # is a comment.
struct Bench {
  std::string top;
  std::uint32_t spec_hash = 0;            ///< what CSR 0x08 must hold
  Stream in;                              ///< samples
  Stream out;                             ///< results
  std::vector<Output> outputs;            ///< out.lanes in parts; one without a name if not given
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
  Bytes stimulus;             ///< samples x tokens x lanes x lane_bytes, little endian
  Bytes outputs;              ///< of the results, likewise
  std::vector<Bytes> trains;  ///< a probe: samples x tokens x period x ceil(lanes / 8), LSB first
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
