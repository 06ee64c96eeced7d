// Tools that are missing, that fail, and that never end.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "fixtures.hpp"
#include "flow/bench.hpp"
#include "flow/doctor.hpp"
#include "flow/lint.hpp"
#include "flow/nextpnr.hpp"
#include "flow/opensta.hpp"
#include "flow/tool.hpp"
#include "flow/verilator.hpp"
#include "flow/yosys.hpp"
#include "small_library.hpp"

namespace {

namespace fs = std::filesystem;
using base::Code;
using flow_test::fault_of;
using flow_test::PathVariable;
using flow_test::TemporaryDirectory;
using testing::HasSubstr;

// A run directory with one empty module.
void make_run(const fs::path& directory) {
  base::write_file(directory / "rtl" / "design.f", "rtl/a.v\n");
  base::write_file(directory / "rtl" / "a.v", "module a;\nendmodule\n");
  base::write_file(directory / "tb" / "bench.txt", "top a\n");
}

// A program of this name that does what `script` says, alone in PATH with the system's own.
void make_tool(const fs::path& folder, const std::string& name, const std::string& script) {
  base::write_file(folder / name, "#!/bin/sh\n" + script + "\n");
  fs::permissions(folder / name, fs::perms::owner_all);
}

class MissingTool : public testing::Test {
 protected:
  MissingTool() { make_run(run_.path()); }

  void expect_missing(const std::string& package, const std::function<void()>& action) {
    const PathVariable empty("");
    const base::Fault fault = fault_of(action);
    EXPECT_EQ(fault.code, Code::kToolMissing);
    EXPECT_EQ(fault.cure, "sudo apt-get install " + package);
  }

  TemporaryDirectory run_;
};

TEST_F(MissingTool, Verilator) {
  flow::SimulationRequest request;
  request.directory = run_.path();
  expect_missing("verilator", [&] { flow::simulate_verilator(request); });
}

TEST_F(MissingTool, Icarus) {
  flow::BenchRequest request;
  request.directory = run_.path();
  request.name = "unit";
  expect_missing("iverilog", [&] { flow::run_bench(request); });
}

TEST_F(MissingTool, Yosys) {
  flow::SynthRequest request;
  request.directory = run_.path();
  request.top = "a";
  request.scripts = fs::path(FPSA_SOURCE_DIR) / "flows";
  request.liberty = {run_.path() / "cells.lib"};
  base::write_file(request.liberty[0], flow_test::small_library());
  expect_missing("yosys", [&] { flow::synthesize(request); });
}

TEST_F(MissingTool, OpenSta) {
  flow::StaRequest request;
  request.directory = run_.path();
  request.scripts = fs::path(FPSA_SOURCE_DIR) / "flows";
  expect_missing("opensta", [&] { flow::analyse_timing(request); });
}

TEST_F(MissingTool, Nextpnr) {
  flow::PnrRequest request;
  request.directory = run_.path();
  expect_missing("nextpnr-ice40", [&] { flow::place_and_route(request); });
}

TEST_F(MissingTool, Lint) {
  expect_missing("verilator", [&] { flow::lint(run_.path(), "a"); });
}

TEST(Doctor, NamesWhatIsMissingAndHowToInstallIt) {
  const PathVariable empty("");
  const std::vector<flow::ToolStatus> tools = flow::examine_tools();
  const auto yosys = std::find_if(tools.begin(), tools.end(),
                                  [](const auto& tool) { return tool.name == "yosys"; });
  ASSERT_NE(yosys, tools.end());
  EXPECT_FALSE(yosys->usable());
  EXPECT_EQ(yosys->path, "");
  EXPECT_EQ(yosys->install, "sudo apt-get install yosys");
  for (const flow::ToolStatus& tool : tools) EXPECT_NE(tool.package, "") << tool.name;
}

TEST(Doctor, AToolThatCannotDoItIsNotUsable) {
  const TemporaryDirectory folder;
  make_tool(folder.path(), "yosys", "echo Yosys 0.30; echo No such command");
  const PathVariable only(folder.path().string());
  for (const flow::ToolStatus& tool : flow::examine_tools()) {
    if (tool.name != "yosys") continue;
    EXPECT_TRUE(tool.recent);
    EXPECT_EQ(tool.version, "0.30");
    EXPECT_FALSE(tool.usable());
  }
}

TEST(Directory, AnythingElseIsRefused) {
  const TemporaryDirectory empty;
  flow::SimulationRequest request;
  request.directory = empty.path();
  EXPECT_EQ(fault_of([&] { flow::simulate_verilator(request); }).code, Code::kNotARunDirectory);
  EXPECT_EQ(fault_of([&] { flow::design_files(empty.path()); }).code, Code::kNotARunDirectory);
  EXPECT_EQ(fault_of([&] { flow::lint(empty.path(), "a"); }).code, Code::kNotARunDirectory);
}

class FailingTool : public testing::Test {
 protected:
  FailingTool() : path_(folder_.path().string() + ":/usr/bin:/bin") { make_run(folder_.path()); }

