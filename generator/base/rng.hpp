// Deterministic random numbers: the same seed gives the same stream on every machine.
#pragma once

#include <cstdint>

namespace base {

/// xoshiro256** seeded through splitmix64 (Blackman and Vigna, 2018).
class Rng {
 public:
  explicit Rng(std::uint64_t seed);
  std::uint64_t next();
  /// Uniform in [0, bound), bound >= 1, without modulo bias.
  std::uint64_t below(std::uint64_t bound);
  /// Uniform in [low, high], both inclusive.
  std::int64_t between(std::int64_t low, std::int64_t high);
  /// Uniform in [0, 1).
  double uniform();
  /// Standard normal (Box-Muller, no cached second value: the stream depends on the calls alone).
  double normal();

 private:
  std::uint64_t state_[4];
};

}  // namespace base
