// Run directories: whose files they hold, and what they say after a verb that failed.
#include <sys/stat.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "app/command_line.hpp"
#include "app/run_directory.hpp"
#include "app/small_project.hpp"

namespace {

namespace fs = std::filesystem;
using base::Code;
using nlohmann::json;
using test::entries;
using test::expect_fault;
using test::fpsa;
using test::SmallProject;
using test::TemporaryFolder;

std::vector<std::string> small_pe(const fs::path& out, const std::vector<std::string>& more = {}) {
  std::vector<std::string> words{"generate", "pe", "--set", "rows=2", "--set", "cols=2", "-o", out};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

TEST(Directory, AManifestOfAnotherProgramIsNotOurs) {
  for (const char* manifest : {"{}", "{\"name\": \"an extension\"}", "not JSON", "[]"}) {
    const TemporaryFolder folder;
    base::write_file(folder / "out/manifest.json", manifest);
    base::write_file(folder / "out/thesis.tex", "years of work");
    expect_fault(fpsa(small_pe(folder / "out")), Code::kForeignDirectory,
                 {"was not made by fpsa", "--force"});
    expect_fault(fpsa({"simulate", folder / "out"}), Code::kNotARunDirectory, {"manifest"});
    EXPECT_EQ(base::read_file(folder / "out/manifest.json"), manifest);
    EXPECT_EQ(entries(folder / "out"), (std::vector<std::string>{"manifest.json", "thesis.tex"}));
    EXPECT_EQ(fpsa(small_pe(folder / "out", {"--force"})).status, 0);
    EXPECT_EQ(base::read_file(folder / "out/thesis.tex"), "years of work");
    EXPECT_EQ(fpsa(small_pe(folder / "out")).status, 0) << "its own directory is replaced unasked";
  }
}

TEST(Directory, AManifestWithNonsenseDeepInside) {
  const SmallProject project;
  const test::Setting here{.folder = project.path()};
  ASSERT_EQ(fpsa({"compile", "-q", "spec.toml", "-o", "net"}, here).status, 0);
  const json whole = json::parse(base::read_file(project / "net/manifest.json"));
  for (const char* place : {"/artefacts/network.json", "/model_hash", "/top", "/spec/pe/rows"}) {
    json manifest = whole;
    manifest[json::json_pointer(place)] = json::array({1});
    base::write_file(project / "net/manifest.json", manifest.dump());
    expect_fault(fpsa({"simulate", "-q", "net", "--level", "integer"}, here),
                 Code::kNotARunDirectory, {"manifest"});
  }
}

TEST(Directory, AnArtefactThatIsElsewhereIsRefused) {
  const TemporaryFolder folder;
  ASSERT_EQ(fpsa(small_pe(folder / "out")).status, 0);
  base::write_file(folder / "thesis.tex", "years of work");
  json manifest = json::parse(base::read_file(folder / "out/manifest.json"));
  for (const std::string& path : {std::string("../thesis.tex"), (folder / "thesis.tex").string()}) {
    manifest["artefacts"] = {{path, base::sha256("years of work")}};
    base::write_file(folder / "out/manifest.json", manifest.dump());
    expect_fault(fpsa(small_pe(folder / "out", {"--force"})), Code::kNotARunDirectory, {path});
  }
  EXPECT_TRUE(fs::exists(folder / "thesis.tex"));
}

TEST(Directory, FilesOfTheUserSurviveARerun) {
  const SmallProject project;
  const test::Setting here{.folder = project.path()};
  ASSERT_EQ(fpsa({"compile", "-q", "spec.toml", "-o", "net"}, here).status, 0);
  ASSERT_EQ(fpsa({"simulate", "-q", "net", "--level", "emulate"}, here).status, 0);
  const std::vector<std::string> mine{"net/notes.txt", "net/rtl/mine.v", "net/reports/notes.md",
                                      "net/tb/wave.gtkw"};
  for (const std::string& file : mine) base::write_file(project / file, "mine");
  ASSERT_EQ(fpsa({"compile", "-q", "spec.toml", "-o", "net"}, here).status, 0);
  for (const std::string& file : mine) EXPECT_EQ(base::read_file(project / file), "mine") << file;

  base::write_file(project / "net/rtl/fpsa_top.v", "by hand");
  expect_fault(fpsa({"compile", "-q", "spec.toml", "-o", "net"}, here), Code::kFilesInTheWay,
               {"rtl/fpsa_top.v", "--force"});
  EXPECT_EQ(base::read_file(project / "net/rtl/fpsa_top.v"), "by hand");
  EXPECT_EQ(fpsa({"compile", "-q", "spec.toml", "-o", "net", "--force"}, here).status, 0);
  EXPECT_NE(base::read_file(project / "net/rtl/fpsa_top.v"), "by hand");
  for (const std::string& file : mine) EXPECT_EQ(base::read_file(project / file), "mine") << file;
}

TEST(Directory, PlacesThatNoRunMayHave) {
  SmallProject project;
  const std::vector<std::string> before = entries(project.path());
  const test::Setting here{.folder = project.path(),
                           .environment = {{"HOME", (project / "home/me").string()}}};
  fs::create_directories(project / "home/me");
  for (const std::string& out :
       {std::string("/"), std::string("."), project.path().string(),
        project.path().parent_path().string(), std::string("home"), (project / "home/me").string()})
    for (const char* force : {"-q", "--force"})
      expect_fault(fpsa({"compile", "-q", force, "spec.toml", "-o", out}, here),
                   Code::kForeignDirectory, {"is no place for a run", "choose a directory"});
  fs::remove_all(project / "home");
  EXPECT_EQ(entries(project.path()), before);
}

TEST(Directory, AReadOnlyOne) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may write anywhere; OutputWhereNothingCanBeMade does";
  const TemporaryFolder folder;
  fs::create_directory(folder / "out");
  fs::permissions(folder / "out", fs::perms::owner_read | fs::perms::owner_exec);
  expect_fault(fpsa(small_pe(folder / "out")), Code::kFileUnwritable, {"Permission denied"});
}

TEST(Directory, AWorkingDirectoryThatIsGone) {
  const TemporaryFolder folder;
  // The program starts in a folder that its parent shell has removed.
  const std::string script = "mkdir gone && cd gone && rmdir ../gone && exec '" +
                             std::string(FPSA_BINARY_DIR) + "/fpsa' generate pe -o pe 2> ../err";
  const int status = std::system(("cd '" + folder.path().string() + "' && " + script).c_str());
  EXPECT_EQ(WEXITSTATUS(status), static_cast<int>(base::Exit::kToolFailed));
  const std::string err = base::read_file(folder / "err");
  EXPECT_THAT(err, testing::HasSubstr("the working directory is gone"));
  EXPECT_THAT(err, testing::HasSubstr("change to a directory that is there"));
}

// --- what is said after a failure ----------------------------------------------------------------

class Results : public testing::Test {
 protected:
  Results() {
    // What earlier verbs would have left, all of it well.
    EXPECT_EQ(fpsa({"compile", "-q", "spec.toml", "-o", "net"}, here_).status, 0);
    EXPECT_EQ(fpsa({"simulate", "-q", "net", "--level", "emulate"}, here_).status, 0);
    json all = metrics();
    all["simulation"] = {{"simulator", "verilator"}, {"verdict", "pass"}, {"activity", 0.5}};
    all["gate_simulation"] = {{"verdict", "pass"}};
    const json area = {
        {"cells", 1}, {"area_um2", 2.0}, {"blackbox_um2", 0.0}, {"modules", json::array()}};
    all["synthesis"] = {{"asic", {{"area", area}}}, {"ecp5", {{"area", area}}}};
    base::write_file(project_ / "net/metrics.json", all.dump());
    base::write_file(project_ / "net/reports/results.json", "{\"verdict\": \"pass\"}");
    base::write_file(project_ / "net/reports/report.txt", "all is well");
  }

