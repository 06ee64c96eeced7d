// Lowering of layers that walk over maps: what it refuses, and what its checker finds.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "core/lower.hpp"
#include "random_maps.hpp"

namespace core {
namespace {

using quant::Network;
using ::testing::HasSubstr;

const quant::Format kBits = quant::full_format(4, false);

quant::Product product(std::vector<quant::Source> inputs, int rows, const quant::Window& window,
                       int groups = 1) {
  base::Rng rng(1);
  quant::Product made = test::random_product({{{}, 0, rows}}, 2 * groups, {}, rng);
  made.inputs = std::move(inputs);
  made.window = window;
  made.groups = groups;
  return made;
}

void expect_refused(const Network& network, const std::string& what) {
  try {
    lower(network, {});
    ADD_FAILURE() << "lowered: " << what;
  } catch (const base::Error& error) {
    EXPECT_EQ(error.faults().front().code, base::Code::kCannotMap);
    EXPECT_THAT(error.what(), HasSubstr(what));
    EXPECT_FALSE(error.faults().front().cure.empty());
  }
}

TEST(MapLowering, RefusesWalksOverWhatIsNoMap) {
  Network network;
  const quant::Source x = test::add_input(network, "x", 16, kBits);
  network.outputs = {
      test::add_layer(network, "conv", product({x}, 9, {.kernel = {3, 3}, .map = {4, 4}}), kBits)};
  expect_refused(network, "it walks over maps of 4 x 4, and \"x\" is no map");
}

TEST(MapLowering, RefusesGroupsOfElements) {
  Network network;
  const quant::Source x = test::add_input(network, "x", {2, 2, 2}, kBits);
  network.outputs = {test::add_layer(network, "groups", product({x}, 4, {}, 2), kBits)};
  expect_refused(network, "its groups read single elements of maps");
}

TEST(MapLowering, RefusesTheGreatestOfNothingAndOfElements) {
  Network network;
  const quant::Source x = test::add_input(network, "x", {1, 1, 3}, kBits);
  const quant::Window beside{.kernel = {1, 2}, .pad_begin = {0, 2}, .map = {1, 3}};
  test::add_layer(network, "pool", quant::Merge{{x}, beside}, 1, kBits);
  expect_refused(network, "some of its windows meet nothing but padding");
  const quant::Window window{.kernel = {1, 2}, .map = {1, 3}};
  Network flat;
  const quant::Source y = test::add_input(flat, "y", 3, kBits);
  test::add_layer(flat, "pool", quant::Merge{{y}, window}, 1, kBits);
  expect_refused(flat, "it takes the greatest elements of what is no map");
}

// As many windows as positions, but every other one beside the map.
TEST(MapLowering, WalksWhereAStrideLeadsBesideTheMap) {
  Network network;
  const quant::Source x = test::add_input(network, "x", {1, 1, 3}, kBits);
  const quant::Window window{.stride = {1, 2}, .pad_end = {0, 3}, .map = {1, 3}};
  ASSERT_EQ(window.windows(), window.map);
  network.outputs = {test::add_layer(network, "conv", product({x}, 1, window), kBits)};
  const Program program = lower(network, {16, 16});
  EXPECT_NO_THROW(check(program, network, {16, 16}));
  EXPECT_TRUE(std::ranges::any_of(program.streams, &Stream::is_copy));
}

// Some channels of a signed tensor: x+ and x- of the same, of which the view takes the greatest.
TEST(MapLowering, ShowsBothHalvesToTheGreatestOfSignedValues) {
  const quant::Format format = quant::full_format(4, true);
  Network network;
  const quant::Source x = test::add_input(network, "x", {3, 1, 3}, format);
  const quant::Merge merge{{{x.tensor, 3, 6}}, {.kernel = {1, 2}, .map = {1, 3}}};
  const quant::Source pool = test::add_layer(network, "pool", merge, 2, format);
  network.outputs = {test::add_layer(network, "p", product({pool}, 1, {.map = {1, 2}}),
                                     quant::full_format(4, false))};
  const Program program = lower(network, {16, 16});
  check(program, network, {16, 16});
  const auto made = std::ranges::find(program.streams, pool.tensor, &Stream::tensor);
  EXPECT_EQ(made->lanes, 4);
  const StreamId shown = program.inputs.front();
  EXPECT_EQ(made->view->shown, (std::vector<LaneRange>{{shown, 1, 2}, {shown, 4, 2}}));
}

TEST(MapLowering, RefusesAnOutputThatIsAPartOfAMap) {
  Network network;
  const quant::Source x = test::add_input(network, "x", {2, 2, 2}, kBits);
  const quant::Source p = test::add_layer(network, "p", product({x}, 2, {.map = {2, 2}}), kBits);
  network.outputs = {{p.tensor, 0, 2}};
  expect_refused(network, "an output is a part of a map");
}

TEST(MapLowering, RefusesANetworkWithoutProducts) {
  Network network;
  const quant::Source x = test::add_input(network, "x", {1, 1, 3}, kBits);
  network.outputs = {test::add_layer(
      network, "pool", quant::Merge{{x}, {.kernel = {1, 2}, .map = {1, 3}}}, 1, kBits)};
  expect_refused(network, "no layer is a product");
}

// Of 2 x 3 positions two travel side by side: x+ and x- of both channels of the first, then of the
// second. A row's last token is half empty.
TEST(Tokens, CarryPositionsSideBySide) {
  Network network;
  const quant::Source x = test::add_input(network, "x", {2, 2, 3}, quant::full_format(4, true));
  network.outputs = {test::add_layer(network, "p", product({x}, 2, {.map = {2, 3}}), kBits)};
  const Program program = lower(network, {}, Duplication{2, 1});
  const Stream& stream = program.streams[program.inputs.front()];
  EXPECT_EQ(stream.tokens, 4);
  EXPECT_EQ(stream.position_lanes(), 4);
  quant::IntegerBatch sample(1, 12);
  sample << 1, -2, 3, 4, 5, 6, /* channel 1 */ 7, 8, -9, 10, 11, 12;
  quant::IntegerBatch lanes(4, 8);
  lanes << 1, 7, 0, 0, 0, 8, 2, 0,  //
      3, 0, 0, 9, 0, 0, 0, 0,       //
      4, 10, 0, 0, 5, 11, 0, 0,     //
      6, 12, 0, 0, 0, 0, 0, 0;
  EXPECT_EQ(lanes_of(stream, sample), lanes);
  lanes.row(1).tail(4).setConstant(3);  // beyond the row's end
  EXPECT_EQ(samples_of(stream, lanes), sample);
  const Place place = place_of(stream, 2, 8);
  EXPECT_EQ(place.token, 1);
  EXPECT_EQ(place.lane, 1);
}

// Whatever is changed of a right program, the checker says so.
TEST(MapLowering, TheCheckerFindsDamage) {
  const TileSize tile{24, 8};
  int tried = 0;
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    SCOPED_TRACE(seed);
    const Network network = test::map_network({.moves = seed > 40, .seed = seed});
    const Program good =
        lower(network, tile, seed % 2 ? Duplication() : test::random_duplication(network, seed));
    EXPECT_NO_THROW(check(good, network, tile));
    const auto damaged = [&](auto&& damage) {
      Program program = good;
      if (!damage(program)) return;
      ++tried;
      EXPECT_THROW(check(program, network, tile), base::Error);
    };
    const auto view_of = [](Program& program) -> View* {
      for (Stream& stream : program.streams)
        if (stream.view) return &*stream.view;
      return nullptr;
    };
    damaged([&](Program& program) {
      View* view = view_of(program);
      if (view) view->window.pad_begin.x += 1;
      return view != nullptr;
    });
    damaged([&](Program& program) {
      View* view = view_of(program);
      if (view) view->most = !view->most;
      return view != nullptr;
    });
    damaged([&](Program& program) {
      View* view = view_of(program);
      if (view) view->sight.begin.y += 1;
      return view != nullptr;
    });
    damaged([&](Program& program) {
      View* view = view_of(program);
      const bool dealt = view && view->shown.size() > 2;
      if (dealt) std::swap(view->shown[0], view->shown[2]);
      return dealt;
    });
    damaged([](Program& program) {
      for (CoreOp& op : program.ops)
        for (LaneRange& lanes : op.inputs)
          if (lanes.first > 0) {
            --lanes.first;
            return true;
          }
      return false;
    });
    damaged([](Program& program) {
      for (CoreOp& op : program.ops)
        for (MatrixRange& rows : op.row_ranges)
          if (rows.group > 0) {
            --rows.group;
            return true;
          }
      return false;
    });
    damaged([](Program& program) {
      program.streams.back().tokens += 1;
      return true;
    });
    damaged([](Program& program) {
      for (Stream& stream : program.streams)
        if (stream.beside > 1) {
          --stream.beside;
          return true;
        }
      return false;
    });
    // Copies that change places, on either side
    const auto swap_copies = [&](auto member) {
      return [member](Program& program) {
        for (CoreOp& op : program.ops)
          for (CoreOp& other : program.ops)
            if (op.output == other.output && op.copy < other.copy &&
                op.row_tile == other.row_tile && op.col_tile == other.col_tile) {
              std::swap(op.*member, other.*member);
              return true;
            }
        return false;
      };
    };
    damaged(swap_copies(&CoreOp::inputs));
    damaged(swap_copies(&CoreOp::first_lane));
    damaged(swap_copies(&CoreOp::copy));
  }
  EXPECT_GT(tried, 600);
}

}  // namespace
}  // namespace core
