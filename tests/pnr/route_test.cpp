#include "pnr/route.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "base/error.hpp"
#include "pnr/check_route.hpp"
#include "random_placement.hpp"

namespace {

using fabric::Architecture;
using fabric::Graph;
using fabric::NodeId;
using test::Placed;
using testing::HasSubstr;

void expect_clean(const Placed& placed, const Graph& graph, const pnr::Routing& routing) {
  base::Diagnostics diagnostics;
  pnr::check_route(placed.packed, placed.placement, graph, routing, diagnostics);
  for (const base::Fault& fault : diagnostics.faults()) ADD_FAILURE() << base::to_string(fault);
}

Architecture random_architecture(base::Rng& rng) {
  Architecture architecture;
  architecture.columns = static_cast<int>(rng.between(1, 8));
  architecture.rows = static_cast<int>(rng.between(1, 8));
  architecture.luts = static_cast<int>(rng.between(1, 6));
  architecture.clb_inputs = static_cast<int>(rng.between(4, 16));
  architecture.io_slots = static_cast<int>(rng.between(1, 4));
  architecture.segment_length = static_cast<int>(rng.between(1, 5));
  architecture.channel_width = 2 * static_cast<int>(rng.between(15, 30));
  // a signal stays on its track with the disjoint pattern: pins must touch more than half of them
  const bool disjoint = rng.below(2) == 1;
  if (disjoint) architecture.pattern = fabric::Pattern::kDisjoint;
  architecture.fc_in_percent = static_cast<int>(rng.between(disjoint ? 60 : 20, 100));
  architecture.fc_out_percent = static_cast<int>(rng.between(disjoint ? 60 : 20, 100));
  if (architecture.columns > 2)
    architecture.hard = {{"hard", {}, {{"in", 12}, {"out", 7, false}}, {2}}};
  return architecture;
}

std::vector<float> random_criticality(const pnr::Packed& packed, base::Rng& rng) {
  std::vector<float> criticality;
  for (const pnr::Net& net : packed.nets)
    for (std::size_t i = 0; i < net.sinks.size(); ++i)
      criticality.push_back(static_cast<float>(rng.uniform()));
  return criticality;
}

TEST(Route, OfRandomPlacementsIsClean) {
  std::size_t nets = 0;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    SCOPED_TRACE(seed);
    base::Rng rng(seed);
    const Graph graph(random_architecture(rng));
    const Placed placed = test::random_placement(graph.architecture(), {}, rng);
    const std::vector<float> criticality = random_criticality(placed.packed, rng);
    pnr::RouteOptions options;
    if (seed % 2 == 1) options.criticality = criticality;
    expect_clean(placed, graph, pnr::route(placed.packed, placed.placement, graph, options));
    nets += placed.packed.nets.size();
  }
  EXPECT_GT(nets, 1500u);
}

// A fabric with one block in the middle of the bottom row and one elsewhere, and a net from the
// one to the other.
Placed pair_of_blocks(const pnr::Site& from, const pnr::Site& to) {
  Placed placed;
  placed.packed.blocks = {{"from", pnr::BlockKind::kLogic}, {"to", pnr::BlockKind::kLogic}};
  placed.packed.nets = {{"net", {0, 0}, {{1, pnr::kAnyPin}}}};
  placed.placement = {from, to};
  return placed;
}

// Wires on the shortest way from an output to each tile, by breadth-first search.
std::map<std::pair<int, int>, int> hops_from(const Graph& graph, NodeId output) {
  std::map<std::pair<int, int>, int> hops;
  std::vector<bool> seen(graph.size());
  std::vector<NodeId> level{output};
  for (int distance = 0; !level.empty(); ++distance) {
    std::vector<NodeId> next;
    for (const NodeId node : level) {
      for (const NodeId input : graph.inputs(node))
        hops.emplace(std::pair(graph.span(input).x_low, graph.span(input).y_low), distance);
      for (const NodeId wire : graph.wires(node)) {
        if (!seen[wire.index()]) next.push_back(wire);
        seen[wire.index()] = true;
      }
    }
    level = std::move(next);
  }
  return hops;
}

