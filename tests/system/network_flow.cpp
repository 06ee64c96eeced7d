// A whole network through the ASIC flow: its netlist against its emulation, beat by beat.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "app/cnn_project.hpp"
#include "app/jobs.hpp"
#include "app/small_project.hpp"
#include "base/error.hpp"
#include "base/files.hpp"
#include "config/spec_io.hpp"
#include "emit/tree.hpp"
#include "flow/icarus.hpp"
#include "flow/opensta.hpp"
#include "flow/tool.hpp"
#include "flow/yosys.hpp"
#include "rig.hpp"

namespace {

namespace fs = std::filesystem;

// Two layers; the first is cut into row tiles of 4 inputs.
void write_network(const fs::path& folder, bool preset, int inputs = 6,
                   config::Crossbar crossbar = config::Crossbar::kParallel) {
  const test::NetworkShape shape{.sizes = {inputs, 4, 3}, .weight_bits = 4, .activation_bits = 3};
  const config::Pe pe{
      .rows = 4, .cols = 4, .weight_bits = 4, .activation_bits = 3, .crossbar = crossbar};
  test::build_rig(test::random_network(shape), pe,
                  {.beat_lanes = 2, .spec_hash = 0x5eed1e55, .preset_memories = preset}, folder, 4);
}

void synthesise(const fs::path& folder, const std::vector<std::string>& dont_use = {}) {
  flow::SynthRequest request;
  request.directory = folder;
  request.top = "fpsa_top";
  request.scripts = fs::path(FPSA_SOURCE_DIR) / "flows";
  request.liberty = {"/usr/share/qflow/tech/osu018/osu018_stdcells.lib"};
  request.dont_use = dont_use;
  flow::synthesize(request);
}

flow::SimulationResult simulate_gates(const fs::path& folder) {
  flow::SimulationRequest request;
  request.directory = folder;
  request.idle = 0.3;
  request.backpressure = 0.3;
  return flow::simulate_icarus(request, flow::gate_sources("build/asic/cells.v"));
}

flow::StaResult analyse(const fs::path& folder) {
  flow::StaRequest request;
  request.directory = folder;
  request.top = "fpsa_top";
  request.scripts = fs::path(FPSA_SOURCE_DIR) / "flows";
  request.clock_ns = 8;
  emit::write_constraints(folder, {.top = "fpsa_top"});
  return flow::analyse_timing(request);
}

// The least slack of the lines "<group> <slack>" that OpenSTA prints for the files of `folder`,
// with no script of ours.
double slack_without_scripts(const fs::path& folder, double clock_ns) {
  base::write_file(folder / "plain.tcl", fmt::format("read_liberty build/asic/cells.lib\n"
                                                     "read_verilog build/asic/netlist.v\n"
                                                     "link_design fpsa_top\n"
                                                     "set clock_ns {}\n"
                                                     "read_sdc constraints/fpsa_top.sdc\n"
                                                     "report_checks -format slack_only -digits 6\n",
                                                     clock_ns));
  const std::string text = flow::run_tool({.argv = {"sta", "-no_splash", "-exit", "plain.tcl"},
                                           .directory = folder,
                                           .log = folder / "plain.log"});
  double least = 1e9;
  for (const std::string& line : flow::lines_of(text)) {
    std::istringstream words(line);
    std::string group;
    double slack = 0;
    if (words >> group >> slack && words.eof()) least = std::min(least, slack);
  }
  return least;
}

TEST(NetworkFlow, NetlistEqualsEmulationAndAWrongOneDoesNot) {
  const fs::path folder = test::fresh_folder("network_gate");
  write_network(folder, false);
  synthesise(folder);
  const flow::SimulationResult result = simulate_gates(folder);
  EXPECT_NO_THROW(flow::require_match(result));
  EXPECT_EQ(result.samples, 4u);
  const flow::StaResult timing = analyse(folder);
  EXPECT_EQ(timing.overloads, 0u);
  EXPECT_NEAR(slack_without_scripts(folder, 8), timing.slack_ns, 1e-4);
  EXPECT_NEAR(slack_without_scripts(folder, 1000 / timing.fmax_mhz), 0.0, 1e-3);

  // Sum and carry of one adder of a crossbar column exchanged
  const fs::path netlist = folder / "build" / "asic" / "netlist.v";
  std::string text = base::read_file(netlist);
  const std::size_t column = text.find("fpsa_column_sum (");
  ASSERT_NE(column, std::string::npos);
  const std::size_t adder = text.find("  FAX1 ", column);
  ASSERT_NE(adder, std::string::npos);
  const std::size_t carry = text.find(".YC(", adder);
  const std::size_t sum = text.find(".YS(", adder);
  text.replace(carry, 4, ".YS(").replace(sum, 4, ".YC(");
  base::write_file(netlist, text);
  EXPECT_THROW(flow::require_match(simulate_gates(folder)), base::Error);
}

// More row tiles than ticks a window: where a gate reads what was not written, ready is unknown.
TEST(NetworkFlow, NetlistOfATallSerialLayerEqualsItsEmulation) {
  const fs::path folder = test::fresh_folder("network_serial");
  write_network(folder, false, 16, config::Crossbar::kSerial);
  synthesise(folder);
  EXPECT_NO_THROW(flow::require_match(simulate_gates(folder)));
}

// What `run` and then `simulate --level gate` do; returns the metrics.
nlohmann::json down_to_gates(const config::Spec& spec, const fs::path& folder) {
  base::Progress progress(9, stderr, true);
  base::StagedDirectory out = app::output_directory(folder, {}, true);
  const app::Compiled design = app::compile_into(spec, out, progress);
  const app::Manifest manifest = app::read_manifest(folder);
  app::synthesise(folder, manifest, progress, app::start_mapping(folder, manifest));
  app::simulate_network(design, {.directory = folder, .level = "gate", .simulate = spec.simulate},
                        progress);
  return app::read_metrics(folder);
}

TEST(NetworkFlow, JobsGoFromAModelDownToItsGates) {
  const test::SmallProject project;
  config::Spec spec = config::load_spec(project / "spec.toml");
  spec.pe.crossbar = config::Crossbar::kParallel;
  spec.host.reset = config::Reset::kAsynchronous;
  const nlohmann::json metrics = down_to_gates(spec, project / "out");
  EXPECT_EQ(metrics["gate_simulation"]["samples"], 8);
  EXPECT_EQ(metrics["gate_simulation"]["output_mismatches"], 0);
  EXPECT_EQ(metrics["levels"].back()["level"], "gate");
  EXPECT_GT(metrics["synthesis"]["asic"]["timing"]["fmax_mhz"], 50.0);
  EXPECT_EQ(metrics["synthesis"]["asic"]["area"]["blackbox_um2"], 0.0);
}

// Black boxes compute what they do in the RTL, and take what the technology file says.
TEST(NetworkFlow, CrossbarsAndMemoriesMayBeMacros) {
  const test::CnnProject project;
  config::Spec spec = config::load_spec(project / "spec.toml");
  spec.synth.memories = config::Memories::kMacro;
  const nlohmann::json metrics = down_to_gates(spec, project / "out");
  EXPECT_EQ(metrics["gate_simulation"]["output_mismatches"], 0);
  const nlohmann::json& asic = metrics["synthesis"]["asic"];
  const double row_bits = 6 * 4;  // of the image; a walk of 3 x 3 holds three and more
  EXPECT_GT(asic["area"]["blackbox_um2"], 3 * row_bits * 5421.9 / 16384);
  EXPECT_EQ(asic["assumed"].size(), 6u);
  EXPECT_EQ(asic["assumed"].back()["name"], "smb.capacity");
}

// That Yosys' script stops, and the cure names `key`.
void expect_no_cells(const fs::path& folder, const std::vector<std::string>& dont_use,
                     const std::string& key) {
  try {
    synthesise(folder, dont_use);
    FAIL() << "cells for what " << key << " asks for";
  } catch (const base::Error& error) {
    EXPECT_EQ(error.faults().front().code, base::Code::kToolFailed);
    EXPECT_NE(error.faults().front().cure.find(key), std::string::npos)
        << error.faults().front().what;
  }
}

TEST(NetworkFlow, PresetWeightsHaveNoCells) {
  const fs::path folder = test::fresh_folder("network_preset");
  write_network(folder, true);
  expect_no_cells(folder, {}, "host.load");
}

TEST(NetworkFlow, AnAsynchronousResetNeedsAFlipFlopWithAClear) {
  const fs::path folder = test::fresh_folder("network_reset");
  const config::Pe pe{.rows = 2, .cols = 1, .weight_bits = 2, .activation_bits = 1};
  test::build_rig(test::random_network({.sizes = {2, 1}, .weight_bits = 2, .activation_bits = 1}),
                  pe, {.beat_lanes = 1, .asynchronous_reset = true}, folder, 1);
  expect_no_cells(folder, {"DFFSR"}, "host.reset");
}

}  // namespace
