// Copies of layers: by hand, against an exhaustive search, and what is refused.
#include "core/duplicate.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <limits>

#include "base/error.hpp"
#include "random_maps.hpp"

namespace core {
namespace {

using quant::Network;
using quant::Source;

const quant::Format kBits = quant::full_format(4, false);

// A convolution of a k x k kernel to `channels` channels, of `tiles` core-ops in tiles of 100 x 4.
Source convolution(Network& network, const std::string& name, const Source& input, int kernel,
                   int tiles) {
  base::Rng rng(1);
  const quant::Shape& map = network.tensors[input.tensor].shape;
  const quant::Window window{.kernel = {kernel, kernel}, .map = {map.height, map.width}};
  quant::Product made =
      test::random_product({{{}, 0, window.taps() * map.channels}}, 4 * tiles, {}, rng);
  made.inputs = {input};
  made.window = window;
  return test::add_layer(network, name, std::move(made), kBits);
}

Source pool(Network& network, const std::string& name, const Source& input) {
  const quant::Shape& map = network.tensors[input.tensor].shape;
  const quant::Window window{.kernel = {2, 2}, .stride = {2, 2}, .map = {map.height, map.width}};
  return test::add_layer(network, name, quant::Merge{{input}, window}, map.channels, kBits);
}

constexpr TileSize kTile{100, 4};

// 28 x 28, of it 24 x 24, 12 x 12, 8 x 8, 4 x 4: LeNet's maps, with 1 and 5 PEs.
Network lenet() {
  Network network;
  const Source x = test::add_input(network, "x", {1, 28, 28}, kBits);
  const Source conv1 = convolution(network, "conv1", x, 5, 1);
  const Source conv2 = convolution(network, "conv2", pool(network, "pool1", conv1), 5, 5);
  network.outputs = {pool(network, "pool2", conv2)};
  return network;
}

std::vector<int> all(const Duplication& duplication) {
  return {duplication.begin(), duplication.end()};
}

TEST(Duplicate, BalancesToTheSlowestLayer) {
  const Network network = lenet();
  const Program once = lower(network, kTile);
  EXPECT_EQ(all(balanced(network, once, 1)), (std::vector{1, 1, 1, 1, 1}));
  // conv1: 24 * 6 = 144 windows; the input's 28 * 28 take 6 a token, the rest has fewer
  EXPECT_EQ(all(balanced(network, once, 4)), (std::vector{6, 4, 1, 1, 1}));
  // 24 * 2 = 48: the input cannot have fewer than 28 * 1, 12 * 4, 8 * 6, 4 * 4
  EXPECT_EQ(all(balanced(network, once, 12)), (std::vector{28, 12, 3, 2, 1}));
  // All of a row at once, and no more
  EXPECT_EQ(all(balanced(network, once, 24)), all(balanced(network, once, 1000)));
  EXPECT_EQ(balanced(network, once, 24)[quant::TensorId(1)], 24);
}

TEST(Duplicate, SpendsABudgetOnTheSlowestLayers) {
  const Network network = lenet();
  const Program once = lower(network, kTile);
  const auto copies = [&](int pes) {
    const Duplication chosen = within(network, once, pes);
    return std::vector{chosen[quant::TensorId(1)], chosen[quant::TensorId(3)]};
  };
  ASSERT_EQ(once.ops.size(), 6U);
  EXPECT_EQ(copies(6), (std::vector{1, 1})) << "576 windows";
  EXPECT_EQ(copies(9), (std::vector{4, 1})) << "144";
  EXPECT_EQ(copies(10), (std::vector{5, 1})) << "120";
  EXPECT_EQ(copies(12), (std::vector{6, 1})) << "96, and a seventh copy would save none";
  EXPECT_EQ(copies(16), (std::vector{8, 1})) << "72";
  EXPECT_EQ(copies(17), (std::vector{12, 1})) << "64: conv2 is the slowest";
  EXPECT_EQ(copies(22), (std::vector{12, 2})) << "48";
  EXPECT_EQ(copies(1000), (std::vector{24, 3})) << "24";
}

double a_pe(const CoreOp& /*op*/) { return 1; }
double cells(const CoreOp& op) { return op.rows() * op.cols(); }

// Windows a sample of the slowest product, and what all PEs cost.
std::pair<int, double> cost(const Program& once, const Duplication& beside, const Cost& of) {
  int windows = 0;
  double sum = 0;
  for (const CoreOp& op : once.ops) {
    const Stream& stream = once.streams[op.output];
    const int copies = beside[stream.tensor];
    sum += of(op) * copies;
    windows = std::max(windows, stream.map.y * ((stream.map.x + copies - 1) / copies));
  }
  return {windows, sum};
}

// The fewest windows of all choices for what core-ops make, that cost no more than `budget`.
int fewest(const Network& network, const Program& once, double budget, const Cost& of) {
  std::vector<quant::TensorId> made;
  for (const quant::Layer& layer : network.layers)
    if (layer.if_product()) made.push_back(layer.output);
  Duplication beside(network.tensors.size(), 1);
  int best = std::numeric_limits<int>::max();
  const std::function<void(std::size_t)> choose = [&](std::size_t i) {
    const auto [windows, needed] = cost(once, beside, of);
    if (needed > budget) return;
    best = std::min(best, windows);
    if (i == made.size()) return;
    const int width = network.tensors[made[i]].shape.width;
    for (int n = 1; n <= width; ++n) {
      beside[made[i]] = n;
      choose(i + 1);
    }
    beside[made[i]] = 1;
  };
  choose(0);
  return best;
}

TEST(Duplicate, IsAsFastAsTheBestOfAllChoices) {
  int copied = 0;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    const Network network = test::map_network({.layers = 4, .most_extent = 6, .seed = seed});
    const Program once = lower(network, {20, 6});
    const int least = static_cast<int>(once.ops.size());
    for (const int more : {0, 1, 2, 3, 5, 8, 13, 100}) {
      const Duplication chosen = within(network, once, least + more);
      const auto [windows, pes] = cost(once, chosen, a_pe);
      EXPECT_LE(pes, least + more);
      EXPECT_EQ(windows, fewest(network, once, least + more, a_pe))
          << "seed " << seed << ", " << more;
      EXPECT_EQ(static_cast<int>(lower(network, {20, 6}, chosen).ops.size()), pes);
      copied += pes > least;
    }
  }
  EXPECT_GT(copied, 100);
}

// PEs are of many sizes.
TEST(Duplicate, IsAsFastAsTheBestThatAnAreaHolds) {
  int copied = 0;
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    const Network network = test::map_network({.layers = 4, .most_extent = 6, .seed = seed});
    const Program once = lower(network, {20, 6});
    double least = 0;
    for (const CoreOp& op : once.ops) least += cells(op);
    for (const double share : {1.0, 1.1, 1.3, 2.0, 4.0}) {
      const auto [windows, area] = cost(once, within(network, once, least * share, cells), cells);
      EXPECT_LE(area, least * share);
      EXPECT_EQ(windows, fewest(network, once, least * share, cells)) << seed << ", " << share;
      copied += area > least;
    }
  }
  EXPECT_GT(copied, 40);
}