  json metrics() const { return json::parse(base::read_file(project_ / "net/metrics.json")); }

  void expect_claims(const std::vector<std::string>& kept, const std::vector<std::string>& gone) {
    const json all = metrics();
    for (const std::string& key : kept) EXPECT_TRUE(all.contains(json::json_pointer(key))) << key;
    for (const std::string& key : gone) EXPECT_FALSE(all.contains(json::json_pointer(key))) << key;
    EXPECT_FALSE(fs::exists(project_ / "net/reports/report.txt"));
  }

  SmallProject project_;
  const test::Setting here_{.folder = project_.path()};
  const test::Setting bare_{.folder = project_.path(), .environment = {{"PATH", ""}}};
};

TEST_F(Results, OfASimulationThatFailed) {
  expect_fault(fpsa({"simulate", "-q", "net"}, bare_), Code::kToolMissing, {"verilator"});
  expect_claims({"/network", "/synthesis/asic"},
                {"/simulation", "/gate_simulation", "/levels", "/buses", "/samples"});
  EXPECT_FALSE(fs::exists(project_ / "net/reports/results.json"));
}

TEST_F(Results, OfASynthesisThatFailed) {
  expect_fault(fpsa({"synth", "-q", "net", "--flow", "asic"}, bare_), Code::kToolMissing,
               {"yosys"});
  expect_claims({"/network", "/synthesis/ecp5", "/simulation", "/levels"},
                {"/synthesis/asic", "/gate_simulation"});
}

TEST_F(Results, OfACompilationThatFailed) {
  project_.write_model("nonsense");
  EXPECT_EQ(fpsa({"compile", "-q", "spec.toml", "-o", "net"}, here_).status, 3);
  expect_claims({"/network", "/design"}, {"/simulation", "/synthesis", "/levels", "/samples"});
  EXPECT_FALSE(fs::exists(project_ / "net/reports/results.json"));
  EXPECT_EQ(fpsa({"simulate", "-q", "net", "--level", "integer"}, here_).status, 3)
      << "the design is whole, the model is not";
}

TEST_F(Results, OfANetlistThatIsNotThisDesigns) {
  const std::vector<std::string> words{"simulate", "-q", "net", "--level", "gate"};
  expect_fault(fpsa(words, bare_), Code::kNoNetlist,
               {"no netlist of this design yet", "fpsa synth"});
  json all = metrics();
  all["synthesis"]["asic"]["rtl_hash"] = app::rtl_hash(project_ / "net");
  base::write_file(project_ / "net/metrics.json", all.dump());
  expect_fault(fpsa(words, bare_), Code::kToolMissing, {"iverilog"});
  base::write_file(project_ / "net/rtl/fpsa_top.v", "by hand");
  expect_fault(fpsa(words, bare_), Code::kNoNetlist, {"edited after the netlist", "fpsa synth"});
}

TEST_F(Results, OfMetricsThatAreNonsense) {
  json deep = metrics();
  deep["quantisation"]["layers"][0]["ties"] = 1;
  for (const std::string& text :
       {std::string("nonsense"), std::string("[]"), std::string("{}"),
        std::string(R"({"schema_version": 1, "synthesis": [1]})"), deep.dump()}) {
    base::write_file(project_ / "net/metrics.json", text);
    for (const std::vector<std::string>& words :
         {std::vector<std::string>{"explain", "net", "hidden"},
          std::vector<std::string>{"simulate", "-q", "net", "--level", "integer"}})
      expect_fault(fpsa(words, here_), Code::kNotARunDirectory,
                   {"metrics.json", "make the directory anew"});
    EXPECT_EQ(fpsa({"compile", "-q", "spec.toml", "-o", "net"}, here_).status, 0)
        << "the cure of the message";
    EXPECT_EQ(fpsa({"explain", "net", "hidden"}, here_).status, 0);
  }
}

}  // namespace
