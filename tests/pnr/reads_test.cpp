// What the routing graph says that nodes drive, and what the multiplexers' side says that they
// read, are the same.
#include "pnr/reads.hpp"

#include <gtest/gtest.h>

#include "base/rng.hpp"

namespace {

using fabric::Graph;
using fabric::NodeId;

pnr::Place place(const Graph& graph, NodeId node) {
  return {graph.kind(node), graph.span(node), graph.track(node)};
}

// All pairs of nodes.
void expect_same(const Graph& graph) {
  std::size_t edges = 0;
  for (std::size_t from = 0; from < graph.size(); ++from) {
    const NodeId source(from);
    ASSERT_TRUE(pnr::exists(graph.architecture(), place(graph, source)));
    std::vector<bool> drives(graph.size());
    for (const NodeId node : graph.wires(source)) drives[node.index()] = true;
    for (const NodeId node : graph.inputs(source)) drives[node.index()] = true;
    for (std::size_t to = 0; to < graph.size(); ++to) {
      const bool read =
          pnr::reads(graph.architecture(), place(graph, NodeId(to)), place(graph, source));
      edges += read ? 1 : 0;
      ASSERT_EQ(read, drives[to]) << from << " to " << to;
    }
  }
  EXPECT_EQ(edges, graph.edges());  // no edge twice
}

TEST(Reads, IsTheGraphSeenFromTheOtherEnd) {
  base::Rng rng(1);
  for (int seed = 0; seed < 20; ++seed) {
    fabric::Architecture architecture;
    architecture.columns = static_cast<int>(rng.between(1, 5));
    architecture.rows = static_cast<int>(rng.between(1, 5));
    architecture.segment_length = static_cast<int>(rng.between(1, 5));
    architecture.channel_width = 2 * static_cast<int>(rng.between(architecture.segment_length, 9));
    architecture.clb_inputs = static_cast<int>(rng.between(1, 7));
    architecture.luts = static_cast<int>(rng.between(1, 6));
    architecture.io_slots = static_cast<int>(rng.between(1, 3));
    architecture.fc_in_percent = static_cast<int>(rng.between(1, 100));
    architecture.fc_out_percent = static_cast<int>(rng.between(1, 100));
    architecture.pattern = rng.below(2) ? fabric::Pattern::kWilton : fabric::Pattern::kDisjoint;
    if (seed % 2 == 1)
      architecture.hard = {
          {"hard",
           {},
           {{"in", static_cast<int>(rng.between(1, 9))},
            {"out", static_cast<int>(rng.between(1, 9)), false}},
           {1 + static_cast<int>(rng.below(static_cast<std::uint64_t>(architecture.columns)))}}};
    if (seed % 4 == 3)
      architecture.hard[0].ports.insert(architecture.hard[0].ports.end(),
                                        {{"link_o", 5, false, true}, {"link_i", 5, true, true}});
    expect_same(Graph(architecture));
  }
}

TEST(Reads, KnowsWhatThereIsNot) {
  fabric::Architecture architecture;  // 8 x 8, wires of 4
  using fabric::NodeKind;
  const auto there = [&architecture](NodeKind kind, const fabric::Span& span, int track) {
    return pnr::exists(architecture, {kind, span, track});
  };
  EXPECT_TRUE(there(NodeKind::kHorizontal, {1, 0, 4, 0}, 0));
  EXPECT_FALSE(there(NodeKind::kHorizontal, {2, 0, 5, 0}, 0));    // of pair 0: 1..4 and 5..8
  EXPECT_FALSE(there(NodeKind::kHorizontal, {1, 0, 8, 0}, 0));    // two in one
  EXPECT_FALSE(there(NodeKind::kHorizontal, {1, 0, 4, 0}, 100));  // one track too many
  EXPECT_FALSE(there(NodeKind::kHorizontal, {1, 9, 4, 9}, 0));    // no such channel
  EXPECT_FALSE(there(NodeKind::kVertical, {0, 5, 0, 9}, 0));      // into the ring
  EXPECT_TRUE(there(NodeKind::kInput, {1, 1, 1, 1}, 39));
  EXPECT_FALSE(there(NodeKind::kInput, {1, 1, 1, 1}, 40));
  EXPECT_FALSE(there(NodeKind::kInput, {0, 0, 0, 0}, 0));  // a corner
  EXPECT_TRUE(there(NodeKind::kOutput, {9, 1, 9, 1}, 7));
  EXPECT_FALSE(there(NodeKind::kOutput, {9, 1, 9, 1}, 8));
}

}  // namespace
