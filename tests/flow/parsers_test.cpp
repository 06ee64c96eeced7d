// What the tools print, read back: the files in data/ are their real outputs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "fixtures.hpp"
#include "flow/area.hpp"
#include "flow/bench.hpp"
#include "flow/doctor.hpp"
#include "flow/icarus.hpp"
#include "flow/json.hpp"
#include "flow/lint.hpp"
#include "flow/nextpnr.hpp"
#include "flow/opensta.hpp"
#include "flow/simulation.hpp"
#include "flow/technology.hpp"

namespace {

using base::Code;
using flow_test::fault_of;
using flow_test::text;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;
using testing::UnorderedElementsAre;

TEST(Area, LefCellsAreWidthTimesHeight) {
  EXPECT_THAT(flow::lef_areas(text("cells.lef"), "cells.lef"),
              UnorderedElementsAre(Pair("OAI21X1", 32.0), Pair("DFFPOSX1", 96.0)));
}

TEST(Area, LefBesideTheLibraryHasItsStem) {
  const std::filesystem::path lef = flow_test::data("cells.lef");
  EXPECT_EQ(flow::lef_beside(flow_test::data("cells.lib")), lef);
  EXPECT_EQ(flow::lef_beside(flow_test::data("cells.lib.gz")), lef);
  EXPECT_EQ(flow::lef_beside(flow_test::data("other.lib")), "");
}

TEST(Area, FileWithoutCellsIsAnError) {
  const base::Fault fault = fault_of([] { flow::lef_areas("VERSION 5.4 ;", "empty.lef"); });
  EXPECT_EQ(fault.code, Code::kToolOutput);
  EXPECT_EQ(fault.where, "empty.lef");
}

TEST(Area, ModuleNamesForPeople) {
  EXPECT_EQ(flow::readable_module("\\fpsa_top"), "fpsa_top");
  EXPECT_EQ(flow::readable_module("DFFPOSX1"), "DFFPOSX1");
  EXPECT_EQ(flow::readable_module("\\$paramod\\leaf\\W=s32'00000000000000000000000000000100"),
            "leaf(W=4)");
  EXPECT_EQ(flow::readable_module("$_DFF_P_"), "$_DFF_P_");
  EXPECT_EQ(flow::readable_module("$paramod\\leaf\\W=s32'00000000000000000000000000000100\\N=1'1"),
            "leaf(W=4,N=1)");
  EXPECT_EQ(flow::readable_module("$paramod\\leaf\\W=s32'11111111111111111111111111111110"),
            "leaf(W=-2)");
  EXPECT_EQ(flow::readable_module("$paramod$00112233445566778899aabbccddeeff00112233\\fpsa_pe"),
            "fpsa_pe#00112233");
}

flow::AreaSources osu_like() {
  return {{{"DFFPOSX1", 96.0}, {"INVX1", 16.0}, {"AND2X1", 32.0}}, {{"fpsa_xbar_macro", 1000.0}}};
}

// By hand: top has AND2X1 x4, the macro, leaf(2) and mid x2; mid has INVX1 x4 and leaf(4) x2.
TEST(Area, AddsUpTheHierarchy) {
  const auto modules = flow::parse_stat(text("stat.json"), "stat.json");
  const flow::AreaReport report = flow::add_up(modules, "top", osu_like());
  EXPECT_EQ(report.cells, 31u);
  EXPECT_DOUBLE_EQ(report.area_um2, 18 * 96.0 + 8 * 16.0 + 4 * 32.0 + 1000.0);
  EXPECT_DOUBLE_EQ(report.blackbox_um2, 1000.0);
  EXPECT_THAT(report.cell_types,
              UnorderedElementsAre(Pair("DFFPOSX1", 18), Pair("INVX1", 8), Pair("AND2X1", 4),
                                   Pair("fpsa_xbar_macro", 1)));
  const double total = report.area_um2;
  EXPECT_THAT(report.modules,
              ElementsAre(flow::ModuleArea{"leaf(W=4)", 4, 4, 1536.0, 1536.0 / total},
                          flow::ModuleArea{"top", 1, 5, 1128.0, 1128.0 / total},
                          flow::ModuleArea{"leaf(W=2)", 1, 2, 192.0, 192.0 / total},
                          flow::ModuleArea{"mid", 2, 4, 128.0, 128.0 / total}));
}

TEST(Area, SharesAreOfCellsWhereNothingHasAnArea) {
  const auto modules = flow::parse_stat(text("stat.json"), "stat.json");
  const flow::AreaReport report = flow::add_up(modules, "top", {});
  EXPECT_DOUBLE_EQ(report.area_um2, 0.0);
  EXPECT_EQ(report.modules.front().module, "leaf(W=4)");
  EXPECT_DOUBLE_EQ(report.modules.front().share, 16.0 / 31.0);
}

TEST(Area, EveryCellWithoutAreaIsNamed) {
  const auto modules = flow::parse_stat(text("stat.json"), "stat.json");
  const base::Fault fault = fault_of([&] {
    flow::add_up(modules, "top", {{{"DFFPOSX1", 96.0}}, {}});
  });
  EXPECT_EQ(fault.code, Code::kCellWithoutArea);
  EXPECT_EQ(fault.what, "no area is known for AND2X1 INVX1 fpsa_xbar_macro");
}

TEST(Area, UnknownTopAndBrokenJsonAreErrors) {
  const auto modules = flow::parse_stat(text("stat.json"), "stat.json");
  EXPECT_EQ(fault_of([&] { flow::add_up(modules, "nobody", {}); }).code, Code::kToolOutput);
  const base::Fault fault = fault_of([] { flow::parse_stat("ERROR: no design", "stat.json"); });
  EXPECT_EQ(fault.code, Code::kToolOutput);
  EXPECT_EQ(fault.where, "stat.json");
}

TEST(Area, MemoryBitsCountEveryInstance) {
  std::map<std::string, flow::ModuleStat> modules;
  modules["top"].cells = {{"bank", 3}};
  modules["bank"].memory_bits = 512;
  EXPECT_THAT(flow::memory_bits(modules, "top"), UnorderedElementsAre(Pair("bank", 1536)));
}

TEST(Area, BlackBoxesByTheirParameters) {
  const std::string json =
      R"({"modules": {"top": {"cells": {
        "a": {"type": "box", "parameters": {"Rows": "00000000000000000000000000001000",
                                            "File": "w.mem"}},
        "b": {"type": "box", "parameters": {"Rows": "00000000000000000000000000000100"}}}}}})";
  std::map<std::string, flow::ModuleStat> modules = {
      {"top", {.cells = {{"box", 2}, {"AND2X1", 3}}, .memory_bits = 0}}};
  const auto boxes = flow::name_blackboxes(modules, json, {"box"}, "boxes.json");
  EXPECT_THAT(boxes,
              UnorderedElementsAre(Pair("box(Rows=8)", flow::BlackBox{"box", {{"Rows", 8}}}),
                                   Pair("box(Rows=4)", flow::BlackBox{"box", {{"Rows", 4}}})));
  EXPECT_THAT(
      modules.at("top").cells,
      UnorderedElementsAre(Pair("box(Rows=8)", 1u), Pair("box(Rows=4)", 1u), Pair("AND2X1", 3u)));
  EXPECT_EQ(fault_of([&] { flow::name_blackboxes(modules, "{}", {"box"}, "b.json"); }).code,
            Code::kToolOutput);
}

