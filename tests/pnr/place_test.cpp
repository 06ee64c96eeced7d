#include "pnr/place.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <set>

#include "base/error.hpp"
#include "circuits.hpp"
#include "fabric/graph.hpp"
#include "fabric/grid.hpp"
#include "pnr/annealer.hpp"
#include "pnr/check_place.hpp"
#include "pnr/estimate.hpp"
#include "pnr/extent.hpp"
#include "pnr/pack.hpp"
#include "pnr/sites.hpp"
#include "pnr/stacks.hpp"

namespace pnr {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::vector<std::string> faults_of(const Packed& packed, const Placement& placement,
                                   const fabric::Architecture& architecture) {
  base::Diagnostics diagnostics;
  check_placement(packed, placement, architecture, diagnostics);
  std::vector<std::string> faults;
  for (const base::Fault& fault : diagnostics.faults()) {
    EXPECT_EQ(fault.code, base::Code::kPlacementInvalid);
    faults.push_back(fault.what);
  }
  return faults;
}

fabric::Architecture fabric_for(const Packed& packed, fabric::Architecture architecture = {}) {
  architecture.columns = architecture.rows = 0;
  architecture = sized_for(packed, architecture);
  return architecture;
}

Packed random_packed(std::uint64_t seed, int luts = 120) {
  const Netlist netlist = testing::random_circuit({.luts = luts}, seed);
  return pack(netlist, {.lut_inputs = 4, .luts = 4, .clb_inputs = 10}).packed;
}

TEST(Sites, AreNumberedOnceEach) {
  const fabric::Architecture architecture{.columns = 3, .rows = 5, .io_slots = 2};
  const Sites sites(architecture);
  EXPECT_EQ(sites.count(kLogicArea), 15);
  EXPECT_EQ(sites.count(kPadArea), 32);
  for (const Area area : {kLogicArea, kPadArea})
    for (int i = 0; i < sites.count(area); ++i) {
      const Site site = sites.site(area, i);
      EXPECT_EQ(sites.index(area, site), i);
      EXPECT_EQ(fabric::tile_at(architecture, site.x, site.y),
                area == kLogicArea ? fabric::Tile::kLogic : fabric::Tile::kIo);
    }
}

TEST(Sites, NearOnesAreWithinReachAndAllReached) {
  const fabric::Architecture architecture{.columns = 6, .rows = 4, .io_slots = 2};
  const Sites sites(architecture);
  base::Rng rng(1);
  const int corner = sites.index(kLogicArea, {1, 1, 0});
  std::set<int> logic, pads;
  for (int i = 0; i < 2000; ++i) {
    logic.insert(sites.near(kLogicArea, corner, 2, rng));
    pads.insert(sites.near(kPadArea, 0, 1, rng));
  }
  EXPECT_EQ(logic.size(), 9U);
  for (const int one : logic) {
    EXPECT_LE(sites.site(kLogicArea, one).x, 3);
    EXPECT_LE(sites.site(kLogicArea, one).y, 3);
  }
  // the tile to the right of (1, 0) and, round the corner, that above it: never its own
  EXPECT_EQ(pads.size(), 4U);
  for (const int one : pads) {
    const Site site = sites.site(kPadArea, one);
    EXPECT_TRUE((site.x == 2 && site.y == 0) || (site.x == 0 && site.y == 1));
  }
}

TEST(NetBox, KnowsWhatItCannotTell) {
  NetBox box = NetBox::of({1, 1, 0});
  box.add({4, 1, 0});
  box.add({4, 3, 0});
  EXPECT_EQ(box.half_perimeter(), 4 + 3);
  EXPECT_TRUE(box.move({4, 1, 0}, {2, 1, 0}));   // another is at 4
  EXPECT_FALSE(box.move({4, 3, 0}, {3, 3, 0}));  // the only one at 4: 2 or 3 is the greatest now
  NetBox grown = NetBox::of({1, 1, 0});
  EXPECT_FALSE(grown.move({1, 1, 0}, {0, 1, 0}));  // the only one at the right edge
}

// Costs kept move by move equal those of the placement itself.
TEST(Annealer, KeepsItsSumsTrue) {
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    const Packed packed = random_packed(seed);
    const fabric::Architecture architecture = fabric_for(packed, {.luts = 4, .io_slots = 1});
    PlaceOptions options{.seed = seed};
    std::vector<int> last;
    options.criticalities = [&last](std::span<const int> delays) {
      last.assign(delays.begin(), delays.end());
      return std::vector<float>(delays.size(), 0.5F);
    };
    Annealer annealer(packed, architecture, options);
    annealer.reweigh(1);
    for (int i = 0; i < 3000; ++i) annealer.move(1 + i % 5, i % 2 == 0 ? 0.01 : 0);
    EXPECT_NEAR(annealer.wires(), wire_estimate(packed, annealer.placement()), 1e-6);
    annealer.reweigh(1);
    EXPECT_NEAR(annealer.cost(), 1, 1e-9);
    std::size_t connection = 0;
    for (const Net& net : packed.nets)
      for (const Terminal& sink : net.sinks) {
        const Site& a = annealer.placement()[static_cast<std::size_t>(net.driver.block)];
        const Site& b = annealer.placement()[static_cast<std::size_t>(sink.block)];
        ASSERT_EQ(last[connection++],
                  estimated_delay(architecture, std::abs(a.x - b.x), std::abs(a.y - b.y)));
      }
  }
}

