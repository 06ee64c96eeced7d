// A fabric's RTL, configured with random circuits, computes what these compute.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <variant>

#include "base/files.hpp"
#include "emit/circuit.hpp"
#include "emit/fabric.hpp"
#include "emit/hard_module.hpp"
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

// A circuit on a fabric with what its bench plays: every pad on 200 random clocks.
struct OnFabric {
  OnFabric(const std::string& name, const pnr::Netlist& circuit,
           const fabric::Architecture& architecture, std::vector<units::UnitPtr> units)
      : done(pnr::implement(circuit, architecture, {.effort = 1})),
        graph(done.architecture),
        layout(graph),
        configuration(pnr::configure(done, graph, layout)),
        hard(std::move(units)),
        directory(test::fresh_folder(name)) {
    for (const auto& [file, text] :
         pnr::circuit_bench(done, pnr::testing::without_hard(circuit), configuration))
      base::write_file(directory / "tb" / file, text);
  }

  // The bench with `design` and further `sources`.
  void simulate(const verilog::Design& design, std::vector<fs::path> sources = {}) const {
    verify(design);
    const verilog::Design legal = legalize(design);
    emit::write_rtl(directory, legal, fs::path(FPSA_SOURCE_DIR) / "rtl");
    sources.push_back(fs::path(FPSA_SOURCE_DIR) / "tb" / "fpsa_tb_fabric.v");
    for (const std::string& file : emit::design_list(legal)) sources.push_back(file);
    flow::require_pass(flow::run_bench({.directory = directory,
                                        .name = "rtl",
                                        .top = "fpsa_tb_fabric",
                                        .sources = sources,
                                        .parameters = {}}));
  }

  pnr::Implementation done;
  fabric::Graph graph;
  fabric::Layout layout;
  fabric::Configuration configuration;
  std::vector<units::UnitPtr> hard;
  fs::path directory;
};

// Loads the bitstream into the fabric's RTL.
void simulate(const OnFabric& one) { one.simulate(emit::fabric_rtl(one.graph, one.hard)); }

