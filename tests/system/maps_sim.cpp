// Random networks that walk over maps: the RTL equals its emulation however the streams stall, and
// counts the clocks that the replay of its tokens says.
#include <gtest/gtest.h>

#include "flow/icarus.hpp"
#include "flow/verilator.hpp"
#include "map/replay.hpp"
#include "random_maps.hpp"
#include "rig.hpp"

namespace {

constexpr int kSamples = 4;

// Every second network sees its maps moved.
test::Rig random_rig(std::uint64_t seed, const std::string& name) {
  base::Rng rng(seed);
  const bool rate = rng.below(4) == 0;
  const quant::Network network = test::map_network({.layers = static_cast<int>(rng.between(2, 5)),
                                                    .most_bits = rate ? 3 : 6,
                                                    .moves = seed % 2 == 0,
                                                    .seed = seed});
  config::Pe pe;
  pe.rows = static_cast<int>(rng.between(12, 60));
  pe.cols = static_cast<int>(rng.between(6, 24));
  pe.train = rate ? config::Train::kRate : config::Train::kBinary;
  pe.crossbar = static_cast<config::Crossbar>(rng.below(3));
  map::Host host;
  host.beat_lanes = static_cast<int>(rng.between(1, 8));
  const auto islands = static_cast<config::Islands>(rng.below(3));
  core::Duplication duplication;
  if (rng.below(3) != 0) duplication = test::random_duplication(network, seed);
  return test::build_rig(network, pe, host, test::fresh_folder(name + std::to_string(seed)),
                         kSamples, islands, duplication);
}

void expect_replayed(const test::Rig& rig, const flow::SimulationResult& free) {
  const map::Replay replay = map::replay(map::token_flow(rig.design), kSamples);
  EXPECT_FALSE(replay.deadlock);
  const auto cycles = static_cast<std::uint64_t>(replay.cycles);
  if (rig.design.pe(0).crossbar == config::Crossbar::kSerial) {
    EXPECT_GT(free.counters.value().cycles, cycles) << "a tick takes many clocks";
  } else {
    EXPECT_EQ(free.counters.value().cycles, cycles);
  }
}

template <class Simulate>
void expect_equal(const test::Rig& rig, std::uint64_t seed, Simulate&& simulate) {
  flow::SimulationRequest request;
  request.directory = rig.folder;
  request.seed = seed;
  for (const double stalls : {0.0, 0.3, 0.7}) {
    request.backpressure = request.idle = stalls;
    const flow::SimulationResult result = simulate(request);
    EXPECT_NO_THROW(flow::require_match(result)) << "stalls " << stalls;
    if (stalls == 0.0) expect_replayed(rig, result);
  }
}

class MapNetwork : public ::testing::TestWithParam<std::uint64_t> {};

// Verilator's bench looks at every spike of every bus.
TEST_P(MapNetwork, EqualsItsEmulationAndItsReplay) {
  expect_equal(random_rig(GetParam(), "maps_verilator"), GetParam(), flow::simulate_verilator);
}

INSTANTIATE_TEST_SUITE_P(Maps, MapNetwork, ::testing::Range<std::uint64_t>(1, 37));

// Its channel past the others holds more lines than a walk takes by itself.
TEST(LongWayRound, EqualsItsEmulationAndItsReplay) {
  const test::Rig rig =
      test::build_rig(test::long_way_round(8), {}, {}, test::fresh_folder("long_way_round"),
                      kSamples, config::Islands::kAuto);
  expect_equal(rig, 1, flow::simulate_verilator);
}

class UnknownFree : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(UnknownFree, InIcarus) {
  expect_equal(
      random_rig(GetParam(), "maps_icarus"), GetParam(),
      [](const flow::SimulationRequest& request) { return flow::simulate_icarus(request); });
}

INSTANTIATE_TEST_SUITE_P(Maps, UnknownFree, ::testing::Range<std::uint64_t>(37, 53));

}  // namespace
