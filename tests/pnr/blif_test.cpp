#include "pnr/blif.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "base/error.hpp"
#include "circuits.hpp"

namespace pnr {
namespace {

using base::Code;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

// A full adder with a registered sum: comments, a joined line, don't-cares, both polarities.
constexpr const char* kAdder = R"(# an adder
.model adder
.inputs a b \
        c
.outputs sum carry  # two of them
.names a b c s
100 1
010 1
001 1
111 1
.names a b c carry
00- 0
0-0 0
-00 0
.latch s sum re clk 1
.inputs clk
.end
anything
)";

TEST(Blif, ComputesWhatItSays) {
  const Netlist netlist = read_blif(kAdder, "adder.blif", 4);
  EXPECT_EQ(netlist.name, "adder");
  ASSERT_EQ(netlist.inputs.size(), 4U);
  EXPECT_EQ(netlist.luts.size(), 2U);
  Evaluator evaluator(netlist);
  bool sum = true;  // as it begins
  for (int x = 0; x < 8; ++x) {
    const int ones = (x & 1) + (x >> 1 & 1) + (x >> 2 & 1);
    const auto y = evaluator.outputs({(x & 1) != 0, (x >> 1 & 1) != 0, (x >> 2 & 1) != 0, false});
    EXPECT_THAT(y, ElementsAre(sum, ones >= 2)) << x;
    evaluator.clock();
    sum = ones % 2 == 1;
  }
}

TEST(Blif, LatchesHaveManyForms) {
  const Netlist netlist = read_blif(
      ".model m\n.inputs d k\n.outputs a b c e\n.latch d a\n.latch d b 1\n.latch d c fe k\n"
      ".latch d e re NIL 3\n.end\n",
      "m.blif", 4);
  const auto one = [&](std::size_t i) { return netlist.flip_flops[FlipFlopId(i)]; };
  EXPECT_FALSE(one(0).initial || one(0).falling || one(0).clock.valid());
  EXPECT_TRUE(one(1).initial);
  EXPECT_TRUE(one(2).falling && one(2).clock == netlist.inputs[1]);
  EXPECT_FALSE(one(3).initial || one(3).clock.valid());
}

TEST(Blif, HasHardBlocks) {
  const std::vector<fabric::HardTile> hard = {testing::delay_tile()};
  const char* text =
      ".model m\n.inputs a b clk\n.outputs q p\n"
      ".subckt delay clk_i=clk rst_ni=a data_i[0]=b data_i[2]=q data_o[0]=q data_o[2]=p\n.end\n";
  const Netlist netlist = read_blif(text, "m.blif", 4, hard);
  ASSERT_EQ(netlist.hard.size(), 1U);
  const HardBlock& one = netlist.hard[0];
  const SignalId open;
  EXPECT_THAT(one.inputs,
              ElementsAre(netlist.inputs[0], open, netlist.inputs[1], open, netlist.outputs[0]));
  EXPECT_THAT(one.outputs, ElementsAre(netlist.outputs[0], open, netlist.outputs[1]));
  EXPECT_EQ(one.clock, netlist.inputs[2]);
  EXPECT_EQ(write_blif(netlist, hard), text);
}

TEST(Blif, NamesWhatIsWrongWithAHardBlock) {
  const std::vector<fabric::HardTile> hard = {testing::delay_tile()};
  const auto expect = [&](const std::string& line, const std::string& what) {
    try {
      read_blif(".model m\n.inputs a\n.outputs q\n.subckt delay data_i[0]=a data_o[0]=q\n" + line +
                    "\n.end\n",
                "m.blif", 4, hard);
      FAIL() << line;
    } catch (const base::Error& error) {
      EXPECT_THAT(error.faults()[0].what, HasSubstr(what)) << line;
      EXPECT_EQ(error.faults()[0].where, "m.blif:5");
    }
  };
  expect(".subckt ram a=a", "the fabric has no tile for \"ram\"");
  expect(".subckt", "the fabric has no tile for \"\"");
  expect(".subckt delay data_i[3]=a", "connects no port of delay");
  expect(".subckt delay data_i[0]", "connects no port of delay");
  expect(".subckt delay data_i[0]=", "connects no port of delay");
  expect(".subckt delay data_o[1]=q", "has a driver in line 4");
}

const char* const kLinked =
    ".model m\n.inputs a clk\n.outputs q\n"
    ".subckt stage clk_i=clk data_i=a link_o[0]=s[0] link_o[1]=s[1] link_o[2]=s[2]\n"
    ".subckt stage clk_i=clk data_o[0]=q link_i[0]=s[0] link_i[1]=s[1] link_i[2]=s[2]\n";

TEST(Blif, TakesALinkAsOneSignal) {
  const std::vector<fabric::HardTile> hard = {testing::delay_tile(), testing::link_tile()};
  const Netlist netlist = read_blif(std::string(kLinked) + ".end\n", "m.blif", 4, hard);
  ASSERT_EQ(netlist.hard.size(), 2U);
  EXPECT_EQ(netlist.hard[1].inputs[3], netlist.hard[0].outputs[3]);
  EXPECT_TRUE(netlist.hard[0].outputs[3].valid());
  EXPECT_FALSE(netlist.hard[0].inputs[3].valid());
  const std::string text = write_blif(netlist, hard);
  EXPECT_THAT(text, HasSubstr("link_i[2]=stage.0.link[2]"));
  EXPECT_EQ(write_blif(read_blif(text, "m.blif", 4, hard), hard), text);
  const Netlist zeros = read_blif(
      ".model m\n.inputs a\n.outputs q\n.names no\n.subckt stage data_i=a data_o[0]=q "
      "link_i[0]=no link_i[1]=no link_i[2]=no\n.end\n",
      "m.blif", 4, hard);
  EXPECT_FALSE(zeros.hard[0].inputs[3].valid());
}

TEST(Blif, NamesWhatIsWrongWithALink) {
  const std::vector<fabric::HardTile> hard = {testing::delay_tile(), testing::link_tile()};
  const auto expect = [&](const std::string& lines, const std::string& what) {
    try {
      read_blif(kLinked + lines + "\n.end\n", "m.blif", 4, hard);
      FAIL() << lines;
    } catch (const base::Error& error) {
      EXPECT_THAT(error.what(), HasSubstr(what)) << lines;
    }
  };
  const std::string what = "takes neither a whole link nor zeros";
  expect(".subckt stage link_i[0]=s[1] link_i[1]=s[0] link_i[2]=s[2]", what);
  expect(".subckt stage link_i[0]=s[0] link_i[1]=s[1]", what);
  expect(".subckt stage link_i[0]=a link_i[1]=a link_i[2]=a", what);
  expect(".names s[1] z\n1 1", "\"s[1]\" is a link's and something else's, too");
  expect(".subckt stage link_o[0]=s[0]", "\"s[0]\" is a link's and something else's, too");
}

TEST(Blif, ClocksMayBeNamedTwice) {
  const Netlist netlist = read_blif(
      ".model m\n.inputs d k\n.clock k l\n.outputs q\n.latch d q re k\n.end\n", "m.blif", 4);
  EXPECT_EQ(netlist.inputs.size(), 3U);
}

TEST(Netlists, FallingEdgesComeAfterRisingOnes) {
  const Netlist netlist =
      read_blif(".model m\n.inputs d k\n.outputs q\n.latch d x re k 0\n.latch x q fe k 0\n.end\n",
                "m.blif", 4);
  Evaluator evaluator(netlist);
  std::vector<bool> q;
  for (int clock = 0; clock < 4; ++clock) {
    q.push_back(evaluator.outputs({clock < 1, false}).front());
    evaluator.clock();
  }
  EXPECT_THAT(q, ElementsAre(false, true, false, false));
}

TEST(Blif, ConstantsAreLutsWithoutInputs) {
  const Netlist netlist =
      read_blif(".model m\n.outputs y n\n.names y\n1\n.names n\n.end\n", "m.blif", 4);
  EXPECT_THAT(Evaluator(netlist).outputs({}), ElementsAre(true, false));
}

TEST(Blif, ReadsWhatItWrites) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    const Netlist netlist = testing::random_circuit({}, seed);
    const std::string text = write_blif(netlist);
    const Netlist again = read_blif(text, "again.blif", 4);
    EXPECT_EQ(write_blif(again), text);
    Evaluator a(netlist), b(again);
    base::Rng rng(seed);
    for (int clock = 0; clock < 20; ++clock) {
      std::vector<bool> x;
      for (std::size_t i = 0; i < netlist.inputs.size(); ++i) x.push_back(rng.below(2) == 1);
      ASSERT_EQ(a.outputs(x), b.outputs(x)) << "seed " << seed;
      a.clock();
      b.clock();
    }
  }
}

