// Lists of a run directory: rtl/design.f and the core file hold what is true, and all that is
// needed.
#include <gmock/gmock.h>

#include <fstream>
#include <regex>
#include <set>

#include "app/command_line.hpp"
#include "app/small_project.hpp"
#include "base/subprocess.hpp"

namespace {

namespace fs = std::filesystem;
using test::fpsa;

// A network that is loaded, one that starts with its memories, and a PE by itself, in run/.
class Lists : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    const std::string kind = GetParam();
    std::string spec = base::read_file(project_ / "spec.toml");
    if (kind != "pe") spec.insert(spec.find("[host]\n") + 7, "load = \"" + kind + "\"\n");
    base::write_file(project_ / "spec.toml", spec);
    const std::vector<std::string> words =
        kind == "pe"
            ? std::vector<std::string>{"generate", "pe", "--set", "rows=3", "--set", "cols=2"}
            : std::vector<std::string>{"compile", "-q", "spec.toml"};
    std::vector<std::string> all = words;
    all.insert(all.end(), {"-o", "run"});
    const test::Ended ended = fpsa(all, {.folder = project_.path()});
    ASSERT_EQ(ended.status, 0) << ended.err;
    for (const auto& entry : fs::directory_iterator(run()))
      if (entry.path().extension() == ".core") core_ = base::read_file(entry.path());
  }

  fs::path run() const { return project_ / "run"; }

  // The word behind `key` where the core file first has it, or behind `after`.
  std::string word(const std::string& key, const std::string& after = "") const {
    const std::size_t at = core_.find(key + ": ", core_.find(after)) + key.size() + 2;
    return core_.substr(at, core_.find('\n', at) - at);
  }

  // Files of all the core's file sets.
  std::set<std::string> core_files() const {
    std::set<std::string> files;
    const std::regex item(R"(\n      - ([^:\n]+))");
    for (std::sregex_iterator it(core_.begin(), core_.end(), item), end; it != end; ++it)
      files.insert((*it)[1]);
    return files;
  }

  test::SmallProject project_;
  std::string core_;
};

// Output and status of a tool in `folder`.
base::Finished tool(const std::vector<std::string>& argv, const fs::path& folder) {
  return base::run({.argv = argv, .directory = folder, .log = {}});
}

TEST_P(Lists, DesignFIsReadFromTheRunDirectory) {
  const std::string top = word("toplevel");
  const base::Finished icarus = tool({"iverilog", "-g2005", "-Wall", "-Wno-timescale", "-s", top,
                                      "-o", "/dev/null", "-f", "rtl/design.f"},
                                     run());
  EXPECT_EQ(icarus.status, 0);
  EXPECT_EQ(icarus.output, "");
  const base::Finished verilator =
      tool({"verilator", "--lint-only", "-Wall", "--top-module", top, "-f", "rtl/design.f"}, run());
  EXPECT_EQ(verilator.status, 0);
  EXPECT_EQ(verilator.output, "");
}

// What FuseSoC would do: the files that the core file names, and no others, where it says.
TEST_P(Lists, WhatTheCoreFileNamesIsAllThatASimulationNeeds) {
  const test::TemporaryFolder elsewhere;
  std::vector<std::string> command{"iverilog", "-g2005", "-s", word("toplevel", "  sim:"),
                                   "-o",       "sim.vvp"};
  for (const std::string& file : core_files()) {
    ASSERT_TRUE(fs::exists(run() / file)) << file;
    fs::create_directories((elsewhere / file).parent_path());
    fs::copy_file(run() / file, elsewhere / file);
    if (file.ends_with(".v")) command.push_back(file);
  }
  const base::Finished built = tool(command, elsewhere.path());
  ASSERT_EQ(built.status, 0) << built.output;
  const base::Finished ran = tool({"vvp", "-n", "sim.vvp"}, elsewhere.path());
  EXPECT_EQ(ran.status, 0);
  EXPECT_THAT(ran.output, testing::StartsWith("PASS "));
}

INSTANTIATE_TEST_SUITE_P(Runs, Lists, testing::Values("bus", "files", "pe"));

}  // namespace