// Nothing that takes no PEs holds up those that do.
TEST(Duplicate, LetsInputsAndMaximaKeepUp) {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    const Network network = test::map_network({.layers = 4, .most_extent = 8, .seed = seed});
    const Program once = lower(network, {});
    for (const int degree : {2, 3, 5}) {
      const Duplication chosen = balanced(network, once, degree);
      const int windows = cost(once, chosen, a_pe).first;
      const Program program = lower(network, {}, chosen);
      check(program, network, {});
      for (const Stream& stream : program.streams)
        EXPECT_LE(stream.tokens, std::max(windows, stream.map.y)) << "seed " << seed;
    }
  }
}

TEST(Duplicate, GivesTensorsOfAFrameTheSameTokens) {
  Network network;
  const Source x = test::add_input(network, "x", {1, 6, 8}, kBits);
  const Source y = test::add_input(network, "y", {2, 6, 8}, kBits);
  const Source a = convolution(network, "a", x, 3, 1);
  const Source b = convolution(network, "b", y, 3, 2);
  quant::Table table{{b}, std::vector<std::int32_t>(16, 1)};
  table.window.map = {4, 6};
  const Source c = test::add_layer(network, "c", std::move(table), 8, kBits);
  network.outputs = {a, c};
  const Program once = lower(network, kTile);
  EXPECT_EQ(all(balanced(network, once, 2)), (std::vector{4, 4, 2, 2, 2}));
  EXPECT_EQ(all(within(network, once, 3)), (std::vector{2, 2, 1, 1, 1}));
  EXPECT_EQ(all(within(network, once, 6)), (std::vector{4, 4, 2, 2, 2})) << "both or none";
}

// Maps of as many positions in other rows have no tokens in common.
TEST(Duplicate, LeavesFramesOfUnequalMapsAlone) {
  Network network;
  const Source x = test::add_input(network, "x", {1, 6, 8}, kBits);
  test::add_input(network, "y", {1, 8, 6}, kBits);
  network.outputs = {convolution(network, "a", x, 3, 1)};
  EXPECT_EQ(all(balanced(network, lower(network, kTile), 3)), (std::vector{1, 1, 3}));
}

TEST(Duplicate, RefusesABudgetForLessThanOneCopy) {
  const Network network = lenet();
  const Program once = lower(network, kTile);
  try {
    within(network, once, 5);
    ADD_FAILURE() << "5 PEs were enough";
  } catch (const base::Error& error) {
    const base::Fault& fault = error.faults().front();
    EXPECT_EQ(fault.code, base::Code::kDoesNotFit);
    EXPECT_EQ(fault.what, "one copy of each layer takes 6 PEs, not 5");
    EXPECT_EQ(fault.cure, "set map.pes to 6 or more");
  }
  EXPECT_EQ(all(within(network, once, 6)), (std::vector{2, 1, 1, 1, 1}));
}

TEST(Duplicate, RefusesWhatNoTokenHolds) {
  const Network network = lenet();
  for (const int beside : {0, 29}) {
    Duplication duplication(network.tensors.size(), 1);
    duplication[network.inputs.front()] = beside;
    EXPECT_THROW(lower(network, kTile, duplication), base::Error) << beside;
  }
}

}  // namespace
}  // namespace core
