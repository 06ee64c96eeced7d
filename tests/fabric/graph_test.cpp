#include "fabric/graph.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "base/error.hpp"
#include "fabric/counts.hpp"
#include "fabric/layout.hpp"

namespace {

using fabric::Architecture;
using fabric::Graph;
using fabric::NodeId;
using fabric::NodeKind;
using fabric::Pattern;
using fabric::Span;
using testing::UnorderedElementsAre;

// A logic tile with a pin of each kind on each side, in a ring of four IO tiles with one slot.
Architecture single() {
  Architecture architecture;
  architecture.columns = architecture.rows = 1;
  architecture.lut_inputs = 2;
  architecture.luts = architecture.clb_inputs = 4;
  architecture.io_slots = 1;
  architecture.channel_width = 2;
  architecture.segment_length = 1;
  architecture.fc_in_percent = architecture.fc_out_percent = 100;
  return architecture;
}

// 2 x 2 tiles between wires of single tiles, three pairs of them; the middle box is (1, 1).
Architecture square(Pattern pattern) {
  Architecture architecture = single();
  architecture.columns = architecture.rows = 2;
  architecture.channel_width = 6;
  architecture.pattern = pattern;
  return architecture;
}

std::vector<NodeId> wires(const Graph& graph, NodeId node) {
  const auto all = graph.wires(node);
  return {all.begin(), all.end()};
}
std::vector<NodeId> inputs(const Graph& graph, NodeId node) {
  const auto all = graph.inputs(node);
  return {all.begin(), all.end()};
}

// Four channels of a tile's length, two tracks each: a ring of wires each way round. By hand: a
// wire drives the next of its ring and two inputs, an output two wires.
TEST(Graph, OfASingleTile) {
  const Graph graph(single());
  const fabric::Counts counts = fabric::count(graph);
  EXPECT_EQ(counts.pins, 16u);
  EXPECT_EQ(counts.wires, 8u);
  EXPECT_EQ(counts.edges, 8u + 16u + 16u);
  const NodeId right = graph.wire(NodeKind::kHorizontal, 0, 1, 0);
  const NodeId left = graph.wire(NodeKind::kHorizontal, 0, 1, 1);
  EXPECT_EQ(graph.span(right), (Span{1, 0, 1, 0}));
  EXPECT_THAT(wires(graph, right), UnorderedElementsAre(graph.wire(NodeKind::kVertical, 1, 1, 0)));
  EXPECT_THAT(wires(graph, left), UnorderedElementsAre(graph.wire(NodeKind::kVertical, 0, 1, 0)));
  // its bottom pin, and the IO tile below
  EXPECT_THAT(inputs(graph, right),
              UnorderedElementsAre(graph.input(1, 1, 2), graph.input(1, 0, 0)));
  EXPECT_THAT(wires(graph, graph.output(1, 1, 2)), UnorderedElementsAre(right, left));
  EXPECT_THAT(wires(graph, graph.output(1, 0, 0)), UnorderedElementsAre(right, left));
}

// A multiplexer before a wire reads the ring's last wire and two outputs, one before an input two
// wires, and each may be off: 8 * 2 + 8 * 2 bits. A logic tile: 4 LUTs of 4 + 2 bits and 2 inputs
// that choose one of 8 or none.
TEST(Counts, OfASingleTile) {
  const fabric::Counts counts = fabric::count(Graph(single()));
  EXPECT_EQ(counts.widest_wire, 3);
  EXPECT_EQ(counts.widest_input, 2);
  EXPECT_EQ(counts.routing_bits, 32);
  EXPECT_EQ(counts.logic_tile, 56);
  // rows upwards, three tiles each: box (0, 0) begins two wires, the tile above the bottom IO
  EXPECT_EQ(counts.routing_tile, (std::vector<int>{4, 6, 0, 6, 12, 2, 0, 2, 0}));
}

TEST(Counts, SelectBitsHaveAWordForNone) {
  for (const auto& [inputs, bits] :
       {std::pair(0, 0), {1, 1}, {2, 2}, {3, 2}, {4, 3}, {7, 3}, {8, 4}, {15, 4}, {16, 5}})
    EXPECT_EQ(fabric::select_bits(inputs), bits) << inputs;
}

TEST(Counts, AreDescribed) {
  EXPECT_EQ(fabric::describe(Graph(single())),
            "fabric          1 x 1 logic tiles of 4 2-input LUTs, 2 tracks of wires of 1\n"
            "nodes           16 pins, 8 wires\n"
            "edges           40\n"
            "multiplexers    of up to 2 inputs before pins, 3 before wires\n"
            "configuration   32 bits of routing, 12 in the middle tile; 56 bits of logic a tile\n");
}

// The wires that the middle box joins to the wire that enters it from the left, of pair `pair`.
std::vector<NodeId> joined(const Graph& graph, int pair, int up, int down) {
  return {graph.wire(NodeKind::kHorizontal, 1, 2, 2 * pair),
          graph.wire(NodeKind::kVertical, 1, 2, 2 * up),
          graph.wire(NodeKind::kVertical, 1, 1, 2 * down + 1)};
}

TEST(Graph, JoinsEqualTracksWhenDisjoint) {
  const Graph graph(square(Pattern::kDisjoint));
  for (int pair = 0; pair < 3; ++pair)
    EXPECT_THAT(wires(graph, graph.wire(NodeKind::kHorizontal, 1, 1, 2 * pair)),
                testing::UnorderedElementsAreArray(joined(graph, pair, pair, pair)));
}

// Left to top W - t, left to bottom W + t - 1, and as the thesis has the others.
TEST(Graph, JoinsOtherTracksByWilton) {
  const Graph graph(square(Pattern::kWilton));
  const int up[] = {0, 2, 1}, down[] = {2, 0, 1};
  for (int pair = 0; pair < 3; ++pair)
    EXPECT_THAT(wires(graph, graph.wire(NodeKind::kHorizontal, 1, 1, 2 * pair)),
                testing::UnorderedElementsAreArray(joined(graph, pair, up[pair], down[pair])));
  const int right[] = {1, 2, 0}, left[] = {0, 2, 1};  // from the top
  for (int pair = 0; pair < 3; ++pair)
    EXPECT_THAT(wires(graph, graph.wire(NodeKind::kVertical, 1, 2, 2 * pair + 1)),
                UnorderedElementsAre(graph.wire(NodeKind::kVertical, 1, 1, 2 * pair + 1),
                                     graph.wire(NodeKind::kHorizontal, 1, 2, 2 * right[pair]),
                                     graph.wire(NodeKind::kHorizontal, 1, 1, 2 * left[pair] + 1)));
}

// Wires of pair 1 in channel 2 end where (box + 2 + 1) mod 4 = 0: after tiles 1, 5 and at the end.
TEST(Graph, StaggersWires) {
  Architecture architecture;
  const Graph graph(architecture);
  std::vector<Span> spans;
  for (int x = 1; x <= 8; ++x)
    spans.push_back(graph.span(graph.wire(NodeKind::kHorizontal, 2, x, 2)));
  const Span first{1, 2, 1, 2}, second{2, 2, 5, 2}, third{6, 2, 8, 2};
  EXPECT_EQ(spans, (std::vector<Span>{first, second, second, second, second, third, third, third}));
  EXPECT_EQ(graph.length(graph.wire(NodeKind::kHorizontal, 2, 4, 2)), 4);
  EXPECT_EQ(graph.length(graph.wire(NodeKind::kVertical, 2, 7, 2)), 3);
  EXPECT_EQ(graph.length(graph.input(1, 1, 0)), 0);
}

Architecture sized(int columns, int rows, Pattern pattern) {
  Architecture architecture;
  architecture.columns = columns;
  architecture.rows = rows;
  architecture.channel_width = 24;
  architecture.pattern = pattern;
  return architecture;
}

std::vector<Architecture> several() {
  std::vector<Architecture> all;
  for (const Pattern pattern : {Pattern::kDisjoint, Pattern::kWilton})
    for (const auto& [columns, rows] : {std::pair(1, 1), {1, 7}, {6, 2}, {9, 9}})
      all.push_back(sized(columns, rows, pattern));
  return all;
}

// By node, whether a signal on one of `open` can come there.
std::vector<bool> reached(const Graph& graph, std::vector<NodeId> open) {
  std::vector<bool> seen(graph.size());
  while (!open.empty()) {
    const NodeId node = open.back();
    open.pop_back();
    for (const auto& next : {graph.wires(node), graph.inputs(node)})
      for (const NodeId to : next) {
        if (!seen[to.index()]) open.push_back(to);
        seen[to.index()] = true;
      }
  }
  return seen;
}

TEST(Graph, ReachesEveryWireAndInputFromThePads) {
  for (const Architecture& architecture : several()) {
    const Graph graph(architecture);
    std::vector<NodeId> pads;
    for (int x = 1; x <= architecture.columns; ++x)
      for (int slot = 0; slot < architecture.io_slots; ++slot) {
        pads.push_back(graph.output(x, 0, slot));
        pads.push_back(graph.output(x, architecture.rows + 1, slot));
      }
    const std::vector<bool> seen = reached(graph, pads);
    for (std::size_t node = 0; node < graph.size(); ++node)
      EXPECT_TRUE(seen[node] || graph.kind(NodeId(node)) == NodeKind::kOutput)
          << node << " of " << architecture.columns << " columns";
  }
}

// Wilton's pattern brings a signal from one track to all others; the disjoint one does not.
TEST(Graph, ReachesEveryWireFromOnePadByWilton) {
  const Graph graph(sized(9, 9, Pattern::kWilton));
  const std::vector<bool> seen = reached(graph, {graph.output(1, 0, 0)});
  for (std::size_t node = 0; node < graph.size(); ++node)
    EXPECT_TRUE(seen[node] || graph.kind(NodeId(node)) == NodeKind::kOutput) << node;
}

// The switch box in which a wire begins.
std::pair<int, int> beginning(const Graph& graph, NodeId wire) {
  const Span& at = graph.span(wire);
  const bool backwards = graph.track(wire) % 2 == 1;
  return graph.kind(wire) == NodeKind::kHorizontal
             ? std::pair<int, int>(backwards ? at.x_high : at.x_low - 1, at.y_low)
             : std::pair<int, int>(at.x_low, backwards ? at.y_high : at.y_low - 1);
}

// Wires are driven at one end only: whatever drives one stands at the box where it begins.
TEST(Graph, DrivesAWireAtItsBeginning) {
  for (const Architecture& architecture : several()) {
    const Graph graph(architecture);
    for (std::size_t index = 0; index < graph.size(); ++index) {
      const NodeId from(index);
      const Span& at = graph.span(from);
      for (const NodeId to : graph.wires(from)) {
        const auto [i, j] = beginning(graph, to);
        EXPECT_TRUE(i >= at.x_low - 1 && i <= at.x_high && j >= at.y_low - 1 && j <= at.y_high);
      }
    }
  }
}

TEST(Graph, RunsHalfOfTheTracksEachWayAndSpreadsTheLoad) {
  const Graph graph(sized(9, 9, Pattern::kWilton));
  const std::vector<std::uint16_t> fan_ins = graph.fan_ins();
  int forwards = 0, backwards = 0;
  for (std::size_t index = 0; index < graph.size(); ++index) {
    const NodeId node(index);
    if (graph.kind(node) == NodeKind::kOutput) {
      EXPECT_EQ(fan_ins[index], 0);
      continue;
    }
    // four taps of 24 tracks an input; a wire has at most 2 * 4 turns, 1 straight, the outputs'
    // rest
    if (!graph.is_wire(node)) {
      EXPECT_EQ(fan_ins[index], 4);
      continue;
    }
    ++(graph.track(node) % 2 == 0 ? forwards : backwards);
    EXPECT_GE(fan_ins[index], 1);
    EXPECT_LE(fan_ins[index], 16);
  }
  EXPECT_EQ(forwards, backwards);
}

TEST(Graph, GrowsWithTheTiles) {
  const Graph small(sized(10, 10, Pattern::kWilton)), large(sized(40, 40, Pattern::kWilton));
  EXPECT_LT(static_cast<double>(large.edges()) / static_cast<double>(small.edges()), 16.5);
}

TEST(Graph, LinksLeadToTheTileBelowAlone) {
  Architecture architecture;
  architecture.columns = 3;
  architecture.rows = 4;
  architecture.hard = {
      {"pe", {}, {{"a", 6}, {"b", 5, false}, {"i", 9, true, true}, {"o", 9, false, true}}, {2}}};
  const Graph graph(architecture);
  const std::vector<std::uint16_t> fan_ins = graph.fan_ins();
  for (int y = 1; y <= 4; ++y) {
    const NodeId out = graph.output(2, y, 5), in = graph.input(2, y, 6);
    EXPECT_TRUE(graph.is_link(out) && graph.is_link(in));
    EXPECT_FALSE(graph.is_link(graph.output(2, y, 4)) || graph.is_link(graph.input(1, y, 6)));
    EXPECT_TRUE(graph.wires(out).empty());
    if (y == 1)
      EXPECT_TRUE(graph.inputs(out).empty());
    else
      EXPECT_THAT(graph.inputs(out), testing::ElementsAre(graph.input(2, y - 1, 6)));
    EXPECT_EQ(fan_ins[in.index()], y < 4 ? 1 : 0);
  }
}

TEST(Graph, RefusesAnInvalidArchitecture) {
  Architecture architecture;
  architecture.channel_width = 7;
  EXPECT_THROW(Graph{architecture}, base::Error);
}

// A driver of 500 ohm that charges 10 fF of its own and 3 tiles of 20 fF, 40 ohm each, on which two
// multiplexers of 5 fF and four of 2 fF hang.
TEST(Delay, OfAWireIsElmores) {
  fabric::Delays delays{.multiplexer = 58,
                        .driver_resistance = 500,
                        .driver_capacitance = 10,
                        .wire_resistance = 40,
                        .wire_capacitance = 20,
                        .multiplexer_capacitance = 5,
                        .connection_capacitance = 2};
  EXPECT_EQ(fabric::wire_delay(delays, 3, 2, 4), 58 + 49);  // 500 * 88 + 60 * 78 ohm fF
  delays.driver_resistance = delays.wire_resistance = 0;
  EXPECT_EQ(fabric::wire_delay(delays, 3, 2, 4), 58);
}

TEST(Delay, OfNodesIsWhatLoadsThem) {
  for (const int length : {1, 4}) {
    Architecture architecture;
    architecture.columns = architecture.rows = 3 * length + 6;
    architecture.segment_length = length;
    const Graph graph(architecture);
    const int middle = architecture.columns / 2;
    EXPECT_EQ(graph.delay(graph.input(middle, middle, 0)), architecture.delays.connection);
    EXPECT_EQ(graph.delay(graph.output(middle, middle, 0)), 0);
    double sum = 0;
    for (int track = 0; track < architecture.channel_width; ++track) {
      const NodeId wire = graph.wire(NodeKind::kHorizontal, middle, middle, track);
      EXPECT_EQ(graph.length(wire), length);
      sum += graph.delay(wire);
      const NodeId edge = graph.wire(NodeKind::kHorizontal, 0, 1, track);
      EXPECT_LE(graph.delay(edge), graph.delay(wire)) << "fewer tiles, and pads have fewer inputs";
    }
    EXPECT_NEAR(sum / architecture.channel_width, fabric::typical_delay(architecture), 2) << length;
  }
}

}  // namespace
