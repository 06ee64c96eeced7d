// Nothing is read before it was written: whatever registers and memories hold at first, a network
// does the same, clock by clock. Cascades longer than a window are where sums arrive after the
// windows that they belong to could have been counted out.
#include <gtest/gtest.h>

#include <cstdlib>

#include "flow/icarus.hpp"
#include "flow/verilator.hpp"
#include "rig.hpp"

namespace {

using config::Crossbar;
using config::Neuron;
using config::Train;

constexpr int kRows = 4;
constexpr int kSamples = 5;

struct Kind {
  Crossbar crossbar;
  Neuron neuron;
  Train train;
  int tiles;  // of the first layer's rows, one a tick: its window has 2 ticks (binary) or 4 (rate)
};

std::string name_of(const Kind& kind) {
  return to_string(kind.crossbar) + "_" + to_string(kind.neuron) + "_" + to_string(kind.train) +
         "_" + std::to_string(kind.tiles);
}

void PrintTo(const Kind& kind, std::ostream* out) { *out << name_of(kind); }

std::filesystem::path build(const Kind& kind) {
  const test::NetworkShape shape{.sizes = {kRows * kind.tiles, 6, 4}, .activation_bits = 2};
  const config::Pe pe{.rows = kRows,
                      .cols = 5,
                      .activation_bits = 2,
                      .crossbar = kind.crossbar,
                      .neuron = kind.neuron,
                      .train = kind.train};
  const auto folder = test::fresh_folder("order_" + name_of(kind));
  test::build_rig(test::random_network(shape), pe, {.beat_lanes = 8}, folder, kSamples);
  return folder;
}

std::vector<Kind> kinds(std::initializer_list<int> cascades) {
  std::vector<Kind> all;
  for (const Crossbar crossbar : {Crossbar::kParallel, Crossbar::kSerial, Crossbar::kMacro})
    for (const auto& [neuron, train] : {std::pair(Neuron::kExact, Train::kBinary),
                                        {Neuron::kExact, Train::kRate},
                                        {Neuron::kSigned, Train::kRate},
                                        {Neuron::kPaired, Train::kRate}})
      for (const int tiles : cascades) all.push_back({crossbar, neuron, train, tiles});
  return all;
}

class Order : public ::testing::TestWithParam<Kind> {};

// Icarus starts everything unknown, and its bench looks at every spike bus, mark and tick.
TEST_P(Order, NoSpikeAndNoMarkIsEverUnknown) {
  flow::SimulationRequest request;
  request.directory = build(GetParam());
  request.idle = 0.3;
  request.backpressure = 0.3;
  request.timeout = 20000;
  const flow::SimulationResult result = flow::simulate_icarus(request);
  EXPECT_NO_THROW(flow::require_match(result));
  EXPECT_EQ(result.samples, static_cast<std::size_t>(kSamples));
}

INSTANTIATE_TEST_SUITE_P(Kinds, Order, ::testing::ValuesIn(kinds({1, 2, 6})),
                         [](const auto& kind) { return name_of(kind.param); });

class Start : public ::testing::TestWithParam<Kind> {};

// Verilator starts everything at random: the same clocks, the same transitions of every bus.
TEST_P(Start, RandomValuesChangeNothing) {
  ASSERT_EQ(setenv("X_ASSIGN", "unique", 1), 0);
  flow::SimulationRequest request;
  request.directory = build(GetParam());
  flow::SimulationResult first;
  for (request.seed = 1; request.seed <= 5; ++request.seed) {
    flow::SimulationResult result = flow::simulate_verilator(request);
    EXPECT_NO_THROW(flow::require_match(result)) << "seed " << request.seed;
    result.seconds = 0.0;
    if (request.seed == 1) first = result;
    EXPECT_TRUE(result == first) << "seed " << request.seed;
  }
  unsetenv("X_ASSIGN");
}

INSTANTIATE_TEST_SUITE_P(Kinds, Start, ::testing::ValuesIn(kinds({6})),
                         [](const auto& kind) { return name_of(kind.param); });

}  // namespace
