// A fabric's RTL, configured with random circuits, computes what these compute.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/files.hpp"
#include "emit/fabric.hpp"
#include "emit/tree.hpp"
#include "flow/bench.hpp"
#include "pnr/circuit_bench.hpp"
#include "pnr/circuits.hpp"
#include "pnr/configure.hpp"
#include "rig.hpp"
#include "units/delay/delay.hpp"

namespace {

namespace fs = std::filesystem;

fabric::Architecture random_fabric(base::Rng& rng) {
  fabric::Architecture architecture;
  architecture.columns = architecture.rows = 0;
  architecture.lut_inputs = static_cast<int>(rng.between(4, 6));
  architecture.luts = static_cast<int>(rng.between(1, 8));
  architecture.clb_inputs = static_cast<int>(rng.between(8, 24));
  architecture.io_slots = static_cast<int>(rng.between(1, 4));
  architecture.segment_length = static_cast<int>(rng.between(1, 5));
  architecture.channel_width = 2 * static_cast<int>(rng.between(20, 30));
  architecture.fc_in_percent = static_cast<int>(rng.between(20, 60));
  architecture.fc_out_percent = static_cast<int>(rng.between(20, 60));
  if (rng.below(3) == 0) architecture.pattern = fabric::Pattern::kDisjoint;
  return architecture;
}

// Loads the circuit into the fabric's RTL and compares every pad on 200 random clocks.
void simulate(const std::string& name, const pnr::Netlist& circuit,
              const fabric::Architecture& architecture, const std::vector<units::UnitPtr>& hard) {
  const pnr::Implementation done = pnr::implement(circuit, architecture, {.effort = 1});
  const fabric::Graph graph(done.architecture);
  const fabric::Layout layout(graph);
  const verilog::Design design = emit::fabric_rtl(graph, hard);
  verify(design);
  const fs::path directory = test::fresh_folder(name);
  emit::write_rtl(directory, legalize(design), fs::path(FPSA_SOURCE_DIR) / "rtl");
  for (const auto& [file, text] :
       pnr::circuit_bench(done, pnr::testing::without_hard(circuit),
                          pnr::configure(done, graph, layout), {.clocks = 200}))
    base::write_file(directory / "tb" / file, text);
  std::vector<fs::path> sources = {fs::path(FPSA_SOURCE_DIR) / "tb" / "fpsa_tb_fabric.v"};
  for (const std::string& file : emit::design_list(legalize(design))) sources.push_back(file);
  const flow::BenchResult result = flow::run_bench({.directory = directory,
                                                    .name = "rtl",
                                                    .top = "fpsa_tb_fabric",
                                                    .sources = sources,
                                                    .parameters = {}});
  flow::require_pass(result);
}

class Fabric : public testing::TestWithParam<std::uint64_t> {};

TEST_P(Fabric, ComputesWhatItsCircuitDoes) {
  base::Rng rng(GetParam());
  const pnr::Netlist circuit = pnr::swept(pnr::testing::random_circuit(
      {.luts = static_cast<int>(rng.between(1, 60)), .flip_flops = static_cast<int>(rng.below(12))},
      GetParam()));
  simulate(fmt::format("fabric{}", GetParam()), circuit, random_fabric(rng), {});
}

class HardFabric : public testing::TestWithParam<std::uint64_t> {};

// Hard tiles that hold delays: what the circuit is with flip-flops in their place.
TEST_P(HardFabric, ComputesWhatItsCircuitDoes) {
  base::Rng rng(GetParam());
  const pnr::Netlist circuit = pnr::swept(pnr::testing::random_circuit(
      {.luts = static_cast<int>(rng.between(10, 60)), .flip_flops = 6, .hard = 5}, GetParam()));
  const units::UnitPtr unit = units::train_delay(3, 1);
  fabric::Architecture architecture = random_fabric(rng);
  architecture.hard = {emit::hard_tile(*unit, "delay")};
  ASSERT_EQ(architecture.hard[0], pnr::testing::delay_tile());
  simulate(fmt::format("hard_fabric{}", GetParam()), circuit, architecture, {unit});
}

INSTANTIATE_TEST_SUITE_P(Seeds, HardFabric, testing::Range<std::uint64_t>(1, 7));

INSTANTIATE_TEST_SUITE_P(Seeds, Fabric, testing::Range<std::uint64_t>(1, 13));

}  // namespace
