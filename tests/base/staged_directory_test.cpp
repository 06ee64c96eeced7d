#include "base/staged_directory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>

#include "base/error.hpp"
#include "base/files.hpp"
#include "temporary_folder.hpp"

namespace base {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

template <class F>
Fault fault_of(F&& f) {
  try {
    f();
  } catch (const Error& error) {
    return error.faults().front();
  }
  ADD_FAILURE() << "nothing was thrown";
  return {Code::kInternal, "", "", ""};
}

// Relative paths of all files, sorted.
std::vector<std::string> files_in(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (!entry.is_directory()) names.push_back(entry.path().lexically_relative(folder).string());
  std::sort(names.begin(), names.end());
  return names;
}

class Staged : public testing::Test {
 protected:
  // A directory made by an earlier commit: a list, two modules, a log.
  void make_ours() {
    write_file(out_ / "list", "list");
    write_file(out_ / "rtl/a.v", "a");
    write_file(out_ / "rtl/b.v", "b");
    write_file(out_ / "build/old/log", "log");
  }

  static Inventory inventory() {
    return {{{"list", ""}, {"rtl/a.v", sha256("a")}, {"rtl/b.v", sha256("b")}}, {"build"}};
  }

  // The next tree has no module b.
  static void build(const StagedDirectory& staged) {
    write_file(staged.path() / "list", "new list");
    write_file(staged.path() / "rtl/a.v", "new a");
    write_file(staged.path() / "mem/w", "new w");
  }

