#include "base/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <string_view>

#include "base/interrupt.hpp"
#include "base/text.hpp"

namespace base {

namespace {

constexpr int kBarWidth = 24;
constexpr auto kBarPeriod = std::chrono::milliseconds(100);

bool is_terminal(std::FILE* stream) {
  const char* term = std::getenv("TERM");
  return isatty(fileno(stream)) == 1 && term != nullptr && std::string_view(term) != "dumb";
}

void put(std::FILE* stream, const std::string& text) {
  // A progress line that cannot be written is no reason to stop the work.
  (void)std::fputs(text.c_str(), stream);
  (void)std::fflush(stream);
}

}  // namespace

Progress::Progress(int stages, std::FILE* stream, bool quiet)
    : stages_(stages),
      stream_(stream),
      quiet_(quiet),
      terminal_(is_terminal(stream)),
      colour_(terminal_ && std::getenv("NO_COLOR") == nullptr) {
  if (terminal_ && !quiet_) ticker_ = std::jthread([this](std::stop_token stop) { tick(stop); });
}

Progress::~Progress() {
  const std::lock_guard lock(mutex_);
  if (running_) end_stage("failed");
}

std::string Progress::heading() const { return fmt::format("[{}/{}]", current_, stages_); }

double Progress::seconds() const {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
}

void Progress::tick(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    if (running_) draw();
    wake_.wait_for(lock, stop, kBarPeriod, [] { return false; });
  }
}

void Progress::draw() {
  std::string bar;
  if (part_) {
    const int filled = static_cast<int>(std::clamp(*part_, 0.0, 1.0) * kBarWidth);
    bar =
        "[" + std::string(filled, '#') + std::string(kBarWidth - filled, '-') + "] " + note_ + ", ";
  }
  erase_bar();
  put(stream_, fmt::format("{} {} {}{:.0f} s", heading(), name_, bar, seconds()));
  bar_shown_ = true;
}

void Progress::erase_bar() {
  if (bar_shown_) put(stream_, "\r\033[K");
  bar_shown_ = false;
}

void Progress::end_stage(const std::string& result) {
  running_ = false;
  if (quiet_) return;
  erase_bar();
  const std::string head = colour_ ? fmt::format("\033[1m{}\033[0m", heading()) : heading();
  put(stream_, fmt::format("{} {} ... {}\n", head, name_, result));
}

void Progress::stage(const std::string& name) {
  interruption_point();
  finish();
  const std::lock_guard lock(mutex_);
  ++current_;
  running_ = true;
  name_ = name;
  part_.reset();
  note_.clear();
  start_ = std::chrono::steady_clock::now();
}

void Progress::update(double part, const std::string& note) {
  const std::lock_guard lock(mutex_);
  part_ = part;
  note_ = note;
}

void Progress::note(const std::string& line) {
  if (quiet_) return;
  const std::lock_guard lock(mutex_);
  erase_bar();
  put(stream_, fmt::format("      {}\n", printable(line)));
}

void Progress::finish() {
  const std::lock_guard lock(mutex_);
  if (running_) end_stage(fmt::format("{:.1f} s", seconds()));
}

}  // namespace base
