// Products and merges that walk over maps, against cases by hand and against padded arrays.
#include <gtest/gtest.h>

#include <vector>

#include "base/error.hpp"
#include "core/integer.hpp"
#include "core/lower.hpp"
#include "random_network.hpp"

namespace {

using quant::IntegerBatch;
using quant::Network;
using quant::Window;

// One layer on one input of `shape`.
Network walking(quant::Shape shape, quant::Rule rule, int channels, bool is_signed) {
  Network network;
  network.weight_bits = 8;
  const quant::Source x = test::add_input(network, "x", shape, quant::full_format(4, is_signed));
  std::visit([&](auto& any) { any.inputs = {x}; }, rule);
  network.outputs = {test::add_layer(network, "walk", std::move(rule), channels,
                                     quant::full_format(4, is_signed))};
  return network;
}

quant::Product product_of(quant::WeightMatrix weights, const Window& window, int groups) {
  const Eigen::Index cols = weights.cols();
  return {{},
          std::move(weights),
          quant::WideVector::Zero(cols),
          quant::WideVector::Ones(cols),
          quant::Rounding::kHalfUp,
          window,
          groups};
}

TEST(Windows, AProductWalksChannelsFastest) {
  // Two channels of 1 x 3; a kernel of two taps, padded by one before: rows are (tap 0, channel 0),
  // (tap 0, channel 1), (tap 1, channel 0), (tap 1, channel 1).
  const quant::WeightMatrix weights = (quant::WeightMatrix(4, 1) << 1, 2, 3, 4).finished();
  const Window window{.kernel = {1, 2}, .pad_begin = {0, 1}, .map = {1, 3}};
  Network network = walking({2, 1, 3}, product_of(weights, window, 1), 1, false);
  network.tensors.back().format = quant::full_format(8, false);
  const IntegerBatch x = (IntegerBatch(1, 6) << 1, 2, 3, 4, 5, 6).finished();
  EXPECT_EQ(core::run_integer(network, x).outputs,
            (IntegerBatch(1, 3) << 3 + 16, 1 + 8 + 6 + 20, 2 + 10 + 9 + 24).finished());
}

TEST(Windows, AMergeLeavesPaddingOut) {
  const Window window{.kernel = {2, 2}, .stride = {2, 2}, .pad_begin = {1, 1}, .map = {3, 3}};
  const Network network = walking({1, 3, 3}, quant::Merge{{}, window}, 1, true);
  const IntegerBatch x = (IntegerBatch(1, 9) << -9, -8, -7, -6, 5, -4, -3, -2, -1).finished();
  EXPECT_EQ(core::run_integer(network, x).outputs,
            (IntegerBatch(1, 4) << -9, -7, -3, 5).finished());
}

// A random window over a random map, at least one window each way.
Window random_window(base::Rng& rng) {
  const auto pick = [&](int low, int high) { return static_cast<int>(rng.between(low, high)); };
  for (;;) {
    const Window window{{pick(1, 7), pick(1, 7)}, {pick(1, 3), pick(1, 3)},
                        {pick(1, 2), pick(1, 3)}, {pick(0, 3), pick(0, 3)},
                        {pick(0, 3), pick(0, 3)}, {pick(1, 9), pick(1, 9)}};
    if (window.windows().y > 0 && window.windows().x > 0) return window;
  }
}

// Element (c, y, x) of a sample, or nothing on padding.
const std::int32_t* element(const IntegerBatch& batch, int c, quant::Pair map, int y, int x) {
  if (y < 0 || y >= map.y || x < 0 || x >= map.x) return nullptr;
  return &batch(0, (c * map.y + y) * map.x + x);
}

// Calls f(output element, channel of it, y, x) of the corner of each window of each channel.
template <class F>
void for_each_window(const Window& w, int channels, F&& f) {
  int at = 0;
  for (int c = 0; c < channels; ++c)
    for (int y = -w.pad_begin.y; y + w.dilation.y * (w.kernel.y - 1) < w.map.y + w.pad_end.y;
         y += w.stride.y)
      for (int x = -w.pad_begin.x; x + w.dilation.x * (w.kernel.x - 1) < w.map.x + w.pad_end.x;
           x += w.stride.x)
        f(at++, c, y, x);
}

std::int64_t plain_sum(const quant::Product& product, const IntegerBatch& batch, int c, int y,
                       int x) {
  const Window& w = product.window;
  const int channels = static_cast<int>(product.weights.rows()) / w.taps();
  const int first = c / product.group_cols() * channels;
  std::int64_t sum = product.bias[c];
  int row = 0;
  for (int ky = 0; ky < w.kernel.y; ++ky)
    for (int kx = 0; kx < w.kernel.x; ++kx)
      for (int i = 0; i < channels; ++i, ++row)
        if (const auto* value =
                element(batch, first + i, w.map, y + ky * w.dilation.y, x + kx * w.dilation.x))
          sum += std::int64_t{product.weights(row, c)} * *value;
  return sum;
}

TEST(Windows, ProductsEqualPlainLoops) {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    SCOPED_TRACE(seed);
    base::Rng rng(seed);
    const Window window = random_window(rng);
    const int groups = static_cast<int>(rng.between(1, 3));
    const int inputs = static_cast<int>(rng.between(1, 3));
    const int cols = groups * static_cast<int>(rng.between(1, 3));
    quant::Product product =
        test::random_product({{{}, 0, window.taps() * inputs}}, cols, {.threshold = 300}, rng);
    product.window = window;
    product.groups = groups;
    const Network network =
        walking({groups * inputs, window.map.y, window.map.x}, product, cols, seed % 2 == 0);
    const IntegerBatch x = test::random_inputs(network, 1, seed);
    const IntegerBatch y = core::run_integer(network, x).outputs;
    int met = 0;
    for_each_window(window, cols, [&](int at, int c, int wy, int wx) {
      const std::int64_t sum = plain_sum(product, x, c, wy, wx);
      const std::int64_t half = (std::abs(sum) + product.threshold[c] / 2) / product.threshold[c];
      const std::int64_t code = std::min<std::int64_t>(half, 15);
      ASSERT_EQ(y(0, at), sum >= 0 ? code : seed % 2 == 0 ? -code : 0);
      ++met;
    });
    EXPECT_EQ(met, y.cols());
  }
}

