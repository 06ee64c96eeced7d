// Random branching networks, cut into islands in every way: the RTL equals its emulation however
// the streams stall, and counts the clocks that the replay of its tokens says.
#include <gtest/gtest.h>

#include "flow/icarus.hpp"
#include "flow/verilator.hpp"
#include "map/replay.hpp"
#include "random_graph.hpp"
#include "rig.hpp"

namespace {

using config::Islands;
using config::Neuron;
using config::Train;

constexpr int kSamples = 8;

struct Network {
  quant::Network network;
  config::Pe pe;
  map::Host host;
};

// Up to three inputs and three outputs, tensors of mixed bits and signs.
Network random_ports(std::uint64_t seed) {
  base::Rng rng(seed);
  const bool rate = rng.below(4) == 0;
  Network made{test::branching_network({.layers = static_cast<int>(rng.between(1, 5)),
                                        .most_bits = rate ? 3 : 6,
                                        .inputs = static_cast<int>(rng.between(1, 3)),
                                        .outputs = static_cast<int>(rng.between(1, 3)),
                                        .seed = seed}),
               {},
               {}};
  made.pe.rows = static_cast<int>(rng.between(8, 40));
  made.pe.cols = static_cast<int>(rng.between(8, 24));
  made.pe.train = rate ? Train::kRate : Train::kBinary;
  made.pe.crossbar = rng.below(2) ? config::Crossbar::kParallel : config::Crossbar::kMacro;
  made.host.beat_lanes = static_cast<int>(rng.between(1, 12));
  return made;
}

Network random_branches(std::uint64_t seed) {
  base::Rng rng(seed);
  test::NetworkShape shape{.seed = seed};
  shape.sizes.assign(3 + rng.below(4), 0);
  for (int& size : shape.sizes) size = static_cast<int>(rng.between(1, 12));
  const bool rate = rng.below(3) == 0;
  shape.activation_bits = static_cast<int>(rng.between(rate ? 2 : 1, rate ? 3 : 7));
  shape.weight_bits = static_cast<int>(rng.between(2, 8));
  shape.signed_input = rng.below(2) != 0;
  shape.signed_output = rng.below(2) != 0;
  Network made{test::random_branches(shape), {}, {}};
  made.pe.rows = static_cast<int>(rng.between(8, 40));
  made.pe.cols = static_cast<int>(rng.between(8, 24));
  made.pe.weight_bits = shape.weight_bits;
  made.pe.activation_bits = shape.activation_bits;
  made.pe.train = rate ? Train::kRate : Train::kBinary;
  made.pe.neuron = rate ? static_cast<Neuron>(rng.below(3)) : Neuron::kExact;
  made.pe.crossbar = rng.below(2) ? config::Crossbar::kParallel : config::Crossbar::kMacro;
  made.host.beat_lanes = static_cast<int>(rng.between(1, 24));
  return made;
}

flow::SimulationResult simulate(const std::filesystem::path& folder, double stalls,
                                std::uint64_t seed) {
  flow::SimulationRequest request;
  request.directory = folder;
  request.backpressure = request.idle = stalls;
  request.seed = seed;
  return flow::simulate_icarus(request);
}

struct Case {
  std::uint64_t seed;
  Islands islands;
  bool ports = false;  // several inputs and outputs

