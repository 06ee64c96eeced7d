#include "base/subprocess.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <thread>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/interrupt.hpp"
#include "temporary_folder.hpp"

namespace base {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

Command shell(const std::string& script) {
  Command command;
  command.argv = {"sh", "-c", script};
  return command;
}

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

// True once `pid` is gone or a zombie; waits for at most two seconds.
bool dies(pid_t pid) {
  for (int i = 0; i < 200; ++i) {
    std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
    std::string number, name, state;
    if (!(file >> number >> name >> state) || state == "Z") return true;
    std::this_thread::sleep_for(milliseconds(10));
  }
  return false;
}

class Subprocess : public testing::Test {
 protected:
  pid_t pid_in(const std::string& name) const {
    for (int i = 0; i < 200; ++i) {
      pid_t pid = 0;
      if (std::ifstream(dir_ / name) >> pid) return pid;
      std::this_thread::sleep_for(milliseconds(10));
    }
    ADD_FAILURE() << name << " was not written";
    return 0;
  }
  test::TemporaryFolder folder_;
  const fs::path& dir_ = folder_.path();
};

TEST_F(Subprocess, CapturesBothStreamsInOrderAndTheStatus) {
  const Finished finished = run(shell("echo one; echo two >&2; echo three; exit 3"));
  EXPECT_EQ(finished.status, 3);
  EXPECT_FALSE(finished.timed_out);
  EXPECT_EQ(finished.output, "one\ntwo\nthree\n");
}

TEST_F(Subprocess, ArgumentsArriveUntouched) {
  Command command;
  command.argv = {"printf", "%s|", "a b", "$HOME", "", "'"};
  EXPECT_EQ(run(command).output, "a b|$HOME||'|");
}

TEST_F(Subprocess, StdinIsEmpty) { EXPECT_EQ(run(shell("cat; echo end")).output, "end\n"); }

TEST_F(Subprocess, OutputLargerThanThePipeIsWhole) {
  EXPECT_EQ(run(shell("head -c 3000000 /dev/zero")).output.size(), 3000000u);
}

TEST_F(Subprocess, RunsInTheDirectoryAndFindsProgramsThere) {
  write_file(dir_ / "tool", "#!/bin/sh\npwd\n");
  fs::permissions(dir_ / "tool", fs::perms::owner_all);
  Command command;
  command.argv = {"./tool"};
  command.directory = dir_;
  EXPECT_EQ(run(command).output, fs::canonical(dir_).string() + "\n");
}

TEST_F(Subprocess, LogIsAppendedTo) {
  Command command = shell("echo line");
  command.log = dir_ / "logs/tool.log";
  EXPECT_EQ(run(command).output, "");
  run(command);
  EXPECT_EQ(read_file(command.log), "line\nline\n");
}

TEST_F(Subprocess, LogOnAFullDiskIsAFault) {
  Command command = shell("echo line");
  command.log = "/dev/full";
  EXPECT_EQ(fault_of([&] { run(command); }).code, Code::kFileUnwritable);
  command.log = dir_;  // a folder
  EXPECT_EQ(fault_of([&] { run(command); }).code, Code::kFileUnwritable);
}

TEST_F(Subprocess, MissingToolNamesItAndItsPackage) {
  Command command;
  command.argv = {"fpsa-no-such-tool"};
  const Fault unknown = fault_of([&] { run(command); });
  EXPECT_EQ(unknown.code, Code::kToolMissing);
  EXPECT_NE(unknown.what.find("fpsa-no-such-tool"), std::string::npos);

  const std::string path = std::getenv("PATH");
  ::setenv("PATH", dir_.c_str(), 1);
  command.argv = {"verilator"};
  const Fault known = fault_of([&] { run(command); });
  ::setenv("PATH", path.c_str(), 1);
  EXPECT_EQ(known.code, Code::kToolMissing);
  EXPECT_EQ(known.cure, "sudo apt-get install verilator");

  command.argv = {"./tool"};
  command.directory = dir_;
  EXPECT_EQ(fault_of([&] { run(command); }).code, Code::kToolMissing);
}

TEST_F(Subprocess, ProgramThatCannotStartIsAFault) {
  write_file(dir_ / "not_a_program",
             "\x7f"
             "ELF but not really");
  fs::permissions(dir_ / "not_a_program", fs::perms::owner_all);
  Command command;
  command.argv = {(dir_ / "not_a_program").string()};
  const Fault format = fault_of([&] { run(command); });
  EXPECT_EQ(format.code, Code::kToolFailed);
  EXPECT_NE(format.what.find("Exec format error"), std::string::npos) << format.what;

  command = shell("true");
  command.directory = dir_ / "none";
  const Fault folder = fault_of([&] { run(command); });
  EXPECT_EQ(folder.code, Code::kToolFailed);
  EXPECT_NE(folder.what.find("No such file"), std::string::npos) << folder.what;
}

TEST_F(Subprocess, KilledChildIs128PlusSignal) {
  EXPECT_EQ(run(shell("kill -SEGV $$")).status, 128 + SIGSEGV);
  const Fault fault = fault_of([] { run_checked(shell("kill -KILL $$")); });
  EXPECT_EQ(fault.code, Code::kToolFailed);
  EXPECT_NE(fault.what.find("signal 9"), std::string::npos) << fault.what;
}

TEST_F(Subprocess, TimeoutKillsTheWholeGroup) {
  Command command = shell("sleep 60 & echo $! > " + (dir_ / "pid").string() + "; wait");
  command.timeout = milliseconds(300);
  const Clock::time_point start = Clock::now();
  EXPECT_TRUE(run(command).timed_out);
  EXPECT_LT(Clock::now() - start, std::chrono::seconds(5));
  EXPECT_TRUE(dies(pid_in("pid")));
}

TEST_F(Subprocess, TimeoutHoldsForAProgramThatNeverStopsWriting) {
  Command command = shell("while :; do echo noise; done");
  command.timeout = milliseconds(200);
  const Fault fault = fault_of([&] { run_checked(command); });
  EXPECT_EQ(fault.code, Code::kToolTimeout);
  EXPECT_NE(fault.what.find("0.2 s"), std::string::npos) << fault.what;
}

TEST_F(Subprocess, TimeoutHoldsForAProgramThatClosedItsOutput) {
  Command command = shell("exec >&- 2>&-; sleep 60");
  command.timeout = milliseconds(200);
  EXPECT_TRUE(run(command).timed_out);
}

TEST_F(Subprocess, SilenceEndsAProgramAndOutputSavesIt) {
  Command command = shell("echo one; sleep 60");
  command.silence = milliseconds(1000);
  const Fault fault = fault_of([&] { run_checked(command); });
  EXPECT_EQ(fault.code, Code::kToolTimeout);
  EXPECT_NE(fault.what.find("1.0 s"), std::string::npos) << fault.what;
  command = shell("for i in 1 2 3 4 5 6 7 8; do echo $i; sleep 0.2; done");
  command.silence = milliseconds(1000);
  EXPECT_FALSE(run(command).timed_out);
}

TEST_F(Subprocess, WhatTheProgramLeftRunningIsKilledAtItsEnd) {
  const Clock::time_point start = Clock::now();
  const Finished finished = run(shell("sleep 60 & echo $! > " + (dir_ / "pid").string()));
  EXPECT_EQ(finished.status, 0);
  EXPECT_LT(Clock::now() - start, std::chrono::seconds(5));  // though sleep holds the pipe open
  EXPECT_TRUE(dies(pid_in("pid")));
}

TEST_F(Subprocess, CheckedShowsTheLastTwentyLines) {
  Command command = shell("i=1; while [ $i -le 30 ]; do echo line $i; i=$((i+1)); done; exit 1");
  for (const fs::path& log : {fs::path(), dir_ / "log"}) {
    command.log = log;
    const Fault fault = fault_of([&] { run_checked(command); });
    EXPECT_EQ(fault.code, Code::kToolFailed);
    EXPECT_EQ(fault.what.find("line 10\n"), std::string::npos) << fault.what;
    EXPECT_NE(fault.what.find("status 1; its last lines:\nline 11\n"), std::string::npos);
    EXPECT_TRUE(fault.what.ends_with("line 30")) << fault.what;
  }
  EXPECT_NE(fault_of([] { run_checked(shell("exit 2")); }).what.find("wrote nothing"),
            std::string::npos);
  EXPECT_EQ(run_checked(shell("echo fine")).output, "fine\n");
}

TEST_F(Subprocess, InterruptKillsTheChildAndThrows) {
  catch_interrupts();
  EXPECT_NO_THROW(interruption_point());
  const pid_t self = ::getpid();
  std::thread user([&] {
    pid_in("pid");
    ::kill(self, SIGINT);
  });
  const Clock::time_point start = Clock::now();
  const Fault fault =
      fault_of([&] { run(shell("echo $$ > " + (dir_ / "pid").string() + "; sleep 60")); });
  user.join();
  EXPECT_EQ(fault.code, Code::kInterrupted);
  EXPECT_EQ(exit_of(fault.code), Exit::kInterrupted);
  EXPECT_LT(Clock::now() - start, std::chrono::seconds(5));
  EXPECT_TRUE(dies(pid_in("pid")));
  EXPECT_EQ(fault_of([] { interruption_point(); }).code, Code::kInterrupted);
  EXPECT_EQ(fault_of([] { run(shell("true")); }).code, Code::kInterrupted);
  catch_interrupts();
  EXPECT_NO_THROW(interruption_point());
  for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGPIPE}) ::signal(number, SIG_DFL);
}

