// Sights: what is seen of maps, by hand, and found again from where its elements come from.
#include "quant/sights.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/rng.hpp"

namespace quant {
namespace {

std::vector<int> elements_of(const Sight& sight, const Shape& shape) {
  std::vector<int> elements;
  for (int i = 0; i < sight.seen(shape).count(); ++i) elements.push_back(sight.element(shape, i));
  return elements;
}

TEST(Sights, RepeatLines) {
  const Sight sight{.extent = {2, 4}, .repeat = {2, 2}};
  EXPECT_EQ(elements_of(sight, {1, 1, 2}), (std::vector{0, 0, 1, 1, 0, 0, 1, 1}));
  EXPECT_FALSE(sight.pads({1, 1, 2}));
}

TEST(Sights, CutAndPad) {
  const Sight sight{.extent = {2, 3}, .begin = {1, -1}};
  EXPECT_EQ(elements_of(sight, {1, 2, 2}), (std::vector{-1, 2, 3, -1, -1, -1}));
  EXPECT_TRUE(sight.pads({1, 2, 2}));
}

TEST(Sights, PassOverLines) {
  const Sight sight{.extent = {1, 2}, .step = {1, 2}, .begin = {0, 1}};
  EXPECT_EQ(elements_of(sight, {1, 1, 4}), (std::vector{1, 3}));
}

// Of channels 0 to 3 of one position, two channels of two.
TEST(Sights, DealChannels) {
  Sight sight{.extent = {1, 2}, .repeat = {1, 2}, .deal = Deal::kPartsFirst};
  EXPECT_EQ(elements_of(sight, {4}), (std::vector{0, 2, 1, 3}));
  sight.deal = Deal::kChannelsFirst;
  EXPECT_EQ(elements_of(sight, {4}), (std::vector{0, 1, 2, 3}));
  EXPECT_EQ(sight.seen({4}), Shape(2, 1, 2));
}

std::optional<std::vector<Run>> found(const std::vector<int>& elements, const Shape& shape,
                                      Pair map) {
  std::vector<Spot> spots;
  for (const int element : elements) spots.push_back({element < 0 ? -1 : 0, element});
  return runs_of(spots, {shape}, map);
}

Sight random_sight(const Shape& shape, base::Rng& rng) {
  const auto pick = [&](int low, int high) { return static_cast<int>(rng.between(low, high)); };
  Sight sight{{pick(1, 6), pick(1, 6)}, {pick(1, 3), pick(1, 3)}};
  if (rng.below(4) == 0) {
    sight.extent = {shape.height * sight.repeat.y, shape.width * sight.repeat.x};
    sight.deal = static_cast<Deal>(pick(1, 2));
    return sight;
  }
  if (sight.repeat == Pair() && rng.below(2)) sight.step = {pick(1, 2), pick(1, 2)};
  sight.begin = {pick(-2, shape.height * sight.repeat.y - 1),
                 pick(-2, shape.width * sight.repeat.x - 1)};
  return sight;
}

// Whatever is found shows the same; what shows something is found.
TEST(Sights, AreFoundFromTheirElements) {
  int runs = 0;
  int nothing = 0;
  for (std::uint64_t seed = 1; seed <= 600; ++seed) {
    base::Rng rng(seed);
    const auto pick = [&](int low, int high) { return static_cast<int>(rng.between(low, high)); };
    const Shape shape(pick(1, 3) * 36, pick(1, 4), pick(1, 4));
    const Sight sight = random_sight(shape, rng);
    const std::vector<int> elements = elements_of(sight, shape);
    const auto all = found(elements, shape, sight.extent);
    if (std::ranges::all_of(elements, [](int element) { return element < 0; })) {
      EXPECT_FALSE(all) << "zeros alone are of no map";
      ++nothing;
      continue;
    }
    ASSERT_TRUE(all) << "seed " << seed;
    std::vector<int> shown;
    for (const quant::Run& run : *all)
      for (int i = 0; i < run.count; ++i) shown.push_back(run.sight.element(shape, run.first + i));
    EXPECT_EQ(shown, elements) << "seed " << seed;
    runs += static_cast<int>(all->size());
  }
  EXPECT_EQ(runs, 600 - nothing) << "all channels are seen alike";
  EXPECT_GT(nothing, 0);
}

TEST(Sights, DoNotShowWhatIsTurned) {
  EXPECT_FALSE(found({0, 2, 1, 3}, {1, 2, 2}, {2, 2})) << "rows for columns";
  EXPECT_FALSE(found({1, 0}, {1, 1, 2}, {1, 2})) << "backwards";
  EXPECT_FALSE(found({0, 1, 1, 2, 3}, {1, 1, 4}, {1, 5})) << "one line twice";
  EXPECT_FALSE(found({0, -1, 1}, {1, 1, 2}, {1, 3})) << "a zero within";
}

// Channels in any order, of several tensors.
TEST(Sights, ShowChannelsInAnyOrder) {
  const std::vector<Spot> spots{{0, 2}, {0, 3}, {1, 0}, {1, 1}, {0, 0}, {0, 1}};
  const auto all = runs_of(spots, {{2, 1, 2}, {1, 1, 2}}, {1, 2});
  ASSERT_TRUE(all);
  ASSERT_EQ(all->size(), 3U);
  EXPECT_EQ((*all)[0].first, 2);
  EXPECT_EQ((*all)[1].source, 1);
  EXPECT_TRUE((*all)[2].sight.is_plain());
}

}  // namespace
}  // namespace quant
