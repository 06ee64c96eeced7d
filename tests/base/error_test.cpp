#include "base/error.hpp"

#include <gtest/gtest.h>

#include <set>

namespace base {
namespace {

TEST(Error, FailCarriesEveryPartAndItsExitCode) {
  try {
    fail(Code::kUnknownUnit, "no unit foo", "--unit", "pe");
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "error[E0102]: no unit foo\n  at: --unit\n  try: pe\n");
    EXPECT_EQ(error.exit_code(), Exit::kUsage);
  }
}

TEST(Error, LinesWithoutContentAreLeftOut) {
  EXPECT_EQ(to_string(Fault{Code::kInterrupted, "interrupted", "", ""}),
            "error[E0204]: interrupted\n");
}

TEST(Error, NamesInAMessageCannotForgeLinesOrColours) {
  EXPECT_EQ(to_string(Fault{Code::kInterrupted, "one\ntwo \x1b[31m", "a\nerror[E0001]: b", "c\rd"}),
            "error[E0204]: one\n  two \\x1b[31m\n  at: a\\nerror[E0001]: b\n  try: c\\x0dd\n");
}

TEST(Error, DiagnosticsThrowEveryFaultAndTheFirstDecidesTheExit) {
  Diagnostics diagnostics;
  EXPECT_NO_THROW(diagnostics.throw_if_any());
  diagnostics.add(Code::kToolMissing, "first");
  diagnostics.add(Code::kUsage, "second");
  try {
    diagnostics.throw_if_any();
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.faults().size(), 2u);
    EXPECT_EQ(error.exit_code(), Exit::kToolMissing);
  }
}

TEST(Error, CodesAreUniqueAndInTheHundredOfTheirExit) {
  const std::vector<std::pair<int, Exit>> codes = {
#define FPSA_CODE(name, number, exit) {number, exit_of(Code::name)},
#include "base/codes.def"
#undef FPSA_CODE
  };
  std::set<int> seen;
  for (const auto& [number, exit] : codes) {
    EXPECT_TRUE(seen.insert(number).second) << number;
    const int hundred = number / 100;
    if (hundred == 2) continue;  // internal faults and files end with several exits
    EXPECT_EQ(exit, hundred == 1 ? Exit::kUsage : static_cast<Exit>(hundred)) << number;
  }
}

TEST(Nearest, FindsAPlausibleTypoOnly) {
  const std::vector<std::string> known = {"rows", "cols", "weight_bits", "activation_bits"};
  EXPECT_EQ(nearest("row", known), "rows");
  EXPECT_EQ(nearest("wieght_bits", known), "weight_bits");
  EXPECT_EQ(nearest("activation_bit", known), "activation_bits");
  EXPECT_EQ(nearest("colour", known), "");
  EXPECT_EQ(nearest("zzz", known), "");
  EXPECT_EQ(nearest("", known), "");
  EXPECT_EQ(nearest("rows", {}), "");
}

TEST(Nearest, PrefersTheCloserAndAmongEqualsTheFirst) {
  EXPECT_EQ(nearest("train", {"brain", "train"}), "train");
  EXPECT_EQ(nearest("xrain", {"brain", "train"}), "brain");
}

TEST(Error, HasTheCureOfItsKindIfItBringsNone) {
  const Error plain({Fault{Code::kBadGraph, "odd", "here", ""}});
  EXPECT_EQ(plain.faults()[0].cure, "check the model with onnx.checker, and export it again");
  EXPECT_NE(std::string(plain.what()).find("  try: check the model with"), std::string::npos);
  const Error own({Fault{Code::kBadGraph, "odd", "here", "turn it round"}});
  EXPECT_EQ(own.faults()[0].cure, "turn it round");
  EXPECT_EQ(Error({Fault{Code::kInterrupted, "interrupted", "", ""}}).faults()[0].cure, "");
}

}  // namespace
}  // namespace base
