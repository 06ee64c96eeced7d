// The emulated hardware computes networks that walk over maps as golden level 1 does.
#include <gtest/gtest.h>

#include <algorithm>

#include "core/integer.hpp"
#include "core/lower.hpp"
#include "map/design.hpp"
#include "map/replay.hpp"
#include "random_maps.hpp"

namespace map {
namespace {

config::Pe random_pe(std::uint64_t seed, base::Rng& rng) {
  return {.rows = static_cast<int>(rng.between(6, 60)),
          .cols = static_cast<int>(rng.between(3, 20)),
          .crossbar = static_cast<config::Crossbar>(rng.below(3)),
          .train = seed % 4 == 0 ? config::Train::kRate : config::Train::kBinary};
}

void expect_emulated(bool moves) {
  for (std::uint64_t seed = 1; seed <= 150; ++seed) {
    base::Rng rng(seed);
    const config::Pe pe = random_pe(seed, rng);
    const quant::Network network = test::map_network({.layers = static_cast<int>(rng.between(1, 5)),
                                                      .most_bits = seed % 4 == 0 ? 3 : 6,
                                                      .moves = moves,
                                                      .seed = seed});
    const core::TileSize tile{pe.rows, pe.cols};
    const core::Program program =
        seed % 2 == 0 ? core::lower(network, tile)
                      : core::lower(network, tile, test::random_duplication(network, seed));
    core::check(program, network, tile);
    const Design design = map(program, pe, {}, static_cast<config::Islands>(seed % 3));
    check(design);
    const quant::IntegerBatch inputs = test::random_inputs(network, 3, seed);
    const core::IntegerResult golden = core::run_integer(network, inputs);
    const StreamTrains trains = emulate(design, inputs);
    for (const core::StreamId id : trains.ids()) {
      const core::Stream& stream = program.streams[id];
      if (stream.is_copy()) continue;
      ASSERT_EQ(core::samples_of(stream, lanes_of(design, id, trains[id])),
                golden.tensors[stream.tensor])
          << "seed " << seed << ", " << stream.name;
    }
    EXPECT_FALSE(replay(token_flow(design), 3).deadlock) << seed;
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
