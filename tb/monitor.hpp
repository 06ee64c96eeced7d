// Watches one spike bus, tick by tick, against the train that the unit emulation predicts.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "bench.hpp"
#include "net.hpp"

namespace tb {

/// Where hardware and prediction first part. Of a bus: bits and, over the whole window, values. Of
/// an output of the stream: values alone (no tick).
struct Difference {
  std::uint64_t clock = 0;
  std::string layer;
  std::size_t element = 0;
  std::size_t sample = 0;
  std::optional<std::size_t> position;  ///< of a map; with copies the token that brings several
  std::optional<std::size_t> tick;
  int expected_bit = 0;
  int actual_bit = 0;
  std::uint64_t expected_value = 0;
  std::uint64_t actual_value = 0;
};

/// Value of one lane of a window of `probe` at `train`. Binary: most significant bit first. Rate:
/// the number of spikes.
std::uint64_t decode(const std::uint8_t* train, const Probe& probe, std::size_t lane);

class Monitor {
 public:
  /// `train` is the windows of `samples` samples; both references outlive the monitor.
  Monitor(const std::string& top, const Probe& probe, const VerilatedContext& context,
          const Bytes& train, std::size_t samples);

  /// To be called before each clock edge. True if it is a tick of this bus at which a sample's
  /// window starts.
  bool observe(std::uint64_t clock) { return tick_net_.bit() && tick(clock); }
  /// Stops the toggle counter: idle clocks after the last sample are not activity.
  void freeze() { counting_ = false; }
  /// Decodes what a window that never ended has shown so far; to be called once, at the end.
  void finish();

  const Probe& probe() const { return probe_; }
  std::uint64_t ticks() const { return ticks_; }
  std::size_t windows() const { return windows_; }
  std::uint64_t compared() const { return compared_; }
  std::uint64_t mismatches() const { return mismatches_; }
  std::uint64_t transitions() const { return transitions_; }
  const std::optional<Difference>& first() const { return first_; }
  /// Breaches of the window discipline, one line each.
  const std::vector<std::string>& faults() const { return faults_; }
  /// "fc1: 30 ticks, tick 1 win 1 live 0 spikes 03ff, 4 windows seen, tick 2 of 6".
  std::string state() const;

 private:
  bool tick(std::uint64_t clock);
  void start_window(std::uint64_t clock);
  void compare(std::uint64_t clock);
  void end_window();
  void count_transitions();
  void note_difference(std::uint64_t clock, const std::uint8_t* expected);
  void note_fault(std::string fault);

  const Probe& probe_;
  const Bytes& train_;
  std::size_t all_windows_;
  std::size_t row_bytes_;
  Net tick_net_;
  Net spikes_;
  Net win_;
  Net live_;

  Bytes window_;    ///< what the bus carried in the running window
  Bytes previous_;  ///< the bus at the tick before
  bool running_ = false;
  bool differs_ = false;
  bool counting_ = true;
  bool first_open_ = false;  ///< first_ waits for its window to end
  std::size_t tick_ = 0;     ///< of the running window
  std::uint64_t ticks_ = 0;
  std::size_t windows_ = 0;
  std::uint64_t compared_ = 0;
  std::uint64_t mismatches_ = 0;
  std::uint64_t transitions_ = 0;
  std::optional<Difference> first_;
  std::vector<std::string> faults_;
};

}  // namespace tb
