// Stage lines and a progress bar on stderr.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>

namespace base {

/// "[3/9] simulate ... 1.2 s" a stage. On a terminal (stderr is a tty, TERM is not "dumb") the
/// running stage also shows its time, and a bar once it says how much is done, which are
/// erased when the stage ends; elsewhere one plain line a
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
  /// Part done of the running stage, 0..1, with a short note ("412 of 1000 samples"). Cheap: a
  /// thread of its own draws, ten times a second.
  void update(double part, const std::string& note = {});
  /// A plain line under the running stage.
  void note(const std::string& line);
  /// Ends the running stage, printing its time.
  void finish();

 private:
  std::string heading() const;
  void draw();
  void tick(const std::stop_token& stop);
  void erase_bar();
  void end_stage(const std::string& result);
  double seconds() const;

  int stages_;
  int current_ = 0;
  std::FILE* stream_;
  bool quiet_;
  bool terminal_;
  bool colour_;
  bool running_ = false;
  bool bar_shown_ = false;
  std::string name_;
  std::optional<double> part_;  // unknown until update() is called
  std::string note_;
  std::chrono::steady_clock::time_point start_;
  std::mutex mutex_;  // guards all of the above against the ticker
  std::condition_variable_any wake_;
  std::jthread ticker_;  // last: ends before anything that it uses
};

}  // namespace base
