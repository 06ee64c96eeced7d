// The balanced parallelism of recurrent layers against trying everything, and what formulas say.
#include "units/recurrent/balance.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "base/error.hpp"
#include "base/rng.hpp"

namespace {

using quant::CellKind;
using units::RecurrentConfig;

RecurrentConfig google(int block) {
  RecurrentConfig config;
  config.rule.peepholes = config.rule.projection = true;
  config.block = block;
  config.inputs = 160 / block;
  config.cells = 1024 / block;
  config.outputs = 512 / block;
  return config;
}

RecurrentConfig random_layer(base::Rng& rng) {
  RecurrentConfig config;
  config.rule.kind = static_cast<CellKind>(rng.below(4));
  config.rule.projection = config.rule.kind == CellKind::kLstm && rng.below(2) != 0;
  config.rule.peepholes = config.rule.projection;
  config.block = 1 << rng.below(5);
  config.inputs = static_cast<int>(rng.between(1, 6));
  config.cells = static_cast<int>(rng.between(1, 8));
  config.outputs = config.rule.projection ? static_cast<int>(rng.between(1, 6)) : config.cells;
  config.three = rng.below(2) != 0;
  return config;
}

int most_lanes(const units::CirculantConfig& engine) {
  return std::min({units::kMostLanes, engine.rows, engine.cols});
}

using Pair = std::pair<std::int64_t, std::int64_t>;  // clocks, multipliers

// All designs of a layer.
std::vector<Pair> designs(RecurrentConfig config) {
  std::vector<Pair> all;
  const int lanes = most_lanes(gates_config(config));
  const int second = config.rule.has_second() ? most_lanes(projection_config(config)) : 1;
  for (config.elements = 1; config.elements <= config.block; config.elements *= 2) {
    config.lanes = config.projection_lanes = 1;
    const int of_lane = multipliers(gates_config(config));
    const int of_second = config.rule.has_second() ? multipliers(projection_config(config)) : 0;
    const int least = multipliers(config);
    for (config.lanes = 1; config.lanes <= lanes; ++config.lanes)
      for (config.projection_lanes = 1; config.projection_lanes <= second;
           ++config.projection_lanes)
        all.emplace_back(interval(config), least + (config.lanes - 1) * of_lane +
                                               (config.projection_lanes - 1) * of_second);
  }
  return all;
}

// The best of those with at most `most` multipliers.
Pair best_of(const std::vector<Pair>& all, int most) {
  Pair best{std::numeric_limits<std::int64_t>::max(), 0};
  for (const Pair& one : all)
    if (one.second <= most) best = std::min(best, one);
  return best;
}

TEST(Balance, IsTheBestOfAll) {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    base::Rng rng(seed);
    const RecurrentConfig layer = random_layer(rng);
    const auto least = static_cast<int>(units::least_price({layer}, "test"));
    const std::vector<Pair> all = designs(layer);
    for (const int most : {least, least + 3, 2 * least, 100'000}) {
      const RecurrentConfig made = balanced(layer, most, "test");
      ASSERT_NO_THROW(check(made));
      EXPECT_EQ(Pair(interval(made), multipliers(made)), best_of(all, most))
          << "seed " << seed << ", " << most << " multipliers";
      EXPECT_EQ(priced(made, units::one_each), multipliers(made));
    }
  }
}

// Several layers share the multipliers so that the slowest is as quick as can be.
TEST(Balance, IsTheBestOfTwoLayersAtOnce) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    base::Rng rng(seed);
    const std::vector<RecurrentConfig> layers{random_layer(rng), random_layer(rng)};
    const auto least = static_cast<int>(units::least_price(layers, "test"));
    const int most = 3 * least;
    const auto made = balanced(layers, most, "test");
    const Pair all{std::max(interval(made[0]), interval(made[1])),
                   multipliers(made[0]) + multipliers(made[1])};
    std::vector<Pair> pairs;
    const std::vector<Pair> others = designs(layers[1]);
    for (const Pair& one : designs(layers[0]))
      for (const Pair& other : others)
        pairs.emplace_back(std::max(one.first, other.first), one.second + other.second);
    EXPECT_EQ(all, best_of(pairs, most)) << "seed " << seed;
  }
}

// The designs that the README has.
TEST(Balance, SpendsWhatTheGoogleLayerIsGiven) {
  const RecurrentConfig small = balanced(google(16), 250, "test");
  EXPECT_EQ(multipliers(small), 241);
  EXPECT_EQ(interval(small), 1344);
  const RecurrentConfig large = balanced(google(16), 600, "test");
  EXPECT_EQ(multipliers(large), 574);
  EXPECT_EQ(interval(large), 546);
  EXPECT_LE(interval(balanced(google(8), 600, "test")), 1024);
}

