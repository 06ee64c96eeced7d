// Stimuli of a memory between two islands and what it must answer, as files for its bench
// tb/fpsa_tb_smb.v.
#pragma once

#include <map>
#include <string>

#include "base/rng.hpp"
#include "units/smb/smb.hpp"

namespace units {

/// The bench's files, as text. They do not depend on when either side ticks.
struct SmbBench {
  std::string parameters;  ///< tb_params.vh: `define lines
  std::string write;       ///< write.mem: a line a write tick, {win, live, first, done, bus}
  std::string read;        ///< read.mem: a line a tick of a live window, its bus
  std::string amounts;  ///< amounts.mem: a line a live window, {tokens it needs, tokens it frees}

  /// The files by their paths below tb/.
  std::map<std::string, std::string> files() const;
};

/// What is said of a memory beside its windows.
struct SmbFacts {
  std::string module;
  SmbSide read;
  int depth = 1;       ///< tokens
  bool late = false;   ///< a token is in memory a cycle after its last tick
  bool early = false;  ///< a window frees with its first tick, not with its last
  bool merges = false;
  bool writes_words = false;
};

/// Windows in and out, in their order.
class SmbScript {
 public:
  /// A window of the writer; `first` and `done` as SmbEmulator::write takes them.
  void write(const BusWindow& window, bool live, bool first = true, bool done = true);
  /// A live window of the reader, the tokens that it wants to see and those that it frees.
  void read(const BusWindow& window, std::int64_t need = 1, std::int64_t frees = 1);
  /// The files, once both sides have at least a window.
  SmbBench bench(const SmbFacts& facts) const;

 private:
  std::vector<base::Bits> write_, read_, amounts_;
};

/// A window of `width` wires, high with a density of the window's own. A binary one carries
/// `value_bits` bits, behind zeros.
BusWindow random_window(const SmbSide& side, int width, int value_bits, base::Rng& rng);

/// `tokens` tokens of random windows, some of them not live, for the block of `module`; the answers
/// are the emulator's.
SmbBench make_bench(const SmbConfig& config, const std::string& module, int tokens,
                    std::uint64_t seed);

}  // namespace units
