#include "base/progress.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <regex>
#include <thread>

namespace base {
namespace {

// Runs `use` with a Progress on a plain file and returns what it wrote.
template <class Use>
std::string plain_output(bool quiet, Use&& use) {
  std::FILE* file = std::tmpfile();
  {
    Progress progress(3, file, quiet);
    use(progress);
  }
  std::string text(static_cast<std::size_t>(std::ftell(file)), '\0');
  std::rewind(file);
  EXPECT_EQ(std::fread(text.data(), 1, text.size(), file), text.size());
  std::fclose(file);
  return text;
}

// The same on a pseudo-terminal.
template <class Use>
std::string terminal_output(Use&& use) {
  const int master = ::posix_openpt(O_RDWR | O_NOCTTY);
  EXPECT_EQ(::grantpt(master) | ::unlockpt(master), 0);
  std::FILE* slave = std::fopen(::ptsname(master), "w");
  EXPECT_NE(slave, nullptr);
  {
    Progress progress(3, slave);
    use(progress);
  }
  std::fclose(slave);
  std::string text;
  char buffer[4096];
  for (ssize_t got; (got = ::read(master, buffer, sizeof buffer)) > 0;)  // ends with EIO: no writer
    text.append(buffer, static_cast<std::size_t>(got));
  ::close(master);
  return text;
}

void two_stages(Progress& progress) {
  progress.stage("place");
  progress.update(0.5, "half");
  progress.stage("route");
  progress.note("12 nets");
  progress.finish();
  progress.finish();
}

TEST(Progress, PlainFileGetsOneLineAStage) {
  const std::string text = plain_output(false, two_stages);
  const std::regex expected(
      R"(\[1/3\] place \.\.\. 0\.\d s\n      12 nets\n\[2/3\] route \.\.\. 0\.\d s\n)");
  EXPECT_TRUE(std::regex_match(text, expected)) << text;
}

TEST(Progress, QuietWritesNothing) { EXPECT_EQ(plain_output(true, two_stages), ""); }

TEST(Progress, AbandonedStageIsReportedAsFailed) {
  EXPECT_EQ(plain_output(false, [](Progress& progress) { progress.stage("place"); }),
            "[1/3] place ... failed\n");
}

class TerminalProgress : public testing::Test {
 protected:
  void SetUp() override {
    ::setenv("TERM", "xterm", 1);
    ::unsetenv("NO_COLOR");
  }
};

TEST_F(TerminalProgress, ShowsABarAndErasesIt) {
  const std::string text = terminal_output([](Progress& progress) {
    progress.stage("place");
    std::this_thread::sleep_for(std::chrono::milliseconds(150));
    for (int i = 0; i < 10000; ++i) progress.update(0.5, "5 of 10");
    std::this_thread::sleep_for(std::chrono::milliseconds(250));
    progress.finish();
  });
  EXPECT_NE(text.find("[1/3] place 0 s\r\033[K"), std::string::npos) << text;
  EXPECT_NE(
      text.find("[############------------] 5 of 10, 0 s\r\033[K\033[1m[1/3]\033[0m place ... "),
      std::string::npos)
      << text;
  EXPECT_LT(text.size(), 2000u) << "it was drawn for every update";
}

TEST_F(TerminalProgress, CountsTheSecondsOfAStageThatSaysNothing) {
  const std::string text = terminal_output([](Progress& progress) {
    progress.stage("synthesise");
    std::this_thread::sleep_for(std::chrono::milliseconds(700));
    progress.finish();
  });
  EXPECT_NE(text.find("[1/3] synthesise 0 s\r"), std::string::npos) << text;
  EXPECT_NE(text.find("[1/3] synthesise 1 s\r"), std::string::npos) << text;  // rounded
}

TEST_F(TerminalProgress, NotesAreOneLineEach) {
  const std::string text = terminal_output([](Progress& progress) {
    progress.stage("place");
    progress.note("a\nb");
  });
  EXPECT_NE(text.find("      a\\nb\r\n"), std::string::npos) << text;
}

TEST_F(TerminalProgress, NoColorAndDumbTerminalsAreRespected) {
  ::setenv("NO_COLOR", "1", 1);
  EXPECT_EQ(terminal_output(two_stages).find("\033[1m"), std::string::npos);
  ::setenv("TERM", "dumb", 1);
  EXPECT_EQ(terminal_output(two_stages).find('\033'), std::string::npos);
}

}  // namespace
}  // namespace base
