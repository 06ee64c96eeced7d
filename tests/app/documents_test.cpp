// What the program prints and writes: help, JSON documents, the same files for the same spec.
#include <map>
#include <nlohmann/json.hpp>

#include "app/command_line.hpp"
#include "app/small_project.hpp"
#include "golden.hpp"
#include "nn/reference.hpp"
#include "nn/samples.hpp"

namespace {

namespace fs = std::filesystem;
using test::fpsa;
using test::SmallProject;

const std::vector<std::string> kVerbs{"init",  "run",     "check",    "estimate", "explore",
                                      "ops",   "units",   "generate", "compile",  "simulate",
                                      "synth", "explain", "doctor",   "schema"};

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
  EXPECT_EQ(json["nodes"][0]["verdict"], "supported");
  ASSERT_EQ(json["layers"].size(), 2U);
  EXPECT_EQ(json["layers"][1], nlohmann::json({{"layer", "last"},
                                               {"rows", 3},
                                               {"cols", 2},
                                               {"pes", 1},
                                               {"copies", 1},
                                               {"utilisation", 0.75}}));
}

TEST(Json, SchemaIsAJsonSchemaOfTheSpec) {
  const auto json = document({"schema"}, {});
  EXPECT_EQ(json["$schema"], "https://json-schema.org/draft/2020-12/schema");
  EXPECT_EQ(json["properties"]["pe"]["properties"]["rows"]["maximum"], 1024);
  EXPECT_EQ(json, document({"schema", "--json"}, {})["schema"]);
  EXPECT_FALSE(json.contains("schema_version"));  // the schema itself, nothing else
}

TEST(Json, TableOfKeys) {
  const auto json = document({"schema", "--table", "--json"}, {});
  EXPECT_EQ(json["schema_version"], 1);
  const auto rows = std::ranges::find_if(
      json["keys"], [](const nlohmann::json& key) { return key["key"] == "pe.rows"; });
  ASSERT_NE(rows, json["keys"].end());
  EXPECT_EQ((*rows)["allowed"], "1 to 1024");
  EXPECT_EQ((*rows)["default"], 256);
  EXPECT_EQ((*rows)["required"], false);
}

// The document of a verb that fails, which must be all of stdout; stderr has the text.
nlohmann::json failure(const std::vector<std::string>& arguments, base::Code code,
                       const fs::path& folder = {}) {
  const auto ended = fpsa(arguments, {.folder = folder});
  EXPECT_EQ(ended.status, static_cast<int>(base::exit_of(code)));
  EXPECT_THAT(ended.err, testing::HasSubstr("error[E"));
  nlohmann::json json = nlohmann::json::parse(ended.out, nullptr, false);
  EXPECT_TRUE(json.is_object()) << ended.out;
  EXPECT_EQ(json["schema_version"], 1);
  EXPECT_EQ(json["exit_code"], ended.status);
  EXPECT_EQ(json["errors"][0]["code"], fmt::format("E{:04}", static_cast<int>(code)));
  return json;
}

TEST(Json, AFailureIsADocumentToo) {
  SmallProject project;
  const auto usage = failure({"frobnicate", "--json"}, base::Code::kUsage);
  EXPECT_EQ(usage["errors"][0]["message"], "\"frobnicate\" is not a verb of fpsa");
  EXPECT_EQ(usage["errors"][0]["try"], "fpsa --help");
  failure({"simulate", "--json", "x", "--level", "analog"}, base::Code::kUsage);
  const auto no_run =
      failure({"synth", ".", "--json"}, base::Code::kNotARunDirectory, project.path());
  EXPECT_EQ(no_run["errors"][0]["at"], ".");
  project.write_spec("sampels = 3\nidle = 2\n");
  const auto spec =
      failure({"compile", "-q", "spec.toml", "--json"}, base::Code::kUnknownKey, project.path());
  EXPECT_EQ(spec["errors"].size(), 2U);
}

TEST(Json, WhatIsNotUtf8StillMakesADocument) {
  failure({"simulate", "--json", "\xff\xfe"}, base::Code::kNotARunDirectory);
}

// Node -> verdict, in the document of a `check` that fails.
std::map<std::string, std::string> verdicts(const nlohmann::json& json) {
  std::map<std::string, std::string> result;
  for (const auto& node : json["nodes"]) result[node["node"]] = node["verdict"];
  return result;
}

using Verdicts = std::map<std::string, std::string>;

