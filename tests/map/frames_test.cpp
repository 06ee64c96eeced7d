// Networks whose inputs, and outputs, are maps of several sizes: the emulated hardware computes
// them as golden level 1 does, and its host receives what that says.
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "core/duplicate.hpp"
#include "emulated.hpp"
#include "units/line/unit.hpp"

namespace map {
namespace {

// What the host receives of the outputs, one after the other.
quant::IntegerBatch received(const Design& design, const quant::Network& network,
                             const StreamTrains& trains) {
  const core::Program& program = *design.program;
  quant::IntegerBatch all(3, network.output_count());
  std::size_t range = 0;
  int column = 0;
  for (const quant::Source& source : network.outputs) {
    const core::Stream& stream = program.streams[program.outputs[range].stream];
    const int parts = stream.beside * (stream.format.is_signed ? 2 : 1);
    quant::IntegerBatch lanes(3 * stream.tokens, parts * program.outputs[range].count);
    for (int part = 0, lane = 0; part < parts; ++part, ++range) {
      const core::LaneRange& from = program.outputs[range];
      lanes.middleCols(lane, from.count) =
          lanes_of(design, from.stream, trains[from.stream]).middleCols(from.first, from.count);
      lane += from.count;
    }
    all.middleCols(column, source.count) = core::samples_of(stream, lanes);
    column += source.count;
  }
  return all;
}

void expect_emulated(const test::MapShape& shape) {
  const std::uint64_t seed = shape.seed;
  base::Rng rng(seed);
  const config::Pe pe = random_pe(seed, rng);
  const quant::Network network = test::map_network(shape);
  const core::Program once = core::lower(network, {pe.rows, pe.cols});
  const core::Duplication duplication =
      seed % 2 == 0 && network.outputs.size() == 1
          ? test::random_duplication(network, seed)
          : core::balanced(network, once, 1 + static_cast<int>(seed % 3));
  const Emulated one = emulated(network, pe, duplication, seed);
  EXPECT_EQ(received(one.design, network, one.trains), one.golden.outputs);
}

TEST(Frames, EmulationOfInputsOfSeveralSizesEqualsTheIntegerLevel) {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    SCOPED_TRACE(seed);
    expect_emulated({.layers = 1 + static_cast<int>(seed % 5),
                     .most_bits = most_bits(seed),
                     .moves = seed % 3 == 0,
                     .inputs = 2 + static_cast<int>(seed % 2),
                     .seed = seed});
  }
}

TEST(Frames, EmulationOfOutputsOfSeveralSizesEqualsTheIntegerLevel) {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    SCOPED_TRACE(seed);
    expect_emulated({.layers = 2 + static_cast<int>(seed % 4),
                     .most_bits = most_bits(seed),
                     .moves = seed % 3 == 0,
                     .inputs = 1 + static_cast<int>(seed % 3),
                     .outputs = 2 + static_cast<int>(seed % 2),
                     .seed = seed});
  }
}

// A memory that walks over other positions than those of the tensor.
TEST(Frames, TheCheckerFindsAWalkBesideTheTensor) {
  base::Rng rng(1);
  quant::Network network;
  const quant::Format bits = quant::full_format(4, false);
  const quant::Source great = test::add_input(network, "great", {1, 6, 6}, bits);
  const quant::Source small = test::add_input(network, "small", {1, 2, 3}, bits);
  quant::Product half = test::random_product({{{}, 0, 6}}, 1, {}, rng);
  half.inputs = {great};
  half.window = {.kernel = {3, 2}, .stride = {3, 2}, .map = {6, 6}};
  const quant::Source h = test::add_layer(network, "half", std::move(half), bits);
  quant::Product sum = test::random_product({{{}, 0, 2}}, 1, {}, rng);
  sum.inputs = {h, small};
  sum.window.map = {2, 3};
  network.outputs = {test::add_layer(network, "sum", std::move(sum), bits)};
  const config::Pe pe{.rows = 16, .cols = 16};
  const Design good = map(core::lower(network, {16, 16}), pe);
  EXPECT_NO_THROW(check(good));
  const core::Inset own = good.program->streams[good.program->inputs[1]].own;
  ASSERT_EQ(own, (core::Inset{{2, 3}, {0, 0}, {3, 2}}));
  std::vector<core::Inset> others(5, own);
  others[0].at.y = 1;
  others[1].at.x = 1;
  others[2].apart.y = 2;
  others[3].apart.x = 1;
  others[4].map.x = 2;
  for (const core::Inset& other : others) {
    core::Program damaged = *good.program;
    damaged.streams[damaged.inputs[1]].own = other;
    Design design = good;
    design.program = std::make_shared<const core::Program>(std::move(damaged));
    EXPECT_THROW(check(design), base::Error);
  }
}

