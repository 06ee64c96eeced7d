#include "monitor.hpp"

#include <algorithm>
#include <bit>
#include <cstdio>
#include <cstring>

namespace tb {
namespace {

constexpr std::size_t kMaxFaults = 4;  // a broken bus breaks every window; a few lines say it

int bit_of(const std::uint8_t* bytes, std::size_t lane) {
  return (bytes[lane / 8] >> (lane % 8)) & 1;
}

}  // namespace

std::uint64_t decode(const std::uint8_t* train, const Probe& probe, std::size_t lane) {
  std::uint64_t value = 0;
  for (std::size_t t = 0; t < probe.period; ++t)
    value = (probe.rate ? value : 2 * value) + bit_of(train + t * probe.row_bytes(), lane);
  return value;
}

Monitor::Monitor(const std::string& top, const Probe& probe, const VerilatedContext& context,
                 const Bytes& train, std::size_t samples)
    : probe_(probe),
      train_(train),
      all_windows_(samples * probe.tokens),
      row_bytes_(probe.row_bytes()),
      tick_net_(context, top, probe.tick, 1),
      spikes_(context, top, probe.spikes, probe.lanes),
      win_(context, top, probe.win, 1),
      live_(context, top, probe.live, 1),
      window_(probe.period * row_bytes_),
      previous_(row_bytes_) {}

bool Monitor::tick(std::uint64_t clock) {
  ++ticks_;
  if (counting_) count_transitions();
  const bool starts = win_.bit() && live_.bit();
  if (win_.bit() && running_) {
    note_fault("window " + std::to_string(windows_) + " ended after " + std::to_string(tick_) +
               " of " + std::to_string(probe_.period) + " ticks");
    finish();
    running_ = false;
  }
  if (starts) start_window(clock);
  if (running_) compare(clock);
  return starts;
}

void Monitor::start_window(std::uint64_t clock) {
  if (windows_ == all_windows_) {
    note_fault("a window more than samples have, at clock " + std::to_string(clock));
    return;
  }
  running_ = true;
  differs_ = false;
  tick_ = 0;
}

void Monitor::compare(std::uint64_t clock) {
  std::uint8_t* row = window_.data() + tick_ * row_bytes_;
  const std::uint8_t* expected = train_.data() + (windows_ * probe_.period + tick_) * row_bytes_;
  std::memcpy(row, spikes_.bytes(), row_bytes_);
  if (std::memcmp(row, expected, row_bytes_) != 0) {
    differs_ = true;
    if (!first_) note_difference(clock, expected);
  }
  if (++tick_ == probe_.period) end_window();
}

void Monitor::note_difference(std::uint64_t clock, const std::uint8_t* expected) {
  std::size_t lane = 0;
  while (bit_of(expected, lane) == bit_of(spikes_.bytes(), lane)) ++lane;
  first_ = Difference{.clock = clock,
                      .layer = probe_.layer,
                      .element = lane,
                      .sample = windows_ / probe_.tokens,
                      .tick = tick_,
                      .expected_bit = bit_of(expected, lane),
                      .actual_bit = bit_of(spikes_.bytes(), lane)};
  if (probe_.tokens > 1) first_->position = windows_ % probe_.tokens;
  first_open_ = true;
}

void Monitor::end_window() {
  const std::uint8_t* expected = train_.data() + windows_ * window_.size();
  if (differs_) {
    for (std::size_t lane = 0; lane < probe_.lanes; ++lane)
      for (std::size_t t = 0; t < probe_.period; ++t)
        if (bit_of(&window_[t * row_bytes_], lane) != bit_of(expected + t * row_bytes_, lane)) {
          ++mismatches_;
          break;
        }
  }
  if (first_open_) finish();
  compared_ += probe_.lanes;
  running_ = false;
  ++windows_;
}

void Monitor::finish() {
  if (!first_open_) return;
  first_open_ = false;
  const std::size_t window = first_->sample * probe_.tokens + first_->position.value_or(0);
  const std::uint8_t* expected = train_.data() + window * window_.size();
  first_->expected_value = decode(expected, probe_, first_->element);
  std::fill(window_.begin() + tick_ * row_bytes_, window_.end(), std::uint8_t{0});
  first_->actual_value = decode(window_.data(), probe_, first_->element);
}

void Monitor::count_transitions() {
  const std::uint8_t* now = spikes_.bytes();
  for (std::size_t at = 0; at < row_bytes_; at += 8) {
    const std::size_t size = std::min<std::size_t>(8, row_bytes_ - at);
    std::uint64_t before = 0;
    std::uint64_t after = 0;
    std::memcpy(&before, &previous_[at], size);
    std::memcpy(&after, now + at, size);
    transitions_ += std::popcount(before ^ after);
  }
  std::memcpy(previous_.data(), now, row_bytes_);
}

void Monitor::note_fault(std::string fault) {
  if (faults_.size() < kMaxFaults) faults_.push_back("layer " + probe_.layer + ": " + fault);
}

std::string Monitor::state() const {
  std::string hex;
  char digits[3];
  for (std::size_t i = row_bytes_; i-- > 0;) {
    std::snprintf(digits, sizeof digits, "%02x", spikes_.bytes()[i]);
    hex += digits;
  }
  std::string text = probe_.layer + ": " + std::to_string(ticks_) + " ticks, tick " +
                     (tick_net_.bit() ? "1" : "0") + " win " + (win_.bit() ? "1" : "0") + " live " +
                     (live_.bit() ? "1" : "0") + " spikes " + hex + ", " +
                     std::to_string(windows_) + " windows seen";
  if (running_) text += ", tick " + std::to_string(tick_) + " of " + std::to_string(probe_.period);
  return text;
}

}  // namespace tb
