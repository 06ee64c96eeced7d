// The signatures that the units declare are those of the files in rtl/.
#include <gtest/gtest.h>

#include "leaf_signature.hpp"
#include "units/leaves.hpp"

namespace {

struct Named : verilog::Signature {
  Named(verilog::Signature signature) : verilog::Signature(std::move(signature)) {}
  friend void PrintTo(const Named& leaf, std::ostream* out) { *out << leaf.name; }
};

class Leaf : public ::testing::TestWithParam<Named> {};

// Two sets of values for whichever of these a leaf has.
std::vector<leaf_signature::ParameterSet> sets_of(const verilog::Signature& leaf) {
  const leaf_signature::ParameterSet small{
      {"Rows", 3},   {"Cols", 5},    {"Lanes", 4},     {"Inputs", 3},   {"Width", 4},
      {"Units", 3},  {"ActBits", 5}, {"Channels", 3},  {"SignedIn", 1}, {"BeatLanes", 2},
      {"Tokens", 3}, {"Beats", 3},   {"DataBits", 24}, {"Bits", 70},    {"Frames", 3}};
  const leaf_signature::ParameterSet wide{
      {"Rows", 9},   {"Cols", 2},       {"Lanes", 1},     {"Inputs", 1},    {"Width", 1},
      {"Units", 1},  {"ActBits", 9},    {"BeatLanes", 3}, {"Train", 1},     {"Depth", 7},
      {"Words", 1},  {"WriteTrain", 2}, {"ReadTrain", 2}, {"Mode", 1},      {"SignedOut", 1},
      {"Tokens", 1}, {"Beats", 1},      {"Bits", 1},      {"Frames", 65536}};
  std::vector<leaf_signature::ParameterSet> sets;
  for (const leaf_signature::ParameterSet& values : {small, wide}) {
    leaf_signature::ParameterSet set;
    for (const verilog::Parameter& parameter : leaf.parameters)
      if (values.contains(parameter.name)) set[parameter.name] = values.at(parameter.name);
    // Takes trains only.
    if (leaf.name == "fpsa_line_values") set["WriteTrain"] = set["ReadTrain"] = 0;
    // A part is no greater than its map.
    if (leaf.name == "fpsa_map_part") set["Height"] = set["Width"] = 9;
    // The last pass has no more lanes than the others, and all have room.
    if (leaf.name == "fpsa_circulant_walk") set["Rest"] = 1, set["Depth"] = 7;
    // Its sum has at most 32 bits.
    if (leaf.name == "fpsa_clip_counter") set["Bits"] = set["Bits"] == 1 ? 1 : 5;
    // LUTs have at least two inputs.
    if (leaf.name == "fpsa_lut") set["Inputs"] += 1;
    sets.push_back(set);
  }
  return sets;
}

TEST_P(Leaf, SignatureIsTrue) {
  Named leaf = GetParam();
  // The simulation's model of a crossbar; Yosys sees what synthesis sees.
  std::erase(leaf.needs, "fpsa_xbar_lanes");
  leaf_signature::expect_true(leaf, std::filesystem::path(FPSA_SOURCE_DIR) / "rtl", sets_of(leaf));
}

// A divider is large and slow; addresses are laid out so that none is needed.
TEST_P(Leaf, DividesNothing) {
  const Named leaf = GetParam();
  const std::filesystem::path rtl = std::filesystem::path(FPSA_SOURCE_DIR) / "rtl";
  std::string script = "read_verilog -defer -DSYNTHESIS " + (rtl / (leaf.name + ".v")).string();
  for (const std::string& below : leaf.needs) script += " " + (rtl / (below + ".v")).string();
  script += " ; hierarchy -check -top " + leaf.name;
  for (const auto& [name, value] : sets_of(leaf).front())
    script += fmt::format(" -chparam {} {}", name, value);
  script += " ; proc ; select -assert-none t:$div t:$mod t:$divfloor t:$modfloor";
  EXPECT_NO_THROW(
      base::run_checked({.argv = {"yosys", "-q", "-p", script}, .directory = {}, .log = {}}));
}

std::vector<Named> leaves() {
  const std::vector<verilog::Signature> all = units::leaves::all();
  return {all.begin(), all.end()};
}

INSTANTIATE_TEST_SUITE_P(Units, Leaf, ::testing::ValuesIn(leaves()),
                         [](const auto& leaf) { return leaf.param.name; });

}  // namespace
