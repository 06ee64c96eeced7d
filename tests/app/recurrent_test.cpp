// Keys of recurrent layers by the names of their nodes.
#include <nlohmann/json.hpp>

#include "app/command_line.hpp"
#include "app/recurrent_project.hpp"

namespace {

using base::Code;
using test::expect_fault;
using test::fpsa;
using test::RecurrentProject;

nlohmann::json cells_with(const std::string& lines) {
  const RecurrentProject project(lines);
  const auto ended =
      fpsa({"compile", "spec.toml", "-o", "out", "-q", "--json"}, {.folder = project.path()});
  EXPECT_EQ(ended.status, 0) << ended.err;
  return nlohmann::json::parse(ended.out, nullptr, false)["network"]["cells"];
}

TEST(RecurrentBlock, IsOfAllLayersOrOfThoseNamed) {
  const auto blocks = [](const std::string& lines) {
    const nlohmann::json cells = cells_with(lines);
    EXPECT_EQ(cells.size(), 2u);
    return std::vector<int>{cells[0]["block"], cells[1]["block"]};
  };
  EXPECT_EQ(blocks(""), (std::vector<int>{1, 1}));
  EXPECT_EQ(blocks("[recurrent]\nblock = 4\n"), (std::vector<int>{4, 4}));
  EXPECT_EQ(blocks("[recurrent.block]\nsecond = 8\n"), (std::vector<int>{1, 8}));
  EXPECT_EQ(blocks("[recurrent]\nblock = { first = 2, second = 4 }\n"), (std::vector<int>{2, 4}));
}

TEST(RecurrentMultipliers, AreSpentOnTheFewestClocks) {
  const nlohmann::json cells =
      cells_with("[recurrent]\nblock = 2\nmultipliers = { first = 30 }\nlanes = 1\n");
  EXPECT_LE(cells[0]["multipliers"], 30);
  EXPECT_EQ(cells[0]["clocks_a_step"], 18) << "16 rows in 3 passes over 2 + 4 columns";
  EXPECT_EQ(cells[1]["clocks_a_step"], 128) << "16 passes over 4 + 4 columns";
  const RecurrentProject project("[recurrent]\nmultipliers = { second = 3 }\n");
  expect_fault(
      fpsa({"compile", "spec.toml", "-o", "out"}, {.folder = project.path()}), Code::kDoesNotFit,
      {"the least design takes ", " multipliers, not 3\n  at: layer \"second\"\n  try: give "});
}

TEST(RecurrentBlock, NamesLayersThatThereAre) {
  const RecurrentProject project("[recurrent]\nblock = { secnd = 4, elephant = 2 }\n");
  const RecurrentProject within("[recurrent]\nmultipliers = { thrid = 100 }\n");
  const std::vector<std::vector<std::string>> verbs = {
      {"compile", "spec.toml", "-o", "out"},
      {"estimate", "model.onnx", "--spec", "spec.toml", "--shapes"}};
  for (const auto& verb : verbs) {
    expect_fault(fpsa(verb, {.folder = within.path()}), Code::kUnknownKey,
                 {"no layer of words \"thrid\"\n  at: recurrent.multipliers\n  try: "});
    expect_fault(fpsa(verb, {.folder = project.path()}), Code::kUnknownKey,
                 {"the network has no layer \"secnd\"\n  at: recurrent.block\n  try: "
                  "second\n",
                  "no layer \"elephant\"\n  at: recurrent.block\n  try: one of first, "
                  "second, head\n"});
  }
}

TEST(RecurrentBlock, IsCheckedLayerByLayer) {
  const auto fails = [](const std::string& lines, Code code, const char* what) {
    const RecurrentProject project(lines);
    expect_fault(fpsa({"compile", "spec.toml", "-o", "out"}, {.folder = project.path()}), code,
                 {what});
  };
  fails("[recurrent.block]\nfirst = 4\nsecond = 12\n", Code::kKeyConflict, "is a power of two");
  fails("[recurrent.block]\nsecond = 256\n", Code::kOutOfRange, "recurrent.block.second = 256");
  fails("[recurrent.block]\nsecond = \"8\"\n", Code::kWrongType, "recurrent.block.second must be");
}

}  // namespace
