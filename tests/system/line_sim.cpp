// A line walk by itself, of any map and kernel, shows what its emulation says and counts what the
// closed forms say, in Icarus and Verilator.
#include <gtest/gtest.h>

#include "base/rng.hpp"
#include "memory_rig.hpp"
#include "units/line/bench.hpp"

namespace {

using units::BusCode;
using units::LineAxis;
using units::LineConfig;

LineAxis random_axis(base::Rng& rng) {
  const auto draw = [&rng](int low, int high) { return static_cast<int>(rng.between(low, high)); };
  LineAxis axis;
  do {
    axis = {draw(1, 11), draw(1, rng.below(4) == 0 ? 7 : 3), draw(1, 4), draw(1, 3), draw(0, 3),
            draw(0, 3)};
    if (rng.below(2)) axis.repeat = draw(1, 4);
    if (rng.below(3) == 0) axis.crop_begin = draw(0, axis.lines() - 1);
    if (rng.below(3) == 0) axis.crop_end = draw(0, axis.lines() - 1 - axis.crop_begin);
  } while (axis.extent() >= axis.pad_begin + axis.seen() + axis.pad_end);
  return axis;
}

units::SmbSide random_side(base::Rng& rng, int value_bits) {
  const bool rate = rng.below(3) == 0;
  return {rate ? BusCode::kRate : BusCode::kBinary,
          value_bits + static_cast<int>(rng.between(0, rate ? 1 : 3))};
}

LineConfig random_config(std::uint64_t seed) {
  base::Rng rng(seed);
  LineConfig config;
  config.channels = static_cast<int>(rng.between(1, 20));
  config.value_bits = static_cast<int>(rng.between(1, 4));
  config.write = random_side(rng, config.value_bits);
  config.read = random_side(rng, config.value_bits);
  config.shape.rows = random_axis(rng);
  config.shape.cols = random_axis(rng);
  config.shape.neighbours = rng.below(3) == 0 ? static_cast<int>(rng.between(2, 4)) : 1;
  if (rng.below(2)) config.shape.beside = static_cast<int>(rng.between(1, config.shape.cols.size));
  config.shape.deals = rng.below(3) == 0;
  config.rows = units::least_rows(config.shape) + static_cast<int>(rng.below(3));
  config.most = rng.below(3) == 0;
  if (config.most && rng.below(2)) config.least = static_cast<int>(rng.between(1, config.channels));
  config.shape.ahead = rng.below(3) == 0;
  return config;
}

std::string simulate(const LineConfig& config, std::uint64_t seed) {
  return test::memory_verdict(
      config, "line_" + std::to_string(seed), 3, seed,
      seed % 4 == 0 ? config::Simulator::kVerilator : config::Simulator::kIcarus);
}

class AnyLineWalk : public ::testing::TestWithParam<int> {};

TEST_P(AnyLineWalk, ShowsWhatItsEmulationSays) {
  const auto seed = static_cast<std::uint64_t>(GetParam());
  const std::string verdict = simulate(random_config(seed), seed);
  EXPECT_TRUE(verdict.starts_with("PASS ticks=")) << verdict;
}

INSTANTIATE_TEST_SUITE_P(RandomConfigs, AnyLineWalk, ::testing::Range(1, 61));

}  // namespace