TEST(Technology, CrossbarAreaAndWhatItRestsOn) {
  const auto technology =
      flow::Technology::read(std::filesystem::path(FPSA_SOURCE_DIR) / "constraints", "45nm");
  // 8 arrays of 131,072 cells of 4 F^2, F = 45 nm
  EXPECT_NEAR(technology.crossbar_area(256, 256, true), 8 * 1061.6832, 1e-6);
  EXPECT_NEAR(technology.crossbar_area(8, 4, false) * 2, technology.crossbar_area(8, 4, true),
              1e-6);
  ASSERT_EQ(technology.assumed().size(), 4u);
  for (const flow::Figure& figure : technology.assumed()) {
    EXPECT_NE(figure.source, "") << figure.name;
    EXPECT_NE(figure.mark, "") << figure.name;
  }
  EXPECT_NEAR(technology.memory_area(16384), 5421.9, 1e-6);
  ASSERT_EQ(technology.assumed_of_memories().size(), 2u);
  ASSERT_EQ(technology.of_fabrics().size(), 16u);
  EXPECT_EQ(technology.of_fabrics().at("lut").value, 261);
  EXPECT_EQ(technology.of_fabrics().at("wire_capacitance").unit, "fF a tile");
  const base::Fault fault = fault_of([] { flow::Technology("", "none.toml"); });
  EXPECT_EQ(fault.code, Code::kBadText);
  EXPECT_THAT(fault.what, HasSubstr("crossbar.feature_size"));
}

