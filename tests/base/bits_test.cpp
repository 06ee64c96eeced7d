#include "base/bits.hpp"

#include <gtest/gtest.h>

#include "base/strong_id.hpp"

namespace base {
namespace {

TEST(Bits, Clog2AndCeilDiv) {
  EXPECT_EQ(clog2(1), 0);
  EXPECT_EQ(clog2(2), 1);
  EXPECT_EQ(clog2(3), 2);
  EXPECT_EQ(clog2(256), 8);
  EXPECT_EQ(clog2(257), 9);
  EXPECT_EQ(clog2(~std::uint64_t{0}), 64);
  EXPECT_EQ(ceil_div(0, 4), 0);
  EXPECT_EQ(ceil_div(8, 4), 2);
  EXPECT_EQ(ceil_div(9, 4), 3);
}

TEST(Bits, SetGetAndVisitInOrder) {
  Bits bits(130);
  for (const std::size_t i : {129, 0, 63, 64}) bits.set(i, true);
  bits.set(63, false);
  std::vector<std::size_t> seen;
  bits.for_each_set([&](std::size_t i) { seen.push_back(i); });
  EXPECT_EQ(seen, (std::vector<std::size_t>{0, 64, 129}));
  EXPECT_TRUE(bits.get(129));
  EXPECT_FALSE(bits.get(63));
  EXPECT_EQ(bits.words().size(), 3u);
}

TEST(StrongId, DefaultIsInvalidAndOrderFollowsTheIndex) {
  struct Tag {};
  using Id = StrongId<Tag>;
  EXPECT_FALSE(Id().valid());
  EXPECT_TRUE(Id(0).valid());
  EXPECT_LT(Id(1), Id(2));
  EXPECT_EQ(Id(3).index(), 3u);
}

}  // namespace
}  // namespace base
