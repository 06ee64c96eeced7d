// What the program prints and writes: help, JSON documents, the same files for the same spec.
#include <map>
#include <nlohmann/json.hpp>

#include "app/command_line.hpp"
#include "app/small_project.hpp"
#include "golden.hpp"

namespace {

namespace fs = std::filesystem;
using test::fpsa;
using test::SmallProject;

const std::vector<std::string> kVerbs{"run",      "check", "ops",     "generate", "compile",
                                      "simulate", "synth", "explain", "doctor",   "schema"};

TEST(Help, OfTheProgramIsGolden) {
  const auto ended = fpsa({"--help"});
  EXPECT_EQ(ended.status, 0);
  EXPECT_EQ(ended.err, "");
  expect_golden("app/help.txt", ended.out);
  for (const std::string& verb : kVerbs)
    EXPECT_THAT(ended.out, testing::HasSubstr("\n  " + verb + " "));
}

TEST(Help, OfEveryVerbShowsAnExample) {
  for (const std::string& verb : kVerbs) {
    const auto ended = fpsa({verb, "--help"});
    EXPECT_EQ(ended.status, 0);
    EXPECT_THAT(ended.out, testing::HasSubstr("\nExample:\n  fpsa " + verb)) << ended.out;
  }
}

TEST(Help, Version) {
  const auto ended = fpsa({"--version"});
  EXPECT_EQ(ended.status, 0);
  EXPECT_THAT(ended.out, testing::MatchesRegex("fpsa [0-9]+\\.[0-9]+\\.[0-9]+\n"));
}

// The document that `fpsa ARGUMENTS` prints, which must be all of stdout.
nlohmann::json document(const std::vector<std::string>& arguments, const fs::path& folder) {
  const auto ended = fpsa(arguments, {.folder = folder});
  EXPECT_EQ(ended.status, 0) << ended.err;
  return nlohmann::json::parse(ended.out, nullptr, false);
}

TEST(Json, EveryDocumentHasItsVersion) {
  const SmallProject project;
  ASSERT_EQ(fpsa({"compile", "-q", "spec.toml", "-o", "net"}, {.folder = project.path()}).status,
            0);
  const std::vector<std::pair<std::vector<std::string>, std::string>> cases{
      {{"ops", "--json"}, "ops"},
      {{"doctor", "--json"}, "tools"},
      {{"check", "model.onnx", "--json"}, "nodes"},
      {{"check", "model.onnx", "--spec", "spec.toml", "--json"}, "layers"},
      {{"explain", "net", "last", "--json"}, "threshold_min"},
      {{"compile", "-q", "spec.toml", "-o", "net", "--json"}, "design"},
      {{"simulate", "-q", "net", "--level", "emulate", "--json"}, "buses"},
      {{"generate", "pe", "--set", "rows=2", "--set", "cols=2", "-o", "pe", "--json"}, "unit"}};
  for (const auto& [arguments, key] : cases) {
    const nlohmann::json json = document(arguments, project.path());
    ASSERT_TRUE(json.is_object()) << arguments.front();
    EXPECT_EQ(json["schema_version"], 1) << arguments.front();
    EXPECT_TRUE(json.contains(key)) << arguments.front();
  }
}

TEST(Json, CheckSaysWhatBecomesOfEachNode) {
  const SmallProject project;
  const auto json =
      document({"check", "model.onnx", "--spec", "spec.toml", "--json"}, project.path());
  ASSERT_EQ(json["nodes"].size(), 3U);
  EXPECT_EQ(json["nodes"][0]["node"], "hidden");
  EXPECT_EQ(json["nodes"][0]["op"], "Gemm");
  EXPECT_EQ(json["nodes"][0]["supported"], true);
  ASSERT_EQ(json["layers"].size(), 2U);
  EXPECT_EQ(json["layers"][1],
            nlohmann::json({{"layer", "last"}, {"rows", 3}, {"cols", 2}, {"pes", 1}}));
}

TEST(Json, SchemaIsAJsonSchemaOfTheSpec) {
  const auto json = document({"schema"}, {});
  EXPECT_EQ(json["$schema"], "https://json-schema.org/draft/2020-12/schema");
  EXPECT_EQ(json["properties"]["pe"]["properties"]["rows"]["maximum"], 1024);
  EXPECT_EQ(json, document({"schema", "--json"}, {}));
}

// Path below `folder` -> content, for every file.
std::map<std::string, std::string> tree(const fs::path& folder) {
  std::map<std::string, std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.is_regular_file())
      files[fs::relative(entry.path(), folder)] = base::read_file(entry.path());
  return files;
}

TEST(Determinism, TheSameSpecGivesTheSameBytes) {
  const SmallProject project;
  const test::Setting here{.folder = project.path()};
  ASSERT_EQ(fpsa({"compile", "-q", "spec.toml", "-o", "one"}, here).status, 0);
  ASSERT_EQ(fpsa({"compile", "-q", "spec.toml", "-o", "deeper/two"}, here).status, 0);
  const auto one = tree(project / "one");
  const auto two = tree(project / "deeper/two");
  EXPECT_EQ(one, two);
  for (const char* file : {"manifest.json", "metrics.json", "rtl/design.f", "rtl/fpsa_top.v",
                           "constraints/fpsa_top.sdc"})
    EXPECT_TRUE(one.contains(file)) << file;
}

}  // namespace
