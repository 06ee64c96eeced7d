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

TEST(RecurrentBlock, ThatDoesNotFitIsSaid) {
  const auto notes = [](const std::string& lines) {
    const RecurrentProject project(lines);
    const auto ended = fpsa({"compile", "spec.toml", "-o", "out"}, {.folder = project.path()});
    EXPECT_EQ(ended.status, 0) << ended.err;
    return ended.err;
  };
  EXPECT_EQ(notes("[recurrent]\nblock = 4\n").find("blocks of"), std::string::npos);
  EXPECT_NE(notes("[recurrent.block]\nsecond = 16\n")
                .find("layer \"second\": blocks of 16 do not divide its 8 cells, so they are of 8"),
            std::string::npos);
}

TEST(RecurrentLayers, AreExplained) {
  const RecurrentProject project("[recurrent]\nblock = 4\n");
  ASSERT_EQ(fpsa({"compile", "spec.toml", "-o", "out", "-q"}, {.folder = project.path()}).status,
            0);
  const auto told = fpsa({"explain", "out", "second"}, {.folder = project.path()});
  EXPECT_EQ(told.status, 0) << told.err;
  for (const char* part :
       {"Layer second: lstm, in words of 16 bits", "the word q * 2^7", "circulant blocks of 4",
        "word / 2^6 to the nearest integer", "-255 .. 255", "unit 2 of the load bus"})
    EXPECT_NE(told.out.find(part), std::string::npos) << part << " in " << told.out;
  const auto unknown = fpsa({"explain", "out", "secnd"}, {.folder = project.path()});
  EXPECT_NE(unknown.err.find("try: second"), std::string::npos) << unknown.err;
}

// Two products, the first of them in words.
TEST(DenseBlock, ThatIsNotFullIsSaid) {
  const RecurrentProject project("[recurrent.block]\nbody = 4\n");
  base::Rng rng(5);
  nn::testing::ModelBuilder model;
  model.input("x", {nn::kUnknown, test::kSteps, test::kFeatures})
      .node("Flatten", {"x"}, {"f"})
      .floats("v", {16, 6}, test::random_floats(96, 0.5, rng))
      .node("MatMul", {"f", "v"}, {"b"}, "body")
      .node("Relu", {"b"}, {"r"})
      .floats("w", {6, 3}, test::random_floats(18, 1, rng))
      .node("MatMul", {"r", "w"}, {"y"}, "head")
      .output("y", {nn::kUnknown, 3});
  base::write_file(project / "model.onnx", model.bytes());
  const auto ended =
      fpsa({"compile", "spec.toml", "-o", "out", "--json"}, {.folder = project.path()});
  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_NE(ended.err.find("layer \"body\": 16 inputs and 6 outputs do not fill blocks of 4"),
            std::string::npos)
      << ended.err;
  const nlohmann::json cells = nlohmann::json::parse(ended.out)["network"]["cells"];
  ASSERT_EQ(cells.size(), 1u);
  EXPECT_EQ(cells[0]["kind"], "dense");
  EXPECT_EQ(cells[0]["block"], 4);
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
