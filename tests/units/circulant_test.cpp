// The engine's arithmetic, sum by sum, against the rule on arrays, to the bit.
#include <gtest/gtest.h>

#include <set>

#include "base/rng.hpp"
#include "units/circulant/bench.hpp"

namespace {

using units::CirculantConfig;

CirculantConfig random_config(base::Rng& rng) {
  CirculantConfig config;
  const auto level = static_cast<int>(rng.between(0, 5));
  config.block = 1 << level;
  config.rows = static_cast<int>(rng.between(1, 6));
  config.cols = static_cast<int>(rng.between(1, 6));
  config.lanes = static_cast<int>(rng.between(1, std::min(config.rows, config.cols)));
  config.three = rng.below(2) != 0;
  config.multiplier = static_cast<units::Multiplier>(rng.below(2));
  config.rule = {.bits = static_cast<int>(rng.between(2, 18)),
                 .weight_bits = static_cast<int>(rng.between(2, 18)),
                 .sum_shift = static_cast<int>(rng.between(0, 20)),
                 .bin_bits = static_cast<int>(rng.between(2, 30)),
                 .out_bits = static_cast<int>(rng.between(2, 24)),
                 .factor_bits = static_cast<int>(rng.between(1, 20)),
                 .halvings = static_cast<int>(rng.between(0, level)),
                 .end_shift = static_cast<int>(rng.between(0, 8)),
                 .rounding = static_cast<quant::WordRounding>(rng.below(3))};
  return config;
}

TEST(CirculantEngine, EqualsTheRuleOnArrays) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    base::Rng rng(seed);
    const CirculantConfig config = random_config(rng);
    const quant::SpectralWeights weights = units::random_weights(config, seed);
    const std::int64_t most = (std::int64_t{1} << (config.rule.bits - 1)) - 1;
    std::vector<std::int64_t> x;
    for (int i = 0; i < config.cols * config.block; ++i)
      x.push_back(seed % 3 == 0 ? (rng.below(2) != 0 ? most : -most - 1)
                                : rng.between(-most - 1, most));
    const quant::CirculantProduct by_engine = through(config, weights, x);
    const quant::CirculantProduct by_rule = multiply(config.rule, weights, x);
    ASSERT_EQ(by_engine.y, by_rule.y) << "seed " << seed;
    ASSERT_EQ(by_engine.clipped, by_rule.clipped) << "seed " << seed;
  }
}

TEST(CirculantEngine, CountsItsMultipliers) {
  CirculantConfig config;
  config.rows = 256;
  config.cols = 42;
  config.lanes = 8;
  // Of blocks of 8 and 16 with three and with four multiplications a complex number.
  const auto a_lane = [&config](int block, bool three) {
    config.block = block;
    config.three = three;
    return multipliers(config) / config.lanes;
  };
  EXPECT_EQ(a_lane(8, false), 14);
  EXPECT_EQ(a_lane(8, true), 11);
  EXPECT_EQ(a_lane(16, false), 30);
  EXPECT_EQ(a_lane(16, true), 23);
  EXPECT_EQ(a_lane(1, true), 1);
  EXPECT_EQ(interval(config), 32 * 42);
  EXPECT_DOUBLE_EQ(utilisation(config), 1.0);
  config.lanes = 20;
  EXPECT_DOUBLE_EQ(utilisation(config), 256.0 / 260);
}

// Each weight has an address of its own.
TEST(CirculantEngine, LoadsEachWeightOnce) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    base::Rng rng(seed);
    const CirculantConfig config = random_config(rng);
    std::set<std::uint32_t> addresses;
    const auto words = load_words(config, units::random_weights(config, seed));
    for (const units::CirculantLoad& word : words) addresses.insert(word.address);
    EXPECT_EQ(addresses.size(), words.size());
    EXPECT_LT(*addresses.rbegin(), 1U << 22);
  }
}

TEST(CirculantEngine, RefusesWhatIsNoEngine) {
  for (const auto change :
       {+[](CirculantConfig& c) { c.block = 12; }, +[](CirculantConfig& c) { c.rows = 0; },
        +[](CirculantConfig& c) { c.lanes = 5; }, +[](CirculantConfig& c) { c.levels = 0; },
        +[](CirculantConfig& c) { c.rule.bits = 1; },
        +[](CirculantConfig& c) { c.rule.weight_bits = 25; },
        +[](CirculantConfig& c) { c.rule.halvings = 4; },
        +[](CirculantConfig& c) { c.rule.out_bits = 1; }}) {
    CirculantConfig config;
    change(config);
    EXPECT_ANY_THROW(units::structure(config));
  }
}

}  // namespace
