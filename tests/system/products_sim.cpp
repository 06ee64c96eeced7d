// Models with products of two signals: the RTL equals its emulation however the streams stall, and
// counts the clocks that the replay of its tokens says.
#include <gtest/gtest.h>

#include "flow/icarus.hpp"
#include "flow/verilator.hpp"
#include "map/replay.hpp"
#include "random_products.hpp"
#include "rig.hpp"

namespace {

constexpr int kSamples = 4;

test::Rig product_rig(std::uint64_t seed, const std::string& name) {
  base::Rng rng(seed);
  const bool rate = seed % 4 == 0;
  const test::ProductModel model = test::product_model(seed);
  const quant::Network network =
      quant::quantise(model.graph, {model.samples},
                      {.activation_bits = rate ? 2 : 5, .most_activation_bits = rate ? 6 : 12});
  const config::Pe pe{
      .rows = static_cast<int>(rng.between(12, 60)),
      .cols = static_cast<int>(rng.between(6, 24)),
      .crossbar = rng.below(2) ? config::Crossbar::kMacro : config::Crossbar::kParallel,
      .train = rate ? config::Train::kRate : config::Train::kBinary};
  return test::build_rig(network, pe, {.beat_lanes = 4}, test::fresh_folder(name), kSamples,
                         static_cast<config::Islands>(seed % 3));
}

template <class Simulate>
void expect_equal(const test::Rig& rig, std::uint64_t seed, Simulate&& simulate) {
  flow::SimulationRequest request;
  request.directory = rig.folder;
  request.seed = seed;
  for (const double stalls : {0.0, 0.5}) {
    request.backpressure = request.idle = stalls;
    const flow::SimulationResult result = simulate(request);
    EXPECT_NO_THROW(flow::require_match(result)) << "stalls " << stalls;
    if (stalls > 0) continue;
    const map::Replay replay = map::replay(map::token_flow(rig.design), kSamples);
    EXPECT_FALSE(replay.deadlock);
    EXPECT_EQ(result.counters.value().cycles, static_cast<std::uint64_t>(replay.cycles));
  }
}

class ProductModels : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(ProductModels, EqualTheirEmulationAndTheirReplay) {
  const std::string name = "products_" + std::to_string(GetParam());
  expect_equal(product_rig(GetParam(), name), GetParam(), flow::simulate_verilator);
}

INSTANTIATE_TEST_SUITE_P(Seeds, ProductModels, ::testing::Range<std::uint64_t>(1, 11));

class UnknownFreeProducts : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(UnknownFreeProducts, InIcarus) {
  const std::string name = "products_icarus_" + std::to_string(GetParam());
  expect_equal(
      product_rig(GetParam(), name), GetParam(),
      [](const flow::SimulationRequest& request) { return flow::simulate_icarus(request); });
}

INSTANTIATE_TEST_SUITE_P(Seeds, UnknownFreeProducts, ::testing::Range<std::uint64_t>(11, 15));

}  // namespace
