// The search for blocks, and the Pareto front, on numbers made up.
#include "explore/search.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/rng.hpp"

namespace {

using explore::Blocks;
using explore::Figures;
using explore::Trial;
using testing::ElementsAre;

std::vector<Blocks> tried(const std::vector<Trial>& trials) {
  std::vector<Blocks> blocks;
  for (const Trial& trial : trials) blocks.push_back(trial.blocks);
  return blocks;
}

TEST(ExploreChoices, AreBlocksThatDivideTheCells) {
  const explore::Choices choices = explore::choices_of({64, 12, 7}, {8, 1, 4, 2, 16, 8});
  EXPECT_THAT(choices,
              ElementsAre(ElementsAre(1, 2, 4, 8, 16), ElementsAre(1, 2, 4), ElementsAre(1)));
}

TEST(ExploreSearch, TriesUniformBlocksFromLargeToSmall) {
  int calls = 0;
  const auto accuracy = [&](const Blocks& blocks) {
    ++calls;
    return 1.0 - 0.01 * blocks[0];
  };
  const auto trials = explore::try_blocks({{1, 2, 4, 8}}, 0.95, accuracy);
  EXPECT_THAT(tried(trials), ElementsAre(Blocks{8}, Blocks{4}, Blocks{2}, Blocks{1}));
  EXPECT_EQ(trials[0].accuracy, 0.92);
  EXPECT_EQ(calls, 4);
}

TEST(ExploreSearch, GivesALayerTheGreatestBlockThatItCanHave) {
  const auto accuracy = [](const Blocks&) { return 0.0; };
  EXPECT_THAT(tried(explore::try_blocks({{1, 2, 4, 8}, {1, 4}}, 0.5, accuracy)),
              ElementsAre(Blocks{8, 4}, Blocks{4, 4}, Blocks{2, 1}, Blocks{1, 1}));
}

// The second layer bears four times the block of the first.
TEST(ExploreSearch, RaisesLayersAsLongAsTheLimitHolds) {
  const auto accuracy = [](const Blocks& blocks) {
    return 1.0 - 0.01 * blocks[0] - 0.0025 * blocks[1];
  };
  const explore::Choices choices = {{1, 2, 4, 8, 16}, {1, 2, 4, 8, 16}};
  const auto trials = explore::try_blocks(choices, 0.935, accuracy);
  const std::vector<Blocks> blocks = tried(trials);
  // Uniform 4 loses 5 points; then the second layer alone can go to 8, which loses 6.
  EXPECT_THAT(std::vector<Blocks>(blocks.begin() + 5, blocks.end()),
              ElementsAre(Blocks{8, 4}, Blocks{4, 8}, Blocks{4, 16}));
  EXPECT_LE(trials.size(), explore::most_trials(choices));
}

TEST(ExploreSearch, RefinesNothingIfNoUniformBlocksDo) {
  const auto accuracy = [](const Blocks&) { return 0.1; };
  EXPECT_EQ(explore::try_blocks({{1, 2}, {1, 2}}, 0.5, accuracy).size(), 2u);
}

TEST(ExploreSearch, MakesNoTrialTwiceAndFewOfThem) {
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    base::Rng rng(seed);
    explore::Choices choices;
    for (std::uint64_t layer = 0; layer <= rng.below(4); ++layer) {
      choices.push_back({1});
      for (int block = 2; block <= 16; block *= 2)
        if (rng.below(3) != 0) choices.back().push_back(block);
    }
    std::vector<Blocks> seen;
    const auto accuracy = [&](const Blocks& blocks) {
      EXPECT_EQ(std::ranges::count(seen, blocks), 0);
      seen.push_back(blocks);
      return static_cast<double>(rng.below(100)) / 100;
    };
    const auto trials = explore::try_blocks(choices, 0.3, accuracy);
    EXPECT_EQ(trials.size(), seen.size());
    EXPECT_LE(trials.size(), explore::most_trials(choices)) << "seed " << seed;
  }
}

TEST(ExploreFront, HoldsWhatNoOtherIsBetterThan) {
  const std::vector<Figures> designs = {{0.9, 100, 50, 10}, {0.9, 100, 60, 10},  // more multipliers
                                        {0.8, 100, 50, 10},                      // less accurate
                                        {0.8, 90, 50, 10},                       // but faster
                                        {0.9, 100, 50, 10},                      // the first again
                                        {0.7, 200, 60, 5}};                      // the smallest
  EXPECT_THAT(explore::pareto_front(designs), ElementsAre(true, false, false, true, false, true));
  EXPECT_TRUE(explore::pareto_front({}).empty());
}

TEST(ExploreFront, PrefersTheFastestThenTheSmallest) {
  const Figures base{0.9, 100, 50, 10};
  EXPECT_TRUE(explore::is_preferred({0.8, 99, 90, 90}, base));
  EXPECT_TRUE(explore::is_preferred({0.8, 100, 49, 90}, base));
  EXPECT_TRUE(explore::is_preferred({0.8, 100, 50, 9}, base));
  EXPECT_TRUE(explore::is_preferred({0.91, 100, 50, 10}, base));
  EXPECT_FALSE(explore::is_preferred(base, base));
}

}  // namespace