TEST(OpenSta, WorstPathAndPower) {
  const flow::StaResult result = flow::parse_sta(text("opensta.log"), "opensta.log");
  EXPECT_EQ(result.path_from, "spike_i[1]");
  EXPECT_EQ(result.path_to, "u_neurons/gen_column[0].u_neuron/_48_/D");
  EXPECT_DOUBLE_EQ(result.slack_ns, 0.8052261);
  EXPECT_DOUBLE_EQ(result.hold_slack_ns, 0.1032103);
  EXPECT_DOUBLE_EQ(result.tns_ns, 0.0);
  EXPECT_EQ(result.untimed_cells, 3u);
  EXPECT_EQ(result.overloads, 2u);
  EXPECT_DOUBLE_EQ(result.fmax_mhz, 108.757);
  EXPECT_DOUBLE_EQ(result.internal_w, 4.860416e-02);
  EXPECT_DOUBLE_EQ(result.switching_w, 1.071152e-02);
  EXPECT_DOUBLE_EQ(result.leakage_w, 3.813199e-07);
  EXPECT_DOUBLE_EQ(result.total_w, 5.931607e-02);
}

TEST(OpenSta, AbsentPartIsNamed) {
  const auto what_of = [](const std::string& log) {
    const base::Fault fault = fault_of([&] { flow::parse_sta(log, "sta.log"); });
    EXPECT_EQ(fault.code, Code::kToolOutput);
    EXPECT_EQ(fault.where, "sta.log");
    return fault.what;
  };
  EXPECT_EQ(what_of("No paths found.\n"), "OpenSTA reported no worst path");
  std::string log = text("opensta.log");
  log.erase(log.find("\nTotal "));
  EXPECT_EQ(what_of(log), "OpenSTA reported no power");
}

TEST(Nextpnr, FmaxAndUtilisation) {
  const flow::PnrResult result = flow::parse_pnr(text("nextpnr.json"), "hx8k", "nextpnr.json");
  EXPECT_NEAR(result.fmax_mhz, 89.5576, 1e-3);
  EXPECT_EQ(result.utilisation.at("ICESTORM_LC"), (flow::Utilisation{639, 7680}));
  EXPECT_EQ(result.utilisation.at("SB_IO"), (flow::Utilisation{170, 256}));
  EXPECT_EQ(fault_of([] { flow::parse_pnr("{}", "hx8k", "r.json"); }).code, Code::kToolOutput);
}

