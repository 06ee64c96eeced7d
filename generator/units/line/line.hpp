// The line walk: a channel whose memory keeps rows of a map and shows the window of each output
// position, all taps side by side, or the largest of them, or of the negative halves the least.
//
// Order of a window's lanes: lane ((neighbour * kernel rows + row) * kernel columns + column) *
// channels + channel. Taps outside the map are silent; so are windows that do not exist, with
// neighbours at the end of a row. Order of a token's: lane (position * parts + part) * channels +
// channel.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "units/line/shape.hpp"
#include "units/smb/smb.hpp"
#include "verilog/netlist.hpp"

namespace units {

/// One line walk in full. Sides carry trains.
struct LineConfig {
  int channels = 1;    ///< of a position as windows see it
  int value_bits = 6;  ///< of what is stored
  SmbSide write;
  SmbSide read;
  LineShape shape;
  int rows = 1;       ///< rows of the map that are kept, reserved tokens included
  bool most = false;  ///< show the largest of each window's taps, a lane a channel
  int least = 0;      ///< of `most`: so many of the channels, the last, show the least in the map

  bool operator==(const LineConfig&) const = default;
};

/// Lanes of the writer's bus.
int write_lanes(const LineConfig& config);
/// Tokens that the memory holds.
int depth(const LineConfig& config);
/// Lanes of the reader's bus.
int read_lanes(const LineConfig& config);
/// Whether the memory holds planes (binary trains on both sides) rather than values.
bool holds_planes(const LineConfig& config);
/// Cycles between a token's last write tick and the first one in which the reader sees it: 1 or 2.
int write_latency(const LineConfig& config);
/// The least `rows` with which the walk goes on.
int least_rows(const LineShape& shape);
/// Throws kOutOfRange, with the setting of `fpsa generate line` that helps, if no line of the map
/// is left, no window fits in the padded map, or a token is wider than a row.
void check(const LineShape& shape);
/// The same, and if `rows` are too few.
void check(const LineConfig& config);

/// Name of the module that structure() makes: equal configurations have equal names.
std::string module_name(const LineConfig& config);

/// The walk as a module, with the ports of a memory block that stores (units/smb/smb.hpp):
/// read_valid_o says that the coming firing may begin. A side's live windows are its tokens or
/// firings, map after map.
verilog::Module structure(const LineConfig& config);

/// Golden level 2 of the walk: whole maps in, of tokens that it takes, their windows out; it knows
/// no clock and no room.
class LineEmulator {
 public:
  explicit LineEmulator(const LineConfig& config) : config_(config) {}

  /// The window of the coming token.
  void write(const BusWindow& window);
  /// What the coming firing shows. Only once its map is whole.
  BusWindow read();

 private:
  using Values = std::vector<std::int64_t>;  // of a position's phase, by channel

  // What the tap at `row`, `col` of window `column` of the row of windows reads; null outside.
  const Values* tap(int column, int row, int col) const;
  // The taps of window `column`, or the largest (least) value of each channel.
  void show(int column, Values& lanes) const;
  // The largest (least) value of a channel.
  std::int64_t most(int channel, const std::vector<const Values*>& met) const;

  LineConfig config_;
  std::vector<Values> map_;   // sets that no firing of a later map is before, rows filled up
  int row_ = 0, column_ = 0;  // of the coming firing's first window
};

/// Trains of consecutive windows of whole maps, written to a line walk and read from it; with those
/// of tokens that it skips.
Trains through(const LineConfig& config, const Trains& sent);

}  // namespace units
