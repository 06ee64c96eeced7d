// Phase II: how parallel the hardware of recurrent layers is, with what a device has.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "explore/device.hpp"
#include "units/recurrent/balance.hpp"

namespace explore {

/// What a design may take: a device, or numbers.
struct Budget {
  std::optional<Device> device;
  std::int64_t multipliers = 0;  ///< without a device
  std::int64_t memory_bits = 0;  ///< the same; 0: any number

  /// What a multiplier takes: DSPs of the device, or one.
  units::Price price() const;
  /// That many of them.
  std::int64_t most() const { return device ? device->dsps : multipliers; }
};

/// The recurrent layers of a network as hardware, one behind the other.
struct Hardware {
  std::vector<units::RecurrentConfig> layers;
  std::int64_t clocks = 0;      ///< a step of any stream, of the slowest layer
  std::int64_t one_stream = 0;  ///< the same if there is one stream
  std::int64_t multipliers = 0;
  std::int64_t dsps = 0;  ///< by Budget::price()
  std::int64_t memory_bits = 0;
  std::int64_t block_rams = 0;  ///< of the device
  bool fits = false;
};

/// Designs of `layers` with `streams` streams, each balanced within all of the budget's
/// multipliers, half of them, a quarter, and so on down to the least design: fastest first, none
/// twice. If even the least is too large, that one alone, which does not fit; none if the weights
/// of a layer do not fit in its load bus.
std::vector<Hardware> hardware_of(std::vector<units::RecurrentConfig> layers, const Budget& budget,
                                  int streams);

}  // namespace explore
