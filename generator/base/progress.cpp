#include "base/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <string_view>

#include "base/interrupt.hpp"

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
      colour_(terminal_ && std::getenv("NO_COLOR") == nullptr) {}

Progress::~Progress() {
  if (running_) end_stage("failed");
}

std::string Progress::heading() const { return fmt::format("[{}/{}]", current_, stages_); }

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
  ++current_;
  running_ = true;
  name_ = name;
  start_ = std::chrono::steady_clock::now();
  last_update_ = {};
  update(0.0);
}

void Progress::update(double part, const std::string& note) {
  const auto now = std::chrono::steady_clock::now();
  if (quiet_ || !terminal_ || !running_ || now - last_update_ < kBarPeriod) return;
  last_update_ = now;
  const int filled = static_cast<int>(std::clamp(part, 0.0, 1.0) * kBarWidth);
  const std::string bar = std::string(filled, '#') + std::string(kBarWidth - filled, '-');
  erase_bar();
  put(stream_, fmt::format("{} {} [{}] {}", heading(), name_, bar, note));
  bar_shown_ = true;
}

void Progress::note(const std::string& line) {
  if (quiet_) return;
  erase_bar();
  put(stream_, fmt::format("      {}\n", line));
}

void Progress::finish() {
  if (!running_) return;
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start_;
  end_stage(fmt::format("{:.1f} s", taken.count()));
}

}  // namespace base