TEST(Windows, MergesEqualPlainLoops) {
  int tried = 0;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    SCOPED_TRACE(seed);
    base::Rng rng(seed);
    const Window w = random_window(rng);
    const Network network = walking({2, w.map.y, w.map.x}, quant::Merge{{}, w}, 2, true);
    const IntegerBatch x = test::random_inputs(network, 1, seed);
    std::vector<std::int32_t> wanted;
    for_each_window(w, 2, [&](int, int c, int y, int left) {
      std::int32_t most = -99;
      for (int tap = 0; tap < w.taps(); ++tap)
        if (const auto* value = element(x, c, w.map, y + tap / w.kernel.x * w.dilation.y,
                                        left + tap % w.kernel.x * w.dilation.x))
          most = std::max(most, *value);
      wanted.push_back(most);
    });
    if (std::ranges::count(wanted, -99) != 0) {
      EXPECT_THROW(core::run_integer(network, x), base::Error);
      continue;
    }
    const IntegerBatch y = core::run_integer(network, x).outputs;
    EXPECT_EQ(std::vector<std::int32_t>(y.data(), y.data() + y.size()), wanted);
    ++tried;
  }
  EXPECT_GT(tried, 20);
}

TEST(Windows, WhatDoesNotHoldIsAnInternalError) {
  const Window window{.kernel = {3, 3}, .map = {4, 4}};
  base::Rng rng(1);
  quant::Product product = test::random_product({{{}, 0, 18}}, 4, {}, rng);
  product.window = window;
  product.groups = 2;
  const Network good = walking({4, 4, 4}, product, 4, false);
  const IntegerBatch x = IntegerBatch::Zero(1, 64);
  EXPECT_NO_THROW(core::run_integer(good, x));
  const auto refused = [&](auto&& change) {
    Network bad = good;
    change(bad.layers.front().product(), bad);
    try {
      core::run_integer(bad, x);
    } catch (const base::Error& error) {
      return error.faults().front().code == base::Code::kInternal;
    }
    return false;
  };
  EXPECT_TRUE(refused([](quant::Product& p, Network&) { p.groups = 1; }));
  EXPECT_TRUE(refused([](quant::Product& p, Network&) { p.groups = 3; }));
  EXPECT_TRUE(refused([](quant::Product& p, Network&) { p.window.stride.x = 0; }));
  EXPECT_TRUE(refused([](quant::Product& p, Network&) { p.window.pad_begin.y = -1; }));
  EXPECT_TRUE(refused([](quant::Product& p, Network&) { p.window.pad_end.y = 1; }));
  EXPECT_TRUE(refused([](quant::Product& p, Network&) { p.window.dilation.x = 2; }));
  EXPECT_TRUE(refused([](quant::Product& p, Network&) { p.inputs[0].count = 60; }));
  EXPECT_TRUE(refused([](quant::Product&, Network& n) { n.tensors.back().shape = 16; }));
  EXPECT_TRUE(refused([](quant::Product& p, Network& n) {
    n.layers.front().rule = quant::Merge{p.inputs, p.window};
    n.tensors.front().format = quant::full_format(5, false);
  }));
}

}  // namespace
