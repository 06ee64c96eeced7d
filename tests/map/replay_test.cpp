#include "map/replay.hpp"

#include <gtest/gtest.h>

namespace map {
namespace {

// Islands of 4 ticks a window whose results are whole after 9; a beat a sample on either side.
TokenFlow islands(std::size_t count) {
  TokenFlow flow;
  flow.islands.assign(count, {.window = 4, .drain = 9});
  flow.output = {.island = count - 1, .end = 8, .beats = 1, .slots = 2};
  return flow;
}

TokenFlow::Channel joint(std::size_t from, std::size_t to, int depth) {
  return {.from = from, .to = to, .end = 8, .freed = 3, .depth = depth};
}

// Clock 0 brings the beat. The window starts in clock 1, its last result is whole in clock 9,
// bubbles fill the window of clocks 9 to 12; 15 clocks more are counted.
TEST(Replay, CountsTheClocksOfOneIslandByHand) {
  const Replay one = replay(islands(1), 1);
  EXPECT_FALSE(one.deadlock);
  EXPECT_EQ(one.cycles, 12 + 15);
  EXPECT_EQ(replay(islands(1), 2).cycles, 12 + 4 + 15) << "a sample enters every window";
}

// The token is written in clock 9, taken in clock 10: 9 clocks more.
TEST(Replay, ASecondIslandStartsWhenTheTokenIsThere) {
  TokenFlow flow = islands(2);
  flow.channels = {joint(0, 1, 4)};
  EXPECT_EQ(replay(flow, 1).cycles, 9 + 12 + 15);
  flow.channels[0].late = 1;
  EXPECT_EQ(replay(flow, 1).cycles, 10 + 12 + 15);
}

// With one slot the writer waits until the reader has read it: 9 + 4 clocks a sample, in windows.
TEST(Replay, AShallowChannelHoldsItsWriterBack) {
  TokenFlow flow = islands(2);
  flow.channels = {joint(0, 1, 1)};
  const std::int64_t more = replay(flow, 11).cycles - replay(flow, 1).cycles;
  EXPECT_GT(more, 10 * 12);
  flow.channels[0].depth = 4;
  EXPECT_EQ(replay(flow, 11).cycles - replay(flow, 1).cycles, 10 * 4);
}

TEST(Replay, AStreamOfManyBeatsSetsThePace) {
  TokenFlow flow = islands(1);
  flow.input.beats = 7;
  const std::int64_t in = replay(flow, 12).cycles - replay(flow, 2).cycles;
  EXPECT_EQ(in, 10 * 8) << "a beat a clock, and one in which the sample is taken";
  flow.input.beats = 1;
  flow.output.beats = 7;
  EXPECT_EQ(replay(flow, 22).cycles - replay(flow, 12).cycles, 10 * 7);
}

TEST(Replay, TellsWhenEachSampleIsWholeAndTheirPace) {
  const Replay three = replay(islands(1), 3);
  ASSERT_EQ(three.whole.size(), 3U);
  EXPECT_EQ(three.whole[1] - three.whole[0], 4);
  EXPECT_EQ(clocks_a_sample(islands(1)), 4);
  TokenFlow flow = islands(1);
  flow.input.tokens = flow.output.tokens = 5;
  EXPECT_EQ(clocks_a_sample(flow), 5 * 4) << "windows, each a token";
}

// The reader wants to see three tokens, and two fit in.
TEST(Replay, SaysWhenChannelsEndInADeadlock) {
  TokenFlow flow = islands(2);
  flow.channels = {joint(0, 1, 2)};
  flow.channels[0].need = {3};
  EXPECT_TRUE(replay(flow, 5).deadlock);
  flow.channels[0].need = {2};
  EXPECT_TRUE(replay(flow, 5).deadlock) << "the last token is alone";
  flow.channels[0].need = {1};
  EXPECT_FALSE(replay(flow, 5).deadlock);
}

// A ring without a token to begin with.
TEST(Replay, NoDepthSavesARing) {
  TokenFlow flow = islands(2);
  flow.channels = {joint(0, 1, 1), joint(1, 0, 1)};
  EXPECT_FALSE(choose_depths(flow));
}

// A chain of three islands and a skip past the middle one.
TEST(Replay, ChoosesTheDepthsThatFullSpeedTakes) {
  TokenFlow flow = islands(3);
  flow.channels = {joint(0, 1, 0), joint(1, 2, 0), joint(0, 2, 0)};
  ASSERT_TRUE(choose_depths(flow));
  const std::int64_t pace = replay(flow, 60).cycles - replay(flow, 50).cycles;
  EXPECT_EQ(pace, 10 * 4);
  EXPECT_GT(flow.channels[2].depth, flow.channels[0].depth) << "the skip waits for the others";
  for (TokenFlow::Channel& channel : flow.channels) {
    --channel.depth;
    EXPECT_GT(replay(flow, 60).cycles - replay(flow, 50).cycles, pace) << "a token less is slower";
    ++channel.depth;
  }
}

}  // namespace
}  // namespace map
