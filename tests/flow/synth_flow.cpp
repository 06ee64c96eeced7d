// Lint, synthesis, place and route of the toy network with the real tools.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "fixtures.hpp"
#include "flow/bench.hpp"
#include "flow/doctor.hpp"
#include "flow/icarus.hpp"
#include "flow/lint.hpp"
#include "flow/nextpnr.hpp"
#include "flow/opensta.hpp"
#include "flow/yosys.hpp"
#include "toy.hpp"

namespace {

namespace fs = std::filesystem;
using base::Code;
using flow_test::fault_of;
using testing::IsEmpty;
using testing::SizeIs;

constexpr const char* kLiberty = "/usr/share/qflow/tech/osu018/osu018_stdcells.lib";
constexpr const char* kCellModels = "/usr/share/qflow/tech/osu018/osu018_stdcells.v";
constexpr const char* kTop = "fpsa_toy_top";

class ToySynth : public testing::Test {
 protected:
  ToySynth() { flow_test::make_toy(run_.path(), 2); }

  // Takes the place of the toy.
  void use_rtl(const std::string& file) {
    base::write_file(run_.path() / "rtl" / file, flow_test::text(file));
    base::write_file(run_.path() / "rtl" / "design.f", "rtl/" + file + "\n");
  }

  flow::SynthResult synthesize(config::SynthFlow kind) {
    flow::SynthRequest request;
    request.directory = run_.path();
    request.top = kTop;
    request.flow = kind;
    request.scripts = fs::path(FPSA_SOURCE_DIR) / "flows";
    request.liberty = {kLiberty};
    return flow::synthesize(request);
  }

  flow::StaResult analyse(double clock_ns = 10) {
    flow::StaRequest request;
    request.clock_ns = clock_ns;
    request.directory = run_.path();
    request.top = kTop;
    request.scripts = fs::path(FPSA_SOURCE_DIR) / "flows";
    base::write_file(run_.path() / "constraints" / (std::string(kTop) + ".sdc"),
                     "create_clock -name clk -period $clock_ns [get_ports clk_i]\n"
                     "set_input_delay [expr {0.2 * $clock_ns}] -clock clk [all_inputs]\n");
    return flow::analyse_timing(request);
  }

