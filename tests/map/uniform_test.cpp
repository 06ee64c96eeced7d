// PEs of one kind, as the tiles of a fabric are.
#include "map/uniform.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "base/error.hpp"
#include "base/rng.hpp"
#include "core/lower.hpp"
#include "random_network.hpp"

namespace map {
namespace {

constexpr test::ProductRange kRange{127, 9000, 900};

// Layers of 13 x 11 and 11 x 4.
Design two_layers(const config::Pe& spec) {
  base::Rng rng(5);
  const quant::Format plain = quant::full_format(6, false);
  quant::Network network;
  network.name = "two";
  const quant::Source x = test::add_input(network, "x", 13, plain);
  const quant::Source a =
      test::add_layer(network, "a", test::random_product({x}, 11, kRange, rng), plain);
  network.outputs = {
      test::add_layer(network, "b", test::random_product({a}, 4, kRange, rng), plain)};
  return map(core::lower(network, {spec.rows, spec.cols}), spec);
}

config::Pe pe_of(int rows, int cols) {
  config::Pe spec;
  spec.rows = rows;
  spec.cols = cols;
  return spec;
}

TEST(Uniform, GivesAllPesOneUnit) {
  const Design design = two_layers(pe_of(16, 16));
  const Design tiles = uniform(design, {20, 12, 16});
  ASSERT_EQ(tiles.pes.size(), 2U);
  const Instance& first = tiles.instance(tiles.pes[0]);
  EXPECT_EQ(first.unit, tiles.instance(tiles.pes[1]).unit);
  EXPECT_NE(design.instance(design.pes[0]).unit, design.instance(design.pes[1]).unit);
  const auto width = [](const Pin& pin) {
    int sum = 0;
    for (const Wires& wires : pin) sum += wires.count;
    return sum;
  };
  for (const InstanceId pe : tiles.pes) {
    EXPECT_EQ(width(tiles.instance(pe).pin("spike_i")), 20);
    EXPECT_EQ(width(tiles.instance(pe).pin("spike_o")), 12);
  }
  const units::PeContent content = content_of(tiles, 0), before = content_of(design, 0);
  EXPECT_EQ(content.weights.topLeftCorner(13, 11), before.weights);
  EXPECT_EQ(content.weights.bottomRows(7).cwiseAbs().maxCoeff(), 0);
  EXPECT_EQ(content.offset.size(), 12U);
  EXPECT_EQ(content.threshold.back(), 1);
  EXPECT_EQ(content.top.back(), 63);
}

// PEs first, in the middle, last and alone are one module; what a cascade adds up stays the same.
TEST(Uniform, JoinsCascades) {
  const config::Pe spec = pe_of(5, 16);
  const Design design = two_layers(spec);
  ASSERT_EQ(design.pes.size(), 6U);  // of 5, 5, 3 rows, then 5, 5, 1
  const Design tiles = uniform(design, {8, 12, 16, 4});
  std::set<std::string> modules;
  for (std::size_t unit = 0; unit < tiles.pes.size(); ++unit) {
    EXPECT_EQ(tiles.pe(unit).cascade_rows, 32);
    EXPECT_EQ(tiles.pe(unit).has_above, design.pe(unit).has_above);
    EXPECT_EQ(tiles.pe(unit).has_neurons, design.pe(unit).has_neurons);
    const Instance& instance = tiles.instance(tiles.pes[unit]);
    modules.insert(instance.unit->structure()->name());
    const std::vector<units::Port>& ports = instance.unit->ports();
    ASSERT_EQ(instance.pins.size(), ports.size());
    for (std::size_t port = 0; port < ports.size(); ++port) {
      int width = 0;
      for (const Wires& wires : instance.pins[port]) width += wires.count;
      if (ports[port].is_input() || width > 0) EXPECT_EQ(width, ports[port].width());
    }
    const Wires& sums = instance.pin("sum_i").front();
    EXPECT_EQ(sums.link.valid(), design.pe(unit).has_above);
    if (sums.link.valid())
      EXPECT_EQ(tiles.link(sums.link).width(), 12 * units::link_bits(tiles.pe(unit)));
    EXPECT_EQ(instance.pin("sum_o").empty(), design.pe(unit).has_neurons);
  }
  EXPECT_EQ(modules.size(), 1U);
  EXPECT_EQ(uniform(two_layers(pe_of(16, 16)), {16, 12, 16, 4}).pe(0).cascade_rows, 64);
}

// Other weights and thresholds make no other module.
TEST(Uniform, KnowsNothingOfTheNetwork) {
  const auto config = [](const Design& design) { return uniform(design, {32, 16, 16}).pe(0); };
  const Design one = two_layers(pe_of(16, 16));
  Design other = one;
  auto program = std::make_shared<core::Program>(*one.program);
  for (core::CoreOp& op : program->ops)
    for (std::int64_t& threshold : op.threshold) threshold *= 3;
  other.program = program;
  EXPECT_EQ(config(one), config(other));
}

TEST(Uniform, RefusesWhatDoesNotFit) {
  const auto expect = [](const Design& design, const UniformPe& tile, const std::string& what) {
    try {
      uniform(design, tile);
      FAIL() << what;
    } catch (const base::Error& error) {
      EXPECT_EQ(error.faults()[0].code, base::Code::kDoesNotFit);
      EXPECT_THAT(error.what(), ::testing::HasSubstr(what));
    }
  };
  const Design design = two_layers(pe_of(16, 16));
  expect(design, {12, 16, 16}, "a PE of 13 x 11 on tiles of 12 x 16");
  expect(design, {16, 10, 16}, "a PE of 13 x 11 on tiles of 16 x 10");
  expect(design, {16, 16, 4}, "a threshold of more than 4 bits");
  expect(two_layers(pe_of(8, 16)), {16, 16, 16}, "without wires for the sums of a cascade");
  expect(two_layers(pe_of(5, 16)), {16, 16, 16, 2}, "a cascade of 3 PEs on tiles that join 2");
  Design far = design;
  auto program = std::make_shared<core::Program>(*design.program);
  program->ops.front().bias[0] = std::int64_t{1} << 40;
  far.program = program;
  expect(far, {16, 16, 16}, "an offset beyond");
}

}  // namespace
}  // namespace map