TEST(Lint, OneMessageALineAndNoSummary) {
  const std::string verilator =
      "%Warning-WIDTH: a.v:3:10: Operator ASSIGN expects 2 bits\n"
      "                        : ... In instance top\n    3 | assign a = b;\n"
      "%Error: Exiting due to 1 warning(s)\n";
  EXPECT_THAT(flow::parse_lint("verilator", verilator),
              ElementsAre(flow::LintMessage{
                  "verilator", "%Warning-WIDTH: a.v:3:10: Operator ASSIGN expects 2 bits"}));
  EXPECT_THAT(
      flow::parse_lint("iverilog", "rtl/a.v:3: warning: implicit wire\nrtl/a.v:4: error: x\n"),
      testing::SizeIs(2));
  EXPECT_THAT(flow::parse_lint("yosys", "Warning: Wire top.\\a is used but has no driver.\nok\n"),
              testing::SizeIs(1));
  EXPECT_THAT(flow::parse_lint("yosys", "Found and reported 0 problems.\n"), testing::IsEmpty());
}

TEST(Bench, VerdictIsNeverGuessed) {
  EXPECT_TRUE(flow::parse_bench("noise\nPASS 40 values\n", "log").pass);
  const flow::BenchResult both = flow::parse_bench("MISMATCH col 3\nPASS\n", "log");
  EXPECT_FALSE(both.pass);
  EXPECT_THAT(both.mismatches, ElementsAre("MISMATCH col 3"));
  EXPECT_EQ(fault_of([] { flow::parse_bench("$finish called\n", "bench.log"); }).code,
            Code::kToolOutput);
}

TEST(Bench, TimeoutIsAHang) {
  const flow::BenchResult hung = flow::parse_bench("TIMEOUT sent=3 received=0\n", "log");
  EXPECT_FALSE(hung.pass);
  const base::Fault fault = fault_of([&] { flow::require_pass(hung); });
  EXPECT_EQ(fault.code, Code::kSimulationHang);
  EXPECT_EQ(fault.what, "TIMEOUT sent=3 received=0");
}

TEST(Icarus, MismatchingBeatNamesItsElement) {
  const flow::BenchResult bench = flow::parse_bench(
      "MISMATCH sample=2 beat=1 expected=007000305 actual=00700x305 valid=1\n", "log");
  const flow::SimulationResult result = flow::read_verdict(bench, {4, 1});
  EXPECT_EQ(result.verdict, flow::Verdict::kMismatch);
  ASSERT_TRUE(result.first_mismatch);
  EXPECT_EQ(result.first_mismatch->element, 5u);
  EXPECT_EQ(result.first_mismatch->text,
            "layer output stream, element 5, sample 2: expected value 0x03, the design has 0xx3");
}

TEST(Icarus, AMismatchIsOfOneOfSeveralOutputs) {
  const flow::BenchResult bench = flow::parse_bench(
      "MISMATCH sample=2 beat=1 expected=007000305 actual=007000205 valid=1\n", "log");
  const flow::SimulationResult result =
      flow::read_verdict(bench, {4, 1, {{"left", 3}, {"right", 5}}});
  EXPECT_EQ(result.first_mismatch->layer, "output right");
  EXPECT_EQ(result.first_mismatch->element, 2u);
  EXPECT_EQ(result.first_mismatch->text,
            "layer output right, element 2, sample 2: expected value 0x03, the design has 0x02");
}

TEST(Icarus, PassLineFillsTheCounters) {
  const flow::BenchResult bench =
      flow::parse_bench("PASS samples=20 compared=60 cycles=158 windows=20 ceilings=7\n", "log");
  const flow::SimulationResult result = flow::read_verdict(bench, {4, 1});
  EXPECT_EQ(result.verdict, flow::Verdict::kPass);
  EXPECT_EQ(result.samples, 20u);
  EXPECT_EQ(result.outputs_compared, 240u);
  EXPECT_EQ(result.counters, (flow::Counters{158, 20, 20, 7}));
  EXPECT_EQ(
      fault_of([] { flow::read_verdict(flow::parse_bench("PASS samples=1\n", "log"), {}); }).code,
      Code::kToolOutput);
}

TEST(Bench, MismatchesBecomeFaults) {
  const flow::BenchResult bad = flow::parse_bench("MISMATCH col 3\n", "log");
  const base::Fault fault = fault_of([&] { flow::require_pass(bad); });
  EXPECT_EQ(fault.code, Code::kMismatch);
  EXPECT_EQ(fault.what, "MISMATCH col 3");
  EXPECT_NO_THROW(flow::require_pass(flow::parse_bench("PASS\n", "log")));
}

