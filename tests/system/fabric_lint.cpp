// Emitted fabrics pass the tools' checks.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <memory>
#include <set>

#include "base/error.hpp"
#include "base/rng.hpp"
#include "base/subprocess.hpp"
#include "emit/fabric.hpp"
#include "emit/hard_module.hpp"
#include "emit/tree.hpp"
#include "fabric/grid.hpp"
#include "rig.hpp"
#include "units/pe/unit.hpp"
#include "units/smb/memory_tile.hpp"

namespace {

namespace fs = std::filesystem;

struct Emitted {
  verilog::Design design;
  fs::path directory;
  std::vector<std::string> files;
};

Emitted emitted(const fabric::Architecture& architecture, const std::string& name,
                const std::vector<units::UnitPtr>& hard = {}) {
  const verilog::Design design = emit::fabric_rtl(fabric::Graph(architecture), hard);
  verify(design);
  Emitted result{legalize(design), test::fresh_folder(name), {}};
  emit::write_rtl(result.directory, result.design, fs::path(FPSA_SOURCE_DIR) / "rtl");
  result.files = emit::design_list(result.design);
  return result;
}

// A PE that hands its sums to the one below.
units::UnitPtr linked_pe() {
  units::PeConfig config{.rows = 4, .cols = 3, .weight_bits = 4, .activation_bits = 3};
  config.crossbar = config::Crossbar::kMacro;
  config.cascade_rows = 12;
  config.is_tile = true;
  return std::make_shared<units::PeUnit>(units::with_widths(config, 100, 255));
}

class EmittedFabric : public testing::TestWithParam<std::uint64_t> {};

TEST_P(EmittedFabric, PassesTheTools) {
  base::Rng rng(GetParam());
  fabric::Architecture architecture;
  architecture.columns = static_cast<int>(rng.between(1, 4));
  architecture.rows = static_cast<int>(rng.between(1, 4));
  architecture.lut_inputs = static_cast<int>(rng.between(2, 6));
  architecture.luts = static_cast<int>(rng.between(1, 6));
  architecture.clb_inputs = static_cast<int>(rng.between(3, 12));
  architecture.io_slots = static_cast<int>(rng.between(1, 4));
  architecture.segment_length = static_cast<int>(rng.between(1, 4));
  architecture.channel_width = 2 * static_cast<int>(rng.between(4, 12));
  architecture.fc_in_percent = static_cast<int>(rng.between(5, 100));
  architecture.fc_out_percent = static_cast<int>(rng.between(5, 100));
  std::vector<units::UnitPtr> hard;
  if (GetParam() % 2 == 0) {
    hard = {units::memory_tile(3, 2)};
    architecture.hard = {emit::hard_tile(*hard[0], "memory")};
    architecture.hard[0].columns = {1};
  } else if (GetParam() % 4 == 1) {
    hard = {linked_pe()};
    architecture.hard = {emit::hard_tile(*hard[0], "pe", emit::Sums::kLinked)};
    architecture.hard[0].columns = {1};
  }
  const Emitted fabric = emitted(architecture, fmt::format("fabric_lint{}", GetParam()), hard);
  const auto run = [&](std::vector<std::string> words) {
    words.insert(words.end(), fabric.files.begin(), fabric.files.end());
    return base::run_checked({.argv = words, .directory = fabric.directory, .log = {}}).output;
  };
  // A fabric's wires are loops by nature, whatever runs on it later: UNOPTFLAT says so.
  EXPECT_EQ(run({"verilator", "--lint-only", "-Wall", "-Wno-UNOPTFLAT", "--top-module",
                 "fpsa_fabric_top"}),
            "");
  EXPECT_EQ(run({"iverilog", "-g2005", "-Wall", "-s", "fpsa_fabric_top", "-o", "out.vvp"}), "");
  std::string script = "read_verilog";
  for (const std::string& file : fabric.files) script += " " + file;
  script += "; hierarchy -check -top fpsa_fabric_top";
  EXPECT_NO_THROW(base::run_checked(
      {.argv = {"yosys", "-q", "-p", script}, .directory = fabric.directory, .log = {}}));
}

INSTANTIATE_TEST_SUITE_P(Seeds, EmittedFabric, testing::Range<std::uint64_t>(1, 9));

// Equal places are one module: their number does not grow with the fabric.
TEST(EmittedFabrics, HaveAsManyModulesAsKindsOfPlaces) {
  const auto modules = [](int extent) {
    fabric::Architecture architecture{.lut_inputs = 4, .luts = 2, .clb_inputs = 8, .io_slots = 2};
    architecture.columns = architecture.rows = extent;
    architecture.channel_width = 16;
    return emit::fabric_rtl(fabric::Graph(architecture)).modules().size();
  };
  const std::size_t large = modules(24);
  EXPECT_EQ(modules(16), large);
  EXPECT_LT(large, 100U);
}

// No edge shows in the tile that stands for all: in a larger fabric, a segment further in, it is
// the same.
TEST(EmittedTile, IsThatOfAnyLargerFabric) {
  for (const int length : {1, 3, 4}) {
    fabric::Architecture architecture{.lut_inputs = 3, .luts = 2, .clb_inputs = 5};
    architecture.channel_width = 20;
    architecture.segment_length = length;
    architecture = fabric::around_middle(architecture);
    const auto text = [&architecture] {
      const auto [x, y] = fabric::middle(architecture);
      const verilog::Design tile = emit::tile_rtl(fabric::Graph(architecture), x, y);
      verify(tile);
      return print(tile.modules().front(), tile);
    };
    const std::string least = text();
    architecture.columns += 2 * length;
    architecture.rows += 4 * length;
    EXPECT_EQ(text(), least);
  }
}

TEST(EmittedFabrics, OfTooManyPlacesAreRefused) {
  fabric::Architecture architecture{.lut_inputs = 2, .luts = 1, .clb_inputs = 2, .io_slots = 1};
  architecture.columns = 300;
  architecture.rows = 230;
  architecture.channel_width = 8;
  try {
    emit::fabric_rtl(fabric::Graph(architecture));
    FAIL();
  } catch (const base::Error& error) {
    EXPECT_EQ(error.faults()[0].code, base::Code::kDoesNotFit);
  }
}

}  // namespace
