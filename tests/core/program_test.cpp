#include <gtest/gtest.h>

#include "base/error.hpp"
#include "base/rng.hpp"
#include "core/lower.hpp"
#include "random_network.hpp"

namespace core {
namespace {

// input (signed) 20 -> a (unsigned) 33 -> b (signed) 9 -> out reads b and part of a, twice.
quant::Network branching_network() {
  base::Rng rng(11);
  const quant::Format plain = quant::full_format(6, false);
  const quant::Format pair = quant::full_format(6, true);
  quant::Network network;
  network.name = "branching";
  const quant::Source x = test::add_input(network, "x", 20, pair);
  const quant::Source a =
      test::add_layer(network, "a", test::random_product({x}, 33, {}, rng), plain);
  const quant::Source b =
      test::add_layer(network, "b", test::random_product({a}, 9, {}, rng), pair);
  network.outputs = {test::add_layer(
      network, "out", test::random_product({b, {a.tensor, 4, 21}, {a.tensor, 10, 2}}, 5, {}, rng),
      pair)};
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
  EXPECT_EQ(program.ops[OpId{0}].name, "a_r0_c0");
  EXPECT_EQ(program.ops[OpId{0}].row_tiles, 3);
  EXPECT_TRUE(program.ops[OpId{0}].threshold.empty());
  // Tiles are as equal as can be: 14 + 14 + 12 rows, 11 columns each.
  EXPECT_EQ(program.ops[OpId{0}].rows(), 14);
  EXPECT_EQ(program.ops[OpId{2}].rows(), 12);
  EXPECT_EQ(program.ops[OpId{2}].threshold.size(), 11u);
  EXPECT_EQ(program.streams[StreamId{2}].lanes, 18);
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
  EXPECT_TRUE(damaged([](Program& p) { p.ops[OpId{4}].row_ranges[0].first += 1; }));
  EXPECT_TRUE(damaged([](Program& p) { p.ops[OpId{2}].bias[1] += 1; }));
  EXPECT_TRUE(damaged([](Program& p) { p.ops[OpId{1}] = p.ops[OpId{0}]; }));
  EXPECT_TRUE(damaged([](Program& p) { p.ops[OpId{2}].top[1] -= 1; }));
  EXPECT_TRUE(damaged([](Program& p) { p.ops.back().rounding = quant::Rounding::kHalfEven; }));
  EXPECT_TRUE(damaged([](Program& p) { p.streams.back().format.high = 62; }));
  EXPECT_TRUE(damaged([](Program& p) { p.streams.back().tensor = p.streams.front().tensor; }));
  EXPECT_TRUE(damaged([](Program& p) { p.outputs.pop_back(); }));
  EXPECT_TRUE(damaged([](Program& p) { p.outputs[0].first += 1; }));
  EXPECT_TRUE(damaged([](Program& p) { p.ops[OpId{0}].inputs[0].first += 1; }));
}

TEST(Lower, RefusesAWeightThatCannotBeNegated) {
  quant::Network network = branching_network();
  network.layers.front().product().weights.edit()(3, 2) = -128;
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