std::vector<base::Fault> faults_of(const std::string& text, int lut_inputs = 4) {
  try {
    read_blif(text, "m.blif", lut_inputs);
  } catch (const base::Error& error) {
    return error.faults();
  }
  return {};
}

void expect_fault(const std::string& body, const std::string& what, int line) {
  const auto faults = faults_of(".model m\n.inputs a b\n.outputs y\n" + body);
  ASSERT_FALSE(faults.empty()) << body;
  EXPECT_EQ(faults[0].code, Code::kBadGraph);
  EXPECT_THAT(faults[0].what, HasSubstr(what)) << body;
  EXPECT_EQ(faults[0].where, "m.blif:" + std::to_string(line));
}

TEST(BlifFaults, NameTheLine) {
  const std::string good = ".names a y\n1 1\n";
  expect_fault(good + ".names b y\n1 1\n", "\"y\" has a driver in line 4", 6);
  expect_fault(good + ".latch b a\n", "\"a\" has a driver in line 2", 6);
  expect_fault("", "\"y\" has no driver", 3);
  expect_fault(".names a z y\n11 1\n", "\"z\" has no driver", 4);
  expect_fault(".names a y\n11 1\n", "a row of 1 inputs", 5);
  expect_fault(".names a y\n2 1\n", "a row of 1 inputs", 5);
  expect_fault(".names a y\n1 x\n", "a row of 1 inputs", 5);
  expect_fault(".names a y\n1\n", "a row of 1 inputs", 5);
  expect_fault(".names a y\n1 1\n0 0\n", "rows for 0 and for 1", 6);
  expect_fault("1 1\n" + good, "follows no .names", 4);
  expect_fault(".names\n" + good, "no output", 4);
  expect_fault(".subckt adder x=a\n" + good, "\".subckt\" is not supported", 4);
  expect_fault(".gate nand2 A=a\n" + good, "\".gate\" is not supported", 4);
  expect_fault(good + ".model n\n", "second .model", 6);
  expect_fault(".latch a\n" + good, ".latch needs", 4);
  expect_fault(good + ".latch a q 7\n", "an initial value is 0, 1, 2 or 3", 6);
  expect_fault(good + ".latch a q al b\n", "\"al\" is no edge", 6);
  expect_fault(good + ".names a b k\n11 1\n.latch a q re k\n", "\"k\" is a clock and no input", 6);
  expect_fault(good + ".latch a q\\\\\n", "ends in a backslash", 6);
  EXPECT_THAT(faults_of("")[0].what, HasSubstr("no .model"));
}