TEST(Place, IsLegalAndTheSameAgain) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    const Packed packed = random_packed(seed, static_cast<int>(10 * seed));
    const fabric::Architecture architecture =
        fabric_for(packed, {.luts = 4, .io_slots = 1 + static_cast<int>(seed % 3)});
    const PlaceOptions options{.seed = seed, .effort = 1};
    const Placement placement = place(packed, architecture, options);
    EXPECT_THAT(faults_of(packed, placement, architecture), IsEmpty()) << seed;
    EXPECT_EQ(place(packed, architecture, options), placement) << seed;
  }
}

// A chain of blocks on a fabric with room: neighbours lie side by side.
TEST(Place, LaysAChainOut) {
  Packed packed;
  constexpr int kBlocks = 36;
  for (int i = 0; i < kBlocks; ++i) packed.blocks.push_back({"b" + std::to_string(i)});
  for (int i = 0; i + 1 < kBlocks; ++i)
    packed.nets.push_back({"n" + std::to_string(i), {i, 0}, {{i + 1, kAnyPin}}});
  const fabric::Architecture architecture = fabric_for(packed);
  ASSERT_EQ(architecture.columns, 6);
  const Placement placement = place(packed, architecture, {.effort = 5});
  EXPECT_LE(wire_estimate(packed, placement), 3.0 * (kBlocks - 1) * 1.1);
}

TEST(Place, ShortensWhatIsCritical) {
  const Packed packed = random_packed(5, 200);
  const fabric::Architecture architecture = fabric_for(packed, {.luts = 4, .io_slots = 1});
  std::vector<std::size_t> chosen;  // connections of every 16th net
  std::size_t connections = 0;
  for (std::size_t net = 0; net < packed.nets.size(); ++net)
    for (std::size_t i = 0; i < packed.nets[net].sinks.size(); ++i, ++connections)
      if (net % 16 == 0) chosen.push_back(connections);
  const auto delay_of_chosen = [&](const Placement& placement) {
    long sum = 0;
    std::size_t at = 0, connection = 0;
    for (const Net& net : packed.nets)
      for (const Terminal& sink : net.sinks) {
        if (at < chosen.size() && chosen[at] == connection++) {
          const Site& a = placement[static_cast<std::size_t>(net.driver.block)];
          const Site& b = placement[static_cast<std::size_t>(sink.block)];
          sum += estimated_delay(architecture, std::abs(a.x - b.x), std::abs(a.y - b.y));
          ++at;
        }
      }
    return sum;
  };
  PlaceOptions options{.effort = 2};
  const long without = delay_of_chosen(place(packed, architecture, options));
  options.criticalities = [&](std::span<const int> delays) {
    std::vector<float> criticality(delays.size(), 0);
    for (const std::size_t one : chosen) criticality[one] = 1;
    return criticality;
  };
  EXPECT_LT(delay_of_chosen(place(packed, architecture, options)), without);
}

