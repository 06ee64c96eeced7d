// Chance for the stream drivers: the same seed gives the same stalls on every machine.
#pragma once

#include <cstdint>
#include <random>

namespace tb {

class Chance {
 public:
  Chance(std::uint64_t seed, double probability) : engine_(seed), probability_(probability) {}
  /// True with the probability given.
  bool operator()() {
    // By hand: the standard's distributions differ between libraries.
    return static_cast<double>(engine_() >> 11) * 0x1.0p-53 < probability_;
  }

 private:
  std::mt19937_64 engine_;
  double probability_;
};

}  // namespace tb
