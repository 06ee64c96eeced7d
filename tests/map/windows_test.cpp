// Islands with windows of their own: a layer of few bits beside one of many.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

#include "base/error.hpp"
#include "core/integer.hpp"
#include "core/lower.hpp"
#include "map/design.hpp"
#include "map/replay.hpp"
#include "random_graph.hpp"
#include "units/delay/delay.hpp"
#include "units/host/host.hpp"
#include "units/smb/unit.hpp"

namespace map {
namespace {

using config::Islands;
using config::Train;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

// Layers one after the other, each of 3 elements; bits[0] are the input's.
quant::Network chain(const std::vector<int>& bits) {
  base::Rng rng(7);
  quant::Network network;
  network.name = "chain";
  quant::Source at = test::add_input(network, "x", 3, quant::full_format(bits[0], false));
  for (std::size_t i = 1; i < bits.size(); ++i)
    at = test::add_layer(network, "fc" + std::to_string(i),
                         test::random_product({at}, 3, {100, 500, 200}, rng),
                         quant::full_format(bits[i], false));
  network.outputs = {at};
  return network;
}

Design design_of(const quant::Network& network, Islands islands, Train train = Train::kBinary) {
  const config::Pe pe{.rows = 16, .cols = 16, .activation_bits = 8, .train = train};
  Design design = map(core::lower(network, {pe.rows, pe.cols}), pe, {}, islands);
  check(design);
  return design;
}

std::vector<int> windows_of(const Design& design) {
  std::vector<int> windows;
  for (const Island& island : design.islands) windows.push_back(island.window);
  return windows;
}

TEST(Windows, AreThoseOfTheWidestTensorOfAnIsland) {
  const quant::Network network = chain({8, 4, 4, 3, 8});
  EXPECT_THAT(windows_of(design_of(network, Islands::kOne)), ElementsAre(8));
  EXPECT_THAT(windows_of(design_of(network, Islands::kLayer)), ElementsAre(8, 4, 4, 8));
  EXPECT_THAT(windows_of(design_of(chain({5, 2, 2, 3, 1}), Islands::kLayer, Train::kRate)),
              ElementsAre(32, 4, 8, 8));
}

// Maps wait in memory for who walks over them, so what the host sends is an island by itself.
TEST(Windows, OfTheFirstLayerAreNotThoseOfAnInputThatALaterOneReads) {
  base::Rng rng(7);
  quant::Network network;
  const quant::Source narrow =
      test::add_input(network, "narrow", {1, 1, 4}, quant::full_format(3, false));
  const quant::Source wide =
      test::add_input(network, "wide", {1, 1, 4}, quant::full_format(6, false));
  quant::Source at = narrow;
  for (const quant::Source& other : {narrow, wide}) {
    quant::Product product = test::random_product({{{}, 0, 4}}, 1, {100, 500, 200}, rng);
    product.inputs = {at, other};
    product.window = {.kernel = {1, 2}, .pad_end = {0, 1}, .map = {1, 4}};
    at = test::add_layer(network, "conv", std::move(product), quant::full_format(4, false));
  }
  network.outputs = {at};
  EXPECT_THAT(windows_of(design_of(network, Islands::kLayer)), ElementsAre(6, 4, 6));
}

TEST(Windows, OfNoTensorAreLongerThanItsIslandNeeds) {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    const quant::Network network =
        test::branching_network({.layers = 5, .most_bits = 8, .seed = seed});
    const Design design = design_of(network, Islands::kLayer);
    for (const quant::LayerId id : network.layers.ids()) {
      const quant::Layer& layer = network.layers[id];
      int bits = network.format_of(layer.output).bits;
      for (const quant::Source& source : layer.product().inputs)
        bits = std::max(bits, network.format_of(source.tensor).bits);
      const Island& island = design.islands[id.index()];
      EXPECT_EQ(island.activation_bits, bits) << "seed " << seed << ", " << layer.name;
    }
  }
}

TEST(Windows, ChannelsHoldTheTensorsOwnBits) {
  const Design design = design_of(chain({8, 4, 4, 3, 8}), Islands::kLayer);
  std::vector<std::vector<int>> bits;
  for (const Channel& channel : design.channels) {
    const auto& config =
        dynamic_cast<const units::SmbUnit&>(*design.instance(channel.buffer).unit).config();
    bits.push_back({config.write.bits, config.value_bits, config.read.bits});
  }
  EXPECT_THAT(bits, ElementsAre(ElementsAre(8, 4, 4), ElementsAre(4, 4, 4), ElementsAre(4, 3, 8)));
}

TEST(Windows, AreInTheNamesOfPEsWhereTheyDiffer) {
  std::set<std::string> names;
  const Design mixed = design_of(chain({8, 4, 4, 8}), Islands::kLayer);
  for (const InstanceId pe : mixed.pes) names.insert(mixed.instance(pe).unit->signature().name);
  EXPECT_THAT(
      names, ElementsAre("fpsa_pe_3x3_binary4", "fpsa_pe_3x3_binary8", "fpsa_pe_3x3_tops_binary8"));
  const Design equal = design_of(chain({4, 4, 4}), Islands::kLayer);
  for (const InstanceId pe : equal.pes)
    EXPECT_EQ(equal.instance(pe).unit->signature().name, "fpsa_pe_3x3");
}

void expect_integer_level(const quant::Network& network, const config::Pe& pe, Islands islands,
                          std::uint64_t seed) {
  const core::Program program = core::lower(network, {pe.rows, pe.cols});
  const Design design = map(program, pe, {}, islands);
  check(design);
  const quant::IntegerBatch inputs = test::random_inputs(network, 3, seed);
  const core::IntegerResult golden = core::run_integer(network, inputs);
  const StreamTrains trains = emulate(design, inputs);
  for (const core::StreamId id : trains.ids()) {
    const core::Stream& stream = program.streams[id];
    ASSERT_EQ(units::from_lanes(lanes_of(design, id, trains[id]), stream.format.is_signed),
              golden.tensors[stream.tensor])
        << "seed " << seed << ", " << to_string(islands) << ", " << stream.name;
  }
}

TEST(Windows, OfAnyLengthEmulateTheIntegerLevel) {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    base::Rng rng(seed);
    const bool rate = seed % 4 == 0;
    const config::Pe pe{.rows = static_cast<int>(rng.between(3, 40)),
                        .cols = static_cast<int>(rng.between(3, 20)),
                        .crossbar = static_cast<config::Crossbar>(rng.below(3)),
                        .train = rate ? Train::kRate : Train::kBinary};
    const quant::Network network =
        test::branching_network({.layers = static_cast<int>(rng.between(2, 7)),
                                 .most_bits = rate ? 4 : 8,
                                 .inputs = static_cast<int>(rng.between(1, 2)),
                                 .outputs = static_cast<int>(rng.between(1, 2)),
                                 .seed = seed + 500});
    for (const Islands islands : {Islands::kOne, Islands::kAuto, Islands::kLayer})
      expect_integer_level(network, pe, islands, seed);
  }
}

