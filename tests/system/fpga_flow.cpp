// A PE alone, through the FPGA flows: it fits, it is as fast as it was, and its mapped netlist
// equals its emulation.
#include <gtest/gtest.h>

#include "app/run_directory.hpp"
#include "app/unit_job.hpp"
#include "base/error.hpp"
#include "base/files.hpp"
#include "base/subprocess.hpp"
#include "flow/bench.hpp"
#include "printed_config.hpp"
#include "rig.hpp"

namespace {

namespace fs = std::filesystem;
using config::Crossbar;

constexpr const char* kCells = "/usr/share/yosys/ice40/cells_sim.v";

config::Spec pe(int rows, int cols, Crossbar crossbar) {
  config::Spec spec;
  spec.pe.rows = rows;
  spec.pe.cols = cols;
  spec.pe.crossbar = crossbar;
  spec.synth.flow = config::SynthFlow::kIce40;
  return spec;
}

// metrics.json's section synthesis.<flow>.
nlohmann::json synthesise(const config::Spec& spec, const fs::path& folder) {
  base::Progress progress(2, stderr, true);
  base::StagedDirectory out = app::output_directory(folder, {}, true);
  app::generate_unit(units::kind_of("pe"), {}, spec, out);
  app::synthesise(folder, app::read_manifest(folder), progress);
  return app::read_metrics(folder)["synthesis"][config::to_string(spec.synth.flow)];
}

double used(const nlohmann::json& synthesis, const std::string& kind) {
  return synthesis["place_and_route"]["utilisation"][kind]["used"];
}

bool bench_passes(const fs::path& folder) {
  flow::BenchRequest request{.directory = folder,
                             .name = "ice40",
                             .top = "fpsa_tb_pe",
                             .sources = {"tb/fpsa_tb_pe.v", "build/ice40/netlist.v", kCells},
                             .parameters = {}};
  request.defines = {"NO_ICE40_DEFAULT_ASSIGNMENTS"};
  return flow::run_bench(request).pass;
}

// The netlist with `from` replaced by `to` throughout, and whether it is still right.
bool bench_passes_with(const fs::path& folder, const std::string& from, const std::string& to) {
  const fs::path netlist = folder / "build" / "ice40" / "netlist.v";
  const std::string before = base::read_file(netlist);
  std::string text = before;
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at))
    text.replace(at, from.size(), to);
  EXPECT_NE(text, before) << "no " << from << " in the netlist";
  base::write_file(netlist, text);
  return bench_passes(folder);
}

class MappedPe : public ::testing::TestWithParam<Crossbar> {};

TEST_P(MappedPe, EqualsItsEmulation) {
  const config::Spec spec = pe(6, 5, GetParam());
  const fs::path folder = test::fresh_folder("fpga_" + config::to_string(GetParam()));
  synthesise(spec, folder);
  base::run_checked({.argv = {"yosys", "-q", "-p",
                              "read_json build/ice40/netlist.json; "
                              "write_verilog -noattr build/ice40/netlist.v"},
                     .directory = folder,
                     .log = {}});
  EXPECT_TRUE(bench_passes(folder));
  // The sum's LUT: a XOR b XOR carry, whether gated or not, becomes a XOR b
  const std::string adder = GetParam() == Crossbar::kParallel ? "16'hc66c" : "16'h6996";
  EXPECT_FALSE(bench_passes_with(folder, adder, "16'h6666"));
}

INSTANTIATE_TEST_SUITE_P(Crossbars, MappedPe,
                         ::testing::Values(Crossbar::kParallel, Crossbar::kSerial));

TEST(Ice40, HoldsAParallelPe) {
  const nlohmann::json synthesis =
      synthesise(pe(12, 12, Crossbar::kParallel), test::fresh_folder("fpga_parallel_12"));
  EXPECT_NEAR(used(synthesis, "ICESTORM_LC"), 4243.0, 0.05 * 4243);
  EXPECT_EQ(used(synthesis, "ICESTORM_RAM"), 0.0);
  EXPECT_EQ(synthesis["place_and_route"]["scan_registers"], 84);
  EXPECT_GT(synthesis["place_and_route"]["fmax_mhz"], 55.0);
}

TEST(Ice40, HoldsASerialPe) {
  const nlohmann::json synthesis =
      synthesise(pe(64, 64, Crossbar::kSerial), test::fresh_folder("fpga_serial_64"));
  EXPECT_NEAR(used(synthesis, "ICESTORM_LC"), 2449.0, 0.05 * 2449);
  EXPECT_EQ(used(synthesis, "ICESTORM_RAM"), 28.0);
  EXPECT_EQ(synthesis["place_and_route"]["scan_registers"], 188);
  EXPECT_GT(synthesis["place_and_route"]["fmax_mhz"], 60.0);
}

TEST(Ice40, ThatIsTooSmallIsNamedWithWhatIsShort) {
  config::Spec spec = pe(6, 5, Crossbar::kParallel);
  spec.synth.device = "lp384";
  spec.synth.package = "qn32";
  try {
    synthesise(spec, test::fresh_folder("fpga_too_small"));
    FAIL() << "fits";
  } catch (const base::Error& error) {
    EXPECT_EQ(error.faults().front().code, base::Code::kDoesNotFit);
    EXPECT_NE(error.faults().front().what.find("of 384 ICESTORM_LC"), std::string::npos);
    EXPECT_NE(error.faults().front().cure, "");
  }
}

// LUTs, and for ECP5 the carry cells of two bits each.
TEST(OtherFamilies, SpendAboutAnAdderBitAWeightBit) {
  config::Spec spec = pe(16, 16, Crossbar::kParallel);
  const auto cells = [&](config::SynthFlow flow) -> nlohmann::json {
    spec.synth.flow = flow;
    return synthesise(spec,
                      test::fresh_folder("fpga_" + config::to_string(flow)))["area"]["cell_types"];
  };
  const nlohmann::json ecp5 = cells(config::SynthFlow::kEcp5);
  EXPECT_NEAR(ecp5["LUT4"].get<double>() + 2 * ecp5["CCU2C"].get<double>(), 6370.0, 0.05 * 6370);
  const nlohmann::json xilinx = cells(config::SynthFlow::kXilinx);
  double luts = 0;
  for (const auto& [type, count] : xilinx.items())
    if (type.starts_with("LUT")) luts += count.get<double>();
  EXPECT_NEAR(luts, 4268.0, 0.05 * 4268);
}

}  // namespace
