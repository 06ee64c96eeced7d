// What a fabric is made of: the sizes of its tiles and of its routing network.
//
// Columns 1..columns and rows 1..rows hold logic, but for whole columns of hard tiles: crossbars,
// memories. Column 0, row 0, column columns + 1 and row rows + 1 are the ring of inputs and
// outputs, whose corners are empty. Rows count upwards.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "fabric/delays.hpp"

namespace fabric {

/// Which tracks a switch box joins where two channels cross.
enum class Pattern { kDisjoint, kWilton };

/// A port of a hard tile, but its clock.
struct HardPort {
  std::string name;
  int width = 1;
  bool is_input = true;
  bool is_link = false;  ///< an end of a link, see HardTile
  bool operator==(const HardPort&) const = default;
};

/// A kind of tile whose content is made, not configured: a PE, a memory. Each wire of its ports is
/// a pin of its own, but for links.
///
/// A tile may have a link: an input and an output of equal width, the last of its ports. The input
/// takes all wires of the output of the tile above it in its column, or zeros; no other wire leads
/// to either. Each end is one pin, the last among those of its direction.
struct HardTile {
  std::string name;             ///< of its module, in circuits and in RTL
  std::string clock;            ///< the port that takes the fabric's clock; empty: none
  std::vector<HardPort> ports;  ///< in the order of their pins, lowest wires first
  std::vector<int> columns;     ///< that it fills, ascending, of 1..Architecture::columns
  int wanted = 0;         ///< columns that pnr::sized_for() gives it; 0: as many as its blocks take
  std::string content{};  ///< tells tiles apart that differ inside alone: a hash, or any text
  bool operator==(const HardTile&) const = default;

  int inputs() const { return pins(true); }
  int outputs() const { return pins(false); }
  int pins(bool inputs) const { return routed(inputs) + (link_width() > 0 ? 1 : 0); }
  /// Pins that wires of the channels lead to or from.
  int routed(bool inputs) const {
    int sum = 0;
    for (const HardPort& port : ports)
      sum += port.is_input == inputs && !port.is_link ? port.width : 0;
    return sum;
  }
  /// Wires of its link; 0: it has none.
  int link_width() const {
    for (const HardPort& port : ports)
      if (port.is_link) return port.width;
    return 0;
  }
  /// Whether pin `pin` is an end of its link.
  bool is_link(bool inputs, int pin) const { return pin == routed(inputs) && link_width() > 0; }
  /// Wires of a pin.
  int width(bool inputs, int pin) const { return is_link(inputs, pin) ? link_width() : 1; }
};

struct Architecture {
  int columns = 8;          ///< of logic tiles
  int rows = 8;             ///< of logic tiles
  int lut_inputs = 6;       ///< K, 2..8
  int luts = 10;            ///< N, LUTs of a CLB, each with a flip-flop; 1..128
  int clb_inputs = 40;      ///< I, of a CLB; any may serve any LUT
  int io_slots = 8;         ///< inputs or outputs an IO tile
  int channel_width = 100;  ///< tracks of a channel, even: half of them run each way
  int segment_length = 4;   ///< tiles that a wire passes
  int fc_in_percent = 15;   ///< of a channel's tracks that an input pin can read
  int fc_out_percent = 15;  ///< of a channel's tracks that an output pin can drive
  Pattern pattern = Pattern::kWilton;
  Delays delays{};
  std::vector<HardTile> hard{};
};

/// What wire `wire` of a port of `width` wires is called in circuits: "data[2]", or "enable" of one
/// wire.
std::string wire_name(const std::string& port, int width, int wire);

}  // namespace fabric
