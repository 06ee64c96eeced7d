// The spiking memory block: a channel between two islands. The writer's windows become tokens in
// memory, the reader's windows play them, each side by its own tick.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "base/bits.hpp"
#include "units/trains.hpp"
#include "verilog/netlist.hpp"

namespace units {

/// How a side's bus carries a window: trains as config::Train, or a word of all values in one tick.
enum class BusCode { kBinary, kRate, kWords };

/// What becomes of a token's windows after the first.
enum class Merge {
  kStore,  ///< each replaces the one before
  kMax,    ///< the larger value stays (pooling)
  kAdd,    ///< the sum stays, at most 2^value_bits - 1 (residual)
};

/// One side's windows.
struct SmbSide {
  BusCode code = BusCode::kBinary;
  int bits = 6;  ///< of its windows, at least the values'; words do not read it
  bool operator==(const SmbSide&) const = default;
};

/// One block in full.
struct SmbConfig {
  int lanes = 1;
  int depth = 2;       ///< tokens, reserved ones included
  int value_bits = 6;  ///< of what is stored
  SmbSide write;
  SmbSide read;
  Merge merge = Merge::kStore;

  bool operator==(const SmbConfig&) const = default;
};

/// Ticks of a window of `side`.
int window_ticks(const SmbSide& side);
/// Its code and ticks in words: "binary, 6 ticks a window"; its code and bits in one: "binary6".
std::string side_text(const SmbSide& side);
std::string side_stem(const SmbSide& side);
/// Wires of the bus of `side`: a lane each, or value_bits a lane.
int bus_width(const SmbConfig& config, const SmbSide& side);
/// Whether the memory holds planes (binary trains on both sides, no sums) rather than values.
bool holds_planes(const SmbConfig& config);

/// Cycles between a token's last write tick and the first one in which the reader sees it: 1 or 2.
int write_latency(const SmbConfig& config);

/// Name of the module that structure() makes: equal configurations have equal names.
std::string module_name(const SmbConfig& config);

/// The block as a module. Writer: write_room_o (a token more fits), write_fire_i (reserve it),
/// write_tick_i, write_win_i, write_live_i, write_spike_i, and unless it stores write_first_i and
/// write_done_i. Reader: read_valid_o (a token waits), read_tick_i, read_win_i, read_live_i; a tick
/// later read_win_o, read_live_o, read_spike_o. rtl/fpsa_smb_planes.v and _values.v say when.
verilog::Module structure(const SmbConfig& config);

/// A window on a bus: its wires, tick by tick.
using BusWindow = std::vector<base::Bits>;

/// Lane `lane` of `window` as a value of at most `value_bits` bits.
std::int64_t value_of(const BusWindow& window, std::size_t lane, const SmbSide& side,
                      int value_bits);
/// The window of `side` that carries `values`, a lane each, of `value_bits` bits.
BusWindow window_of(const std::vector<std::int64_t>& values, const SmbSide& side, int value_bits);
/// Window `index` of `trains`, whose windows have `ticks` ticks.
BusWindow window_at(const Trains& trains, std::size_t index, std::size_t ticks);
/// Writes `window` to window `index` of `trains`.
void put_window(const BusWindow& window, std::size_t index, Trains& trains);

/// Golden level 2 of the block: whole windows in, whole windows out; it knows no clock and no room.
class SmbEmulator {
 public:
  explicit SmbEmulator(const SmbConfig& config) : config_(config) {}

  /// A live window. `first`: of its token; `done`: the last of it. A block that stores takes every
  /// window as both.
  void write(const BusWindow& window, bool first = true, bool done = true);
  bool is_empty() const { return tokens_.empty(); }
  /// The oldest token's window, and the end of that token. Only if there is one.
  BusWindow read();

 private:
  SmbConfig config_;
  std::vector<std::int64_t> open_;  ///< of the windows of a token so far
  std::deque<std::vector<std::int64_t>> tokens_;
};

/// Trains of consecutive windows, written to a block of trains and read from it one by one.
Trains through(const SmbConfig& config, const Trains& written);

}  // namespace units