TEST(Simulation, ForeignResultsAreRefused) {
  const base::Fault fault =
      fault_of([] { flow::parse_results(R"({"schema_version": 2})", "results.json"); });
  EXPECT_EQ(fault.code, Code::kToolOutput);
  EXPECT_THAT(fault.what, HasSubstr("schema_version is not 1"));
  EXPECT_EQ(fault_of([] { flow::parse_results("{", "results.json"); }).code, Code::kToolOutput);
}

TEST(Simulation, OutputsAreOneStreamOrAList) {
  const auto outputs = [](const std::string& json) {
    return flow::parse_results(
        R"({"schema_version": 1, "verdict": "pass", "samples": 1, "samples_requested": 1,
            "cycles": 9, "latency_cycles": null, "cycles_per_sample": null, "activity": 0,
            "seconds": 0, "counters": null, "layers": [], "first_mismatch": null, "faults": [],
            "hang": null, "outputs": )" +
            json + "}",
        "results.json");
  };
  const flow::SimulationResult one = outputs(R"({"compared": 12, "mismatches": 3})");
  EXPECT_EQ(one.outputs_compared, 12u);
  EXPECT_EQ(one.output_mismatches, 3u);
  EXPECT_TRUE(one.outputs.empty());
  EXPECT_FALSE(nlohmann::json(one).contains("outputs"));
  const flow::SimulationResult two = outputs(
      R"([{"name": "a", "lanes": 3, "compared": 12, "mismatches": 0},
          {"name": "b", "lanes": 1, "compared": 4, "mismatches": 2}])");
  EXPECT_EQ(two.outputs, (std::vector<flow::OutputResult>{{"a", 3, 12, 0}, {"b", 1, 4, 2}}));
  EXPECT_EQ(two.outputs_compared, 16u);
  EXPECT_EQ(two.output_mismatches, 2u);
  EXPECT_EQ(nlohmann::json(two).at("outputs").at(1).at("mismatches"), 2);
}

TEST(Simulation, HangIsItsOwnFault) {
  flow::SimulationResult result;
  result.verdict = flow::Verdict::kTimeout;
  result.samples = 2;
  result.samples_requested = 20;
  result.hang = "nothing moved for 1000 clocks";
  const base::Fault fault = fault_of([&] { flow::require_match(result); });
  EXPECT_EQ(fault.code, Code::kSimulationHang);
  EXPECT_EQ(fault.what,
            "the design stopped moving after 2 of 20 samples; nothing moved for 1000 clocks");
}

TEST(Json, AbsentFiguresAreNull) {
  flow::SimulationResult result;
  result.simulator = "verilator";
  const nlohmann::json json = result;
  EXPECT_TRUE(json.at("latency_cycles").is_null());
  EXPECT_TRUE(json.at("first_mismatch").is_null());
  EXPECT_EQ(json.at("verdict"), "pass");
}

TEST(Doctor, VersionsAreReadAndCompared) {
  EXPECT_EQ(flow::version_in("Verilator 5.006 2023-01-22 rev"), "5.006");
  EXPECT_EQ(flow::version_in("Yosys 0.23 (git sha1 7ce5011c24b)"), "0.23");
  EXPECT_EQ(flow::version_in("nextpnr-ice40 -- Next Generation (Version 0.4-1+b1)"), "0.4");
  EXPECT_EQ(flow::version_in("no number"), "");
  EXPECT_TRUE(flow::at_least("2.0.17", "2.0.9"));
  EXPECT_TRUE(flow::at_least("5.006", "5.6"));
  EXPECT_TRUE(flow::at_least("12", "11.9"));
  EXPECT_FALSE(flow::at_least("4.9", "4.10"));
  EXPECT_FALSE(flow::at_least("", "0.1"));
}

}  // namespace