  Network network() const { return ports ? random_ports(seed) : random_branches(seed); }
};

void PrintTo(const Case& c, std::ostream* out) {
  *out << (c.ports ? "ports_" : "") << to_string(c.islands) << c.seed;
}

class CutNetwork : public ::testing::TestWithParam<Case> {};

TEST_P(CutNetwork, EqualsItsEmulationAndItsReplay) {
  const auto [seed, islands, ports] = GetParam();
  const Network made = GetParam().network();
  const auto folder = test::fresh_folder("islands_" + ::testing::PrintToString(GetParam()));
  const test::Rig rig =
      test::build_rig(made.network, made.pe, made.host, folder, kSamples, islands);
  if (islands == Islands::kLayer) {
    EXPECT_EQ(rig.design.islands.size(), made.network.layers.size());
  }
  const flow::SimulationResult free = simulate(folder, 0.0, seed);
  EXPECT_NO_THROW(flow::require_match(free));
  const map::Replay replay = map::replay(map::token_flow(rig.design), kSamples);
  EXPECT_FALSE(replay.deadlock);
  EXPECT_EQ(free.counters.value().cycles, static_cast<std::uint64_t>(replay.cycles));
  for (const double stalls : {0.3, 0.7})
    EXPECT_NO_THROW(flow::require_match(simulate(folder, stalls, seed)));
}

std::vector<Case> cases() {
  std::vector<Case> all;
  for (std::uint64_t seed = 1; seed <= 25; ++seed)
    for (const Islands islands : {Islands::kOne, Islands::kAuto, Islands::kLayer})
      all.push_back({seed, islands});
  for (std::uint64_t seed = 1; seed <= 20; ++seed)
    for (const Islands islands : {Islands::kOne, Islands::kLayer})
      all.push_back({seed, islands, true});
  return all;
}

INSTANTIATE_TEST_SUITE_P(Branches, CutNetwork, ::testing::ValuesIn(cases()));

// Tensors of 1 to 8 bits (rate: 1 to 4), each island with windows of its own.
Network random_bits(std::uint64_t seed) {
  base::Rng rng(seed);
  const bool rate = seed % 3 == 0;
  Network made{
      test::branching_network(
          {.layers = static_cast<int>(rng.between(2, 6)), .most_bits = rate ? 4 : 8, .seed = seed}),
      {},
      {}};
  made.pe.rows = static_cast<int>(rng.between(8, 40));
  made.pe.cols = static_cast<int>(rng.between(8, 24));
  made.pe.activation_bits = 8;
  made.pe.train = rate ? Train::kRate : Train::kBinary;
  made.pe.crossbar = static_cast<config::Crossbar>(rng.below(3));
  made.host.beat_lanes = static_cast<int>(rng.between(1, 12));
  return made;
}

test::Rig mixed_rig(const Case& one) {
  const Network made = random_bits(one.seed);
  return test::build_rig(made.network, made.pe, made.host,
                         test::fresh_folder("windows_" + ::testing::PrintToString(one)), kSamples,
                         one.islands);
}

class MixedNetwork : public ::testing::TestWithParam<Case> {};

TEST_P(MixedNetwork, EqualsItsEmulationAndItsReplay) {
  const std::uint64_t seed = GetParam().seed;
  const test::Rig rig = mixed_rig(GetParam());
  const flow::SimulationResult free = simulate(rig.folder, 0.0, seed);
  EXPECT_NO_THROW(flow::require_match(free));
  const map::Replay replay = map::replay(map::token_flow(rig.design), kSamples);
  EXPECT_FALSE(replay.deadlock);
  const auto cycles = static_cast<std::uint64_t>(replay.cycles);
  if (rig.design.pe(0).crossbar == config::Crossbar::kSerial) {
    EXPECT_GT(free.counters.value().cycles, cycles) << "a tick takes many clocks";
  } else {
    EXPECT_EQ(free.counters.value().cycles, cycles);
  }
  for (const double stalls : {0.3, 0.7})
    EXPECT_NO_THROW(flow::require_match(simulate(rig.folder, stalls, seed)));
}

std::vector<Case> mixed_cases(std::uint64_t seeds, std::initializer_list<Islands> cuts) {
  std::vector<Case> all;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed)
    for (const Islands islands : cuts) all.push_back({seed, islands});
  return all;
}

INSTANTIATE_TEST_SUITE_P(Windows, MixedNetwork,
                         ::testing::ValuesIn(mixed_cases(18, {Islands::kOne, Islands::kAuto,
                                                              Islands::kLayer})));

// Verilator's bench looks at every spike of every bus.
class MixedSpikes : public ::testing::TestWithParam<Case> {};

TEST_P(MixedSpikes, EqualThoseOfTheEmulation) {
  flow::SimulationRequest request;
  request.directory = mixed_rig(GetParam()).folder;
  for (const double stalls : {0.0, 0.5}) {
    request.backpressure = request.idle = stalls;
    EXPECT_NO_THROW(flow::require_match(flow::simulate_verilator(request)));
  }
}

INSTANTIATE_TEST_SUITE_P(Windows, MixedSpikes,
                         ::testing::ValuesIn(mixed_cases(4, {Islands::kLayer})));

// An input of 4 bits beside one of 8, which layers of different islands read.
quant::Network narrow_beside_wide() {
  base::Rng rng(3);
  quant::Network network;
  const quant::Format wide = quant::full_format(8, false);
  const quant::Source x = test::add_input(network, "wide", {3}, wide);
  const quant::Source z = test::add_input(network, "narrow", {2}, quant::full_format(4, false));
  const test::ProductRange range{.weight = 7, .bias = 10, .threshold = 20};
  const quant::Source h =
      test::add_layer(network, "first", test::random_product({x}, 4, range, rng), wide);
  network.outputs = {
      test::add_layer(network, "second", test::random_product({h, z}, 6, range, rng), wide)};
  return network;
}

// The encoder knows its window, not the tensors in it. A value of 5 bits for the narrow input is
// what it is in the island that samples enter, and its low bits behind a channel; no error is set.
TEST(Encoder, ClipsAtItsWindowWhateverATensorHolds) {
  const quant::Network network = narrow_beside_wide();
  const config::Pe pe{.rows = 8, .cols = 8, .activation_bits = 8};
  for (const Islands islands : {Islands::kOne, Islands::kLayer}) {
    const auto folder = test::fresh_folder("narrow_" + to_string(islands));
    const test::Rig rig = test::build_rig(network, pe, {}, folder, kSamples, islands);
    quant::IntegerBatch sent = test::random_inputs(network, kSamples, 4);
    quant::IntegerBatch low = sent;
    sent.rightCols(2).setConstant(16 + 5);
    low.rightCols(2).setConstant(5);
    const auto whole = map::emulate(rig.design, sent);
    const auto cut = map::emulate(rig.design, low);
    const core::StreamId out = rig.design.program->outputs.front().stream;
    EXPECT_NE(map::lanes_of(rig.design, out, whole[out]), map::lanes_of(rig.design, out, cut[out]));
    emit::write_vectors(folder, rig.design, {sent, islands == Islands::kOne ? whole : cut});
    EXPECT_NO_THROW(flow::require_match(simulate(folder, 0.3, 1))) << to_string(islands);
  }
}

}  // namespace