  test::TemporaryFolder folder_;
  const fs::path out_ = folder_.path() / "some/out";
};

TEST_F(Staged, AppearsOnlyOnCommit) {
  {
    StagedDirectory staged(out_, {}, false, false);
    build(staged);
    EXPECT_FALSE(fs::exists(out_ / "rtl"));
    staged.commit("list");
    EXPECT_EQ(read_file(out_ / "rtl/a.v"), "new a");
  }
  EXPECT_THAT(files_in(out_), ElementsAre("list", "mem/w", "rtl/a.v"));
}

TEST_F(Staged, VanishesWithoutCommitWithTheFoldersMadeForIt) {
  {
    StagedDirectory staged(out_, {}, false, false);
    build(staged);
  }
  EXPECT_TRUE(fs::is_empty(folder_.path()));
}

TEST_F(Staged, ReplacesWhatIsOursAndNothingElse) {
  make_ours();
  write_file(out_ / "notes.txt", "mine");
  write_file(out_ / "rtl/mine.v", "mine");
  fs::create_directory(out_ / "empty");
  {
    StagedDirectory staged(out_, inventory(), true, false);
    build(staged);
    staged.commit("list");
  }
  EXPECT_THAT(files_in(out_), ElementsAre("list", "mem/w", "notes.txt", "rtl/a.v", "rtl/mine.v"));
  EXPECT_EQ(read_file(out_ / "rtl/a.v"), "new a");
  EXPECT_EQ(read_file(out_ / "rtl/mine.v"), "mine");
  EXPECT_TRUE(fs::is_directory(out_ / "empty"));
}

TEST_F(Staged, RefusesWhatIsNotOursUnlessForced) {
  write_file(out_ / "thesis.tex", "years of work");
  const Fault fault = fault_of([&] { StagedDirectory staged(out_, {}, false, false); });
  EXPECT_EQ(fault.code, Code::kForeignDirectory);
  EXPECT_THAT(fault.cure, HasSubstr("--force"));
  EXPECT_THAT(files_in(out_), ElementsAre("thesis.tex"));
  StagedDirectory staged(out_, {}, false, true);
  build(staged);
  staged.commit("list");
  EXPECT_EQ(read_file(out_ / "thesis.tex"), "years of work") << "force adds, it does not clear";
  EXPECT_EQ(read_file(out_ / "rtl/a.v"), "new a");
  for (const bool force : {false, true})
    EXPECT_EQ(fault_of([&] { StagedDirectory s(out_ / "thesis.tex", {}, false, force); }).code,
              Code::kForeignDirectory);
}

TEST_F(Staged, NamesFilesThatWereChangedSince) {
  make_ours();
  write_file(out_ / "rtl/b.v", "b, by hand");
  const Fault fault = fault_of([&] { StagedDirectory staged(out_, inventory(), true, false); });
  EXPECT_EQ(fault.code, Code::kFilesInTheWay);
  EXPECT_THAT(fault.what, HasSubstr("changed since: rtl/b.v"));
  EXPECT_EQ(read_file(out_ / "rtl/b.v"), "b, by hand");
  StagedDirectory staged(out_, inventory(), true, true);
  build(staged);
  staged.commit("list");
  EXPECT_FALSE(fs::exists(out_ / "rtl/b.v"));
}

TEST_F(Staged, NamesFilesOfOthersThatAreInTheWay) {
  for (const char* name : {"mem/w", "mem", "list/mine"}) {
    const test::TemporaryFolder folder;
    const fs::path out = folder / "out";
    write_file(out / "rtl/a.v", "a");
    write_file(out / name, "mine");
    const Inventory ours{{{"rtl/a.v", sha256("a")}}, {}};
    {
      StagedDirectory staged(out, ours, true, false);
      build(staged);
      const Fault fault = fault_of([&] { staged.commit("list"); });
      EXPECT_EQ(fault.code, Code::kFilesInTheWay);
      EXPECT_THAT(fault.what, HasSubstr(name == std::string("list/mine") ? "list" : name));
    }
    EXPECT_EQ(read_file(out / name), "mine");
    EXPECT_EQ(read_file(out / "rtl/a.v"), "a") << "nothing is touched";
    StagedDirectory staged(out, ours, true, true);
    build(staged);
    if (name == std::string("mem/w"))
      staged.commit("list");
    else
      EXPECT_EQ(fault_of([&] { staged.commit("list"); }).code, Code::kFilesInTheWay);
    EXPECT_EQ(read_file(out / name), name == std::string("mem/w") ? "new w" : "mine");
  }
}

TEST_F(Staged, LinksAreFollowedToTheDirectoryAndNotBelow) {
  fs::create_directories(folder_.path() / "disk/real");
  fs::create_directories(folder_.path() / "some");
  fs::create_directory_symlink(folder_.path() / "disk/real", out_);
  fs::create_directories(folder_.path() / "elsewhere");
  write_file(folder_.path() / "elsewhere/keep", "mine");
  fs::create_directory_symlink(folder_.path() / "elsewhere", out_ / "build");
  {
    StagedDirectory staged(out_, inventory(), true, false);
    build(staged);
    staged.commit("list");
  }
  EXPECT_TRUE(fs::is_symlink(out_));
  EXPECT_EQ(read_file(folder_.path() / "disk/real/list"), "new list");
  EXPECT_EQ(read_file(folder_.path() / "elsewhere/keep"), "mine") << "only the link is ours";
}

TEST_F(Staged, IsHeldByOneProcessAtATime) {
  StagedDirectory staged(out_, {}, false, false);
  const Fault fault = fault_of([&] { DirectoryLock second(out_); });
  EXPECT_EQ(fault.code, Code::kDirectoryInUse);
  EXPECT_THAT(fault.what, HasSubstr("out is in use by process " + std::to_string(::getpid())));
  EXPECT_EQ(fault_of([&] { StagedDirectory s(out_, {}, false, true); }).code,
            Code::kDirectoryInUse);
}

// Runs `work` in a process that is killed at its end, or dies of `work`.
template <class F>
void killed_after(F&& work) {
  const pid_t child = ::fork();
  if (child == 0) {
    work();
    ::raise(SIGKILL);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

TEST_F(Staged, WhatAKillLeavesIsRemovedByTheNextOne) {
  make_ours();
  killed_after([&] {
    new StagedDirectory(out_, inventory(), true, false);
    write_file(out_ / ".fpsa.new/rtl/half.v", "half");
    write_file(out_ / "reports/.results.json.77.fpsa-tmp", "half");
  });
  EXPECT_FALSE(is_half_made(out_)) << "the old tree is whole";
  {
    StagedDirectory staged(out_, inventory(), true, false);
    EXPECT_FALSE(fs::exists(out_ / ".fpsa.new/rtl"));
  }
  EXPECT_THAT(files_in(out_), ElementsAre("build/old/log", "list", "rtl/a.v", "rtl/b.v"));
}

TEST_F(Staged, ACommitThatIsCutShortIsKnownUntilOneIsWhole) {
  make_ours();
  killed_after([&] {
    auto* staged = new StagedDirectory(out_, inventory(), true, false);
    build(*staged);
    fs::rename(out_ / ".fpsa.new", out_ / ".fpsa.commit");  // as commit() begins
    fs::remove(out_ / "rtl/a.v");
  });
  EXPECT_TRUE(is_half_made(out_));
  { StagedDirectory staged(out_, inventory(), true, false); }  // and fails
  EXPECT_TRUE(is_half_made(out_));
  {
    StagedDirectory staged(out_, inventory(), true, false);
    build(staged);
    staged.commit("list");
  }
  EXPECT_FALSE(is_half_made(out_));
  EXPECT_THAT(files_in(out_), ElementsAre("list", "mem/w", "rtl/a.v"));
}

TEST_F(Staged, WhereNoFolderCanBeMade) {
  write_file(folder_.path() / "file", "x");
  EXPECT_EQ(
      fault_of([&] { StagedDirectory s(folder_.path() / "file/out", {}, false, false); }).code,
      Code::kFileUnwritable);
  EXPECT_EQ(fault_of([&] { DirectoryLock lock("/proc/none"); }).code, Code::kFileUnwritable);
}

}  // namespace
}  // namespace base