// Alone, a net takes the shortest way: for wires of one tile that of least wirelength, and where
// delay counts alone that of the fewest wires.
TEST(Route, OfALoneNetIsShortest) {
  for (const int length : {1, 4}) {
    Architecture architecture;
    architecture.segment_length = length;
    const Graph graph(architecture);
    const auto hops = hops_from(graph, graph.output(3, 1, 0));
    const std::vector<float> critical{1};
    for (int y = 2; y <= 8; ++y)
      for (int x = 1; x <= 8; ++x) {
        const Placed placed = pair_of_blocks({3, 1, 0}, {x, y, 0});
        pnr::RouteOptions options;
        if (length > 1) options.criticality = critical;
        const pnr::Routing routing = pnr::route(placed.packed, placed.placement, graph, options);
        const int wires = hops.at({x, y});
        // Wires that edges cut short are quicker.
        const int least = fabric::wire_delay(architecture.delays, 1, 0, 0);
        const int whole = fabric::typical_delay(architecture) + 20;
        const int delay = pnr::delay(graph, routing.trees[0], 0) - architecture.delays.connection;
        EXPECT_LE(delay, wires * whole) << x << ", " << y << ", wires of " << length;
        EXPECT_GE(delay, wires * least) << x << ", " << y << ", wires of " << length;
        if (length == 1) {
          EXPECT_EQ(routing.wirelength, wires);
        }
      }
  }
}

Placed crowded(const Architecture& architecture) {
  base::Rng rng(3);
  return test::random_placement(architecture, {.tiles = 1, .outputs = 1, .sinks = 4, .reach = 3},
                                rng);
}

TEST(Route, IsTheSameEachTime) {
  const Graph graph{Architecture()};
  const Placed placed = crowded(graph.architecture());
  const pnr::Routing a = pnr::route(placed.packed, placed.placement, graph);
  const pnr::Routing b = pnr::route(placed.packed, placed.placement, graph);
  EXPECT_EQ(a.trees, b.trees);
  EXPECT_EQ(a.iterations, b.iterations);
  EXPECT_EQ(a.wirelength, b.wirelength);
}

TEST(Route, ReroutesOnlyNetsThatShare) {
  Architecture architecture;
  architecture.channel_width = 90;
  const Graph graph(architecture);
  const Placed placed = crowded(architecture);
  std::vector<pnr::RouteStep> steps;
  pnr::RouteOptions options;
  options.progress = [&steps](const pnr::RouteStep& step) { steps.push_back(step); };
  const pnr::Routing routing = pnr::route(placed.packed, placed.placement, graph, options);
  ASSERT_GE(steps.size(), 3u);
  EXPECT_EQ(static_cast<int>(steps.size()), routing.iterations);
  EXPECT_EQ(steps[0].rerouted, static_cast<int>(placed.packed.nets.size()));
  EXPECT_GT(steps[0].overused, 0);
  for (std::size_t i = 0; i < steps.size(); ++i) {
    EXPECT_EQ(steps[i].iteration, static_cast<int>(i) + 1);
    if (i > 0) {
      EXPECT_LT(steps[i].rerouted, steps[0].rerouted);
    }
  }
  EXPECT_EQ(steps.back().overused, 0);
  EXPECT_EQ(steps.back().wirelength, routing.wirelength);
}

// Critical connections are quicker than the same ones where only wirelength counts.
TEST(Route, HeedsCriticality) {
  const Graph graph{Architecture()};
  base::Rng rng(3);
  const Placed placed = test::random_placement(
      graph.architecture(), {.tiles = 1, .outputs = 0.3, .sinks = 8, .reach = 7}, rng);
  std::vector<float> criticality;
  for (const pnr::Net& net : placed.packed.nets)
    criticality.insert(criticality.end(), net.sinks.size(), criticality.size() % 8 < 2 ? 1 : 0);
  const auto critical_delay = [&](const pnr::RouteOptions& options) {
    const pnr::Routing routing = pnr::route(placed.packed, placed.placement, graph, options);
    long total = 0;
    std::size_t at = 0;
    for (std::size_t net = 0; net < routing.trees.size(); ++net)
      for (std::size_t sink = 0; sink < placed.packed.nets[net].sinks.size(); ++sink, ++at)
        if (criticality[at] > 0)
          total += pnr::delay(graph, routing.trees[net], static_cast<int>(sink));
    return total;
  };
  pnr::RouteOptions heeding;
  heeding.criticality = criticality;
  EXPECT_LT(static_cast<double>(critical_delay(heeding)),
            0.9 * static_cast<double>(critical_delay({})));
}

base::Fault fault_of(const Placed& placed, const Architecture& architecture) {
  try {
    pnr::route(placed.packed, placed.placement, Graph(architecture));
  } catch (const base::Error& error) {
    EXPECT_EQ(error.exit_code(), base::Exit::kDoesNotFit);
    return error.faults().front();
  }
  return {};
}

