// A memory block by itself, of any shape, plays what its emulation says, in Icarus and Verilator.
#include <gtest/gtest.h>

#include "base/rng.hpp"
#include "memory_rig.hpp"
#include "units/smb/bench.hpp"

namespace {

using units::BusCode;
using units::Merge;
using units::SmbConfig;
using units::SmbSide;

SmbSide random_side(base::Rng& rng, int value_bits) {
  SmbSide side{static_cast<BusCode>(rng.below(3)), 0};
  const int most = side.code == BusCode::kRate ? 1 : 3;
  side.bits = value_bits + static_cast<int>(rng.between(0, most));
  return side;
}

SmbConfig random_config(std::uint64_t seed) {
  base::Rng rng(seed);
  SmbConfig config;
  config.lanes = static_cast<int>(rng.between(1, 70));
  config.depth = static_cast<int>(rng.between(1, 9));
  config.value_bits = static_cast<int>(rng.between(1, 5));
  config.write = random_side(rng, config.value_bits);
  config.read = random_side(rng, config.value_bits);
  if (rng.below(3) == 0)
    config.write.code = config.read.code = BusCode::kBinary;  // planes, as most channels
  config.merge = static_cast<Merge>(rng.below(3));
  if (config.write.code == BusCode::kBinary && config.write.bits == 1) config.merge = Merge::kStore;
  return config;
}

std::string simulate(const SmbConfig& config, std::uint64_t seed) {
  return test::memory_verdict(
      config, "smb_" + std::to_string(seed), 60, seed,
      seed % 8 == 0 ? config::Simulator::kVerilator : config::Simulator::kIcarus);
}

class AnyMemoryBlock : public ::testing::TestWithParam<int> {};

TEST_P(AnyMemoryBlock, PlaysWhatItsEmulationSays) {
  const auto seed = static_cast<std::uint64_t>(GetParam());
  const std::string verdict = simulate(random_config(seed), seed);
  EXPECT_TRUE(verdict.starts_with("PASS ticks=")) << verdict;
}

INSTANTIATE_TEST_SUITE_P(RandomConfigs, AnyMemoryBlock, ::testing::Range(1, 25));

}  // namespace