TEST(Balance, SaysWhatTheLeastDesignTakes) {
  const auto least = units::least_price({google(8)}, "test");
  EXPECT_EQ(multipliers(balanced(google(8), least, "test")), least);
  try {
    balanced(google(8), least - 1, "layer \"x\"");
    ADD_FAILURE() << "taken";
  } catch (const base::Error& error) {
    const base::Fault& fault = error.faults().front();
    EXPECT_EQ(fault.code, base::Code::kDoesNotFit);
    EXPECT_EQ(fault.where, "layer \"x\"");
    EXPECT_EQ(fault.what, "the least design takes " + std::to_string(least) + " multipliers, not " +
                              std::to_string(least - 1));
  }
}

// Blocks of DSPs that take words of 18 bits: the spectra of words of 16 bits are wider.
TEST(Balance, PaysForWidth) {
  const units::Price wide = [](int a, int b) { return (a > 18 ? 2 : 1) * (b > 18 ? 2 : 1); };
  const RecurrentConfig made = balanced(google(8), 600, "test", wide);
  EXPECT_LE(priced(made, wide), 600);
  EXPECT_LT(multipliers(made), priced(made, wide));
  EXPECT_GT(interval(made), interval(balanced(google(8), 600, "test")));
}

// What benches of one stream have measured, from frame to frame in the midst of many.
TEST(Balance, KnowsWhatOneStreamWaits) {
  struct Measured {
    CellKind kind;
    int block, projection, lanes, elements, clocks;
  };
  for (const Measured& measured : {Measured{CellKind::kLstm, 1, 0, 2, 1, 72},
                                   {CellKind::kLstm, 4, 0, 4, 4, 53},
                                   {CellKind::kLstm, 8, 0, 2, 1, 85},
                                   {CellKind::kLstm, 16, 0, 4, 4, 60},
                                   {CellKind::kLstm, 2, 3, 2, 1, 86},
                                   {CellKind::kLstm, 8, 3, 2, 1, 100},
                                   {CellKind::kLstm, 16, 3, 2, 1, 128},
                                   {CellKind::kGru, 1, 0, 3, 1, 59},
                                   {CellKind::kGru, 8, 0, 3, 1, 72},
                                   {CellKind::kGruFirst, 2, 0, 3, 1, 78},
                                   {CellKind::kGruFirst, 16, 0, 3, 1, 188},
                                   {CellKind::kRnn, 4, 0, 2, 1, 42},
                                   {CellKind::kRnn, 16, 0, 2, 1, 94}}) {
    RecurrentConfig config;
    config.rule.kind = measured.kind;
    config.rule.projection = measured.projection > 0;
    config.block = measured.block;
    config.inputs = 2;
    config.cells = 4;
    config.outputs = config.rule.projection ? measured.projection : config.cells;
    config.lanes = measured.lanes;
    config.projection_lanes = 2;
    config.elements = measured.elements;
    const quant::Fractions fractions{
        .in = 14, .weight = 15, .out = 11};  // as fpsa generate has them
    config.rule.gates = rule_with(fractions, config.block, 16, 16, config.rule.rounding);
    const int second = config.rule.projection ? 14 : 11;
    config.rule.projected = rule_with({14, 15, second}, config.block, 16, 16, config.rule.rounding);
    EXPECT_NEAR(static_cast<double>(latency(config)), measured.clocks, 2)
        << "blocks of " << measured.block << ", kind " << static_cast<int>(measured.kind);
    EXPECT_EQ(clocks_a_frame(config, 1), std::max(latency(config), interval(config)));
    EXPECT_EQ(clocks_a_frame(config, 100), interval(config));
  }
  // The README's layers of Google's.
  const quant::Fractions fractions{.in = 14, .weight = 15, .out = 11};
  RecurrentConfig large = google(16);
  large.rule.gates = rule_with(fractions, 16, 16, 16, large.rule.rounding);
  large.rule.projected = rule_with({14, 15, 14}, 16, 16, 16, large.rule.rounding);
  large.lanes = 8;
  large.projection_lanes = 2;
  EXPECT_NEAR(static_cast<double>(latency(large)), 2452, 2);
  large.lanes = 20;
  large.projection_lanes = 4;
  large.elements = 2;
  EXPECT_NEAR(static_cast<double>(latency(large)), 1144, 2);
}

TEST(Balance, CountsBitsOfMemory) {
  RecurrentConfig config = google(16);
  config.streams = 4;
  config.lanes = 8;
  config.projection_lanes = 2;
  const std::int64_t weights = 4 * 64 * 42 * 16 + 32 * 64 * 16;  // words, all lanes full
  const std::int64_t parameters = std::int64_t{1024} * 7;
  const std::int64_t states = 4 * (1024 + 512);
  EXPECT_EQ(memory_bits(config), 16 * (weights + parameters + states));
  config.lanes = 5;  // 52 passes of 5 rows for 256
  EXPECT_EQ(memory_bits(config), 16 * (weights + 4 * 42 * 16 + parameters + states));
}

}  // namespace
