#include "base/interrupt.hpp"

#include <signal.h>
#include <time.h>

#include <atomic>

#include "base/error.hpp"

namespace base {

namespace {

constexpr time_t kPatience = 3;  // seconds to wind up in

// The mutable globals of the program: a signal handler has no other way to tell what it saw.
std::atomic<int> received{0};  // the first signal; 0: none
std::atomic<time_t> received_at{0};
static_assert(std::atomic<int>::is_always_lock_free && std::atomic<time_t>::is_always_lock_free);

time_t now() {
  timespec time{};
  ::clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec;
}

extern "C" void note_interrupt(int number) {
  int none = 0;
  if (received.compare_exchange_strong(none, number)) {
    received_at = now();
  } else if (now() - received_at > kPatience && number != SIGPIPE) {
    ::signal(number, SIG_DFL);
    ::raise(number);
  }
}

bool is_ignored(int number) {
  struct sigaction action {};
  ::sigaction(number, nullptr, &action);
  return action.sa_handler == SIG_IGN;
}

}  // namespace

void catch_interrupts() {
  received = 0;
  struct sigaction action {};
  action.sa_handler = note_interrupt;  // and no SA_RESTART: waiting calls must come back
  for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGPIPE})
    if (number != SIGHUP || !is_ignored(number)) ::sigaction(number, &action, nullptr);
  ::signal(SIGXFSZ, SIG_IGN);
}

void interruption_point() {
  const int number = received.load(std::memory_order_relaxed);
  if (number == 0) return;
  if (number == SIGINT) fail(Code::kInterrupted, "interrupted");
  if (number == SIGTERM) fail(Code::kTerminated, "asked to end by SIGTERM");
  fail(Code::kHungUp, "the terminal or the reader of the output is gone");
}

}  // namespace base