// The message names a place; as its cure says, more tracks help.
TEST(Route, SaysWhereNetsDoNotFit) {
  Architecture architecture;
  architecture.columns = architecture.rows = 4;
  architecture.channel_width = 40;
  const Placed placed = crowded(architecture);
  int tries = 0;
  for (base::Fault fault;; ++tries) {
    fault = fault_of(placed, architecture);
    if (fault.what.empty()) break;
    EXPECT_EQ(fault.code, base::Code::kUnroutable);
    EXPECT_THAT(fault.what, testing::ContainsRegex("columns [0-9]\\.\\.[0-9], rows"));
    EXPECT_THAT(fault.where, testing::ContainsRegex("tile \\([0-9], [0-9]\\)"));
    const std::string before =
        "raise channel_width from " + std::to_string(architecture.channel_width) + ", to ";
    ASSERT_THAT(fault.cure, testing::StartsWith(before));
    architecture.channel_width = std::stoi(fault.cure.substr(before.size()));
  }
  EXPECT_GE(tries, 1);
}

// An output and an input that touch one track each, of different pairs, which a disjoint pattern
// never joins.
TEST(Route, SaysWhatNoFreeWireReaches) {
  Architecture architecture;
  architecture.segment_length = 1;
  architecture.channel_width = 20;
  architecture.luts = 4;
  architecture.clb_inputs = 1;
  architecture.fc_in_percent = architecture.fc_out_percent = 1;
  architecture.pattern = fabric::Pattern::kDisjoint;
  const Graph graph(architecture);
  Placed placed = pair_of_blocks({3, 0, 3}, {5, 5, 0});
  placed.packed.blocks[0].kind = pnr::BlockKind::kInput;
  const base::Fault fault = fault_of(placed, architecture);
  EXPECT_EQ(fault.code, base::Code::kUnroutable);
  EXPECT_THAT(fault.what, HasSubstr("no way from net \"net\" to tile (5, 5)"));
  architecture.fc_in_percent = architecture.fc_out_percent = 50;
  EXPECT_EQ(fault_of(placed, architecture).what, "");
}

bool routes(const Placed& placed, Architecture architecture, int width) {
  architecture.channel_width = width;
  return fault_of(placed, architecture).what.empty();
}

TEST(LeastWidth, IsWhereRoutingBegins) {
  Architecture architecture;
  architecture.columns = architecture.rows = 4;
  const Placed placed = crowded(architecture);
  for (const int start : {8, 100}) {
    architecture.channel_width = start;
    const pnr::LeastWidth least =
        pnr::least_channel_width(placed.packed, placed.placement, architecture);
    EXPECT_GT(least.channel_width, 20);
    EXPECT_FALSE(routes(placed, architecture, least.channel_width - 2));
    Architecture found = architecture;
    found.channel_width = least.channel_width;
    expect_clean(placed, Graph(found), least.routing);
    for (int width = least.channel_width; width <= least.channel_width + 40; width += 10)
      EXPECT_TRUE(routes(placed, architecture, width)) << width;
  }
}

// A net more never needs fewer tracks.
TEST(LeastWidth, RisesWithTheNets) {
  Architecture architecture;
  architecture.columns = architecture.rows = 4;
  const Placed whole = crowded(architecture);
  int before = 0;
  for (std::size_t part = 1; part <= 3; ++part) {
    Placed placed = whole;
    placed.packed.nets.resize(whole.packed.nets.size() * part / 3);
    const int width =
        pnr::least_channel_width(placed.packed, placed.placement, architecture).channel_width;
    EXPECT_GT(width, before);
    before = width;
  }
}

TEST(LeastWidth, OfASingleNetIsTheLeastOfTheFabric) {
  const Placed placed = pair_of_blocks({1, 1, 0}, {2, 2, 0});
  EXPECT_EQ(pnr::least_channel_width(placed.packed, placed.placement, {}).channel_width, 8);
}

// Twice as many nets into an input pad as it has pins: no width helps.
TEST(LeastWidth, EndsAtTheGreatest) {
  Architecture architecture;
  architecture.columns = architecture.rows = 1;
  Placed placed = pair_of_blocks({1, 1, 0}, {1, 0, 0});
  placed.packed.blocks[1].kind = pnr::BlockKind::kOutput;
  placed.packed.nets.push_back({"other", {0, 1}, {{1, pnr::kAnyPin}}});
  try {
    pnr::least_channel_width(placed.packed, placed.placement, architecture);
    ADD_FAILURE();
  } catch (const base::Error& error) {
    EXPECT_EQ(error.faults().front().code, base::Code::kUnroutable);
    EXPECT_THAT(error.faults().front().cure, HasSubstr("channel_width from 1000"));
  }
}

}  // namespace