  flow_test::TemporaryDirectory run_;
};

std::uint64_t count(const flow::SynthResult& result, const std::string& prefix) {
  std::uint64_t sum = 0;
  for (const auto& [type, cells] : result.area.cell_types)
    if (type.rfind(prefix, 0) == 0) sum += cells;
  return sum;
}

// The registers of the toy, counted in its source: what survives is the same for every family.
TEST_F(ToySynth, FamiliesAgreeOnTheFlipFlops) {
  const flow::SynthResult ice40 = synthesize(config::SynthFlow::kIce40);
  const flow::SynthResult ecp5 = synthesize(config::SynthFlow::kEcp5);
  const flow::SynthResult xilinx = synthesize(config::SynthFlow::kXilinx);
  const std::uint64_t flipflops = count(ice40, "SB_DFF");
  EXPECT_GT(flipflops, 350u);
  EXPECT_LT(flipflops, 450u);
  EXPECT_NEAR(static_cast<double>(count(ecp5, "TRELLIS_FF")), static_cast<double>(flipflops), 10.0);
  EXPECT_NEAR(static_cast<double>(count(xilinx, "FD")), static_cast<double>(flipflops), 10.0);
  for (const flow::SynthResult* result : {&ice40, &ecp5, &xilinx}) {
    ASSERT_THAT(result->area.modules, SizeIs(1));
    EXPECT_EQ(result->area.modules[0].module, kTop);
    EXPECT_DOUBLE_EQ(result->area.modules[0].share, 1.0);
    EXPECT_TRUE(fs::exists(result->netlist));
    EXPECT_THAT(result->warnings, IsEmpty());
  }
}

// The sum over cells and LEF sizes is what Yosys itself reckons with the corrected library.
TEST_F(ToySynth, AsicAreaTimingAndGateLevel) {
  const flow::SynthResult result = synthesize(config::SynthFlow::kAsic);
  EXPECT_THAT(result.warnings, IsEmpty());
  EXPECT_GT(count(result, "DFFPOSX1"), 350u);
  EXPECT_DOUBLE_EQ(result.area.modules.front().share, 1.0);
  const std::string report = base::read_file(run_.path() / "build" / "asic" / "stat.txt");
  const std::string words = "Chip area for module '\\fpsa_toy_top': ";
  const std::size_t at = report.find(words);
  ASSERT_NE(at, std::string::npos);
  EXPECT_NEAR(result.area.area_um2, std::stod(report.substr(at + words.size())), 0.01);

  const flow::StaResult timing = analyse();
  EXPECT_GT(timing.fmax_mhz, 50.0);
  EXPECT_LT(timing.fmax_mhz, 1000.0);
  EXPECT_NE(timing.path_from, timing.path_to);
  EXPECT_GT(timing.internal_w, 0.0);
  EXPECT_NEAR(timing.internal_w + timing.switching_w + timing.leakage_w, timing.total_w,
              0.02 * timing.total_w);

  // Two clocks have two slacks and two powers, and one fastest clock.
  const flow::StaResult slow = analyse(37);
  // A path of half a cycle to an output, a fifth outside, gains 0.3 of what the period gains.
  EXPECT_GT(slow.slack_ns, timing.slack_ns + 0.29 * 27);
  EXPECT_NEAR(slow.fmax_mhz, timing.fmax_mhz, 1e-4 * timing.fmax_mhz);
  EXPECT_EQ(slow.path_to, timing.path_to);
  EXPECT_NEAR(slow.internal_w * 37, timing.internal_w * 10, 0.01 * timing.internal_w * 10);
  EXPECT_NEAR(analyse(1000 / timing.fmax_mhz).slack_ns, 0.0, 1e-3);

  flow_test::write_verilog_bench(run_.path(), flow_test::toy_samples(2), 0);
  flow::SimulationRequest request;
  request.directory = run_.path();
  const auto gates = flow::gate_sources(kCellModels);
  EXPECT_EQ(flow::simulate_icarus(request, gates).verdict, flow::Verdict::kPass);
  flow::BenchRequest bench;
  bench.directory = run_.path();
  bench.name = "top";
  bench.top = "fpsa_tb_top";
  bench = flow::gate_level(bench, {"tb/fpsa_tb_top.v"}, kCellModels);
  EXPECT_TRUE(flow::run_bench(bench).pass);
  EXPECT_TRUE(fs::exists(run_.path() / "reports" / "top_gate_icarus.log"));
}

TEST_F(ToySynth, LatchesLendTime) {
  base::write_file(run_.path() / "rtl" / "fpsa_toy_top.v", flow_test::text("latches.v"));
  EXPECT_EQ(count(synthesize(config::SynthFlow::kAsic), "LATCH"), 16u);
  const double fmax = analyse(12).fmax_mhz;
  for (const double clock : {20.0, 9.0, 6.0, 4.0})
    EXPECT_NEAR(analyse(clock).fmax_mhz, fmax, 2e-3 * fmax) << clock;
  EXPECT_GE(analyse(1000 / fmax).slack_ns, -1e-3);
  EXPECT_LT(analyse(997 / fmax).slack_ns, 0.0);
}

TEST_F(ToySynth, ConstraintsOfOneClockOnlyAreRefused) {
  synthesize(config::SynthFlow::kAsic);
  flow::StaRequest request;
  request.directory = run_.path();
  request.top = kTop;
  request.scripts = fs::path(FPSA_SOURCE_DIR) / "flows";
  request.clock_ns = 5;
  base::write_file(run_.path() / "constraints" / (std::string(kTop) + ".sdc"),
                   "create_clock -name clk -period 10 [get_ports clk_i]\n");
  const base::Fault fault = fault_of([&] { flow::analyse_timing(request); });
  EXPECT_EQ(fault.code, Code::kToolFailed);
  EXPECT_THAT(fault.what, testing::HasSubstr("clock_ns"));
  EXPECT_THAT(fault.cure, testing::HasSubstr("$clock_ns"));
}

TEST_F(ToySynth, UnknownTopIsAToolFailureThatSaysSo) {
  flow::SynthRequest request;
  request.directory = run_.path();
  request.top = "nobody";
  request.flow = config::SynthFlow::kIce40;
  request.scripts = fs::path(FPSA_SOURCE_DIR) / "flows";
  const base::Fault fault = fault_of([&] { flow::synthesize(request); });
  EXPECT_EQ(fault.code, Code::kToolFailed);
  EXPECT_THAT(fault.what, testing::HasSubstr("nobody"));
}

TEST_F(ToySynth, LargeMemoriesAreNoticedBeforeSynthesis) {
  use_rtl("bank.v");
  flow::SynthRequest request;
  request.directory = run_.path();
  request.top = "bank";
  request.liberty = {kLiberty};
  request.scripts = fs::path(FPSA_SOURCE_DIR) / "flows";
  request.memory_limit_bits = 32768;
  EXPECT_THAT(flow::memory_warnings(request), IsEmpty());
  request.memory_limit_bits = 32767;
  EXPECT_THAT(flow::memory_warnings(request),
              testing::ElementsAre(testing::HasSubstr("the memories of bank hold 32768 bits")));
  request.flow = config::SynthFlow::kIce40;
  EXPECT_THAT(flow::memory_warnings(request), IsEmpty()) << "an FPGA has block RAM";
}

TEST_F(ToySynth, PlaceAndRoute) {
  const flow::SynthResult synth = synthesize(config::SynthFlow::kIce40);
  flow::PnrRequest request;
  request.directory = run_.path();
  const flow::PnrResult result = flow::place_and_route(request);
  EXPECT_EQ(result.device, "hx8k");
  EXPECT_GT(result.fmax_mhz, 30.0);
  EXPECT_LT(result.fmax_mhz, 400.0);
  EXPECT_GE(result.utilisation.at("ICESTORM_LC").used, count(synth, "SB_LUT4"));
  EXPECT_EQ(result.utilisation.at("ICESTORM_LC").available, 7680u);
  const flow::PnrResult again = flow::place_and_route(request);
  EXPECT_DOUBLE_EQ(again.fmax_mhz, result.fmax_mhz);
  EXPECT_EQ(again.utilisation, result.utilisation);
  request.device = "lp384";
  request.package = "qn32";
  const base::Fault fault = fault_of([&] { flow::place_and_route(request); });
  EXPECT_EQ(fault.code, Code::kDoesNotFit);
  EXPECT_THAT(fault.what, testing::HasSubstr("of 384 ICESTORM_LC"));
}

TEST_F(ToySynth, CleanDesignLintsClean) { EXPECT_THAT(flow::lint(run_.path(), kTop), IsEmpty()); }

TEST_F(ToySynth, EveryReaderFindsItsFault) {
  use_rtl("bad.v");
  std::vector<std::string> tools;
  for (const flow::LintMessage& message : flow::lint(run_.path(), "bad"))
    tools.push_back(message.tool);
  EXPECT_THAT(tools, testing::Contains("verilator"));
  EXPECT_THAT(tools, testing::Contains("yosys"));
  base::write_file(run_.path() / "rtl" / "bad.v", "module bad(;\nendmodule\n");
  tools.clear();
  for (const flow::LintMessage& message : flow::lint(run_.path(), "bad"))
    tools.push_back(message.tool);
  EXPECT_THAT(tools, testing::Contains("iverilog"));
}

// A bench of three lines under both simulators, with a parameter and a plusarg.
TEST_F(ToySynth, VerilogBenchUnderBothSimulators) {
  use_rtl("tiny_tb.v");
  for (const config::Simulator simulator :
       {config::Simulator::kIcarus, config::Simulator::kVerilator}) {
    flow::BenchRequest request;
    request.directory = run_.path();
    request.simulator = simulator;
    request.name = "tiny";
    request.top = "tiny_tb";
    request.sources = {"rtl/tiny_tb.v"};
    request.arguments = {"+n=7"};
    const flow::BenchResult good = flow::run_bench(request);
    EXPECT_TRUE(good.pass);
    EXPECT_EQ(good.verdict, "PASS 7");
    request.parameters = {{"Good", "2"}};
    const flow::BenchResult bad = flow::run_bench(request);
    EXPECT_FALSE(bad.pass);
    EXPECT_THAT(bad.mismatches, testing::ElementsAre("MISMATCH Good is 2"));
  }
}

TEST(Doctor, FindsWhatTheOtherTestsUse) {
  for (const flow::ToolStatus& tool : flow::examine_tools()) {
    if (!tool.required) continue;
    EXPECT_TRUE(tool.usable()) << tool.name << " " << tool.version;
    EXPECT_NE(tool.path, "") << tool.name;
  }
}

}  // namespace