TEST(Check, ListsEveryNodeOfAModelThatIsRefused) {
  SmallProject project;
  auto model = test::small_model();
  model.node("Sin", {"y"}, {"z"}, "wave", "com.microsoft").node("Cos", {"z"}, {"v"}, "wave2");
  project.write_model(model.bytes());
  const auto json =
      failure({"check", "model.onnx", "--json"}, base::Code::kUnsupportedOp, project.path());
  EXPECT_EQ(verdicts(json), (Verdicts{{"hidden", "open"},
                                      {"relu", "open"},
                                      {"last", "open"},
                                      {"wave", "unsupported"},
                                      {"wave2", "unsupported"}}));
  EXPECT_EQ(json["nodes"][3]["domain"], "com.microsoft");
  EXPECT_EQ(json["nodes"][3]["reason"], "operator com.microsoft.Sin is not supported");
  EXPECT_EQ(json["nodes"][3]["try"], "`fpsa ops` lists the operators supported");
  EXPECT_EQ(json["errors"].size(), 2U);
}

// A check and a compile see a node alike: a residual sum, and what has no counterpart.
TEST(Check, AgreesWithCompile) {
  SmallProject project;
  nn::testing::ModelBuilder model;
  model.input("x", {nn::kUnknown, 4})
      .floats("w", {4, 4}, {1, 0.5F, -0.5F, 1, 0, 0, 2, 1, 1, 0, 0, 1, 0.5F, 1, 1, -1})
      .node("MatMul", {"x", "w"}, {"p"}, "product")
      .node("Add", {"p", "x"}, {"s"}, "residual")
      .node("Relu", {"s"}, {"y"}, "after");
  auto refused = model;
  project.write_model(model.output("y").bytes());
  const auto json = document({"check", "model.onnx", "--json"}, project.path());
  EXPECT_EQ(json["nodes"][1]["becomes"], "part of the product before it");
  const test::Setting in_project{.folder = project.path()};
  EXPECT_EQ(fpsa({"compile", "-q", "spec.toml", "-o", "net"}, in_project).status, 0);
  refused.node("Max", {"y", "x"}, {"q"}, "greatest").node("Relu", {"q"}, {"z"}, "last").output("z");
  project.write_model(refused.bytes());
  const auto failed =
      failure({"check", "model.onnx", "--json"}, base::Code::kCannotLower, project.path());
  EXPECT_EQ(verdicts(failed)["residual"], "supported");
  EXPECT_EQ(verdicts(failed)["greatest"], "unsupported");
  EXPECT_EQ(verdicts(failed)["last"], "open");
  EXPECT_EQ(fpsa({"compile", "-q", "spec.toml", "-o", "net"}, in_project).status,
            static_cast<int>(base::Exit::kModel));
}

TEST(Check, RecurrentLayersGoForward) {
  SmallProject project;
  nn::testing::ModelBuilder model;
  model.input("x", {nn::kUnknown, 2, 2}).floats("w", {1, 6, 2}, std::vector<float>(12, 0.5F));
  model.floats("r", {1, 6, 2}, std::vector<float>(12, 0.25F)).longs("first", {1}, {0});
  model.node("Transpose", {"x"}, {"t"}, "turn").with("perm", nn::Shape{1, 0, 2});
  model.node("GRU", {"t", "w", "r"}, {"", "h"}, "cell")
      .with("hidden_size", std::int64_t{2})
      .with("direction", std::string("reverse"));
  model.node("Squeeze", {"h", "first"}, {"s"}, "state").floats("v", {2, 1}, {1, 2});
  model.node("MatMul", {"s", "v"}, {"y"}, "last").output("y");
  project.write_model(model.bytes());
  const auto json =
      failure({"check", "model.onnx", "--json"}, base::Code::kCannotLower, project.path());
  EXPECT_EQ(
      verdicts(json),
      (Verdicts{
          {"turn", "supported"}, {"cell", "unsupported"}, {"state", "open"}, {"last", "open"}}));
  ASSERT_EQ(json["errors"].size(), 1U);
  EXPECT_EQ(json["errors"][0]["message"], "it goes through its steps in direction reverse");
  const auto compiled =
      fpsa({"compile", "-q", "spec.toml", "-o", "net"}, {.folder = project.path()});
  EXPECT_EQ(compiled.status, static_cast<int>(base::Exit::kModel));
  EXPECT_THAT(compiled.err, testing::HasSubstr("train it forward"));
}

