// Replays that go from event to event are those that go clock by clock.
#include <gtest/gtest.h>

#include "clock_replay.hpp"
#include "core/lower.hpp"
#include "map/design.hpp"
#include "map/replay.hpp"
#include "random_graph.hpp"
#include "random_maps.hpp"

namespace map {
namespace {

void expect_equal(const TokenFlow& flow, std::int64_t samples, std::uint64_t seed) {
  const Replay events = replay(flow, samples);
  const Replay clocks = test::clock_replay(flow, samples);
  EXPECT_EQ(events.deadlock, clocks.deadlock) << seed;
  EXPECT_EQ(events.cycles, clocks.cycles) << seed;
  EXPECT_EQ(events.most_reserved, clocks.most_reserved) << seed;
  EXPECT_EQ(events.whole, clocks.whole) << seed;
  if (clocks.deadlock) return;
  EXPECT_EQ(events.latency, clocks.latency) << seed;
}

// Shallower channels, slower streams.
void disturb(TokenFlow& flow, base::Rng& rng) {
  for (TokenFlow::Channel& channel : flow.channels)
    if (rng.below(8) == 0) channel.depth = static_cast<int>(rng.between(1, channel.depth));
  flow.input.beats = static_cast<int>(rng.between(1, 12));
  flow.output.beats = static_cast<int>(rng.between(1, 30));
}

// Whether the disturbed flow ends in a deadlock.
bool compare(const quant::Network& network, std::uint64_t seed) {
  base::Rng rng(seed);
  const config::Pe pe{.rows = static_cast<int>(rng.between(6, 60)),
                      .cols = static_cast<int>(rng.between(3, 20)),
                      .train = seed % 4 == 0 ? config::Train::kRate : config::Train::kBinary};
  const Design design =
      map(core::lower(network, {pe.rows, pe.cols}), pe, {}, static_cast<config::Islands>(seed % 3));
  TokenFlow flow = token_flow(design);
  expect_equal(flow, 3, seed);
  disturb(flow, rng);
  expect_equal(flow, 3, seed);
  return replay(flow, 3).deadlock;
}

TEST(Clocks, AreThoseOfTheEventsOverMaps) {
  int deadlocks = 0;
  for (std::uint64_t seed = 1; seed <= 100; ++seed)
    deadlocks += compare(test::map_network({.layers = 1 + static_cast<int>(seed % 5),
                                            .most_bits = seed % 4 == 0 ? 3 : 6,
                                            .seed = seed}),
                         seed);
  EXPECT_GT(deadlocks, 5);
  EXPECT_LT(deadlocks, 60);
}

TEST(Clocks, AreThoseOfTheEventsOfBranches) {
  for (std::uint64_t seed = 1; seed <= 100; ++seed)
    compare(test::branching_network({.layers = 1 + static_cast<int>(seed % 6),
                                     .most_bits = seed % 4 == 0 ? 3 : 6,
                                     .inputs = 1 + static_cast<int>(seed % 2),
                                     .outputs = 1 + static_cast<int>(seed % 3),
                                     .seed = seed}),
            seed);
}

// A walk's three firings take three tokens.
TEST(Clocks, AreThoseOfTheEventsOfAnyFlow) {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    base::Rng rng(seed);
    const auto pick = [&](int low, int high) { return static_cast<int>(rng.between(low, high)); };
    TokenFlow flow;
    const int count = pick(1, 5);
    for (int i = 0; i < count; ++i) {
      const int window = pick(1, 8);
      flow.islands.push_back({window, pick(window, 30)});
    }
    for (std::size_t to = 1; to < flow.islands.size(); ++to)
      for (std::size_t from = 0; from < to; ++from) {
        if (from + 1 != to && rng.below(2)) continue;
        const int frees = pick(1, 2);
        flow.channels.push_back({.from = from,
                                 .to = to,
                                 .end = pick(0, flow.islands[from].drain - 1),
                                 .late = pick(0, 3),
                                 .freed = pick(0, flow.islands[to].window - 1),
                                 .need = {pick(1, frees), frees, 1},
                                 .frees = {0, frees, 3 - frees},
                                 .takes = rng.below(4) == 0 ? std::vector{1, 0} : std::vector{1},
                                 .depth = pick(frees, 12)});
      }
    const std::size_t last = flow.islands.size() - 1;
    flow.input = {.beats = pick(1, 9), .slots = pick(1, 3), .tokens = 3 * pick(1, 2)};
    flow.output = {.island = last,
                   .end = pick(0, flow.islands[last].drain - 1),
                   .beats = pick(1, 20),
                   .slots = pick(1, 3),
                   .tokens = flow.input.tokens};
    expect_equal(flow, pick(1, 9), seed);
  }
}

}  // namespace
}  // namespace map