// Clocks a sample adds in steady state. What the last windows add depends on how they fall.
std::int64_t pace(const Design& design) {
  const TokenFlow flow = token_flow(design);
  return (replay(flow, 140).cycles - replay(flow, 40).cycles + 50) / 100;
}

TEST(Auto, CutsOnlyWhereTheSumOfLatenciesFalls) {
  const auto windows = [](const std::vector<int>& bits, Train train = Train::kBinary) {
    return windows_of(design_of(chain(bits), Islands::kAuto, train));
  };
  EXPECT_THAT(windows({6, 6, 6, 6, 6}), ElementsAre(6)) << "equal windows";
  EXPECT_THAT(windows({8, 4, 4, 8}), ElementsAre(8)) << "two channels cost more than they save";
  EXPECT_THAT(windows({8, 4, 4, 4, 4, 4, 8}), ElementsAre(8, 4, 8));
  EXPECT_THAT(windows({8, 8, 4, 4, 4, 4}), ElementsAre(8, 4));
  EXPECT_THAT(windows({4, 4, 4, 4, 8}), ElementsAre(4, 8));
  EXPECT_THAT(windows({5, 2, 2, 2, 5}, Train::kRate), ElementsAre(32, 4, 32));
}

// Layers of one tile: an island of k of them with windows of w ticks takes 1 + k (w + 1) + w.
int least_latency(const std::vector<int>& bits) {
  const std::size_t layers = bits.size() - 1;
  int least = 1 << 20;
  for (std::size_t cuts = 0; cuts < std::size_t{1} << (layers - 1); ++cuts) {
    int sum = 0;
    for (std::size_t i = 0; i < layers;) {
      int count = 0, window = 0;
      do {
        window = std::max({window, bits[i], bits[i + 1]});
        ++count;
      } while (++i < layers && !(cuts >> (i - 1) & 1));
      sum += 1 + count * (window + 1) + window;
    }
    least = std::min(least, sum);
  }
  return least;
}

TEST(Auto, HasTheLeastLatencyOfAllCutsAndTheirPace) {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    base::Rng rng(seed);
    std::vector<int> bits(2 + rng.below(8));
    for (int& one : bits) one = static_cast<int>(rng.between(1, 8));
    const quant::Network network = chain(bits);
    const Design design = design_of(network, Islands::kAuto);
    EXPECT_EQ(latency(token_flow(design)), least_latency(bits)) << "seed " << seed;
    for (const Islands islands : {Islands::kAuto, Islands::kLayer, Islands::kOne})
      EXPECT_EQ(pace(design_of(network, islands)), std::max(2, *std::ranges::max_element(bits)))
          << "seed " << seed;
  }
}

