// Branching networks in Verilog: every tensor of every sample as emulated.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "flow/verilator.hpp"
#include "map/replay.hpp"
#include "random_graph.hpp"
#include "rig.hpp"

namespace {

class Branching : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(Branching, RtlEqualsItsEmulation) {
  const std::uint64_t seed = GetParam();
  base::Rng rng(seed);
  const bool rate = seed % 5 == 0;
  const config::Pe pe{.rows = static_cast<int>(rng.between(6, 30)),
                      .cols = static_cast<int>(rng.between(6, 16)),
                      .crossbar = static_cast<config::Crossbar>(seed % 3),
                      .train = rate ? config::Train::kRate : config::Train::kBinary};
  const quant::Network network = test::branching_network(
      {.layers = 4, .most_count = 6, .most_bits = rate ? 3 : 6, .seed = seed + 1000});
  const auto folder = test::fresh_folder(fmt::format("branching_{}", seed));
  test::build_rig(network, pe, {.beat_lanes = 5}, folder, 6);
  flow::SimulationRequest request;
  request.directory = folder;
  request.backpressure = 0.4;
  request.idle = 0.4;
  request.seed = seed;
  const flow::SimulationResult result = flow::simulate_verilator(request);
  EXPECT_NO_THROW(flow::require_match(result));
  EXPECT_EQ(result.samples, 6u);
}

struct Ports {
  std::uint64_t seed;
  config::Islands islands;
};

void PrintTo(const Ports& one, std::ostream* out) {
  *out << to_string(one.islands) << "_" << one.seed;
}

class SeveralPorts : public ::testing::TestWithParam<Ports> {};

// One frame brings all inputs, one takes all outputs, whatever stalls; without stalls in the clocks
// that were predicted.
TEST_P(SeveralPorts, RtlEqualsItsEmulationAndItsReplay) {
  const auto [seed, islands] = GetParam();
  const config::Pe pe{.rows = 24, .cols = 16, .crossbar = config::Crossbar::kParallel};
  const quant::Network network = test::branching_network(
      {.layers = 4, .most_bits = 9, .inputs = 3, .outputs = 3, .seed = seed});
  const auto folder = test::fresh_folder("ports_" + ::testing::PrintToString(GetParam()));
  const test::Rig rig = test::build_rig(network, pe, {.beat_lanes = 5}, folder, 8, islands);
  flow::SimulationRequest request;
  request.directory = folder;
  request.seed = seed;
  const flow::SimulationResult free = flow::simulate_verilator(request);
  EXPECT_NO_THROW(flow::require_match(free));
  EXPECT_EQ(free.outputs_compared, 8u * core::count_of(rig.design.program->outputs));
  const map::Replay replay = map::replay(map::token_flow(rig.design), 8);
  EXPECT_EQ(free.counters.value().cycles, static_cast<std::uint64_t>(replay.cycles));
  request.backpressure = request.idle = 0.5;
  EXPECT_NO_THROW(flow::require_match(flow::simulate_verilator(request)));
}

INSTANTIATE_TEST_SUITE_P(
    Seeds, SeveralPorts,
    ::testing::Values(Ports{1, config::Islands::kOne}, Ports{2, config::Islands::kOne},
                      Ports{3, config::Islands::kOne}, Ports{4, config::Islands::kLayer},
                      Ports{5, config::Islands::kLayer}, Ports{6, config::Islands::kLayer}));

INSTANTIATE_TEST_SUITE_P(Seeds, Branching, ::testing::Range<std::uint64_t>(1, 26));

}  // namespace
