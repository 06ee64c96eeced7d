// Inputs, and outputs, that are maps of several sizes: where they stand in the tokens of the host's
// streams, and what the checker of lowering finds of that.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "core/duplicate.hpp"
#include "core/lower.hpp"
#include "random_maps.hpp"

namespace core {
namespace {

using quant::Network;
using quant::Pair;

const quant::Format kBits = quant::full_format(4, false);

quant::Product product(std::vector<quant::Source> inputs, int rows, const quant::Window& window) {
  base::Rng rng(1);
  quant::Product made = test::random_product({{{}, 0, rows}}, 2, {}, rng);
  made.inputs = std::move(inputs);
  made.window = window;
  return made;
}

// A map of 4 x 4, one of 2 x 2 and a vector: each is walked over in maps of its own.
struct ThreeSizes {
  ThreeSizes() {
    great = test::add_input(network, "great", {1, 4, 4}, kBits);
    small = test::add_input(network, "small", {2, 2, 2}, quant::full_format(4, true));
    vector = test::add_input(network, "vector", 3, kBits);
    const quant::Window half{.kernel = {2, 2}, .stride = {2, 2}, .map = {4, 4}};
    const quant::Source h = test::add_layer(network, "half", product({great}, 4, half), kBits);
    sum = test::add_layer(network, "sum", product({h, small}, 4, {.map = {2, 2}}), kBits);
    flat = test::add_layer(network, "flat", product({sum, vector}, 11, {}), kBits);
    network.outputs = {flat};
  }
  Network network;
  quant::Source great, small, vector, sum, flat;
};

TEST(Frames, SmallMapsOfInputsStandSpreadOut) {
  ThreeSizes sizes;
  const Program program = lower(sizes.network, {16, 16});
  check(program, sizes.network, {16, 16});
  const auto stream = [&](std::size_t i) { return program.streams[program.inputs[i]]; };
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(stream(i).map, (Pair{4, 4})) << i;
    EXPECT_EQ(stream(i).tokens, 16) << i;
  }
  EXPECT_EQ(stream(0).own, (Inset{{4, 4}}));
  EXPECT_EQ(stream(1).own, (Inset{{2, 2}, {0, 0}, {2, 2}}));
  EXPECT_EQ(stream(2).own, (Inset{{1, 1}, {0, 0}, {4, 4}}));
  quant::IntegerBatch sample(1, 8);
  sample << 1, -2, 3, 4, /* channel 1 */ 5, 6, -7, 8;
  quant::IntegerBatch lanes = quant::IntegerBatch::Zero(16, 4);
  lanes.row(0) << 1, 5, 0, 0;
  lanes.row(2) << 0, 6, 2, 0;
  lanes.row(8) << 3, 0, 0, 7;
  lanes.row(10) << 4, 8, 0, 0;
  EXPECT_EQ(lanes_of(stream(1), sample), lanes);
  lanes.row(1).setConstant(9);  // beside the tensor's own
  lanes.row(15).setConstant(9);
  EXPECT_EQ(samples_of(stream(1), lanes), sample);
}

TEST(Frames, ATableStandsWhereItsInputDoes) {
  ThreeSizes sizes;
  quant::Table table{{sizes.small}, std::vector<std::int32_t>(31, 3)};
  table.window.map = {2, 2};
  const quant::Source made = test::add_layer(sizes.network, "table", std::move(table), 2, kBits);
  sizes.network.outputs = {
      test::add_layer(sizes.network, "end", product({made}, 2, {.map = {2, 2}}), kBits)};
  const Program program = lower(sizes.network, {16, 16});
  check(program, sizes.network, {16, 16});
  const auto found = std::ranges::find(program.streams, made.tensor, &Stream::tensor);
  EXPECT_EQ(found->tokens, 16);
  EXPECT_EQ(found->own, (Inset{{2, 2}, {0, 0}, {2, 2}}));
}

TEST(Frames, WhatIsSeenRepeatedStandsSideBySide) {
  ThreeSizes sizes;
  const quant::Sight twice{.extent = {4, 4}, .repeat = {2, 2}};
  sizes.network.outputs = {test::add_layer(
      sizes.network, "end",
      product({{sizes.small.tensor, 0, 32, twice}, sizes.great}, 3, {.map = {4, 4}}), kBits)};
  const Program program = lower(sizes.network, {16, 16});
  check(program, sizes.network, {16, 16});
  EXPECT_EQ(program.streams[program.inputs[1]].own, (Inset{{2, 2}}));
}

TEST(Frames, MapsOfAsManyPositionsStayAsTheyAre) {
  Network network;
  const quant::Source x = test::add_input(network, "x", {1, 2, 3}, kBits);
  const quant::Source y = test::add_input(network, "y", {1, 6, 1}, kBits);
  network.outputs = {test::add_layer(network, "flat", product({x, y}, 12, {}), kBits)};
  const Program program = lower(network, {16, 16});
  check(program, network, {16, 16});
  EXPECT_EQ(program.streams[program.inputs[0]].own, (Inset{{2, 3}}));
  EXPECT_EQ(program.streams[program.inputs[1]].own, (Inset{{6, 1}}));
}

TEST(Frames, MemoryShowsSmallMapsOfOutputsSpreadOut) {
  ThreeSizes sizes;
  const quant::Source map =
      test::add_layer(sizes.network, "map", product({sizes.great}, 1, {.map = {4, 4}}), kBits);
  const quant::Source half{sizes.sum.tensor, 4, 4};
  sizes.network.outputs = {sizes.sum, map, sizes.flat, half};
  const Program program = lower(sizes.network, {16, 16});
  check(program, sizes.network, {16, 16});
  ASSERT_EQ(program.outputs.size(), 4u);
  const auto stream = [&](std::size_t i) { return program.streams[program.outputs[i].stream]; };
  EXPECT_FALSE(stream(1).is_copy());
  EXPECT_EQ(stream(0).own, (Inset{{2, 2}, {1, 1}, {2, 2}}));
  EXPECT_EQ(stream(2).own, (Inset{{1, 1}, {3, 3}, {4, 4}}));
  for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(stream(i).tokens, 16) << i;
  EXPECT_EQ(program.outputs[3], (LaneRange{program.outputs[0].stream, 1, 1}))
      << "one copy for both";
}

TEST(Frames, CopiesOfTheGreatestOutputLeaveSideBySide) {
  ThreeSizes sizes;
  const quant::Source map =
      test::add_layer(sizes.network, "map", product({sizes.great}, 1, {.map = {4, 4}}), kBits);
  sizes.network.outputs = {sizes.sum, map};
  const TileSize tile{16, 16};
  const Duplication beside = balanced(sizes.network, lower(sizes.network, tile), 2);
  const Program program = lower(sizes.network, tile, beside);
  check(program, sizes.network, tile);
  for (const LaneRange& lanes : program.outputs) {
    EXPECT_EQ(program.streams[lanes.stream].beside, 2);
    EXPECT_EQ(program.streams[lanes.stream].tokens, 8);
  }
  for (const StreamId id : program.inputs) EXPECT_EQ(program.streams[id].beside, 2);
}

TEST(Frames, TensorsOfSeveralNumbersOfTokensAreRefused) {
  ThreeSizes sizes;
  Duplication beside(sizes.network.tensors.size());
  for (int& one : beside) one = 1;
  beside[sizes.great.tensor] = 2;
  EXPECT_THROW(lower(sizes.network, {16, 16}, beside), base::Error);
}

// Whatever is changed of where a tensor stands, the checker says so.
TEST(Frames, TheCheckerFindsDamage) {
  const TileSize tile{24, 8};
  int tried = 0;
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    SCOPED_TRACE(seed);
    const Network network =
        test::map_network({.moves = seed > 50, .inputs = 2, .outputs = 2, .seed = seed});
    const Program once = lower(network, tile);
    const Program good = lower(network, tile, balanced(network, once, 1 + int(seed % 3)));
    EXPECT_NO_THROW(check(good, network, tile));
    const auto damaged = [&](auto&& damage) {
      Program program = good;
      if (!damage(program)) return;
      ++tried;
      EXPECT_THROW(check(program, network, tile), base::Error);
    };
    // Beyond the map
    damaged([](Program& program) {
      Stream& input = program.streams[program.inputs.back()];
      input.own.at.y += input.map.y - (input.own.map.y - 1) * input.own.apart.y;
      return true;
    });
    damaged([](Program& program) {
      Stream& input = program.streams[program.inputs.back()];
      input.own.apart.x = 0;
      return true;
    });
    damaged([](Program& program) {
      Stream& input = program.streams[program.inputs.back()];
      std::swap(input.own.map, input.map);
      return input.own.map != input.map;
    });
    damaged([](Program& program) {
      for (Stream& stream : program.streams)
        if (stream.lookup) {
          stream.own.at.x += 1;
          return true;
        }
      return false;
    });
    damaged([](Program& program) {
      for (const CoreOp& op : program.ops) {
        Stream& made = program.streams[op.output];
        if (made.map.y < 2) continue;
        --made.own.map.y;
        return true;
      }
      return false;
    });
    // Of what the host receives
    const auto received = [&](auto&& damage) {
      damaged([&](Program& program) {
        for (const LaneRange& lanes : program.outputs)
          if (program.streams[lanes.stream].is_copy())
            return damage(program, program.streams[lanes.stream]);
        return false;
      });
    };
    received([](Program&, Stream& copy) {
      copy.own.at.y -= 1;
      return true;
    });
    received([](Program&, Stream& copy) {
      copy.own.apart.x *= 2;
      return copy.own.map.x > 1;
    });
    received([](Program&, Stream& copy) {
      copy.view->sight.begin.x -= copy.view->sight.repeat.x;
      return true;
    });
    received([](Program&, Stream& copy) {
      copy.view->sight.begin.y += copy.view->sight.repeat.y;
      return true;
    });
    received([](Program& program, Stream& copy) {
      for (LaneRange& lanes : program.outputs)
        if (&program.streams[lanes.stream] == &copy) lanes.stream = copy.view->stream();
      return program.streams[copy.view->stream()].tokens != copy.tokens;
    });
    received([](Program& program, Stream& copy) {
      for (LaneRange& lanes : program.outputs)
        if (&program.streams[lanes.stream] == &copy && lanes.first > 0) {
          --lanes.first;
          return true;
        }
      return false;
    });
  }
  EXPECT_GT(tried, 700);
}

}  // namespace
}  // namespace core