// Exit status of a process that catches interrupts and raises `signals`.
int status_after(const std::vector<int>& signals) {
  const pid_t child = ::fork();
  if (child == 0) {
    catch_interrupts();
    for (const int number : signals) ::raise(number);
    try {
      interruption_point();
    } catch (const Error& error) {
      ::_exit(static_cast<int>(error.exit_code()));
    }
    ::_exit(0);
  }
  int status = 0;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST_F(Subprocess, EachSignalHasItsExitCodeAndTheFirstDecides) {
  EXPECT_EQ(status_after({}), 0);
  EXPECT_EQ(status_after({SIGINT}), 130);
  EXPECT_EQ(status_after({SIGTERM}), 143);
  EXPECT_EQ(status_after({SIGHUP}), 129);
  EXPECT_EQ(status_after({SIGPIPE}), 129);
  EXPECT_EQ(status_after({SIGINT, SIGINT, SIGTERM}), 130) << "the work is being wound up";
  EXPECT_EQ(exit_of(Code::kTerminated), Exit::kTerminated);
  EXPECT_EQ(exit_of(Code::kHungUp), Exit::kHungUp);
}

TEST_F(Subprocess, HangUpStaysIgnoredUnderNohup) {
  ::signal(SIGHUP, SIG_IGN);
  EXPECT_EQ(status_after({SIGHUP}), 0);
  ::signal(SIGHUP, SIG_DFL);
}

TEST_F(Subprocess, EverythingDiesWithAKilledParent) {
  const pid_t parent = ::fork();
  if (parent == 0) {
    run(shell("cd \"$TMPDIR\"; pwd > " + (dir_ / "scratch").string() + "; echo x > left; " +
              "sleep 60 & echo $! > " + (dir_ / "grandchild").string() + "; echo $$ > " +
              (dir_ / "pid").string() + "; wait"));
    ::_exit(0);
  }
  const pid_t child = pid_in("pid");
  EXPECT_EQ(::kill(child, 0), 0);
  ::kill(parent, SIGKILL);
  ::waitpid(parent, nullptr, 0);
  EXPECT_TRUE(dies(child));
  EXPECT_TRUE(dies(pid_in("grandchild")));
  std::string scratch = read_file(dir_ / "scratch");
  scratch.pop_back();
  for (int i = 0; i < 200 && fs::exists(scratch); ++i)
    std::this_thread::sleep_for(milliseconds(10));
  EXPECT_FALSE(fs::exists(scratch));
}

TEST_F(Subprocess, TemporaryFilesOfTheProgramGoWithIt) {
  const auto left = [] { return run(shell("touch \"$TMPDIR/x\"; echo \"$TMPDIR\"")).output; };
  const char* const given = std::getenv("TMPDIR");
  const std::string before = given ? given : "";
  for (const std::string& value : {dir_.string(), (dir_ / "none").string(), std::string("here")}) {
    ::setenv("TMPDIR", value.c_str(), 1);
    std::string scratch = left();
    scratch.pop_back();
    EXPECT_TRUE(scratch.starts_with(value == dir_.string() ? value : "/tmp/fpsa-")) << scratch;
    EXPECT_FALSE(fs::exists(scratch));
  }
  given ? ::setenv("TMPDIR", before.c_str(), 1) : ::unsetenv("TMPDIR");
}

TEST_F(Subprocess, FindsPrograms) {
  ASSERT_TRUE(find_program("sh").has_value());
  EXPECT_TRUE(find_program("sh")->is_absolute());
  EXPECT_FALSE(find_program("fpsa-no-such-tool").has_value());
  EXPECT_FALSE(find_program("").has_value());
}

TEST_F(Subprocess, KnowsDebianPackages) {
  EXPECT_EQ(debian_package("sta"), "opensta");
  EXPECT_EQ(debian_package("vvp"), "iverilog");
  EXPECT_EQ(debian_package("fpsa-no-such-tool"), "");
}

}  // namespace
}  // namespace base