// A skip from the first layer to the last: its island waits for the tokens of those between.
TEST(Auto, IsNeverSlowerThanOneIsland) {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    const quant::Network network =
        test::branching_network({.layers = 7, .most_bits = 8, .seed = seed});
    EXPECT_LE(latency(token_flow(design_of(network, Islands::kAuto))),
              latency(token_flow(design_of(network, Islands::kOne))))
        << "seed " << seed;
  }
}

struct Damage {
  const char* name;
  void (*apply)(Design&);
  const char* said;
};

class DamagedWindow : public ::testing::TestWithParam<Damage> {};

TEST_P(DamagedWindow, IsFound) {
  Design design = design_of(chain({8, 4, 4, 8}), Islands::kLayer);
  GetParam().apply(design);
  std::string faults;
  try {
    check(design);
  } catch (const base::Error& error) {
    for (const base::Fault& fault : error.faults())
      faults += fault.where + ": " + fault.what + "\n";
  }
  EXPECT_THAT(faults, HasSubstr(GetParam().said));
}

Instance& of_kind(Design& design, const std::string& kind, IslandId island) {
  return *std::ranges::find_if(design.instances, [&](const Instance& one) {
    return one.unit->kind() == kind && one.island == island;
  });
}

// The unit of the same kind in another island.
void swap_units(Design& design, const std::string& kind) {
  std::swap(of_kind(design, kind, IslandId{0}).unit, of_kind(design, kind, IslandId{1}).unit);
}

void change(Design& design, void (*edit)(units::SmbConfig&)) {
  units::UnitPtr& unit = design.instances[design.channels.front().buffer.index()].unit;
  units::SmbConfig config = dynamic_cast<const units::SmbUnit&>(*unit).config();
  edit(config);
  unit = std::make_shared<units::SmbUnit>(config);
}

INSTANTIATE_TEST_SUITE_P(
    All, DamagedWindow,
    ::testing::Values(
        Damage{"TooShort",
               [](Design& d) { d.islands[0].activation_bits = d.islands[0].window = 4; },
               "fc1: mapping is wrong: its windows have 4 ticks for 4 bits, its widest stream 8"},
        Damage{"TooLong", [](Design& d) { d.islands[1].activation_bits = d.islands[1].window = 8; },
               "fc2: mapping is wrong: its windows have 8 ticks for 8 bits, its widest stream 4"},
        Damage{"OtherTrain", [](Design& d) { d.islands[1].train = Train::kRate; },
               "its windows have 4 ticks for 4 bits"},
        // Windows of rate trains of 3 bits are as long.
        Damage{"PE",
               [](Design& d) {
                 units::UnitPtr& unit = of_kind(d, "pe", IslandId{0}).unit;
                 units::PeConfig config = d.pe(0);
                 config.train = Train::kRate;
                 config.activation_bits = 3;
                 unit = std::make_shared<units::PeUnit>(config);
               },
               "pe_fc1_r0_c0: mapping is wrong: it computes in other windows"},
        Damage{"Marks",
               [](Design& d) {
                 Instance& marks = of_kind(d, "marks", IslandId{0});
                 marks.unit = units::mark_delay(4, marks.unit->latency());
               },
               "fc1_window_t10: mapping is wrong: it counts another Period"},
        Damage{"Sequencer", [](Design& d) { swap_units(d, "sequencer"); },
               "fc2_sequencer: mapping is wrong: it counts another Period"},
        Damage{"Counter", [](Design& d) { swap_units(d, "counter"); },
               "fc1_ceilings: mapping is wrong: it counts another ActBits"},
        Damage{"Encoder",
               [](Design& d) {
                 of_kind(d, "encoder", IslandId{0}).unit =
                     units::encoder({.lanes = 3, .activation_bits = 4, .beat_lanes = 64});
               },
               "encoder: mapping is wrong: it counts another ActBits"},
        Damage{"Writer", [](Design& d) { change(d, [](auto& smb) { smb.write.bits = 7; }); },
               "its writer has other windows"},
        Damage{"Reader", [](Design& d) { change(d, [](auto& smb) { smb.read.bits = 8; }); },
               "its reader has other windows"},
        Damage{"Stored", [](Design& d) { change(d, [](auto& smb) { smb.value_bits = 3; }); },
               "it stores another number of bits than its stream has"}),
    [](const auto& damage) { return damage.param.name; });

}  // namespace
}  // namespace map
