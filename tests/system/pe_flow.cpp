// A PE alone, through the ASIC flow: its area, and its netlist against its emulation.
#include <gtest/gtest.h>

#include "app/run_directory.hpp"
#include "app/unit_job.hpp"
#include "base/error.hpp"
#include "base/files.hpp"
#include "rig.hpp"

namespace {

config::Spec parallel_pe(int size) {
  config::Spec spec;
  spec.pe.rows = size;
  spec.pe.cols = size;
  spec.pe.crossbar = config::Crossbar::kParallel;
  return spec;
}

double synthesised_area(const config::Spec& spec, const std::filesystem::path& folder) {
  base::Progress progress(2, stderr, true);
  base::StagedDirectory out = app::output_directory(folder, {}, true);
  app::generate_unit(units::kind_of("pe"), {}, spec, out);
  app::synthesise(folder, app::read_manifest(folder), progress);
  return app::read_metrics(folder)["synthesis"]["asic"]["area"]["area_um2"];
}

void simulate_gates(const std::filesystem::path& folder) {
  base::Progress progress(1, stderr, true);
  app::SimulateOptions options;
  options.directory = folder;
  options.level = "gate";
  app::simulate_unit(options, app::read_manifest(folder), progress);
}

TEST(PeFlow, NetlistEqualsEmulationAndAWrongOneDoesNot) {
  const auto folder = test::fresh_folder("pe_gate");
  EXPECT_NEAR(synthesised_area(parallel_pe(8), folder), 191112.0, 0.03 * 191112);
  EXPECT_EQ(app::read_metrics(folder)["synthesis"]["asic"]["timing"]["overloads"], 0);
  EXPECT_NO_THROW(simulate_gates(folder));
  const auto netlist = folder / "build" / "asic" / "netlist.v";
  std::string text = base::read_file(netlist);
  const std::size_t adder = text.find("  FAX1 ");
  ASSERT_NE(adder, std::string::npos);
  const std::size_t carry = text.find(".YC(", adder);
  const std::size_t sum = text.find(".YS(", adder);
  text.replace(carry, 4, ".YS(").replace(sum, 4, ".YC(");
  base::write_file(netlist, text);
  EXPECT_THROW(simulate_gates(folder), base::Error);
}

TEST(PeFlow, AreaOfAParallelPe) {
  EXPECT_NEAR(synthesised_area(parallel_pe(16), test::fresh_folder("pe_area")), 596984.0,
              0.03 * 596984);
}

// Loadable weights, exact neurons, all buffers: at most 2,000 um2 a synapse, no output overloaded.
TEST(PeFlow, ASynapseOfAParallelPeIsSmall) {
  const auto folder = test::fresh_folder("pe_synapse");
  EXPECT_LE(synthesised_area(parallel_pe(32), folder), 2000.0 * 32 * 32);
  const auto timing = app::read_metrics(folder)["synthesis"]["asic"]["timing"];
  EXPECT_EQ(timing["overloads"], 0);
  EXPECT_GT(timing["fmax_mhz"], 65.0);
}

}  // namespace
