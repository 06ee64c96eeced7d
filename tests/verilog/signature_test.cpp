#include "verilog/signature.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest-spi.h>

#include "base/error.hpp"
#include "leaf_signature.hpp"
#include "verilog/test_leaves.hpp"

namespace verilog {
namespace {

TEST(IntExpr, Evaluates) {
  const Environment values{{"A", 7}, {"B", 3}};
  EXPECT_EQ((2 * param("A") + 1).evaluate(values), 15);
  EXPECT_EQ((param("A") - param("B")).evaluate(values), 4);
  EXPECT_EQ(ceil_div(param("A"), param("B")).evaluate(values), 3);
  EXPECT_EQ(max(param("A"), param("B")).evaluate(values), 7);
  EXPECT_EQ(clog2(param("A")).evaluate(values), 3);
  EXPECT_EQ(clog2(IntExpr(1)).evaluate(values), 0);
  EXPECT_EQ(pow2(param("B")).evaluate(values), 8);
}

TEST(IntExpr, HasText) {
  EXPECT_EQ((2 * param("A") + clog2(param("B")) - 1).text(), "(((2 * A) + clog2(B)) - 1)");
  EXPECT_EQ(max(ceil_div(param("A"), 4), pow2(param("B"))).text(), "max(ceil_div(A, 4), pow2(B))");
}

TEST(IntExpr, UnknownParameterIsAFault) {
  try {
    (param("Rows") + 1).evaluate({{"Cols", 1}});
    FAIL();
  } catch (const base::Error& error) {
    EXPECT_EQ(error.faults()[0].code, base::Code::kNetlistInvalid);
    EXPECT_THAT(error.faults()[0].what, testing::HasSubstr("Rows"));
  }
}

TEST(Signature, DefaultsFollowGivenParameters) {
  const auto environment = test_leaves::stage().environment({{"Lanes", 9}, {"InitFile", "x"}});
  EXPECT_EQ(environment, (Environment{{"Bits", 3}, {"Lanes", 9}, {"SumBits", 7}}));
}

const std::vector<leaf_signature::ParameterSet> kSets = {
    {}, {{"Lanes", 1}, {"Bits", 1}, {"SumBits", 2}}, {{"Lanes", 9}}, {{"Bits", 17}}};

TEST(LeafSignature, YosysAgrees) {
  leaf_signature::expect_true(test_leaves::stage(), test_leaves::rtl(), kSets);
  leaf_signature::expect_true(test_leaves::parity(), test_leaves::rtl(), {{}, {{"Width", 1}}});
}

TEST(LeafSignature, YosysFindsALie) {
  Signature wrong = test_leaves::stage();
  wrong.ports[4].width = param("Bits") + param("Lanes");
  EXPECT_NONFATAL_FAILURE(leaf_signature::expect_true(wrong, test_leaves::rtl(), {{}}), "sum_o");
  wrong = test_leaves::stage();
  wrong.ports[2].direction = Direction::kOutput;
  EXPECT_NONFATAL_FAILURE(leaf_signature::expect_true(wrong, test_leaves::rtl(), {{}}), "enable_i");
  wrong = test_leaves::stage();
  wrong.parameters[1].initial = 4;
  wrong.parameters[2].initial = param("Bits") + clog2(param("Lanes")) - 1;
  wrong.ports[1].width = wrong.ports[3].width = 12;
  EXPECT_NONFATAL_FAILURE(leaf_signature::expect_true(wrong, test_leaves::rtl(), {{}}), "Bits");
}

TEST(LeafSignature, YosysFindsAForgottenLeafBelow) {
  Signature wrong = test_leaves::stage();
  wrong.needs = {};
  EXPECT_THROW(leaf_signature::expect_true(wrong, test_leaves::rtl(), {{}}), base::Error);
}

}  // namespace
}  // namespace verilog
