#include "units/smb/memory_unit.hpp"

namespace units {

namespace {

using verilog::Direction;

std::vector<Port> ports_of(int write_lanes, int read_lanes, const std::vector<Port>& more) {
  const auto in = [](const char* name, Protocol protocol, int side, int lanes = 1) {
    return Port{name, Direction::kInput, protocol, lanes, 1, side};
  };
  const auto out = [](const char* name, Protocol protocol, int side, int lanes = 1) {
    return Port{name, Direction::kOutput, protocol, lanes, 1, side};
  };
  std::vector<Port> ports{in("clk_i", Protocol::kClock, 0),
                          in("rst_ni", Protocol::kClock, 0),
                          out("write_room_o", Protocol::kStatus, 0),
                          in("write_fire_i", Protocol::kStatus, 0),
                          in("write_tick_i", Protocol::kTick, 0),
                          in("write_win_i", Protocol::kMark, 0),
                          in("write_live_i", Protocol::kMark, 0),
                          in("write_spike_i", Protocol::kTrain, 0, write_lanes),
                          out("read_valid_o", Protocol::kStatus, 1),
                          in("read_tick_i", Protocol::kTick, 1),
                          in("read_win_i", Protocol::kMark, 1),
                          in("read_live_i", Protocol::kMark, 1),
                          out("read_win_o", Protocol::kMark, 1),
                          out("read_live_o", Protocol::kMark, 1),
                          out("read_spike_o", Protocol::kTrain, 1, read_lanes)};
  ports.insert(ports.end(), more.begin(), more.end());
  return ports;
}

constexpr int kReadLatency = 1;

}  // namespace

MemoryUnit::MemoryUnit(std::string kind, int write_lanes, int read_lanes, const MemoryFacts& facts,
                       const std::vector<Port>& more)
    : Unit(std::move(kind), ports_of(write_lanes, read_lanes, more), kReadLatency), facts_(facts) {}

}  // namespace units
