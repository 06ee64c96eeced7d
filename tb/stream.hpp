// AXI4-Stream drivers: samples in with random pauses, results out with random stalls.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "bench.hpp"
#include "monitor.hpp"
#include "random.hpp"

class Vtop;

namespace tb {

/// Drives s_axis. Call drive() with the clock low, observe() before the rising edge.
class Source {
 public:
  Source(const Bench& bench, const Bytes& stimulus, std::size_t samples, Chance idle);
  void drive(Vtop& top);
  /// True if a beat was taken.
  bool observe(const Vtop& top);
  bool done() const { return sample_ == samples_; }
  std::size_t sample() const { return sample_; }
  std::size_t beat() const { return beat_; }

 private:
  const Stream& stream_;
  const Bytes& stimulus_;
  std::size_t samples_;
  Chance idle_;
  Bytes data_;
  bool valid_ = false;
  std::size_t sample_ = 0;
  std::size_t beat_ = 0;
};

/// What was compared of an output.
struct Tally {
  Output output;
  std::size_t first = 0;  ///< lane of a token
  std::uint64_t compared = 0;
  std::uint64_t mismatches = 0;
};

/// Drives m_axis_tready, compares every value and checks TLAST, padding and the handshake's rules.
class Sink {
 public:
  Sink(const Bench& bench, const Bytes& expected, std::size_t samples, Chance stall);
  void drive(Vtop& top);
  /// True if a beat was taken.
  bool observe(const Vtop& top, std::uint64_t clock);
  /// Accepts whatever still comes without a stall; what comes is a fault.
  void drain() { draining_ = true; }

  bool done() const { return sample_ == samples_; }
  std::size_t sample() const { return sample_; }
  std::size_t beat() const { return beat_; }
  /// As bench.outputs.
  const std::vector<Tally>& tallies() const { return tallies_; }
  const std::optional<Difference>& first() const { return first_; }
  const std::vector<std::string>& faults() const { return faults_; }
  /// Results as received: the bytes of samples.
  const Bytes& received() const { return received_; }

 private:
  void check_handshake(const Vtop& top);
  void take_beat(std::uint64_t clock, bool last);
  void check_padding(std::size_t used);
  void compare(std::size_t element, const std::uint8_t* actual, std::uint64_t clock);
  void note_fault(const std::string& fault);

  const Stream& stream_;
  const Bytes& expected_;
  std::size_t samples_;
  Chance stall_;
  Bytes data_;
  Bytes held_;  ///< data of a beat that was offered and not taken
  bool holding_ = false;
  bool ready_ = false;
  bool draining_ = false;
  std::size_t sample_ = 0;
  std::size_t beat_ = 0;
  std::vector<Tally> tallies_;
  std::optional<Difference> first_;
  std::vector<std::string> faults_;
  Bytes received_;
};

}  // namespace tb
