// Runs the built program as a user would, with the limits and the environment that a test asks for.
#pragma once

#include <fcntl.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/files.hpp"
#include "temporary_folder.hpp"

namespace test {

/// How the program is started.
struct Setting {
  std::filesystem::path folder{};                    ///< working folder
  std::map<std::string, std::string> environment{};  ///< changes to the test's own
  std::optional<std::uint64_t> memory_bytes{};       ///< address space
  std::optional<std::uint64_t> file_bytes{};         ///< longest file that can be written
  std::filesystem::path out{};                       ///< stdout goes there; empty: captured
};

struct Ended {
  int status = 0;  ///< exit code, or 128 + signal
  std::string out;
  std::string err;
  std::chrono::nanoseconds worked{};  ///< its processor time, with that of its own programs
};

/// A started `fpsa ARGUMENTS`; wait() must be called once.
class Running {
 public:
  Running(const std::vector<std::string>& arguments, const Setting& setting) : setting_(setting) {
    std::vector<std::string> words{std::string(FPSA_BINARY_DIR) + "/fpsa"};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    pid_ = ::fork();
    if (pid_ == 0) become(argv);
  }

  pid_t pid() const { return pid_; }

  /// Its processor time so far, which goes on only as fast as a busy machine lets it.
  std::chrono::nanoseconds worked() const {
    clockid_t clock{};
    timespec time{};
    if (::clock_getcpuclockid(pid_, &clock) != 0 || ::clock_gettime(clock, &time) != 0) return {};
    return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
  }

  Ended wait() {
    int status = 0;
    rusage used{};
    ::wait4(pid_, &status, 0, &used);
    return {WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status),
            base::read_file(streams_ / "out"), base::read_file(streams_ / "err"),
            duration(used.ru_utime) + duration(used.ru_stime)};
  }

 private:
  static std::chrono::nanoseconds duration(const timeval& time) {
    return std::chrono::seconds(time.tv_sec) + std::chrono::microseconds(time.tv_usec);
  }

  static void redirect(const std::filesystem::path& file, int descriptor) {
    const int opened = ::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0666);
    if (opened < 0 || ::dup2(opened, descriptor) < 0) ::_exit(125);
  }

  static void limit(__rlimit_resource resource, const std::optional<std::uint64_t>& bytes) {
    if (!bytes) return;
    const rlimit value{*bytes, *bytes};
    ::setrlimit(resource, &value);
  }

  [[noreturn]] void become(std::vector<char*>& argv) const {
    redirect(streams_ / "out", STDOUT_FILENO);
    redirect(streams_ / "err", STDERR_FILENO);
    if (!setting_.out.empty()) redirect(setting_.out, STDOUT_FILENO);
    if (!setting_.folder.empty() && ::chdir(setting_.folder.c_str()) != 0) ::_exit(125);
    for (const auto& [name, value] : setting_.environment) ::setenv(name.c_str(), value.c_str(), 1);
    limit(RLIMIT_AS, setting_.memory_bytes);
    limit(RLIMIT_FSIZE, setting_.file_bytes);
    ::execv(argv[0], argv.data());
    ::_exit(125);
  }

  Setting setting_;
  TemporaryFolder streams_;
  pid_t pid_ = -1;
};

inline Ended fpsa(const std::vector<std::string>& arguments, const Setting& setting = {}) {
  return Running(arguments, setting).wait();
}

/// Expects the exit code of `code`, its number and each of `parts` on stderr, and nothing on
/// stdout.
inline void expect_fault(const Ended& ended, base::Code code,
                         const std::vector<std::string>& parts) {
  EXPECT_EQ(ended.status, static_cast<int>(base::exit_of(code))) << ended.err;
  EXPECT_THAT(ended.err,
              testing::HasSubstr(fmt::format("error[E{:04}]: ", static_cast<int>(code))));
  for (const std::string& part : parts) EXPECT_THAT(ended.err, testing::HasSubstr(part));
  EXPECT_EQ(ended.out, "");
}

/// Names of everything in `folder`, hidden files too, sorted.
inline std::vector<std::string> entries(const std::filesystem::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    names.push_back(entry.path().filename());
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace test
