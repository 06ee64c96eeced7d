#include "fabric/grid.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/error.hpp"

namespace fabric {

Tile tile_at(const Architecture& architecture, int x, int y) {
  const bool inside_x = x >= 1 && x <= architecture.columns;
  const bool inside_y = y >= 1 && y <= architecture.rows;
  const bool ring_x = x == 0 || x == architecture.columns + 1;
  const bool ring_y = y == 0 || y == architecture.rows + 1;
  if (inside_x && inside_y) return hard_in(architecture, x) < 0 ? Tile::kLogic : Tile::kHard;
  return (inside_x && ring_y) || (inside_y && ring_x) ? Tile::kIo : Tile::kEmpty;
}

int hard_in(const Architecture& architecture, int column) {
  for (std::size_t kind = 0; kind < architecture.hard.size(); ++kind)
    if (std::ranges::binary_search(architecture.hard[kind].columns, column))
      return static_cast<int>(kind);
  return -1;
}

namespace {

int pins_at(const Architecture& architecture, int x, int y, int of_logic, bool inputs) {
  switch (tile_at(architecture, x, y)) {
    case Tile::kEmpty:
      break;
    case Tile::kLogic:
      return of_logic;
    case Tile::kIo:
      return architecture.io_slots;
    case Tile::kHard:
      return architecture.hard[static_cast<std::size_t>(hard_in(architecture, x))].pins(inputs);
  }
  return 0;
}

}  // namespace

int inputs_at(const Architecture& architecture, int x, int y) {
  return pins_at(architecture, x, y, architecture.clb_inputs, true);
}

int outputs_at(const Architecture& architecture, int x, int y) {
  return pins_at(architecture, x, y, architecture.luts, false);
}

namespace {

// Ends of a link at (x, y), 0 or 1 of each direction.
int links_at(const Architecture& architecture, int x, int y) {
  if (tile_at(architecture, x, y) != Tile::kHard) return 0;
  const auto kind = static_cast<std::size_t>(hard_in(architecture, x));
  return architecture.hard[kind].link_width() > 0 ? 1 : 0;
}

}  // namespace

int routed_inputs_at(const Architecture& architecture, int x, int y) {
  return inputs_at(architecture, x, y) - links_at(architecture, x, y);
}

int routed_outputs_at(const Architecture& architecture, int x, int y) {
  return outputs_at(architecture, x, y) - links_at(architecture, x, y);
}

namespace {

struct Range {
  const char* name;
  int value, least, greatest;
};

void check(const Range& range, base::Diagnostics& diagnostics) {
  if (range.value >= range.least && range.value <= range.greatest) return;
  diagnostics.add(base::Code::kFabricRange, fmt::format("{} is {}", range.name, range.value),
                  range.name,
                  fmt::format("set {} within {} .. {}", range.name, range.least, range.greatest));
}

void check_delays(const Delays& delays, base::Diagnostics& diagnostics) {
  const Range ranges[] = {
      {"delays.lut", delays.lut, 0, kMaxDelay},
      {"delays.setup", delays.setup, 0, kMaxDelay},
      {"delays.clock_to_q", delays.clock_to_q, 0, kMaxDelay},
      {"delays.local_in", delays.local_in, 0, kMaxDelay},
      {"delays.local_back", delays.local_back, 0, kMaxDelay},
      {"delays.output", delays.output, 0, kMaxDelay},
      {"delays.input_pad", delays.input_pad, 0, kMaxDelay},
      {"delays.output_pad", delays.output_pad, 0, kMaxDelay},
      {"delays.connection", delays.connection, 0, kMaxDelay},
      {"delays.multiplexer", delays.multiplexer, 1, kMaxDelay},
  };
  for (const Range& range : ranges) check(range, diagnostics);
  const std::pair<const char*, double> loads[] = {
      {"delays.driver_resistance", delays.driver_resistance},
      {"delays.driver_capacitance", delays.driver_capacitance},
      {"delays.wire_resistance", delays.wire_resistance},
      {"delays.wire_capacitance", delays.wire_capacitance},
      {"delays.multiplexer_capacitance", delays.multiplexer_capacitance},
      {"delays.connection_capacitance", delays.connection_capacitance},
  };
  for (const auto& [name, value] : loads)
    if (!(value >= 0 && value <= kMaxLoad))
      diagnostics.add(base::Code::kFabricRange, fmt::format("{} is {}", name, value), name,
                      fmt::format("set {} within 0 .. {}", name, kMaxLoad));
}

// Every box begins a wire of each direction: there are as many pairs as tiles in a wire.
void check_width(const Architecture& architecture, base::Diagnostics& diagnostics) {
  const int least = least_channel_width(architecture);
  check({"channel_width", architecture.channel_width, least, kMaxChannelWidth}, diagnostics);
  if (architecture.channel_width % 2 != 0)
    diagnostics.add(base::Code::kFabricRange,
                    fmt::format("channel_width is {}, odd", architecture.channel_width),
                    "channel_width", "set an even channel_width: half of the tracks run each way");
}

// Both ends or none, of equal width, behind all other ports.
void check_link(const HardTile& tile, base::Diagnostics& diagnostics) {
  const auto links = std::ranges::count_if(tile.ports, &HardPort::is_link);
  if (links == 0) return;
  const std::size_t count = tile.ports.size();
  if (links == 2 && count > 2) {
    const HardPort &one = tile.ports[count - 2], &other = tile.ports[count - 1];
    if (one.is_link && other.is_link && one.is_input != other.is_input && one.width == other.width)
      return;
  }
  diagnostics.add(base::Code::kFabricRange,
                  fmt::format("the link of tiles {} is no input and output of equal width behind "
                              "all other ports",
                              tile.name),
                  "ports", "give it both ends, and put them last");
}

void check_hard(const Architecture& architecture, base::Diagnostics& diagnostics) {
  std::set<int> taken;
  for (const HardTile& tile : architecture.hard) {
    check({"pins of a hard tile", tile.inputs() + tile.outputs(), 1, kMaxHardPins}, diagnostics);
    check_link(tile, diagnostics);
    int before = 0;
    for (const int column : tile.columns) {
      if (column <= before || column > architecture.columns || !taken.insert(column).second)
        diagnostics.add(base::Code::kFabricRange,
                        fmt::format("tiles {} are to fill column {} of {}", tile.name, column,
                                    architecture.columns),
                        "columns", "give each hard tile columns of its own, in ascending order");
      before = column;
    }
  }
}

}  // namespace

std::pair<int, int> middle(const Architecture& architecture) {
  return {(architecture.columns + 1) / 2, (architecture.rows + 1) / 2};
}

Architecture around_middle(Architecture architecture) {
  architecture.columns = architecture.rows = 2 * architecture.segment_length + 3;
  return architecture;
}

int pads(const Architecture& architecture) {
  return 2 * (architecture.columns + architecture.rows) * architecture.io_slots;
}

int pad(const Architecture& architecture, int x, int y, int slot) {
  const int columns = architecture.columns;
  int tile = x - 1;  // of the lowest row
  if (y > architecture.rows)
    tile = columns + 2 * architecture.rows + x - 1;
  else if (y > 0)
    tile = columns + 2 * (y - 1) + (x > 0 ? 1 : 0);
  return tile * architecture.io_slots + slot;
}

int least_channel_width(const Architecture& architecture) {
  return 2 * architecture.segment_length;
}

void validate(const Architecture& architecture) {
  base::Diagnostics diagnostics;
  const Range ranges[] = {
      {"columns", architecture.columns, 1, kMaxExtent},
      {"rows", architecture.rows, 1, kMaxExtent},
      {"lut_inputs", architecture.lut_inputs, 2, 8},
      {"luts", architecture.luts, 1, 128},
      {"clb_inputs", architecture.clb_inputs, 1, 1024},
      {"io_slots", architecture.io_slots, 1, 64},
      {"segment_length", architecture.segment_length, 1, 64},
      {"fc_in_percent", architecture.fc_in_percent, 1, 100},
      {"fc_out_percent", architecture.fc_out_percent, 1, 100},
  };
  for (const Range& range : ranges) check(range, diagnostics);
  check_width(architecture, diagnostics);
  check_delays(architecture.delays, diagnostics);
  check_hard(architecture, diagnostics);
  diagnostics.throw_if_any();
}

}  // namespace fabric