// Two maps, neither of which has the common extents, so that memory shows both.
TEST(Frames, TheCheckerFindsWindowsThatRunAhead) {
  base::Rng rng(1);
  quant::Network network;
  const quant::Format bits = quant::full_format(4, false);
  const quant::Source x = test::add_input(network, "x", {1, 4, 4}, bits);
  const auto pooled = [&](const char* name, quant::Pair by) {
    quant::Product product = test::random_product({{{}, 0, by.area()}}, 1, {}, rng);
    product.inputs = {x};
    product.window = {.kernel = by, .stride = by, .map = {4, 4}};
    return test::add_layer(network, name, std::move(product), bits);
  };
  network.outputs = {pooled("wide", {4, 1}), pooled("tall", {1, 2})};
  const Design good = map(core::lower(network, {16, 16}), {.rows = 16, .cols = 16});
  EXPECT_NO_THROW(check(good));
  int found = 0;
  for (std::size_t i = 0; i < good.instances.size(); ++i) {
    const auto* line = dynamic_cast<const units::LineUnit*>(good.instances[i].unit.get());
    if (!line || good.instances[i].reader.index() + 1 != good.islands.size()) continue;
    units::LineConfig config = line->config();
    EXPECT_FALSE(config.shape.ahead);
    config.shape.ahead = true;
    Design damaged = good;
    damaged.instances[i].unit = std::make_shared<units::LineUnit>(config);
    EXPECT_THROW(check(damaged), base::Error);
    ++found;
  }
  EXPECT_EQ(found, 2);
}

// A vector comes with an image's first position, and memory takes no other token of it.
TEST(Frames, OfAVectorBesideAnImageMemoryTakesATokenASample) {
  base::Rng rng(1);
  quant::Network network;
  const quant::Format bits = quant::full_format(4, false);
  const quant::Source image = test::add_input(network, "image", {1, 16, 16}, bits);
  const quant::Source vector = test::add_input(network, "vector", 3, bits);
  network.outputs = {
      test::add_layer(network, "sum", test::random_product({image, vector}, 2, {}, rng), bits)};
  const Design good = map(core::lower(network, {300, 16}), {.rows = 300, .cols = 16});
  EXPECT_NO_THROW(check(good));
  int found = 0;
  for (std::size_t i = 0; i < good.instances.size(); ++i) {
    const auto* line = dynamic_cast<const units::LineUnit*>(good.instances[i].unit.get());
    if (!line || line->config().channels != 3) continue;
    ++found;
    EXPECT_EQ(line->config().shape.tokens(), 1);
    EXPECT_EQ(line->config().shape.sent(), 256);
    EXPECT_LT(line->config().rows, 8);
    units::LineConfig config = line->config();
    --config.shape.rows.skipped;
    Design damaged = good;
    damaged.instances[i].unit = std::make_shared<units::LineUnit>(config);
    EXPECT_THROW(check(damaged), base::Error);
  }
  EXPECT_EQ(found, 1);
}

// A vector beside a map leaves with the map's last position, which is all that waits for it.
TEST(Frames, TheGreatestOutputWaitsForASmallOneOnlyWhereThatLeaves) {
  base::Rng rng(1);
  quant::Network network;
  const quant::Format bits = quant::full_format(4, false);
  const quant::Source x = test::add_input(network, "x", {1, 16, 16}, bits);
  quant::Product pointwise = test::random_product({{{}, 0, 1}}, 2, {}, rng);
  pointwise.inputs = {x};
  pointwise.window.map = {16, 16};
  const quant::Source mask = test::add_layer(network, "mask", std::move(pointwise), bits);
  const quant::Source scores =
      test::add_layer(network, "scores", test::random_product({x}, 3, {}, rng), bits);
  network.outputs = {mask, scores};
  const Design design = map(core::lower(network, {256, 16}), {.rows = 256, .cols = 16});
  const auto depth_of_mask = [&] {
    for (const Channel& channel : design.channels)
      if (design.program->streams[channel.stream].tensor == mask.tensor)
        return depth_of(design, channel);
    return 0;
  };
  EXPECT_GT(depth_of_mask(), 0);
  EXPECT_LT(depth_of_mask(), 16);
}

}  // namespace
}  // namespace map
