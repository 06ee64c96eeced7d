// What a logic tile with its wires takes on a cell library, and that FPGA families take fabrics.
#include <gtest/gtest.h>

#include <cstdio>

#include "app/pnr_job.hpp"
#include "app/tile_job.hpp"
#include "base/error.hpp"
#include "base/files.hpp"
#include "rig.hpp"

namespace {

using Settings = std::vector<std::string>;

struct Made {
  std::filesystem::path directory;
  app::Manifest manifest;
};

template <class Generate>
Made made(const std::string& name, const Generate& generate, const Settings& settings) {
  const auto folder = test::fresh_folder(name);
  base::StagedDirectory out = app::output_directory(folder, {}, true);
  generate(app::fabric_from(settings), out);
  return {folder, app::read_manifest(folder)};
}

nlohmann::json synthesised(Made made, config::SynthFlow flow) {
  base::Progress progress(2, stderr, true);
  made.manifest.spec.synth.flow = flow;
  app::synthesise(made.directory, made.manifest, progress);
  return app::read_metrics(made.directory)["synthesis"].front();
}

nlohmann::json tile(const std::string& unit, const Settings& settings,
                    config::SynthFlow flow = config::SynthFlow::kAsic) {
  // Tests run beside each other.
  const std::string test = testing::UnitTest::GetInstance()->current_test_info()->name();
  const auto folder = test::fresh_folder("fabric_" + unit + "_" + test);
  base::StagedDirectory out = app::output_directory(folder, {}, true);
  app::generate_tile(*app::find_tile(unit), app::spec_from(settings), out);
  return synthesised({folder, app::read_manifest(folder)}, flow);
}

const Settings kSmall = {"columns=2",    "rows=2",       "luts=2",
                         "lut_inputs=4", "clb_inputs=8", "channel_width=16"};

// At most 9,000 um2 a LUT4 equivalent, configuration and reading it back included.
TEST(FabricFlow, ATileOfTheDefaultsIsSmall) {
  const auto asic = tile("tile", {});
  const auto& fabric = asic.at("fabric");
  EXPECT_EQ(fabric.at("lut4_equivalents"), 40);
  EXPECT_EQ(fabric.at("configuration_bits"), 1388);
  EXPECT_NEAR(fabric.at("um2_a_lut4"), 8672, 0.03 * 8672);
  EXPECT_LE(fabric.at("um2_a_lut4"), 9000);
  EXPECT_FALSE(asic.contains("timing"));
}

TEST(FabricFlow, ConfigurationIsLatches) {
  const auto asic = tile("tile", {"lut_inputs=4", "luts=8", "clb_inputs=18", "channel_width=40"});
  EXPECT_NEAR(asic.at("fabric").at("um2_a_lut4"), 12926, 0.03 * 12926);
  const auto& cells = asic.at("area").at("cell_types");
  EXPECT_EQ(cells.at("LATCH"), asic.at("fabric").at("configuration_bits"));
  EXPECT_EQ(cells.at("DFFPOSX1"), 8);
}

// What is routing in a tile, its multiplexers and their bits, and what it holds.
TEST(FabricFlow, ATileOfEachKindTellsItsRouting) {
  const Settings pe = {"pe_rows=6", "pe_cols=4", "pe_cascade=2", "channel_width=16",
                       "pe.weight_bits=4"};
  const auto pe_tile = tile("pe_tile", pe);
  EXPECT_GT(pe_tile.at("area").at("blackbox_um2"), 0.0);
  EXPECT_FALSE(pe_tile.at("assumed").empty());
  const Settings memory = {"memory_width=4", "memory_address_bits=3", "channel_width=16"};
  const std::vector<nlohmann::json> tiles = {tile("tile", kSmall), tile("io_tile", kSmall), pe_tile,
                                             tile("memory_tile", memory)};
  for (const nlohmann::json& asic : tiles) {
    const auto& fabric = asic.at("fabric");
    const auto& routing = fabric.at("routing");
    EXPECT_GE(routing.at("multiplexers"), 16);
    EXPECT_LE(routing.at("bits"), fabric.at("configuration_bits"));
    EXPECT_GT(routing.at("share_of_multiplexers"), 0.02);
    EXPECT_GT(routing.at("share_of_configuration"), 0.02);
    EXPECT_LT(routing.at("share"), 0.97);
    EXPECT_EQ(fabric.contains("luts"), &asic == &tiles.front());
  }
  EXPECT_GT(tiles[1].at("fabric").at("routing").at("share"), 0.6) << "pads are little else";
}

// The same parts on FPGA families, in cells.
TEST(FabricFlow, FpgasTellATilesRouting) {
  for (const auto flow : {config::SynthFlow::kIce40, config::SynthFlow::kEcp5}) {
    const auto fabric = tile("tile", kSmall, flow).at("fabric");
    EXPECT_FALSE(fabric.contains("um2_a_lut4"));
    EXPECT_GT(fabric.at("routing").at("share"), 0.2);
    EXPECT_LT(fabric.at("routing").at("share"), 0.8);
    Settings serial = {"pe_rows=4", "pe_cols=2", "channel_width=16", "pe.crossbar=serial"};
    EXPECT_GT(tile("pe_tile", serial, flow).at("fabric").at("routing").at("share"), 0.05);
  }
}

TEST(FabricFlow, AWholeFabricIsCounted) {
  const auto asic =
      synthesised(made("fabric_whole", app::generate_fabric, kSmall), config::SynthFlow::kAsic);
  EXPECT_EQ(asic.at("fabric").at("luts"), 8);
  int bits = 0;
  for (const auto& module : asic.at("area").at("modules")) {
    int width = 0;
    const std::string name = module.at("module");
    if (std::sscanf(name.c_str(), "fpsa_load_register(Width=%d)", &width) == 1)
      bits += width * module.at("instances").get<int>();
  }
  EXPECT_EQ(asic.at("fabric").at("configuration_bits"), bits);
}

// Latches that a bitstream is loaded into, and a circuit that runs on them, gate by gate.
TEST(FabricFlow, TheNetlistComputesTheCircuit) {
  const auto folder = test::fresh_folder("fabric_gate");
  base::write_file(folder / "toggle.blif",
                   ".model toggle\n.inputs on clk\n.outputs q both\n.names on q d\n10 1\n01 1\n"
                   ".names on q both\n11 1\n.latch d q re clk 1\n.end\n");
  const auto generate = [&](const config::Fabric& fabric, base::StagedDirectory& out) {
    base::Progress progress(app::kPnrStages, stderr, true);
    app::place_and_route({.blif = folder / "toggle.blif", .fabric = fabric}, out, progress);
  };
  const Made fabric = made("fabric_gate_run", generate, kSmall);
  synthesised(fabric, config::SynthFlow::kAsic);
  const auto simulate = [&fabric] {
    base::Progress progress(2, stderr, true);
    app::SimulateOptions options;
    options.directory = fabric.directory;
    options.level = "gate";
    options.simulate.simulator = config::Simulator::kIcarus;
    return app::simulate_circuit(options, progress);
  };
  EXPECT_EQ(simulate().substr(0, 15), "PASS clocks=200");
  const auto netlist = fabric.directory / "build" / "asic" / "netlist.v";
  std::string text = base::read_file(netlist);
  const std::size_t latch = text.find("  LATCH ");
  ASSERT_NE(latch, std::string::npos);
  text.replace(text.find(".D(", latch), 3, ".D(~");
  base::write_file(netlist, text);
  EXPECT_THROW(simulate(), base::Error);
}

TEST(FabricFlow, FpgasTakeFabrics) {
  for (const auto flow :
       {config::SynthFlow::kIce40, config::SynthFlow::kEcp5, config::SynthFlow::kXilinx}) {
    Settings least = kSmall;
    least.insert(least.end(), {"columns=1", "rows=1", "luts=1", "io_slots=1"});
    const auto metrics = synthesised(made("fabric_fpga", app::generate_fabric, least), flow);
    EXPECT_GT(metrics.at("area").at("cells"), metrics.at("fabric").at("configuration_bits"));
    EXPECT_FALSE(metrics.at("fabric").contains("um2_a_lut4"));
  }
}

}  // namespace
