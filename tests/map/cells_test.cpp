// The emulated hardware computes networks with recurrent cells as golden level 1 does.
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "core/lower.hpp"
#include "emulated.hpp"
#include "random_cells.hpp"

namespace map {
namespace {

TEST(Cells, OfRandomNetworksEqualGoldenLevel1) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    base::Rng rng(seed);
    config::Pe pe = random_pe(seed, rng);
    pe.rows = std::max(pe.rows, 24);
    emulated(test::cell_network(seed, most_bits(seed)), pe, {}, seed);
    ASSERT_FALSE(::testing::Test::HasFailure()) << "seed " << seed;
  }
}

TEST(Cells, BesideConvolutionsAndDenseLayersEqualGoldenLevel1) {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    base::Rng rng(seed);
    config::Pe pe = random_pe(seed, rng);
    pe.rows = std::max(pe.rows, 24);
    emulated(test::mixed_network(seed, most_bits(seed)), pe, {}, seed);
    ASSERT_FALSE(::testing::Test::HasFailure()) << "seed " << seed;
  }
}

core::Program program_of(const quant::Network& network) {
  core::Program program = core::lower(network, {64, 32});
  core::check(program, network, {64, 32});
  return program;
}

TEST(Cells, AreUnitsOfTheLoadBusBehindThePes) {
  const Design design = map(program_of(test::cell_network(5, 6)), {.rows = 64, .cols = 32});
  ASSERT_FALSE(design.cells.empty());
  for (std::size_t i = 0; i < design.cells.size(); ++i) {
    EXPECT_EQ(cells_of(design, i).config().cells, cell_layer_of(design, i).cells);
    const std::string path = memory_path(design, design.pes.size() + i);
    EXPECT_NE(path.find("cells" + std::to_string(i)), std::string::npos) << path;
  }
}

// Weights that no address reaches.
TEST(Cells, ThatDoNotFitInTheLoadBusAreRefused) {
  quant::CellLayer cells;
  cells.rule.kind = quant::CellKind::kLstm;
  cells.inputs = cells.cells = 4096;
  try {
    units::layer_config(cells, {.lanes = 1}, "layer \"wide\"");
    FAIL();
  } catch (const base::Error& error) {
    EXPECT_EQ(error.faults().front().code, base::Code::kDoesNotFit);
    EXPECT_EQ(error.faults().front().where, "layer \"wide\"");
  }
}

// Damage that the checker has to find.
TEST(Cells, OfAnotherLayerAreFound) {
  const auto damaged = [](auto&& damage) {
    Design design = map(program_of(test::cell_network(5, 6)), {.rows = 64, .cols = 32});
    const Channel& channel = design.channels[design.cells[0].index()];
    Instance& instance = design.instances[channel.buffer.index()];
    units::CellsConfig config = dynamic_cast<const units::CellsUnit&>(*instance.unit).config();
    damage(config);
    instance.unit = std::make_shared<units::CellsUnit>(config);
    check(design);
  };
  EXPECT_NO_THROW(damaged([](units::CellsConfig&) {}));
  EXPECT_THROW(damaged([](units::CellsConfig& config) { ++config.out_shift; }), base::Error);
  EXPECT_THROW(damaged([](units::CellsConfig& config) { --config.in_shift; }), base::Error);
  EXPECT_THROW(damaged([](units::CellsConfig& config) { ++config.steps; }), base::Error);
  EXPECT_THROW(damaged([](units::CellsConfig& config) { ++config.write.bits; }), base::Error);
  EXPECT_THROW(damaged([](units::CellsConfig& config) { ++config.out_bits; }), base::Error);
}

}  // namespace
}  // namespace map