// Whether they are signed is seen by compile alone.
TEST(Check, CompileTakesTheGreatestOfSignedValues) {
  SmallProject project;
  nn::testing::ModelBuilder model;
  model.input("x", {nn::kUnknown, 1, 2, 2}).floats("w", {2, 1, 2, 1}, {1, 0.5F, -0.5F, 1});
  model.node("Conv", {"x", "w"}, {"c"}, "conv").node("MaxPool", {"c"}, {"m"}, "pool");
  model.with("kernel_shape", std::vector<std::int64_t>{1, 2});
  model.node("Flatten", {"m"}, {"y"}, "flat").output("y");
  project.write_model(model.bytes());
  const auto ended = fpsa({"compile", "-q", "spec.toml", "-o", "net"}, {.folder = project.path()});
  EXPECT_EQ(ended.status, 0) << ended.err;
}

// What the message says to do is enough.
TEST(Check, CompileRefusesTooFewPEs) {
  const SmallProject project;
  const auto compile = [&](const std::string& pes) {
    std::string spec = base::read_file(project / "spec.toml");
    base::write_file(project / "few.toml", spec + "[map]\npes = " + pes + "\n");
    return fpsa({"compile", "-q", "few.toml", "-o", "few"}, {.folder = project.path()});
  };
  const auto ended = compile("1");
  EXPECT_EQ(ended.status, static_cast<int>(base::Exit::kDoesNotFit));
  EXPECT_NE(ended.err.find("one copy of each layer takes 2 PEs, not 1"), std::string::npos);
  EXPECT_NE(ended.err.find("set map.pes to 2 or more"), std::string::npos) << ended.err;
  EXPECT_EQ(compile("2").status, 0);
}

TEST(Check, TextFitsTheLineWhateverANodeIsCalled) {
  SmallProject project;
  nn::testing::ModelBuilder model;
  model.input("x", {nn::kUnknown, 2})
      .floats("w", {2, 2}, {1, 0.5F, -0.5F, 1})
      .node("MatMul", {"x", "w"}, {"p"}, "line\nbreak" + std::string(300, 'n'))
      .output("p");
  project.write_model(model.bytes());
  const auto ended = fpsa({"check", "model.onnx"}, {.folder = project.path()});
  EXPECT_EQ(ended.status, 0);
  std::istringstream lines(ended.out);
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 80U) << line;
  EXPECT_THAT(ended.out, testing::HasSubstr("line\\nbreaknnn"));
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

// Which of two features is greater cannot be told from one bit of each.
TEST(Simulate, SaysWhereTheIntegersLoseMost) {
  SmallProject project(64);
  nn::testing::ModelBuilder model;
  model.input("x", {nn::kUnknown, 4})
      .floats("w0", {4, 3}, {1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0})
      .node("MatMul", {"x", "w0"}, {"h"}, "hidden")
      .node("Relu", {"h"}, {"r"}, "relu")
      .floats("w1", {3, 2}, {1, 0, 0, 1, 0, 0})
      .node("MatMul", {"r", "w1"}, {"y"}, "last")
      .output("y", {nn::kUnknown, 2});
  project.write_model(model.bytes());
  const nn::Graph graph = model.import();
  const nn::Array samples =
      nn::to_input(nn::load_samples(project / "samples.npy"), graph.value(graph.inputs[0]), {});
  const nn::Array real = nn::run(graph, {samples}).front();
  std::vector<std::int64_t> classes;
  for (std::size_t i = 0; i < real.size(); i += 2) classes.push_back(real.at(i + 1) > real.at(i));
  nn::save_npy(project / "labels.npy",
               nn::Array::of_ints(nn::DType::kInt64, {64}, std::move(classes)));
  base::write_file(project / "spec.toml",
                   "[model]\nfile = \"model.onnx\"\n[data]\ninputs = \"samples.npy\"\n"
                   "labels = \"labels.npy\"\ncalibration = \"samples.npy\"\n"
                   "[quantise]\noutput_bits = 1\n"
                   "[pe]\nrows = 4\ncols = 4\nweight_bits = 2\nactivation_bits = 1\n");
  const test::Setting in_project{.folder = project.path()};
  ASSERT_EQ(fpsa({"compile", "-q", "spec.toml", "-o", "net"}, in_project).status, 0);
  const auto ended = fpsa({"simulate", "net", "--level", "integer", "--json"}, in_project);
  ASSERT_EQ(ended.status, 0) << ended.err;
  EXPECT_THAT(ended.err, testing::HasSubstr("loses most"));
  const auto json = nlohmann::json::parse(ended.out);
  EXPECT_EQ(json["sqnr_db"].size(), 2U);
  EXPECT_GT(json["levels"][1]["ties"], 0);
}

}  // namespace