// In the fabric's place what its bits make of it: it counts the words and looks at none of them.
void simulate_circuit(const OnFabric& one) {
  constexpr const char* kInPlace = R"(`include "tb/tb_params.vh"
module fpsa_fabric_top (
  input clk_i, rst_ni, s_awvalid_i, output s_awready_o, input [11:0] s_awaddr_i,
  input [2:0] s_awprot_i, input s_wvalid_i, output s_wready_o, input [31:0] s_wdata_i,
  input [3:0] s_wstrb_i, output s_bvalid_o, input s_bready_i, output [1:0] s_bresp_o,
  input s_arvalid_i, output s_arready_o, input [11:0] s_araddr_i, input [2:0] s_arprot_i,
  output s_rvalid_o, input s_rready_i, output [31:0] s_rdata_o, output [1:0] s_rresp_o,
  output active_o, input [`PADS-1:0] pad_i, output [`PADS-1:0] pad_o
);
  integer words = 0;
  assign {s_awready_o, s_wready_o, s_bvalid_o, s_bresp_o} = {rst_ni, rst_ni, 3'd0};
  assign {s_arready_o, s_rvalid_o, s_rdata_o, s_rresp_o} = 0;
  assign active_o = words == `LOADS + 1;
  always @(posedge clk_i) if (rst_ni && s_wvalid_i) words <= words + 1;
  fpsa_circuit u_circuit (.clk_i(clk_i), .active_i(active_o), .pad_i(pad_i), .pad_o(pad_o));
endmodule
)";
  verilog::Design design("fpsa_circuit");
  emit::add_circuit(design, pnr::extract(one.configuration, one.graph, one.layout),
                    one.done.architecture, one.hard);
  base::write_file(one.directory / "in_place.v", kInPlace);
  one.simulate(design, {"in_place.v"});
}

pnr::Netlist random_circuit(std::uint64_t seed, base::Rng& rng, int hard, int links = 0) {
  return pnr::swept(pnr::testing::random_circuit({.luts = static_cast<int>(rng.between(1, 60)),
                                                  .flip_flops = static_cast<int>(rng.below(12)),
                                                  .hard = hard,
                                                  .links = links},
                                                 seed));
}

// What link_tile() holds.
class Stage : public units::Unit {
 public:
  Stage()
      : Unit("stage",
             {{"clk_i", verilog::Direction::kInput, units::Protocol::kClock},
              {"rst_ni", verilog::Direction::kInput, units::Protocol::kClock},
              {"tick_i", verilog::Direction::kInput, units::Protocol::kTick},
              {"data_i", verilog::Direction::kInput, units::Protocol::kTrain},
              {"data_o", verilog::Direction::kOutput, units::Protocol::kTrain, 3},
              {"link_i", verilog::Direction::kInput, units::Protocol::kSums, 3},
              {"link_o", verilog::Direction::kOutput, units::Protocol::kSums, 3}},
             1) {}
  verilog::Signature signature() const override { return structure()->signature(); }
  std::optional<verilog::Module> structure() const override {
    verilog::Module module("stage");
    for (const units::Port& port : ports())
      port.is_input() ? module.input(port.name, port.width())
                      : module.output(port.name, port.width());
    const verilog::Net data = *module.find("data_i"), link = *module.find("link_i");
    hold(module, "u_data", link, "data_o");
    hold(module, "u_link", verilog::concat({link.slice(0, 2), data}), "link_o");
    return module;
  }

 private:
  static void hold(verilog::Module& module, const char* name, const verilog::Expr& data,
                   const char* output) {
    const units::UnitPtr delay = units::train_delay(3, 1);
    verilog::Instance& instance = module.instance(delay->signature(), name);
    for (const auto& [key, value] : delay->parameters())
      std::visit([&, &key = key](const auto& set) { instance.parameter(key, set); }, value);
    for (const char* port : {"clk_i", "rst_ni", "tick_i"}) instance.port(port, *module.find(port));
    instance.port("data_i", data).port("data_o", *module.find(output));
  }
};

class Fabric : public testing::TestWithParam<std::uint64_t> {};

TEST_P(Fabric, ComputesWhatItsCircuitDoes) {
  base::Rng rng(GetParam());
  const pnr::Netlist circuit = random_circuit(GetParam(), rng, 0);
  simulate(OnFabric(fmt::format("fabric{}", GetParam()), circuit, random_fabric(rng), {}));
}

// Hard tiles that hold delays, and others with links: what the circuit is with flip-flops in their
// place.
OnFabric with_hard_tiles(const std::string& name, std::uint64_t seed) {
  base::Rng rng(seed);
  const pnr::Netlist circuit = random_circuit(seed, rng, 5, 2 + static_cast<int>(seed % 6));
  const std::vector<units::UnitPtr> units = {units::train_delay(3, 1), std::make_shared<Stage>()};
  fabric::Architecture architecture = random_fabric(rng);
  architecture.hard = {emit::hard_tile(*units[0], "delay"),
                       emit::hard_tile(*units[1], "stage", emit::Sums::kLinked)};
  // each pin of a hard tile is met alone
  architecture.channel_width += 20;
  architecture.fc_in_percent = architecture.fc_out_percent = 70;
  EXPECT_EQ(architecture.hard[0].ports, pnr::testing::delay_tile().ports);
  EXPECT_EQ(architecture.hard[1].ports, pnr::testing::link_tile().ports);
  return {name, circuit, architecture, units};
}

class HardFabric : public testing::TestWithParam<std::uint64_t> {};

TEST_P(HardFabric, ComputesWhatItsCircuitDoes) {
  simulate(with_hard_tiles(fmt::format("hard_fabric{}", GetParam()), GetParam()));
}

class FabricCircuit : public testing::TestWithParam<std::uint64_t> {};

TEST_P(FabricCircuit, IsWhatTheFabricComputes) {
  simulate_circuit(with_hard_tiles(fmt::format("fabric_circuit{}", GetParam()), GetParam()));
}

INSTANTIATE_TEST_SUITE_P(Seeds, Fabric, testing::Range<std::uint64_t>(1, 13));
INSTANTIATE_TEST_SUITE_P(Seeds, HardFabric, testing::Range<std::uint64_t>(1, 7));
INSTANTIATE_TEST_SUITE_P(Seeds, FabricCircuit, testing::Range<std::uint64_t>(1, 51));

}  // namespace
