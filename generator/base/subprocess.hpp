// Running other programs: own process group, time limit, interruption, output to a log file.
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace base {

struct Command {
  std::vector<std::string> argv;  ///< argv[0] is looked up in PATH; one with a '/' in `directory`
  std::map<std::string, std::string> environment{};  ///< added to the caller's
  std::filesystem::path directory;                   ///< working directory; empty: the caller's
  std::filesystem::path log;  ///< stdout and stderr are appended here; empty: captured
  std::chrono::milliseconds timeout{std::chrono::hours(1)};  ///< then the process group is killed
  std::chrono::milliseconds silence{
      std::chrono::hours(24)};  ///< same, after so long without output
};

struct Finished {
  int status = 0;          ///< exit code, or 128 + signal
  bool timed_out = false;  ///< or silent for too long
  std::string output;      ///< stdout and stderr interleaved, if no log was given
};

/// Runs `command` with an empty stdin and waits. Its TMPDIR is a folder of its own, removed when it
/// ends. Whatever the program left running in its process group is killed when it ends; the whole
/// group is killed and the folder removed even if the caller is killed. Throws kToolMissing if
/// argv[0] is not found (naming the Debian package that has it), kToolFailed if it cannot be
/// started, kFileUnwritable if the log cannot be written, and what interruption_point() throws (the
/// process group is killed first). A non-zero status is returned, not thrown.
Finished run(const Command& command);

/// run(), and throws kToolFailed (kToolTimeout on a time-out) with the last 20 lines of output or
/// log if the status is not 0.
Finished run_checked(const Command& command);

/// Full path of `program` in PATH, or nothing.
std::optional<std::filesystem::path> find_program(const std::string& program);

/// Debian package that ships `program` ("verilator", "iverilog", "yosys", "sta", "nextpnr-ice40"…);
/// empty if not known.
std::string debian_package(const std::string& program);

}  // namespace base
