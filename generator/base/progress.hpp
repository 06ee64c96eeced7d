// Stage lines and a progress bar on stderr.
#pragma once

#include <chrono>
#include <cstdio>
#include <string>

namespace base {

/// "[3/9] simulate ... 1.2 s" a stage. On a terminal (stderr is a tty, TERM is not "dumb") the
/// running stage also shows a bar that is erased when the stage ends; elsewhere one plain line a
/// stage, written when it ends. Colour only on a terminal and without NO_COLOR. Never writes to
/// stdout.
class Progress {
 public:
  /// `stages` is the total shown; `quiet` writes nothing at all.
  explicit Progress(int stages, std::FILE* stream = stderr, bool quiet = false);
  /// A stage that was never finished is reported as failed: its work was left by an exception.
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// Starts the next stage; ends the one before. Throws kInterrupted if the user has interrupted.
  void stage(const std::string& name);
  /// Part done of the running stage, 0..1, with a short note ("412 of 1000 samples"). Cheap:
  /// redrawn at most ten times a second.
  void update(double part, const std::string& note = {});
  /// A plain line under the running stage.
  void note(const std::string& line);
  /// Ends the running stage, printing its time.
  void finish();

 private:
  std::string heading() const;
  void erase_bar();
  void end_stage(const std::string& result);

  int stages_;
  int current_ = 0;
  std::FILE* stream_;
  bool quiet_;
  bool terminal_;
  bool colour_;
  bool running_ = false;
  bool bar_shown_ = false;
  std::string name_;
  std::chrono::steady_clock::time_point start_;
  std::chrono::steady_clock::time_point last_update_;
};

}  // namespace base
