#include "pnr/pack.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <set>

#include "base/error.hpp"
#include "circuits.hpp"
#include "pnr/blif.hpp"
#include "pnr/check_pack.hpp"
#include "pnr/elements.hpp"
#include "pnr/repack.hpp"

namespace pnr {
namespace {

using ::testing::HasSubstr;

constexpr fabric::Architecture kSmall{.lut_inputs = 4, .luts = 4, .clb_inputs = 10};

std::vector<std::string> faults_of(const Netlist& netlist, const Packing& packing,
                                   const fabric::Architecture& architecture = kSmall) {
  base::Diagnostics diagnostics;
  check_packing(netlist, packing, architecture, diagnostics);
  std::vector<std::string> faults;
  for (const base::Fault& fault : diagnostics.faults()) {
    EXPECT_EQ(fault.code, base::Code::kNetlistInvalid);
    faults.push_back(fault.what);
  }
  return faults;
}

// y0 = a and b behind a flip-flop, y1 = not y0
const char* const kTwo =
    ".model two\n.inputs a b k\n.outputs y1\n.names a b d\n11 1\n.latch d y0 re k 0\n"
    ".names y0 y1\n0 1\n.end\n";

TEST(Pack, PutsAFlipFlopBehindItsLut) {
  const Netlist netlist = read_blif(kTwo, "two.blif", 4);
  const Packing packing = pack(netlist, kSmall);
  ASSERT_EQ(packing.tiles.size(), 1U);
  ASSERT_EQ(packing.tiles[0].size(), 2U);
  EXPECT_EQ(packing.tiles[0][0], (Element{LutId(0), FlipFlopId(0)}));
  EXPECT_EQ(packing.tiles[0][1], (Element{LutId(1), FlipFlopId()}));
  ASSERT_EQ(packing.packed.blocks.size(), 5U);  // the clock has a pad and no net
  std::vector<std::string> nets;
  for (const Net& net : packing.packed.nets) nets.push_back(net.name);
  EXPECT_THAT(nets, ::testing::ElementsAre("a", "b", "y1"));
  EXPECT_EQ(packing.packed.nets[2].driver, (Terminal{0, 1}));
  EXPECT_THAT(packing.packed.nets[2].sinks, ::testing::ElementsAre(Terminal{4, kAnyPin}));
}

TEST(Pack, RandomCircuitsKeepEveryLimit) {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    base::Rng rng(seed);
    const Netlist netlist = testing::random_circuit({.luts = static_cast<int>(rng.between(1, 60)),
                                                     .clocks = static_cast<int>(rng.between(1, 3))},
                                                    seed);
    const fabric::Architecture architecture{.lut_inputs = 4,
                                            .luts = static_cast<int>(rng.between(1, 12)),
                                            .clb_inputs = static_cast<int>(rng.between(4, 30))};
    const Packing packing = pack(netlist, architecture);
    EXPECT_THAT(faults_of(netlist, packing, architecture), ::testing::IsEmpty()) << seed;
    if (seed % 4 == 0) {
      EXPECT_EQ(pack(netlist, architecture).tiles, packing.tiles) << seed;
    }
  }
}

// What belongs together lies together: far fewer nets than with elements as they come.
TEST(Pack, KeepsSignalsInside) {
  const Netlist netlist = testing::random_circuit({.luts = 200, .flip_flops = 50}, 1);
  const fabric::Architecture architecture{.lut_inputs = 4, .luts = 8, .clb_inputs = 18};
  const Packing packing = pack(netlist, architecture);
  const Packing apart = pack(netlist, {.lut_inputs = 4, .luts = 1, .clb_inputs = 18});
  EXPECT_LT(packing.tiles.size(), apart.tiles.size() / 4);
  EXPECT_LT(packing.packed.nets.size(), apart.packed.nets.size() * 7 / 10);
}

// Eight inverters that share nothing: two tiles of four, not eight of one.
TEST(Pack, JoinsTilesThatAreNotFull) {
  std::string text = ".model m\n.inputs a b c d e f g h\n.outputs s t u v w x y z\n";
  const std::string inputs = "abcdefgh", outputs = "stuvwxyz";
  for (std::size_t i = 0; i < 8; ++i)
    text += std::string(".names ") + inputs[i] + " " + outputs[i] + "\n0 1\n";
  const Packing packing = pack(read_blif(text + ".end\n", "m.blif", 4), kSmall);
  EXPECT_EQ(packing.tiles.size(), 2U);
}

// Tiles that each signal meets, all together.
std::size_t meetings(const Netlist& netlist, const Tiles& tiles) {
  std::size_t sum = 0;
  for (const std::vector<Element>& tile : tiles) {
    std::set<SignalId> met;
    for (const Element& one : tile) {
      for (const SignalId input : inputs_of(netlist, one)) met.insert(input);
      met.insert(output_of(netlist, one));
    }
    sum += met.size();
  }
  return sum;
}

TEST(Repack, BringsTogetherWhatSharesSignals) {
  const Netlist netlist = testing::random_circuit({.luts = 120, .flip_flops = 0}, 3);
  Tiles scattered(40);  // dealt out like cards
  for (const LutId id : netlist.luts.ids()) scattered[id.index() % 40].push_back({id, {}});
  const fabric::Architecture roomy{.lut_inputs = 4, .luts = 4, .clb_inputs = 16};
  const Tiles moved = repack(netlist, roomy, scattered);
  EXPECT_LT(meetings(netlist, moved), meetings(netlist, scattered) * 8 / 10);
}

TEST(Pack, RefusesALutWithTooManyInputs) {
  const Netlist netlist = read_blif(kTwo, "two.blif", 4);
  try {
    pack(netlist, {.lut_inputs = 4, .luts = 4, .clb_inputs = 1});
    FAIL();
  } catch (const base::Error& error) {
    EXPECT_EQ(error.faults()[0].code, base::Code::kDoesNotFit);
    EXPECT_EQ(error.faults()[0].cure, "set clb_inputs to 2 or more");
  }
}

TEST(Pack, KeepsEdgesApart) {
  const Netlist netlist =
      read_blif(".model m\n.inputs d k\n.outputs q\n.latch d x re k 0\n.latch x q fe k 0\n.end\n",
                "m.blif", 4);
  Packing packing = pack(netlist, kSmall);
  EXPECT_EQ(packing.tiles.size(), 2U);
  packing.tiles[0].push_back(packing.tiles[1][0]);
  packing.tiles.pop_back();
  EXPECT_THAT(faults_of(netlist, packing), ::testing::Contains(HasSubstr("has 2 clocks")));
}

TEST(CheckPack, FindsEveryFault) {
  const Netlist netlist = testing::random_circuit({.clocks = 2}, 7);
  const Packing good = pack(netlist, kSmall);
  const auto expect = [&](const std::string& what, const std::function<void(Packing&)>& damage) {
    Packing bad = good;
    damage(bad);
    EXPECT_THAT(faults_of(netlist, bad), ::testing::Contains(HasSubstr(what))) << what;
  };
  expect("lies in 0 elements", [](Packing& p) { p.tiles[0].pop_back(); });
  expect("lies in 2 elements", [](Packing& p) { p.tiles[1].push_back(p.tiles[0][0]); });
  expect("elements in a tile of 4",
         [](Packing& p) { p.tiles[0].insert(p.tiles[0].end(), 5, p.tiles[1][0]); });
  expect("none of the netlist's", [](Packing& p) { p.tiles[0][0] = {LutId(9999), FlipFlopId()}; });
  expect("none of the netlist's", [](Packing& p) { p.tiles[0][0] = {}; });
  expect("does not drive it", [&](Packing& p) {
    for (auto& tile : p.tiles)
      for (Element& one : tile)
        if (one.lut.valid() && one.flip_flop.valid()) {
          one.lut = one.lut == LutId(0) ? LutId(1) : LutId(0);
          return;
        }
  });
  expect("is not of its kind", [](Packing& p) { p.packed.blocks[0].kind = BlockKind::kInput; });
  expect("blocks, not", [](Packing& p) { p.packed.blocks.push_back({"more"}); });
  expect("another driver", [](Packing& p) { ++p.packed.nets[0].driver.pin; });
  expect("other sinks", [](Packing& p) { p.packed.nets[0].sinks.push_back({0, kAnyPin}); });
  expect("does not have, or twice", [](Packing& p) {
    p.packed.nets.push_back(p.packed.nets[0]);
    p.signals.push_back(p.signals[0]);
  });
  expect("is missing", [](Packing& p) {
    p.packed.nets.pop_back();
    p.signals.pop_back();
  });
  expect("differ in number", [](Packing& p) { p.signals.pop_back(); });
}

// Three blocks, each of which takes the link of the one before.
Netlist cascade_of_three() {
  std::string text = ".model m\n.inputs a k\n.outputs q\n";
  for (int i = 0; i < 3; ++i) {
    text += ".subckt stage clk_i=k data_i=a";
    if (i == 2) text += " data_o[0]=q";
    for (int wire = 0; wire < 3; ++wire) {
      text += " link_o[" + std::to_string(wire) + "]=s" + std::to_string(3 * i + wire);
      if (i > 0)
        text += " link_i[" + std::to_string(wire) + "]=s" + std::to_string(3 * i - 3 + wire);
    }
    text += "\n";
  }
  return read_blif(text + ".end\n", "m.blif", 4,
                   std::vector{testing::delay_tile(), testing::link_tile()});
}

fabric::Architecture with_links() {
  fabric::Architecture architecture = kSmall;
  architecture.hard = {testing::delay_tile(), testing::link_tile()};
  return architecture;
}

TEST(Pack, JoinsCascades) {
  const Netlist netlist = cascade_of_three();
  const Packing good = pack(netlist, with_links());
  ASSERT_EQ(good.packed.cascades.size(), 1U);
  const int first = static_cast<int>(good.packed.blocks.size()) - 3;
  EXPECT_THAT(good.packed.cascades[0], ::testing::ElementsAre(first, first + 1, first + 2));
  EXPECT_THAT(faults_of(netlist, good, with_links()), ::testing::IsEmpty());
  for (const auto damage : std::initializer_list<void (*)(Packing&)>{
           [](Packing& p) { p.packed.cascades.clear(); },
           [](Packing& p) { p.packed.cascades[0].pop_back(); },
           [](Packing& p) { std::swap(p.packed.cascades[0][0], p.packed.cascades[0][1]); }}) {
    Packing bad = good;
    damage(bad);
    EXPECT_THAT(faults_of(netlist, bad, with_links()),
                ::testing::Contains(HasSubstr("cascades are not what links join")));
  }
  Packing twice = good;
  twice.packed.cascades.push_back({first});
  EXPECT_THAT(faults_of(netlist, twice, with_links()),
              ::testing::Contains(HasSubstr("lies in two cascades")));
}

TEST(Pack, RefusesLinksThatNoColumnHas) {
  const auto expect = [](const Netlist& netlist, const std::string& what) {
    try {
      pack(netlist, with_links());
      FAIL() << what;
    } catch (const base::Error& error) {
      EXPECT_EQ(error.faults()[0].code, base::Code::kDoesNotFit);
      EXPECT_THAT(error.what(), HasSubstr(what));
    }
  };
  Netlist fork = cascade_of_three();
  fork.hard[2].inputs[3] = fork.hard[0].outputs[3];
  expect(fork, "a link leads to two hard blocks");
  Netlist ring = cascade_of_three();
  ring.hard[0].inputs[3] = ring.hard[2].outputs[3];
  expect(ring, "links form a ring");
}

TEST(CheckPack, FindsALutWhoseFlipFlopHidesIt) {
  const Netlist netlist =
      read_blif(".model m\n.inputs a k\n.outputs n q\n.names a n\n0 1\n.latch n q re k 0\n.end\n",
                "m.blif", 4);
  Packing packing = pack(netlist, kSmall);
  ASSERT_THAT(faults_of(netlist, packing), ::testing::IsEmpty());
  ASSERT_EQ(packing.tiles[0].size(), 2U) << "the LUT drives an output, too";
  packing.tiles[0] = {{LutId(0), FlipFlopId(0)}};
  EXPECT_THAT(faults_of(netlist, packing), ::testing::Contains(HasSubstr("leaves them")));
}

TEST(CheckPack, FindsInputsAndClocksBeyondTheLimits) {
  const Netlist netlist = testing::random_circuit({.luts = 30, .flip_flops = 30, .clocks = 2}, 3);
  const fabric::Architecture roomy{.lut_inputs = 4, .luts = 100, .clb_inputs = 100};
  Packing packing = pack(netlist, roomy);
  EXPECT_THAT(faults_of(netlist, packing, {.lut_inputs = 4, .luts = 100, .clb_inputs = 3}),
              ::testing::Contains(HasSubstr("a tile of 3 inputs reads")));
  for (std::size_t i = 1; i < packing.tiles.size(); ++i)
    packing.tiles[0].insert(packing.tiles[0].end(), packing.tiles[i].begin(),
                            packing.tiles[i].end());
  packing.tiles.resize(1);
  EXPECT_THAT(faults_of(netlist, packing, roomy), ::testing::Contains(HasSubstr("has 2 clocks")));
}

}  // namespace
}  // namespace pnr