  flow::ToolCommand command(const std::string& name) const {
    flow::ToolCommand result;
    result.argv = {name};
    result.environment = {{"FPSA_TOP", "a b"}};
    result.directory = folder_.path();
    result.log = folder_.path() / "reports" / "tool.log";
    return result;
  }

  TemporaryDirectory folder_;
  PathVariable path_;
};

TEST_F(FailingTool, SaysWithWhichLines) {
  make_tool(folder_.path(), "frob", "echo reading; echo 'ERROR: no such cell'; exit 3");
  const base::Fault fault = fault_of([&] { flow::run_tool(command("frob")); });
  EXPECT_EQ(fault.code, Code::kToolFailed);
  EXPECT_THAT(fault.what, HasSubstr("ended with status 3"));
  EXPECT_THAT(fault.what, HasSubstr("ERROR: no such cell"));
  EXPECT_THAT(fault.where, HasSubstr("reports/tool.log"));
}

TEST_F(FailingTool, KnownFailuresComeWithTheirCure) {
  make_tool(folder_.path(), "frob", "echo \"ERROR: Can't open ABC output file\"; exit 1");
  const base::Fault fault = fault_of([&] { flow::run_tool(command("frob")); });
  EXPECT_EQ(fault.code, Code::kToolFailed);
  EXPECT_THAT(fault.cure, HasSubstr("no buffer or inverter cell in the Liberty file"));
  EXPECT_THAT(flow::known_cure("fatal error: x.o: No space left on device"),
              HasSubstr("make room on the disk"));
  EXPECT_EQ(flow::known_cure("all is well"), "");
}

TEST_F(FailingTool, IsCalledByItsOwnName) {
  make_tool(folder_.path(), "frob", "exit 3");
  EXPECT_THAT(fault_of([&] { flow::run_tool(command("frob")); }).what,
              testing::StartsWith("frob ended with status 3"));
}

TEST_F(FailingTool, AMakeThatDoesNothingIsNotBelieved) {
  make_tool(folder_.path(), "make", "exit 0");
  make_tool(folder_.path(), "verilator", "exit 0");
  flow::SimulationRequest request;
  request.directory = folder_.path();
  const base::Fault fault = fault_of([&] { flow::simulate_verilator(request); });
  EXPECT_EQ(fault.code, Code::kToolOutput);
  EXPECT_THAT(fault.where, HasSubstr("build/verilator/Vtop"));
}

TEST_F(FailingTool, ReceivesItsEnvironmentAndAFreshLog) {
  make_tool(folder_.path(), "frob", "echo \"[$FPSA_TOP]\"");
  EXPECT_EQ(flow::run_tool(command("frob")), "[a b]\n");
  EXPECT_EQ(flow::run_tool(command("frob")), "[a b]\n");
}

TEST_F(FailingTool, IsStoppedAtItsTimeLimit) {
  make_tool(folder_.path(), "frob", "sleep 30");
  flow::ToolCommand slow = command("frob");
  slow.timeout = std::chrono::seconds(1);
  EXPECT_EQ(fault_of([&] { flow::run_tool(slow); }).code, Code::kToolTimeout);
  int status = 0;
  EXPECT_EQ(fault_of([&] { flow::run_tool(slow, status); }).code, Code::kToolTimeout);
}

TEST_F(FailingTool, NextpnrThatIsTooSmallIsNoFailure) {
  base::write_file(folder_.path() / "log", flow_test::text("nextpnr_full.log"));
  make_tool(folder_.path(), "nextpnr-ice40", "cat log; exit 255");
  flow::PnrRequest request;
  request.directory = folder_.path();
  request.device = "lp384";
  request.package = "qn32";
  const base::Fault fault = fault_of([&] { flow::place_and_route(request); });
  EXPECT_EQ(fault.code, Code::kDoesNotFit);
  EXPECT_EQ(
      fault.what,
      "the design does not fit an iCE40 lp384 in qn32; 641 of 384 ICESTORM_LC; 170 of 56 SB_IO");
}

TEST_F(FailingTool, NextpnrErrorIsQuoted) {
  make_tool(folder_.path(), "nextpnr-ice40", "echo 'ERROR: cell type is unsupported'; exit 255");
  flow::PnrRequest request;
  request.directory = folder_.path();
  const base::Fault fault = fault_of([&] { flow::place_and_route(request); });
  EXPECT_EQ(fault.code, Code::kToolFailed);
  EXPECT_EQ(fault.what, "nextpnr-ice40: ERROR: cell type is unsupported");
}

// Stands still unless it is given seed `good`, and then writes a report.
void make_slow_placer(const fs::path& folder, int good) {
  base::write_file(folder / "report", flow_test::text("nextpnr.json"));
  make_tool(folder, "nextpnr-ice40",
            fmt::format("echo started\n"
                        "case \"$*\" in *'--seed {} '*) cp report reports/nextpnr.json;;\n"
                        "*) exec sleep 60;; esac",
                        good));
}

TEST_F(FailingTool, NextpnrThatStandsStillTakesTheNextSeed) {
  make_slow_placer(folder_.path(), 2);
  const flow::PnrRequest request{.directory = folder_.path(), .silence = std::chrono::seconds(1)};
  EXPECT_EQ(flow::place_and_route(request).seed, 2U);
}

TEST_F(FailingTool, NextpnrThatStandsStillWithEverySeedIsGivenUp) {
  make_slow_placer(folder_.path(), 5);
  const flow::PnrRequest request{.directory = folder_.path(), .silence = std::chrono::seconds(0)};
  const base::Fault fault = fault_of([&] { flow::place_and_route(request); });
  EXPECT_EQ(fault.code, Code::kToolTimeout);
  EXPECT_EQ(fault.what, "nextpnr-ice40 stood still for 0 s with each of 4 seeds");
  EXPECT_NE(fault.cure, "");
}

TEST_F(FailingTool, LintThatDiesSilentlyIsNotClean) {
  make_tool(folder_.path(), "verilator", "exit 1");
  EXPECT_EQ(fault_of([&] { flow::lint(folder_.path(), "a"); }).code, Code::kToolFailed);
}

TEST_F(FailingTool, BenchThatDoesNotCompile) {
  make_tool(folder_.path(), "iverilog", "echo 'bench.v:1: syntax error'; exit 1");
  flow::BenchRequest request;
  request.directory = folder_.path();
  request.name = "unit";
  const base::Fault fault = fault_of([&] { flow::run_bench(request); });
  EXPECT_EQ(fault.code, Code::kToolFailed);
  EXPECT_THAT(fault.what, HasSubstr("bench.v:1: syntax error"));
}

TEST_F(FailingTool, BenchThatEndsBadlyAfterPassDidNotPass) {
  make_tool(folder_.path(), "iverilog", "while [ \"$1\" != -o ]; do shift; done; : > \"$2\"");
  make_tool(folder_.path(), "vvp", "echo PASS; exit 1");
  flow::BenchRequest request;
  request.directory = folder_.path();
  request.name = "unit";
  EXPECT_EQ(fault_of([&] { flow::run_bench(request); }).code, Code::kToolFailed);
}

TEST_F(FailingTool, OutputsOfAnEarlierRunDoNotPassForItsOwn) {
  flow::ToolCommand command = this->command("frob");
  command.outputs = {"build/netlist"};
  make_tool(folder_.path(), "frob", "mkdir -p build; echo new > build/netlist");
  flow::run_tool(command);
  make_tool(folder_.path(), "frob", "exit 0");
  int status = 0;
  for (const auto& run : std::vector<std::function<void()>>{
           [&] { flow::run_tool(command); }, [&] { flow::run_tool(command, status); }}) {
    base::write_file(folder_.path() / "build/netlist", "yesterday's");
    const base::Fault fault = fault_of(run);
    EXPECT_EQ(fault.code, Code::kToolOutput);
    EXPECT_EQ(fault.what, "frob ended with status 0 and did not write build/netlist");
    EXPECT_FALSE(fs::exists(folder_.path() / "build/netlist"));
  }
  make_tool(folder_.path(), "frob", "exit 3");
  EXPECT_NO_THROW(flow::run_tool(command, status));
  EXPECT_EQ(status, 3);
}

TEST_F(MissingTool, Compiler) {
  expect_missing("g++", [&] { flow::require_compiler(); });
}

// A run directory with the bench's own Makefile and a Verilator that counts its runs.
class Freshness : public FailingTool {
 protected:
  Freshness() {
    base::write_file(folder_.path() / "rtl/design.f", "rtl/a.v\n");
    for (const char* file : {"probes.vlt", "a.cpp", "a.hpp", "a.v"})
      base::write_file(folder_.path() / "tb" / file, "");
    base::write_file(folder_.path() / "tb/Makefile",
                     base::read_file(fs::path(FPSA_SOURCE_DIR) / "tb/Makefile"));
    set_verilator("1", "printf '#!/bin/sh\\n' > Vtop; chmod +x Vtop");
  }

