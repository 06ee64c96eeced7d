// Random networks whose inputs, and outputs, are maps of several sizes: the RTL equals its
// emulation however the streams stall, and counts the clocks that the replay of its tokens says.
#include <gtest/gtest.h>

#include "core/duplicate.hpp"
#include "flow/icarus.hpp"
#include "flow/verilator.hpp"
#include "map/replay.hpp"
#include "random_maps.hpp"
#include "rig.hpp"

namespace {

constexpr int kSamples = 4;

test::Rig random_rig(std::uint64_t seed, const std::string& name) {
  base::Rng rng(seed);
  const bool rate = rng.below(4) == 0;
  const quant::Network network = test::map_network({.layers = static_cast<int>(rng.between(2, 5)),
                                                    .most_bits = rate ? 3 : 6,
                                                    .moves = seed % 3 == 0,
                                                    .inputs = static_cast<int>(rng.between(1, 3)),
                                                    .outputs = static_cast<int>(rng.between(2, 3)),
                                                    .seed = seed});
  config::Pe pe;
  pe.rows = static_cast<int>(rng.between(12, 60));
  pe.cols = static_cast<int>(rng.between(6, 24));
  pe.train = rate ? config::Train::kRate : config::Train::kBinary;
  pe.crossbar = rng.below(2) ? config::Crossbar::kParallel : config::Crossbar::kMacro;
  map::Host host;
  host.beat_lanes = static_cast<int>(rng.between(1, 8));
  const auto islands = static_cast<config::Islands>(rng.below(3));
  const core::Program once = core::lower(network, {pe.rows, pe.cols});
  const int degree = static_cast<int>(rng.between(1, 3));
  return test::build_rig(network, pe, host, test::fresh_folder(name + std::to_string(seed)),
                         kSamples, islands, core::balanced(network, once, degree));
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
    if (stalls > 0.0) continue;
    const map::Replay replay = map::replay(map::token_flow(rig.design), kSamples);
    EXPECT_FALSE(replay.deadlock);
    EXPECT_EQ(result.counters.value().cycles, static_cast<std::uint64_t>(replay.cycles));
  }
}

class Frames : public ::testing::TestWithParam<std::uint64_t> {};

// Verilator's bench looks at every spike of every bus.
TEST_P(Frames, EqualTheirEmulationAndTheirReplay) {
  expect_equal(random_rig(GetParam(), "frames_verilator"), GetParam(), flow::simulate_verilator);
}

INSTANTIATE_TEST_SUITE_P(Sizes, Frames, ::testing::Range<std::uint64_t>(1, 17));

class FramesInIcarus : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(FramesInIcarus, HaveNothingUnknown) {
  expect_equal(
      random_rig(GetParam(), "frames_icarus"), GetParam(),
      [](const flow::SimulationRequest& request) { return flow::simulate_icarus(request); });
}

INSTANTIATE_TEST_SUITE_P(Sizes, FramesInIcarus, ::testing::Range<std::uint64_t>(17, 23));

}  // namespace