TEST(Place, ReportsHowFarItIs) {
  const Packed packed = random_packed(3);
  double part = 0;
  int steps = 0;
  PlaceOptions options;
  options.progress = [&](const PlaceStep& step) {
    EXPECT_EQ(step.step, ++steps);
    EXPECT_GE(step.part, part);
    EXPECT_GE(step.accepted, 0);
    part = step.part;
  };
  place(packed, fabric_for(packed, {.luts = 4}), options);
  EXPECT_GT(steps, 10);
}

TEST(Place, RefusesWhatDoesNotFit) {
  const auto code_of = [](const Packed& packed, const fabric::Architecture& architecture) {
    try {
      place(packed, architecture);
    } catch (const base::Error& error) {
      EXPECT_FALSE(error.faults()[0].cure.empty());
      return error.faults()[0].what;
    }
    return std::string();
  };
  Packed packed;
  for (int i = 0; i < 5; ++i) packed.blocks.push_back({"b"});
  EXPECT_EQ(code_of(packed, {.columns = 2, .rows = 2}),
            "the circuit needs 5 logic tiles, and the fabric has 4");
  for (Block& block : packed.blocks) block.kind = BlockKind::kOutput;
  EXPECT_EQ(code_of(packed, {.columns = 1, .rows = 1, .io_slots = 1}),
            "the circuit needs 5 pads, and the fabric has 4");
}

TEST(Place, OfNothingIsNothing) {
  EXPECT_THAT(place({}, {}), IsEmpty());
  fabric::Architecture none;
  none.columns = none.rows = 0;
  EXPECT_EQ(sized_for({}, none).columns, 1);
  Packed lone;
  lone.blocks = {{"a"}, {"b", BlockKind::kInput}};  // no nets: any site
  EXPECT_THAT(faults_of(lone, place(lone, {}), {}), IsEmpty());
}

TEST(CheckPlace, FindsEveryFault) {
  const Packed packed = random_packed(2);
  const fabric::Architecture architecture = fabric_for(packed, {.luts = 4});
  const Placement good = place(packed, architecture);
  const auto expect = [&](const std::string& what, const std::function<void(Placement&)>& damage) {
    Placement bad = good;
    damage(bad);
    EXPECT_THAT(faults_of(packed, bad, architecture), Contains(HasSubstr(what))) << what;
  };
  expect("sites for", [](Placement& p) { p.pop_back(); });
  expect("is not of the block's kind", [](Placement& p) { p[0].x = 0; });
  expect("is not of the block's kind", [](Placement& p) { p.back() = {1, 1, 0}; });
  expect("is not of the block's kind", [](Placement& p) { p[0] = {-3, 400, 0}; });
  expect("has no slot 1", [](Placement& p) { p[0].slot = 1; });
  expect("has no slot 8", [](Placement& p) { p.back().slot = 8; });
  expect("has no slot -1", [](Placement& p) { p[0].slot = -1; });
  expect("too", [](Placement& p) { p[0] = p[1]; });
}

TEST(Estimate, OfDelaysCountsSegments) {
  const fabric::Architecture architecture{.segment_length = 4};
  const auto wires = [&](int dx, int dy) {
    return (estimated_delay(architecture, dx, dy) - architecture.delays.connection) /
           fabric::typical_delay(architecture);
  };
  EXPECT_EQ(wires(0, 0), 1);
  EXPECT_EQ(wires(1, 0), 1);
  EXPECT_EQ(wires(4, 4), 2);
  EXPECT_EQ(wires(5, 9), 5);
}

TEST(Estimate, CrossingGrowsWithTerminals) {
  EXPECT_EQ(crossing(0), 1);
  EXPECT_EQ(crossing(3), 1);
  EXPECT_EQ(crossing(50), 2.7933);
  EXPECT_NEAR(crossing(60), 2.7933 + 0.2616, 1e-9);
  for (std::size_t i = 1; i < 100; ++i) EXPECT_LE(crossing(i), crossing(i + 1));
}

