// The toy network on small libraries of every form: in ns and in ps, with and without adders,
// latches and plain flip-flops.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "fixtures.hpp"
#include "flow/icarus.hpp"
#include "flow/opensta.hpp"
#include "flow/tool.hpp"
#include "flow/yosys.hpp"
#include "small_library.hpp"
#include "toy.hpp"

namespace {

namespace fs = std::filesystem;
using flow_test::small_library;
using flow_test::SmallLibrary;
using testing::Contains;
using testing::Key;
using testing::Not;

constexpr const char* kTop = "fpsa_toy_top";

// The toy on a library, in a folder of its own
struct Mapped {
  flow_test::TemporaryDirectory run;
  flow::SynthResult result;
  flow::StaResult timing;

  explicit Mapped(const std::string& library, const std::vector<std::string>& dont_use = {}) {
    flow_test::make_toy(run.path(), 2);
    base::write_file(run.path() / "given.lib", library);
    base::write_file(run.path() / "constraints" / (std::string(kTop) + ".sdc"),
                     "create_clock -name clk -period $clock_ns [get_ports clk_i]\n");
    const fs::path scripts = fs::path(FPSA_SOURCE_DIR) / "flows";
    flow::SynthRequest request;
    request.directory = run.path();
    request.top = kTop;
    request.scripts = scripts;
    request.liberty = {run.path() / "given.lib"};
    request.dont_use = dont_use;
    result = flow::synthesize(request);
    flow::StaRequest sta;
    sta.directory = run.path();
    sta.top = kTop;
    sta.scripts = scripts;
    sta.clock_ns = 4;
    timing = flow::analyse_timing(sta);
  }

  flow::Verdict gates() const {
    flow_test::write_verilog_bench(run.path(), flow_test::toy_samples(2), 0);
    flow::SimulationRequest request;
    request.directory = run.path();
    return flow::simulate_icarus(request, flow::gate_sources("build/asic/cells.v")).verdict;
  }
};

void expect_same(double a, double b) { EXPECT_NEAR(a, b, 1e-5 * std::abs(a)); }

TEST(Library, InPicosecondsIsTheLibraryInNanoseconds) {
  const Mapped ns(small_library());
  const Mapped ps(small_library(flow_test::picoseconds()));
  EXPECT_EQ(ns.result.area.cell_types, ps.result.area.cell_types);
  EXPECT_GT(ns.timing.fmax_mhz, 10);
  EXPECT_LT(ns.timing.fmax_mhz, 5000);
  EXPECT_GT(ns.timing.internal_w, 0);
  expect_same(ns.timing.slack_ns, ps.timing.slack_ns);
  expect_same(ns.timing.fmax_mhz, ps.timing.fmax_mhz);
  expect_same(ns.timing.internal_w, ps.timing.internal_w);
  expect_same(ns.timing.switching_w, ps.timing.switching_w);
  expect_same(ns.timing.leakage_w, ps.timing.leakage_w);
  EXPECT_EQ(ps.timing.overloads, 0u);
  EXPECT_EQ(ps.gates(), flow::Verdict::kPass);
}

// OpenSTA knows units itself: with the library as it was given it finds the same slack and power.
TEST(Library, InCommonUnitsSaysWhatItSaidBefore) {
  const Mapped ps(small_library(flow_test::picoseconds()));
  base::write_file(ps.run.path() / "given.tcl",
                   "read_liberty given.lib\nread_verilog build/asic/netlist.v\n"
                   "link_design fpsa_toy_top\nset_cmd_units -time ns\nset clock_ns 4\n"
                   "read_sdc constraints/fpsa_toy_top.sdc\n"
                   "puts \"slack [expr {1e9 * [sta::worst_slack_cmd max]}]\"\n"
                   "set_power_activity -global -activity 0.1 -duty 0.5\n"
                   "report_power -digits 6\n");
  const fs::path log = ps.run.path() / "given.log";
  const std::string text = flow::run_tool({.argv = {"sta", "-no_splash", "-exit", "given.tcl"},
                                           .directory = ps.run.path(),
                                           .log = log});
  double slack = 0;
  double internal = 0;
  double switching = 0;
  double leakage = 0;
  for (const std::string& line : flow::lines_of(text)) {
    std::istringstream words(line);
    std::string key;
    words >> key;
    if (key == "slack") words >> slack;
    if (key == "Total") words >> internal >> switching >> leakage;
  }
  EXPECT_NEAR(slack, ps.timing.slack_ns, 1e-4) << text;
  EXPECT_NEAR(internal, ps.timing.internal_w, 1e-3 * internal) << text;
  EXPECT_NEAR(switching, ps.timing.switching_w, 1e-3 * switching);
  EXPECT_NEAR(leakage, ps.timing.leakage_w, 1e-3 * leakage);
}

TEST(Library, CellsThatMayNotBeUsedAreNotUsed) {
  const std::string text = small_library();
  const Mapped all(text);
  EXPECT_THAT(all.result.area.cell_types, Contains(Key("HA")));
  EXPECT_THAT(all.result.area.cell_types, Contains(Key("LATCH")));
  const Mapped without(text, {"?A", "LATCH"});
  for (const char* cell : {"HA", "LATCH"})
    EXPECT_THAT(without.result.area.cell_types, Not(Contains(Key(cell)))) << cell;
  EXPECT_EQ(without.timing.overloads, 0u);
  EXPECT_EQ(without.gates(), flow::Verdict::kPass);
}

// Inverted sums and states, a reset that is tied off, a latch for one phase only, and cells
// whose names Verilog would have to escape
TEST(Library, OfOddCellsMakesTheSameNetwork) {
  const Mapped odd(
      SmallLibrary(flow_test::picoseconds())
          .gate("INVx1", 1, {"A"}, {"Y", "!A"})
          .gate("BUFx2", 2, {"A"}, {"Y", "A"})
          .gate("NAND2", 2, {"A", "B"}, {"Y", "(A*B)'"})
          .gate("AND2x1", 3, {"A", "B"}, {"Y", "A B"}, 0.12)
          .gate("HAx1", 8, {"A", "B"}, {"CON", "!(A B)", "SN", "!(A^B)"})
          .gate("FAx1", 12, {"A", "B", "CI"}, {"CON", "!((A B)+(B CI)+(CI A))", "SN", "!(A^B^CI)"})
          .storage("DFFHQN", 7,
                   "ff (IQ, IQN) { next_state : \"D\"; clocked_on : CLK; clear : !RN ; }", "CLK",
                   "QN", "IQN", {"D", "RN"})
          .storage("DHLx1", 5, "latch (IQ, IQN) { data_in : \"D\"; enable : CLK; }", "CLK", "QN",
                   "IQN", {"D"})
          .gate("X[0]", 1, {"A", "B"}, {"Y", "(A*B)'"})
          .gate("NAND2p", 1, {"A[0]", "B"}, {"Y", "(A[0]*B)'"})
          .text());
  for (const char* cell : {"HAx1", "DFFHQN", "DHLx1", "NAND2"})
    EXPECT_THAT(odd.result.area.cell_types, Contains(Key(cell))) << cell;
  EXPECT_EQ(odd.gates(), flow::Verdict::kPass);
}

}  // namespace
