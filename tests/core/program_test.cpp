#include "core/program.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "base/rng.hpp"

namespace core {
namespace {

quant::WeightMatrix random_weights(int rows, int cols, base::Rng& rng) {
  quant::WeightMatrix weights(rows, cols);
  for (Eigen::Index i = 0; i < weights.size(); ++i)
    weights(i) = static_cast<std::int16_t>(rng.between(-127, 127));
  return weights;
}

quant::Dense dense(const std::string& name, std::vector<quant::Slice> inputs, int cols,
                   bool is_signed, base::Rng& rng) {
  int rows = 0;
  for (const quant::Slice& slice : inputs) rows += slice.count;
  quant::Dense layer{.name = name,
                     .inputs = std::move(inputs),
                     .weights = random_weights(rows, cols, rng),
                     .bias = quant::WideVector(cols),
                     .threshold = quant::WideVector(cols),
                     .output = {.bits = 6, .is_signed = is_signed, .scale = 1.0},
                     .weight_scale = {}};
  for (int c = 0; c < cols; ++c) {
    layer.bias(c) = rng.between(-1000, 1000);
    layer.threshold(c) = rng.between(1, 5000);
  }
  return layer;
}

// input (signed) 20 -> a (unsigned) 33 -> b (signed) 9 -> out reads b and part of a.
quant::Network branching_network() {
  base::Rng rng(11);
  quant::Network network;
  network.name = "branching";
  network.input_name = "x";
  network.input = {.bits = 6, .is_signed = true, .scale = 1.0};
  network.input_count = 20;
  network.layers.push_back(dense("a", {{{}, 0, 20}}, 33, false, rng));
  network.layers.push_back(dense("b", {{quant::LayerId{0}, 0, 33}}, 9, true, rng));
  network.layers.push_back(
      dense("out", {{quant::LayerId{1}, 0, 9}, {quant::LayerId{0}, 4, 21}}, 5, true, rng));
  return network;
}

TEST(Lower, CoversEveryWeightForAnyTile) {
  const quant::Network network = branching_network();
  for (const TileSize tile : {TileSize{256, 256}, {8, 8}, {7, 3}, {1, 1}, {64, 5}})
    EXPECT_NO_THROW(check(lower(network, tile), network, tile)) << tile.rows << "x" << tile.cols;
}

TEST(Lower, CutsTallAndWideLayersIntoCascades) {
  const quant::Network network = branching_network();
  const Program program = lower(network, {16, 16});
  // a: 40 lanes x 33 columns = 3 row tiles x 3 column tiles.
  EXPECT_EQ(program.ops[0].name, "a_r0_c0");
  EXPECT_EQ(program.ops[0].row_tiles, 3);
  EXPECT_TRUE(program.ops[0].threshold.empty());
  // Tiles are as equal as can be: 14 + 14 + 12 rows, 11 columns each.
  EXPECT_EQ(program.ops[0].rows(), 14);
  EXPECT_EQ(program.ops[2].rows(), 12);
  EXPECT_EQ(program.ops[2].threshold.size(), 11u);
  EXPECT_EQ(program.buses[2].lanes, 18);
}

TEST(Check, FindsADamagedProgram) {
  const quant::Network network = branching_network();
  const TileSize tile{16, 16};
  const Program good = lower(network, tile);
  const auto damaged = [&](auto&& damage) {
    Program bad = good;
    damage(bad);
    try {
      check(bad, network, tile);
    } catch (const base::Error& error) {
      return error.faults().front().code == base::Code::kInternal;
    }
    return false;
  };
  EXPECT_TRUE(damaged([](Program& p) { p.ops[4].row_ranges[0].first += 1; }));
  EXPECT_TRUE(damaged([](Program& p) { p.ops[2].bias[1] += 1; }));
  EXPECT_TRUE(damaged([](Program& p) { p.ops.pop_back(); }));
  EXPECT_TRUE(damaged([](Program& p) { p.ops[0].inputs[0].first += 1; }));
}

TEST(Lower, RefusesAWeightThatCannotBeNegated) {
  quant::Network network = branching_network();
  network.layers[0].weights.edit()(3, 2) = -128;
  try {
    lower(network, {});
    FAIL() << "accepted";
  } catch (const base::Error& error) {
    EXPECT_EQ(error.faults().front().code, base::Code::kWeightRange);
    EXPECT_EQ(error.faults().front().where, "layer a");
  }
}

}  // namespace
}  // namespace core
