// Cutting a network into islands: what becomes of its values, its delays and its channels.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

#include "base/error.hpp"
#include "core/lower.hpp"
#include "map/netlist.hpp"
#include "map/replay.hpp"
#include "random_network.hpp"

namespace map {
namespace {

using config::Islands;
using ::testing::HasSubstr;

// Five layers with skips.
quant::Network branches() {
  return test::random_branches(
      {.sizes = {9, 8, 7, 6, 5, 4}, .activation_bits = 4, .signed_input = true, .seed = 6});
}

Design design_of(const quant::Network& network, Islands islands,
                 config::Train train = config::Train::kBinary) {
  const config::Pe pe{.rows = 16, .cols = 16, .activation_bits = 4, .train = train};
  return map(core::lower(network, {pe.rows, pe.cols}), pe, {}, islands);
}

int count(const Design& design, const std::string& leaf) {
  return static_cast<int>(std::ranges::count_if(
      design.instances, [&](const Instance& one) { return one.unit->signature().name == leaf; }));
}

TEST(Islands, ALayerEachComputesTheSame) {
  const quant::Network network = branches();
  const quant::IntegerBatch inputs = test::random_inputs(network, 7, 3);
  for (const config::Train train : {config::Train::kBinary, config::Train::kRate}) {
    const Design one = design_of(network, Islands::kOne, train);
    const Design cut = design_of(network, Islands::kLayer, train);
    check(cut);
    EXPECT_EQ(cut.islands.size(), network.layers.size());
    EXPECT_GT(cut.channels.size(), network.layers.size() - 1) << "a skip crosses islands, too";
    const StreamTrains expected = emulate(one, inputs);
    const StreamTrains actual = emulate(cut, inputs);
    ASSERT_EQ(actual.size(), expected.size());
    for (const core::StreamId id : expected.ids())
      EXPECT_EQ(lanes_of(cut, id, actual[id]), lanes_of(one, id, expected[id]));
  }
}

TEST(Islands, ChannelsCarryTheLanesThatAreRead) {
  const quant::Network network = branches();
  const Design cut = design_of(network, Islands::kLayer);
  for (const Channel& channel : cut.channels) {
    std::vector<bool> read(static_cast<std::size_t>(cut.link(channel.spikes).lanes), false);
    for (const Instance& one : cut.instances)
      for (std::size_t p = 0; p < one.pins.size(); ++p)
        for (const Wires& wires : one.pins[p])
          if (wires.link == channel.spikes && one.unit->ports()[p].is_input())
            std::fill_n(read.begin() + wires.first, wires.count, true);
    EXPECT_EQ(std::ranges::count(read, false), 0) << cut.link(channel.spikes).name;
  }
}

// Two islands may delay the same lanes of one stream by the same number of ticks.
TEST(Islands, NamesAreUniqueInEveryNetwork) {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    const quant::Network network =
        test::random_branches({.sizes = {7, 5, 6, 4, 5, 3}, .activation_bits = 4, .seed = seed});
    const config::Pe pe{.rows = 6, .cols = 8, .activation_bits = 4};
    const Design cut = map(core::lower(network, {pe.rows, pe.cols}), pe, {}, Islands::kLayer);
    check(cut);
    std::set<std::string> links, instances;
    for (const Link& link : cut.links) EXPECT_TRUE(links.insert(link.name).second) << link.name;
    for (const Instance& one : cut.instances)
      EXPECT_TRUE(instances.insert(one.name).second) << one.name;
  }
}

TEST(Islands, OneIslandNeedsNoneOfTheirHardware) {
  const Design one = design_of(branches(), Islands::kAuto);
  EXPECT_EQ(one.islands.size(), 1u);
  EXPECT_TRUE(one.channels.empty());
  EXPECT_EQ(count(one, "fpsa_join"), 0);
  EXPECT_EQ(count(one, "fpsa_memory_delay"), 0);
}

// `wide` is read by the second layer after it: 200 lanes wait for a layer's latency.
TEST(Islands, LongDelaysLieInMemory) {
  base::Rng rng(1);
  const quant::Format plain = quant::full_format(6, false);
  const test::ProductRange range{20, 100, 900};
  quant::Network network;
  const quant::Source x = test::add_input(network, "x", 4, plain);
  const quant::Source wide =
      test::add_layer(network, "wide", test::random_product({x}, 200, range, rng), plain);
  const quant::Source next =
      test::add_layer(network, "next", test::random_product({wide}, 4, range, rng), plain);
  network.outputs = {
      test::add_layer(network, "out", test::random_product({next, wide}, 4, range, rng), plain)};
  const config::Pe pe;
  const core::Program program = core::lower(network, {pe.rows, pe.cols});
  const Design automatic = map(program, pe);
  check(automatic);
  EXPECT_EQ(count(automatic, "fpsa_memory_delay"), 1) << "200 lanes, 7 ticks: 1,400 flip-flops";
  const Design one = map(program, pe, {}, Islands::kOne);
  EXPECT_EQ(count(one, "fpsa_memory_delay"), 0);
  EXPECT_EQ(count(one, "fpsa_tick_delay"), count(automatic, "fpsa_tick_delay") + 1);
  const quant::IntegerBatch inputs = test::random_inputs(network, 3, 3);
  EXPECT_EQ(emulate(automatic, inputs).back(), emulate(one, inputs).back());
}

TEST(Islands, ChannelsAreAsDeepAsFullSpeedTakes) {
  const Design cut = design_of(branches(), Islands::kLayer);
  const TokenFlow flow = token_flow(cut);
  const Replay few = replay(flow, 40);
  const Replay more = replay(flow, 50);
  EXPECT_FALSE(more.deadlock);
  EXPECT_EQ(more.cycles - few.cycles, 10 * 4) << "a sample a window";
  EXPECT_GT(latency(flow), latency(token_flow(design_of(branches(), Islands::kOne))));
}

struct Damage {
  const char* name;
  void (*apply)(Design&);
  const char* said;
};

class DamagedChannel : public ::testing::TestWithParam<Damage> {};

TEST_P(DamagedChannel, IsFound) {
  Design design = design_of(branches(), Islands::kLayer);
  GetParam().apply(design);
  try {
    check(design);
    FAIL() << "nothing was found";
  } catch (const base::Error& error) {
    EXPECT_THAT(error.faults().front().what, HasSubstr(GetParam().said));
  }
}

InstanceId buffer(const Design& design) { return design.channels.front().buffer; }

InstanceId join_of(const Design& design) {
  for (std::size_t i = 0; i < design.instances.size(); ++i)
    if (design.instances[i].unit->kind() == "join") return InstanceId{i};
  return {};
}

INSTANTIATE_TEST_SUITE_P(
    All, DamagedChannel,
    ::testing::Values(
        Damage{"NoReservation",
               [](Design& d) { connect(d, buffer(d), "write_fire_i", constant(0, 1)); },
               "no window of its writer reserves"},
        Damage{"NoWait",
               [](Design& d) {
                 Pin pin = d.instance(join_of(d)).pin("ready_i");
                 pin.back() = pin.front();
                 connect(d, join_of(d), "ready_i", pin);
               },
               "does not wait for"},
        Damage{"OtherTick",
               [](Design& d) {
                 connect(d, buffer(d), "read_tick_i", d.instance(buffer(d)).pin("write_tick_i"));
               },
               "is not the tick of its island"},
        Damage{"OtherLanes",
               [](Design& d) {
                 Pin pin = d.instance(buffer(d)).pin("write_spike_i");
                 pin.front().first += pin.front().first == 0 && pin.front().count > 1 ? 1 : 0;
                 --pin.front().count;
                 pin = join(pin, constant(0, 1));
                 connect(d, buffer(d), "write_spike_i", pin);
               },
               "is not lane"}),
    [](const auto& damage) { return damage.param.name; });

}  // namespace
}  // namespace map
