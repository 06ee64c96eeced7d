#include "verilog/expr.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace verilog {
namespace {

const Net kA{NetId(0), 8};
const Net kB{NetId(1), 3};

TEST(Expr, NetIsOnePart) {
  const Expr a = kA;
  EXPECT_EQ(a.width(), 8);
  ASSERT_EQ(a.parts().size(), 1u);
  EXPECT_EQ(a.parts()[0].net, kA.id);
}

TEST(Expr, NeighboursMerge) {
  EXPECT_EQ(concat({kA.slice(4, 4), kA.slice(0, 4)}), Expr(kA));
  EXPECT_NE(concat({kA.slice(0, 4), kA.slice(4, 4)}), Expr(kA));
  EXPECT_EQ(concat({constant(3, 5), constant(2, 1)}), constant(5, 0b10101));
}

TEST(Expr, ConcatIsMostSignificantFirst) {
  const Expr row = concat({kA, kB, constant(2, 2)});
  EXPECT_EQ(row.width(), 13);
  EXPECT_EQ(row.slice(0, 2), constant(2, 2));
  EXPECT_EQ(row.slice(2, 3), Expr(kB));
  EXPECT_EQ(row.slice(5, 8), Expr(kA));
}

TEST(Expr, SliceCutsAcrossParts) {
  const Expr row = concat({kA, constant(4, 0b0110), kB});
  EXPECT_EQ(row.slice(2, 8), concat({kA.slice(0, 3), constant(4, 0b0110), kB.bit(2)}));
  EXPECT_EQ(row.slice(4, 2), constant(2, 3));
  EXPECT_EQ(row.bit(14), kA.bit(7));
}

TEST(Expr, ReplicateRepeats) {
  EXPECT_EQ(replicate(3, kB), concat({kB, kB, kB}));
  EXPECT_EQ(replicate(4, constant(1, 1)), constant(4, 15));
}

TEST(Expr, WideConstant) {
  base::Bits bits(100);
  bits.set(99, true);
  bits.set(0, true);
  EXPECT_EQ(constant(bits), concat({constant(36, std::uint64_t{1} << 35), constant(64, 1)}));
}

TEST(Expr, RefusesWhatIsNotThere) {
  EXPECT_THROW(kA.slice(4, 5), base::Error);
  EXPECT_THROW(kA.slice(-1, 2), base::Error);
  EXPECT_THROW(kA.slice(2, 0), base::Error);
  EXPECT_THROW(kA.slice(2, 2147483647), base::Error);
  EXPECT_THROW(kA.bit(8), base::Error);
  EXPECT_THROW(constant(3, 8), base::Error);
  EXPECT_THROW(constant(0, 0), base::Error);
  EXPECT_THROW(constant(base::Bits()), base::Error);
  EXPECT_THROW(concat({}), base::Error);
  EXPECT_THROW(replicate(0, kA), base::Error);
  EXPECT_THROW(Expr(Net{}), base::Error);
}

}  // namespace
}  // namespace verilog
