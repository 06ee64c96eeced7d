// Units that are told by the clock: an emulation that says what every output shows in every clock,
// and the bench tb/fpsa_tb_unit.v that plays its stimuli.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "base/bits.hpp"
#include "base/rng.hpp"
#include "units/kind.hpp"
#include "units/unit.hpp"

namespace units {

/// What ports carry in a clock, by name.
using Values = std::map<std::string, base::Bits>;

/// `value` in `width` <= 64 bits.
base::Bits bits_of(std::uint64_t value, int width = 1);
/// The number that at most 64 bits are.
std::uint64_t number_of(const base::Bits& bits);
/// `width` random bits.
base::Bits random_bits(int width, base::Rng& rng);

/// Golden level 2 of a unit, clock by clock, after reset.
class Clocked {
 public:
  virtual ~Clocked() = default;
  /// Inputs of the coming clock: random, and such as the unit's users give them. Clock and reset
  /// are not among them.
  virtual Values stimulate(base::Rng& rng) = 0;
  /// What the outputs show in that clock, just before its edge; then the edge. An output that is
  /// left out is not defined in that clock.
  virtual Values clock(const Values& inputs) = 0;
};

/// `unit` by itself (a leaf inside a module of its own), with a bench of `clocks` clocks of
/// `model`.
Alone clocked_alone(const std::string& kind, const Unit& unit, const Settings& settings,
                    Clocked& model, std::uint64_t seed, int clocks = 3000);

}  // namespace units