TEST(BlifFaults, ComeAllAtOnceAndNotTooMany) {
  std::string many = ".model m\n";
  for (int i = 0; i < 50; ++i) many += ".gate x\n";
  EXPECT_EQ(faults_of(many).size(), 20U);
}

TEST(BlifFaults, LoopsAndWideLuts) {
  const auto loop =
      faults_of(".model m\n.inputs a\n.outputs y\n.names a z y\n11 1\n.names y z\n1 1\n.end\n");
  ASSERT_EQ(loop.size(), 1U);
  EXPECT_EQ(loop[0].code, Code::kBadGraph);
  EXPECT_EQ(loop[0].what, "2 LUTs form a loop");
  const auto wide = faults_of(".model m\n.inputs a b c\n.outputs y\n.names a b c y\n111 1\n", 2);
  ASSERT_EQ(wide.size(), 1U);
  EXPECT_EQ(wide[0].code, Code::kDoesNotFit);
  EXPECT_THAT(wide[0].cure, HasSubstr("if -K 2"));
}

TEST(Blif, SurvivesWhateverBytesThereAre) {
  base::Rng rng(1);
  const std::string whole = kAdder;
  for (int i = 0; i < 2000; ++i) {
    std::string text = whole.substr(0, rng.below(whole.size() + 1));
    for (std::uint64_t edits = rng.below(4); edits > 0 && !text.empty(); --edits)
      text[rng.below(text.size())] = static_cast<char>(rng.below(256));
    try {
      read_blif(text, "m.blif", 4);
    } catch (const base::Error& error) {
      EXPECT_FALSE(error.faults().empty());
    }
  }
}

TEST(Netlists, SweepWhatNoOutputHangsOn) {
  const Netlist netlist = read_blif(
      ".model m\n.inputs a b\n.outputs y\n.names a q y\n11 1\n.names b dead\n1 1\n"
      ".latch next q\n.names q next\n0 1\n.latch dead gone\n.end\n",
      "m.blif", 4);
  const Netlist kept = swept(netlist);
  EXPECT_EQ(kept.luts.size(), 2U);
  EXPECT_EQ(kept.flip_flops.size(), 1U);
  EXPECT_EQ(kept.inputs.size(), 2U);
}

TEST(Netlists, ChainsMayBeLong) {
  Netlist netlist{.name = "chain"};
  SignalId last = netlist.signals.push_back("x");
  netlist.inputs = {last};
  for (int i = 0; i < 200000; ++i) {
    const SignalId next = netlist.signals.push_back("n" + std::to_string(i));
    netlist.luts.push_back({{last}, next, {true, false}});
    last = next;
  }
  netlist.outputs = {last};
  EXPECT_THAT(Evaluator(netlist).outputs({true}), ElementsAre(true));
}

}  // namespace
// A flip-flop without a clock has the only one there is; other tools want its name.
TEST(Netlist, GivesItsClockAName) {
  const Netlist netlist = pnr::with_clock(pnr::read_blif(
      ".model m\n.inputs clock\n.outputs q r\n.latch clock q 0\n.latch q r re NIL 1\n.end\n", "m",
      4));
  EXPECT_EQ(netlist.inputs.size(), 2U);
  EXPECT_THAT(pnr::write_blif(netlist), ::testing::HasSubstr(".latch clock q re clock_ 0"));
  EXPECT_THAT(pnr::write_blif(netlist), ::testing::HasSubstr(".latch q r re clock_ 1"));
  EXPECT_EQ(pnr::write_blif(pnr::with_clock(netlist)), pnr::write_blif(netlist));
}

}  // namespace pnr