Packed blocks_of(int logic, int pads, std::vector<int> hard) {
  Packed packed;
  packed.blocks.assign(static_cast<std::size_t>(logic), {"l"});
  packed.blocks.insert(packed.blocks.end(), static_cast<std::size_t>(pads),
                       {"p", BlockKind::kInput});
  for (std::size_t kind = 0; kind < hard.size(); ++kind)
    packed.blocks.insert(packed.blocks.end(), static_cast<std::size_t>(hard[kind]),
                         {"h", BlockKind::kHard, static_cast<int>(kind)});
  return packed;
}

TEST(SizedFor, GivesHardTilesTheirColumns) {
  fabric::Architecture open;
  open.columns = open.rows = 0;
  open.hard = {{"pe", {}, {{"in"}}, {}}, {"memory", {}, {{"in"}}, {}}};
  using ::testing::ElementsAre;
  const fabric::Architecture small = sized_for(blocks_of(20, 4, {6, 1}), open);
  EXPECT_EQ(small.columns, 6);  // 5 x 5 tiles have but two columns left for logic
  EXPECT_THAT(small.hard[0].columns, ElementsAre(2));
  EXPECT_THAT(small.hard[1].columns, ElementsAre(5));
  EXPECT_EQ(small.rows, small.columns);
}

TEST(SizedFor, KeepsWhatIsGiven) {
  fabric::Architecture given;
  given.columns = 9;
  given.rows = 2;
  given.hard = {{"pe", {}, {{"in"}}, {3}}, {"memory", {}, {{"in"}}, {}}};
  const fabric::Architecture sized = sized_for(blocks_of(4, 0, {9, 5}), given);
  using ::testing::ElementsAre;
  EXPECT_EQ(sized.columns, 9);
  EXPECT_EQ(sized.rows, 2);
  EXPECT_THAT(sized.hard[0].columns, ElementsAre(3)) << "too few: place() says so";
  EXPECT_THAT(sized.hard[1].columns, ElementsAre(2, 6, 8));
  try {
    place(blocks_of(4, 0, {9, 5}), sized);
    FAIL();
  } catch (const base::Error& error) {
    EXPECT_EQ(error.faults()[0].what, "the circuit needs 9 tiles pe, and the fabric has 2");
  }
}

TEST(Place, PutsHardBlocksIntoTheirColumns) {
  fabric::Architecture architecture;
  architecture.columns = architecture.rows = 0;
  architecture.hard = {testing::delay_tile()};
  const Netlist netlist = swept(testing::random_circuit({.luts = 60, .hard = 9}, 1));
  const Packing packing = pack(netlist, architecture);
  architecture = sized_for(packing.packed, architecture);
  base::Diagnostics faults;
  check_placement(packing.packed, place(packing.packed, architecture), architecture, faults);
  EXPECT_TRUE(faults.empty());
}

fabric::Architecture with_links(int columns, int rows) {
  fabric::Architecture architecture;
  architecture.columns = columns;
  architecture.rows = rows;
  architecture.hard = {testing::delay_tile(), testing::link_tile()};
  return architecture;
}

// Full columns and roomy ones, whatever annealing moves.
TEST(Place, KeepsCascadesTogether) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE(seed);
    const Netlist netlist = swept(testing::random_circuit(
        {.luts = 30, .hard = 3, .links = 4 + static_cast<int>(seed)}, seed));
    fabric::Architecture architecture = with_links(0, seed % 3 == 0 ? 0 : 4);
    const Packing packing = pack(netlist, architecture);
    ASSERT_FALSE(packing.packed.cascades.empty());
    architecture = sized_for(packing.packed, architecture);
    const Placement placement = place(packing.packed, architecture, {.seed = seed, .effort = 1});
    EXPECT_THAT(faults_of(packing.packed, placement, architecture), IsEmpty());
  }
}

