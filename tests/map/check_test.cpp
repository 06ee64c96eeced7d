// Every way in which a netlist can be wrong, done to a right one.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>

#include "base/error.hpp"
#include "core/lower.hpp"
#include "map/design.hpp"
#include "random_network.hpp"

namespace map {
namespace {

// Two layers; the first has two cascades of three PEs, whose rows wait in delays.
Design right() {
  const quant::Network network = test::random_network({.sizes = {20, 8, 5}});
  return map(core::lower(network, {8, 4}), {.rows = 8, .cols = 4}, {.beat_lanes = 4});
}

Instance& named(Design& design, const std::string& name) {
  return *std::ranges::find(design.instances, name, &Instance::name);
}

Link& link(Design& design, const std::string& name) {
  return *std::ranges::find(design.links, name, &Link::name);
}

LinkId id_of(Design& design, const std::string& name) {
  return LinkId{static_cast<std::size_t>(&link(design, name) - design.links.data())};
}

Pin& pin(Design& design, const std::string& instance, const std::string& port) {
  Instance& one = named(design, instance);
  return one.pins[one.unit->port(port)];
}

std::string faults_of(const Design& design) {
  try {
    check(design);
    return {};
  } catch (const base::Error& error) {
    std::string all;
    for (const base::Fault& fault : error.faults()) {
      EXPECT_EQ(fault.code, base::Code::kInternal);
      all += fault.where + ": " + fault.what + "\n";
    }
    return all;
  }
}

struct Damage {
  const char* name;
  std::function<void(Design&)> harm;
  const char* fault;  ///< part of what check() says
};

const std::vector<Damage> kDamages{
    {"Late", [](Design& d) { ++named(d, "pe_fc1_r1_c0").phase; },
     "pe_fc1_r1_c0, port spike_i: mapping is wrong: x_7to13_late1 is at tick 2, the port at 3"},
    {"LinkLate", [](Design& d) { ++link(d, "fc1_spike").phase; }, "fc1_spike is at tick"},
    {"Protocol", [](Design& d) { link(d, "out_ready").protocol = units::Protocol::kTick; },
     "decoder, port ready_o: mapping is wrong: out_ready speaks another protocol"},
    {"Undriven", [](Design& d) { pin(d, "pe_fc1_r2_c0", "spike_o").clear(); },
     "fc1_spike: mapping is wrong: wire 0 has no driver"},
    {"DrivenTwice",
     [](Design& d) {
       pin(d, "pe_fc1_r2_c1", "spike_o") = {{id_of(d, "fc1_spike"), 2, 4}};
     },
     "fc1_spike: mapping is wrong: wire 2 is driven twice"},
    {"InputDriven",
     [](Design& d) {
       pin(d, "encoder", "s_ready_o") = {{id_of(d, "s_axis_tvalid"), 0, 1}};
     },
     "s_axis_tvalid: mapping is wrong: wire 0 is driven twice"},
    {"Narrow", [](Design& d) { pin(d, "pe_fc2_r0_c0", "spike_i").front().count -= 1; },
     "pe_fc2_r0_c0, port spike_i: mapping is wrong: 7 wires at 8 of the port"},
    {"Outside", [](Design& d) { pin(d, "decoder", "spike_i").front().first += 1; },
     "decoder, port spike_i: mapping is wrong: wires outside of fc2_spike"},
    {"Constant",
     [](Design& d) {
       pin(d, "busy", "busy_o") = {{{}, 1, 1}};
     },
     "busy, port busy_o: mapping is wrong: it drives a constant"},
    {"Open", [](Design& d) { pin(d, "busy", "busy_i").clear(); },
     "busy, port busy_i: mapping is wrong: 0 wires at 1 of the port"},
    {"NoPins", [](Design& d) { named(d, "busy").pins.pop_back(); }, "another number of pins"},
    {"OtherLanes", [](Design& d) { pin(d, "x_7to13_late1", "data_i").front().first -= 1; },
     "pe_fc1_r1_c0: mapping is wrong: row 0 is not lane 7 of x_spike"},
    {"OtherInput",
     [](Design& d) {
       pin(d, "encoder", "spike_o") = {{id_of(d, "x_spike"), 1, 19}, {id_of(d, "x_spike"), 0, 1}};
     },
     "encoder: mapping is wrong: row 0 is not lane 0 of x_spike"},
    {"OtherOutput",
     [](Design& d) {
       pin(d, "decoder", "spike_i") = {{id_of(d, "fc2_spike"), 0, 8},
                                       {id_of(d, "fc2_spike"), 9, 1},
                                       {id_of(d, "fc2_spike"), 8, 1}};
     },
     "decoder: mapping is wrong: row 8 is not lane 8 of fc2_spike"},
    {"OtherContent",
     [](Design& d) { named(d, "pe_fc1_r1_c0").content = named(d, "pe_fc1_r1_c1").content; },
     "fc1_r1_c1: mapping is wrong: it sits in 2 PEs"},
    {"NoContent", [](Design& d) { named(d, "pe_fc1_r1_c0").content = {}; },
     "fc1_r1_c0: mapping is wrong: it sits in 0 PEs"},
    {"OtherSums",
     [](Design& d) { pin(d, "pe_fc1_r1_c0", "sum_i").swap(pin(d, "pe_fc1_r1_c1", "sum_i")); },
     "pe_fc1_r1_c0: mapping is wrong: its sums are not those of the tile above"},
    {"SwappedLanes",
     [](Design& d) { pin(d, "pe_fc2_r0_c0", "spike_o").swap(pin(d, "pe_fc2_r0_c1", "spike_o")); },
     "pe_fc2_r0_c1: mapping is wrong: it drives other lanes than its own"},
    {"NobodyWaits",
     [](Design& d) {
       pin(d, "sequencer", "ready_i")[1] = {id_of(d, "pe_ready"), 0, 1};
     },
     "decoder: mapping is wrong: no tick waits for it"},
    {"OtherTick",
     [](Design& d) {
       d.links.push_back({.name = "tock", .protocol = units::Protocol::kTick});
       pin(d, "encoder", "tick_i") = {{LinkId{d.links.size() - 1}, 0, 1}};
     },
     "encoder, port tick_i: mapping is wrong: tock is not the tick of its island"},
    {"OtherIsland", [](Design& d) { link(d, "x_spike").island = {}; },
     "encoder, port spike_o: mapping is wrong: x_spike is of another island"},
    {"ShortDrain", [](Design& d) { d.islands[0].latency = 1; }, "its last window ends at tick"},
    {"OtherPeriod", [](Design& d) { d.islands[0].window = 5; },
     "sequencer: mapping is wrong: it counts another Period"},
};

class Damages : public testing::TestWithParam<Damage> {};

TEST_P(Damages, AreFound) {
  Design design = right();
  EXPECT_EQ(faults_of(design), "");
  GetParam().harm(design);
  EXPECT_THAT(faults_of(design), testing::HasSubstr(GetParam().fault));
}

INSTANTIATE_TEST_SUITE_P(Check, Damages, testing::ValuesIn(kDamages),
                         [](const auto& one) { return std::string(one.param.name); });

TEST(Check, FindsAllFaultsAtOnce) {
  Design design = right();
  ++named(design, "pe_fc1_r1_c0").phase;
  pin(design, "busy", "busy_i").clear();
  const std::string faults = faults_of(design);
  EXPECT_THAT(faults, testing::HasSubstr("pe_fc1_r1_c0"));
  EXPECT_THAT(faults, testing::HasSubstr("busy_i"));
}

// All hardware is in the design: what is printed has no instance besides.
TEST(Design, HoldsAllHardware) {
  std::map<std::string, int> kinds;
  for (const Instance& instance : right().instances) ++kinds[instance.unit->kind()];
  const std::map<std::string, int> expected{
      {"sequencer", 1}, {"busy", 1},    {"encoder", 1}, {"delay", 2}, {"pe", 9}, {"load", 9},
      {"marks", 3},     {"decoder", 1}, {"counter", 2}, {"sum", 1},   {"csr", 1}};
  EXPECT_EQ(kinds, expected);
}

}  // namespace
}  // namespace map
