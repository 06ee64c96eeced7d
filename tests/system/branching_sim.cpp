// Branching networks in Verilog: every tensor of every sample as emulated.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "flow/verilator.hpp"
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

INSTANTIATE_TEST_SUITE_P(Seeds, Branching, ::testing::Range<std::uint64_t>(1, 26));

}  // namespace
