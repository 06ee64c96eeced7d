#include "verilog/names.hpp"

#include <gtest/gtest.h>

#include <regex>

#include "base/rng.hpp"

namespace verilog {
namespace {

TEST(LegalName, KeepsLegalNames) {
  for (const std::string name : {"a", "clk_i", "pe_x3y7", "MatMul_output0", "a1b2_c3"}) {
    EXPECT_TRUE(is_legal_name(name, NameKind::kNet)) << name;
    EXPECT_EQ(legal_name(name, NameKind::kNet), name);
    EXPECT_EQ(legal_name("u_" + name, NameKind::kInstance), "u_" + name);
  }
}

TEST(LegalName, RefusesOthers) {
  for (const std::string name : {"", "_a", "a_", "a__b", "a_0", "a_12", "3a", "a b", "wire",
                                 "logic", "WIRE", "template", "a\xc3\xa9", "a$b", "u_a"})
    EXPECT_FALSE(is_legal_name(name, NameKind::kNet)) << name;
  EXPECT_FALSE(is_legal_name(std::string(41, 'a'), NameKind::kNet));
  EXPECT_FALSE(is_legal_name("pe", NameKind::kInstance));
}

TEST(LegalName, Repairs) {
  const auto net = [](const char* name) { return legal_name(name, NameKind::kNet); };
  EXPECT_EQ(net("/fc1/MatMul_output_0"), "fc1_MatMul_output0");
  EXPECT_EQ(net("a_1_2"), "a12");
  EXPECT_EQ(net("__a__b__"), "a_b");
  EXPECT_EQ(net("3x3.conv"), "n3x3_conv");
  EXPECT_EQ(net("_7"), "n7");
  EXPECT_EQ(net("input"), "input_net");
  EXPECT_EQ(net("u_pe"), "n_u_pe");
  const auto instance = [](const char* name) { return legal_name(name, NameKind::kInstance); };
  EXPECT_EQ(instance("/"), "u_n");
  EXPECT_EQ(instance("7"), "u_n7");
  EXPECT_EQ(instance("u_7"), "u_u7");
  EXPECT_EQ(instance("wire"), "u_wire");
  EXPECT_EQ(legal_name("module", NameKind::kModule), "module_module");
}

TEST(LegalName, LongNamesKeepBothEnds) {
  const std::string name =
      legal_name("/encoder/layer.0/attention/self/query/MatMul_output_0", NameKind::kNet);
  EXPECT_EQ(name, "encoder_layer_0_att_query_MatMul_output0");
  EXPECT_EQ(name.size(), 40u);
}

TEST(NameScope, MakesNamesUnique) {
  NameScope scope;
  EXPECT_TRUE(scope.reserve("a_b", NameKind::kNet));
  EXPECT_FALSE(scope.reserve("a_b", NameKind::kNet));
  EXPECT_FALSE(scope.reserve("a.b", NameKind::kNet));
  EXPECT_EQ(scope.take("a.b", NameKind::kNet), "a_b_alt2");
  EXPECT_EQ(scope.take("a/b", NameKind::kNet), "a_b_alt3");
  EXPECT_EQ(scope.take("A.b", NameKind::kNet), "A_b");
}

TEST(NameScope, MayIgnoreCase) {
  NameScope scope(NameScope::Case::kIgnored);
  EXPECT_TRUE(scope.reserve("Top", NameKind::kNet));
  EXPECT_FALSE(scope.reserve("top", NameKind::kNet));
  EXPECT_EQ(scope.take("TOP", NameKind::kModule), "TOP_alt2");
  EXPECT_EQ(scope.take("top", NameKind::kModule), "top_alt3");
}

TEST(NameScope, AnythingBecomesLegalAndUnique) {
  const std::regex pattern("[A-Za-z][A-Za-z0-9]*(_[A-Za-z0-9]+)*");
  const std::regex numbered(".*_[0-9]+");
  const std::string letters = "ab_0/. 1Z\xc3";
  base::Rng rng(7);
  NameScope scope;
  std::unordered_set<std::string> seen;
  for (int i = 0; i < 5000; ++i) {
    std::string raw;
    for (auto n = rng.below(60); n > 0; --n) raw += letters[rng.below(letters.size())];
    const std::string name = scope.take(raw, NameKind::kNet);
    EXPECT_TRUE(std::regex_match(name, pattern)) << name;
    EXPECT_FALSE(std::regex_match(name, numbered)) << name;
    EXPECT_LE(name.size(), 40u);
    EXPECT_TRUE(is_legal_name(name, NameKind::kNet)) << name;
    EXPECT_TRUE(seen.insert(name).second) << name;
  }
}

}  // namespace
}  // namespace verilog