  void set_verilator(const std::string& version, const std::string& script) {
    make_tool(folder_.path(), "verilator",
              "[ \"$1\" = --version ] && echo " + version + " && exit 0\necho run >> ../../runs\n" +
                  script);
  }

  // Runs of Verilator so far, after one more make.
  long runs() {
    flow::run_tool({.argv = {"make", "build"},
                    .directory = folder_.path() / "tb",
                    .log = folder_.path() / "make.log"});
    const std::string text = base::read_file(folder_.path() / "runs");
    return std::count(text.begin(), text.end(), '\n');
  }
};

TEST_F(Freshness, IsOfContentNotOfTimes) {
  const fs::path rtl = folder_.path() / "rtl/a.v";
  EXPECT_EQ(runs(), 1);
  EXPECT_EQ(runs(), 1);
  const auto now = fs::file_time_type::clock::now();
  fs::last_write_time(rtl, now + std::chrono::hours(1));
  EXPECT_EQ(runs(), 1) << "touched";
  base::write_file(rtl, "module a; wire changed; endmodule\n");
  fs::last_write_time(rtl, now - std::chrono::hours(1000));
  EXPECT_EQ(runs(), 2) << "changed, with an old time";
  fs::remove(folder_.path() / "build/verilator/Vtop");
  EXPECT_EQ(runs(), 3) << "the model is gone";
  set_verilator("2", "printf '#!/bin/sh\\n' > Vtop; chmod +x Vtop");
  EXPECT_EQ(runs(), 4) << "another Verilator";
  EXPECT_EQ(runs(), 4);
}

TEST_F(Freshness, AVerilatorThatDoesNothingIsNotBelieved) {
  EXPECT_EQ(runs(), 1);
  base::write_file(folder_.path() / "rtl/a.v", "module a; wire changed; endmodule\n");
  set_verilator("1", "exit 0");
  const base::Fault fault = fault_of([&] { runs(); });
  EXPECT_EQ(fault.code, Code::kToolFailed);
  EXPECT_THAT(fault.what, HasSubstr("ended well and wrote no build/verilator/Vtop"));
  EXPECT_FALSE(fs::exists(folder_.path() / "build/verilator/Vtop"));
}

}  // namespace
