#include "stream.hpp"

#include <algorithm>
#include <cstring>
#include <stdexcept>

#include "Vtop.h"

namespace tb {
namespace {

constexpr std::size_t kMaxFaults = 3;
constexpr std::uint8_t kCanary = 0xa5;  // in lanes past the last value: the design must ignore them

// A port is an unsigned integer up to 64 bits and VlWide above; both are little-endian bytes.
template <class Port>
void check_width(const Port&, std::size_t bytes, const char* name) {
  const std::size_t size = sizeof(Port);
  if (bytes > size || (size > 8 ? bytes + 4 <= size : 2 * bytes <= size))
    throw std::runtime_error(std::string(name) + " of the top module is not " +
                             std::to_string(8 * bytes) + " bits wide");
}

template <class Port>
void write_port(Port& port, const Bytes& bytes) {
  std::memcpy(&port, bytes.data(), bytes.size());
}

template <class Port>
void read_port(const Port& port, Bytes& bytes) {
  std::memcpy(bytes.data(), &port, bytes.size());
}

std::string at(std::size_t sample, std::size_t beat) {
  return "sample " + std::to_string(sample) + ", beat " + std::to_string(beat);
}

}  // namespace

Source::Source(const Bench& bench, const Bytes& stimulus, std::size_t samples, Chance idle)
    : stream_(bench.in),
      stimulus_(stimulus),
      samples_(samples),
      idle_(idle),
      data_(stream_.beat_bytes()) {}

void Source::drive(Vtop& top) {
  check_width(top.s_axis_tdata, data_.size(), "s_axis_tdata");
  // Once offered, a beat stays until it is taken.
  if (!valid_ && !done() && !idle_()) {
    valid_ = true;
    std::fill(data_.begin(), data_.end(), kCanary);
    std::memcpy(data_.data(),
                &stimulus_[sample_ * stream_.bytes() + stream_.first(beat_) * stream_.lane_bytes],
                stream_.count(beat_) * stream_.lane_bytes);
    write_port(top.s_axis_tdata, data_);
  }
  top.s_axis_tvalid = valid_;
  top.s_axis_tlast = valid_ && beat_ + 1 == stream_.beats();
}

bool Source::observe(const Vtop& top) {
  if (!valid_ || !top.s_axis_tready) return false;
  valid_ = false;
  if (++beat_ == stream_.beats()) {
    beat_ = 0;
    ++sample_;
  }
  return true;
}

Sink::Sink(const Bench& bench, const Bytes& expected, std::size_t samples, Chance stall)
    : stream_(bench.out),
      expected_(expected),
      samples_(samples),
      stall_(stall),
      data_(stream_.beat_bytes()),
      held_(data_.size()) {
  std::size_t first = 0;
  for (const Output& output : bench.outputs) {
    tallies_.push_back({output, first});
    first += output.lanes;
  }
}

void Sink::drive(Vtop& top) {
  check_width(top.m_axis_tdata, data_.size(), "m_axis_tdata");
  ready_ = draining_ || !stall_();
  top.m_axis_tready = ready_;
}

bool Sink::observe(const Vtop& top, std::uint64_t clock) {
  read_port(top.m_axis_tdata, data_);
  check_handshake(top);
  holding_ = top.m_axis_tvalid && !ready_;
  held_ = data_;
  if (!top.m_axis_tvalid || !ready_) return false;
  if (done())
    note_fault("output stream: a beat after the last sample");
  else
    take_beat(clock, top.m_axis_tlast);
  return true;
}

void Sink::check_handshake(const Vtop& top) {
  if (!holding_) return;
  if (!top.m_axis_tvalid)
    note_fault("output stream: tvalid fell before tready, " + at(sample_, beat_));
  else if (data_ != held_)
    note_fault("output stream: tdata changed while stalled, " + at(sample_, beat_));
}

void Sink::take_beat(std::uint64_t clock, bool last) {
  const bool last_expected = beat_ + 1 == stream_.beats();
  if (last != last_expected)
    note_fault(std::string("output stream: TLAST is ") + (last ? "1" : "0") + ", expected " +
               (last_expected ? "1" : "0") + ", " + at(sample_, beat_));
  const std::size_t first = stream_.first(beat_);
  const std::size_t bytes = stream_.count(beat_) * stream_.lane_bytes;
  for (std::size_t lane = 0; lane < stream_.count(beat_); ++lane)
    compare(first + lane, &data_[lane * stream_.lane_bytes], clock);
  check_padding(bytes);
  received_.insert(received_.end(), data_.begin(), data_.begin() + bytes);
  if (!last_expected) {
    ++beat_;
    return;
  }
  beat_ = 0;
  ++sample_;
}

void Sink::check_padding(std::size_t used) {
  if (std::any_of(data_.begin() + used, data_.end(), [](std::uint8_t byte) { return byte != 0; }))
    note_fault("output stream: lanes past the last value are not zero, " + at(sample_, beat_));
}

void Sink::compare(std::size_t element, const std::uint8_t* actual, std::uint64_t clock) {
  const std::size_t place = sample_ * stream_.bytes() + element * stream_.lane_bytes;
  const std::uint64_t expected = little_endian(&expected_[place], stream_.lane_bytes);
  const std::uint64_t value = little_endian(actual, stream_.lane_bytes);
  const std::size_t lane = element % stream_.lanes;
  auto tally = tallies_.end() - 1;
  while (tally->first > lane) --tally;
  ++tally->compared;
  if (value == expected) return;
  ++tally->mismatches;
  if (first_) return;
  const Output& output = tally->output;
  first_ = Difference{.clock = clock,
                      .layer = output.name.empty() ? "output stream" : "output " + output.name,
                      .element = element / stream_.lanes * output.lanes + lane - tally->first,
                      .sample = sample_,
                      .tick = {},
                      .expected_value = expected,
                      .actual_value = value};
}

void Sink::note_fault(const std::string& fault) {
  if (faults_.size() < kMaxFaults) faults_.push_back(fault);
}

}  // namespace tb