// What moves change of the wires is what the wires of the placement are, and cascades do move.
TEST(Annealer, MovesCascadesAndCountsTheirWires) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    SCOPED_TRACE(seed);
    const Netlist netlist = swept(testing::random_circuit({.luts = 30, .links = 16}, seed));
    fabric::Architecture architecture = with_links(0, 7);
    const Packing packing = pack(netlist, architecture);
    architecture = sized_for(packing.packed, architecture);
    const PlaceOptions options{.seed = seed};
    Annealer annealer(packing.packed, architecture, options);
    annealer.reweigh(1);
    std::set<int> rows;  // that the top of the longest cascade is seen in
    const auto longest =
        std::ranges::max_element(packing.packed.cascades, {}, &std::vector<int>::size);
    for (int i = 0; i < 3000; ++i) {
      annealer.move(1 + i % 6, i % 3 == 0 ? HUGE_VAL : 0.01);
      rows.insert(annealer.placement()[static_cast<std::size_t>(longest->front())].y);
    }
    EXPECT_GT(rows.size(), 1U);
    EXPECT_NEAR(annealer.wires(), wire_estimate(packing.packed, annealer.placement()), 1e-6);
    EXPECT_THAT(faults_of(packing.packed, annealer.placement(), architecture), IsEmpty());
  }
}

TEST(CheckPlace, FindsACascadeThatIsTornApart) {
  const Netlist netlist = swept(testing::random_circuit({.luts = 20, .links = 9}, 2));
  fabric::Architecture architecture = with_links(0, 6);
  const Packing packing = pack(netlist, architecture);
  architecture = sized_for(packing.packed, architecture);
  Placement placement = place(packing.packed, architecture);
  const std::vector<int>& cascade = packing.packed.cascades.at(0);
  std::swap(placement[static_cast<std::size_t>(cascade[0])],
            placement[static_cast<std::size_t>(cascade[1])]);
  EXPECT_THAT(faults_of(packing.packed, placement, architecture),
              Contains(HasSubstr("whose sums it takes")));
}

// Two of 3 and two of 2 tiles: no column of 4 holds any two of 3 and 2.
TEST(Place, SaysWhereCascadesFindNoRoom) {
  Packed packed = blocks_of(0, 0, {0, 10});
  packed.cascades = {{0, 1, 2}, {3, 4, 5}, {6, 7}, {8, 9}};
  fabric::Architecture architecture = with_links(3, 4);
  architecture.hard[1].columns = {1, 2, 3};
  EXPECT_NO_THROW(place(packed, architecture));
  architecture.rows = 5;
  architecture.hard[1].columns = {1, 3};
  EXPECT_NO_THROW(place(packed, architecture));
  packed.cascades = {{0, 1, 2}, {3, 4, 5}, {6, 7, 8, 9}};
  try {
    place(packed, architecture);
    FAIL();
  } catch (const base::Error& error) {
    EXPECT_EQ(error.faults()[0].code, base::Code::kDoesNotFit);
    EXPECT_THAT(error.what(),
                HasSubstr("cascades of up to 4 tiles stage do not fit into 2 columns of 5"));
    EXPECT_THAT(error.what(), HasSubstr("more rows, or more columns"));
  }
  architecture.hard[1].columns.clear();
  architecture.columns = architecture.rows = 0;
  EXPECT_EQ(sized_for(packed, architecture).rows, 4) << "the longest";
}

TEST(Stacked, PutsTheLongestFirst) {
  const auto places = stacked({1, 3, 2, 2}, 2, 4);
  ASSERT_TRUE(places);
  const auto at = [&](std::size_t i) { return std::pair((*places)[i].column, (*places)[i].low); };
  EXPECT_EQ(at(0), std::pair(0, 4));
  EXPECT_EQ(at(1), std::pair(0, 1));
  EXPECT_EQ(at(2), std::pair(1, 1));
  EXPECT_EQ(at(3), std::pair(1, 3));
  EXPECT_FALSE(stacked({3, 3}, 1, 5));
  EXPECT_EQ(columns_for({3, 3}, 5), 2);
  EXPECT_EQ(columns_for({}, 5), 0);
  EXPECT_FALSE(columns_for({6}, 5));
}

}  // namespace
}  // namespace pnr
