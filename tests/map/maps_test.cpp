// The emulated hardware computes networks that walk over maps as golden level 1 does.
#include <gtest/gtest.h>

#include <algorithm>

#include "core/lower.hpp"
#include "emulated.hpp"

namespace map {
namespace {

void expect_emulated(bool moves) {
  for (std::uint64_t seed = 1; seed <= 150; ++seed) {
    base::Rng rng(seed);
    const config::Pe pe = random_pe(seed, rng);
    const quant::Network network = test::map_network({.layers = static_cast<int>(rng.between(1, 5)),
                                                      .most_bits = most_bits(seed),
                                                      .moves = moves,
                                                      .seed = seed});
    core::Duplication duplication;
    if (seed % 2 != 0) duplication = test::random_duplication(network, seed);
    emulated(network, pe, duplication, seed);
  }
}

TEST(Maps, EmulationEqualsTheIntegerLevel) { expect_emulated(false); }
TEST(Maps, EmulationOfMovedMapsEqualsTheIntegerLevel) { expect_emulated(true); }

TEST(Maps, LinesAreEnoughForTheLongestWayRound) {
  const config::Pe pe;
  const auto flow_of = [&](int convolutions) {
    const core::Program program =
        core::lower(test::long_way_round(convolutions), {pe.rows, pe.cols});
    return token_flow(map(program, pe));
  };
  const TokenFlow flow = flow_of(8);
  const Replay passes = replay(flow, 6);
  EXPECT_FALSE(passes.deadlock);
  TokenFlow endless = flow;
  for (TokenFlow::Channel& channel : endless.channels) channel.depth = 1 << 20;
  EXPECT_LE(passes.cycles, 1.02 * static_cast<double>(replay(endless, 6).cycles));
  const auto waits = [](const TokenFlow::Channel& one) { return one.to - one.from > 1; };
  const auto skip = std::ranges::find_if(flow.channels, waits);
  ASSERT_NE(skip, flow.channels.end());
  EXPECT_GE(skip->depth, 3 * (8 + 2)) << "a line a convolution, and those of its own window";
}

}  // namespace
}  // namespace map
