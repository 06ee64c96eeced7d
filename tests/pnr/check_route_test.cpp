// The checker finds each kind of fault in a routing that was right before.
#include "pnr/check_route.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "random_placement.hpp"

namespace {

using fabric::Graph;
using fabric::NodeId;
using testing::Contains;
using testing::HasSubstr;

class CheckRoute : public testing::Test {
 protected:
  CheckRoute() : graph_(fabric::Architecture()) {
    base::Rng rng(5);
    placed_ = test::random_placement(graph_.architecture(), {}, rng);
    routing_ = pnr::route(placed_.packed, placed_.placement, graph_);
    EXPECT_THAT(faults(), testing::IsEmpty());
  }

  std::vector<std::string> faults() const {
    base::Diagnostics diagnostics;
    pnr::check_route(placed_.packed, placed_.placement, graph_, routing_, diagnostics);
    std::vector<std::string> result;
    for (const base::Fault& fault : diagnostics.faults()) {
      EXPECT_EQ(fault.code, base::Code::kRoutingInvalid);
      result.push_back(fault.what);
    }
    return result;
  }
  void expect(const std::string& what) const { EXPECT_THAT(faults(), Contains(HasSubstr(what))); }
  // A net with several sinks and more than one wire.
  std::size_t large() const {
    for (std::size_t net = 0; net < routing_.trees.size(); ++net)
      if (routing_.trees[net].sinks.size() > 2 && routing_.trees[net].branches.size() > 6)
        return net;
    return 0;
  }
  pnr::Tree& tree() { return routing_.trees[large()]; }

  Graph graph_;
  test::Placed placed_;
  pnr::Routing routing_;
};

TEST_F(CheckRoute, MissesATree) {
  routing_.trees.pop_back();
  expect("trees");
}

TEST_F(CheckRoute, MissesBranches) {
  tree().branches.clear();
  expect("the net has no tree");
}

TEST_F(CheckRoute, FindsANodeThatIsNone) {
  tree().branches[1].node = NodeId(graph_.size());
  expect("no node of the fabric");
  tree().branches[1].node = NodeId();
  expect("no node of the fabric");
}

TEST_F(CheckRoute, FindsAnotherRoot) {
  const pnr::Site at =
      placed_.placement[static_cast<std::size_t>(placed_.packed.nets[large()].driver.block)];
  tree().branches[0].node = graph_.output(at.x, at.y, 9 - graph_.track(tree().branches[0].node));
  expect("does not start at output");
}

TEST_F(CheckRoute, FindsABranchBeforeItsParent) {
  tree().branches[1].parent = 2;
  expect("not behind its parent");
  tree().branches[1].parent = -1;
  expect("not behind its parent");
}

TEST_F(CheckRoute, FindsAnEdgeThatIsNotThere) {
  std::size_t last = 0;  // whose parent is not the root
  for (std::size_t i = 1; i < tree().branches.size(); ++i)
    if (tree().branches[i].parent > 0) last = i;
  tree().branches[last].parent = 0;
  expect("cannot drive");
}

TEST_F(CheckRoute, FindsAWireOfTwoNets) {
  const std::size_t net = large(), other = net == 0 ? 1 : 0;
  routing_.trees[other] = routing_.trees[net];
  expect("is used by net");
}

TEST_F(CheckRoute, FindsAWireTwiceInATree) {
  tree().branches.push_back(tree().branches[1]);
  expect("is used by net");
}

TEST_F(CheckRoute, FindsASinkThatIsNotReached) {
  tree().sinks[0] = -1;
  expect("is not reached at an input");
}

TEST_F(CheckRoute, FindsASinkReachedElsewhere) {
  std::swap(tree().sinks[0], tree().sinks[1]);
  expect("is not reached at an input");
}

TEST_F(CheckRoute, MissesASink) {
  tree().sinks.pop_back();
  expect("sinks are reached");
}

TEST_F(CheckRoute, FindsAWrongPinOfAnIoTile) {
  for (pnr::Tree& some : routing_.trees)
    for (const int sink : some.sinks) {
      NodeId& node = some.branches[static_cast<std::size_t>(sink)].node;
      const fabric::Span at = graph_.span(node);
      if (fabric::tile_at(graph_.architecture(), at.x_low, at.y_low) != fabric::Tile::kIo) continue;
      node = graph_.input(at.x_low, at.y_low, 7 - graph_.track(node));
      return expect("is not reached at an input");
    }
  FAIL() << "no net leaves the fabric";
}

TEST_F(CheckRoute, FindsTwoInputsOfABlock) {
  const int sink = tree().sinks[0];
  const pnr::Branch pin = tree().branches[static_cast<std::size_t>(sink)];
  const NodeId wire = tree().branches[static_cast<std::size_t>(pin.parent)].node;
  for (const NodeId other : graph_.inputs(wire))
    if (other != pin.node) {
      tree().branches.push_back({other, pin.parent});
      return expect("leads nowhere");
    }
  FAIL() << "the wire reads one input only";
}

TEST_F(CheckRoute, FindsAWireThatLeadsNowhere) {
  tree().branches.push_back({graph_.wires(tree().branches[1].node)[0], 1});
  expect("leads nowhere");
}

TEST_F(CheckRoute, FindsAWrongWirelength) {
  ++routing_.wirelength;
  expect("the wirelength is");
}

TEST_F(CheckRoute, CollectsAllFaults) {
  ++routing_.wirelength;
  tree().sinks[0] = -1;
  EXPECT_GE(faults().size(), 3u);  // and the pin leads nowhere
}

}  // namespace
