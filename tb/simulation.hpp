// The design under clock: drivers, monitors and the register port, one clock at a time.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "bench.hpp"
#include "monitor.hpp"
#include "options.hpp"
#include "stream.hpp"

class VerilatedContext;
class VerilatedFstC;
class Vtop;

namespace tb {

/// Nothing moved for too long; what() is the state of the design.
struct Hang : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Byte addresses of the AXI4-Lite registers.
enum Register : std::uint8_t {
  kId = 0x00,
  kVersion = 0x04,
  kSpecHash = 0x08,
  kLanes = 0x0c,
  kStatus = 0x14,
  kCycles = 0x18,
  kLiveWindows = 0x20,
  kSamples = 0x28,
  kCeilings = 0x30,
  kLoadUnit = 0x40,
  kLoadAddress = 0x44,
  kLoadData = 0x48,
};
constexpr std::uint32_t kStatusErrors = 0x6;
constexpr std::uint32_t kIdValue = 0x46505341;  // "FPSA"

/// The counters of the design, read after the last sample.
struct Counters {
  std::uint64_t cycles = 0;
  std::uint64_t live_windows = 0;
  std::uint64_t samples = 0;
  std::uint64_t ceilings = 0;
  std::uint32_t status =
      0;  ///< bit 1: a frame of the wrong length came, bit 2: a value out of range
};

class Simulation {
 public:
  /// Resets the design. All references outlive the simulation.
  Simulation(const Options& options, const Bench& bench, const Vectors& vectors,
             std::size_t samples);
  ~Simulation();

  /// Checks id and spec hash; throws std::runtime_error if the design is not the one bench.txt
  /// names.
  void identify();
  /// Sends every load file through the register port.
  void load();
  /// Streams all samples, then drains a few windows to catch what should not come. Throws Hang.
  void run();
  Counters read_counters();

  const std::vector<Monitor>& monitors() const { return monitors_; }
  /// Ends open windows of the monitors, so that a first difference has its values.
  void finish();
  const Sink& sink() const { return sink_; }
  std::uint64_t clock() const { return clock_; }
  /// Clocks from the first input beat until the last sample left: loading is no activity.
  std::uint64_t active_clocks() const { return active_clocks_; }
  /// Clock of a sample's last output beat; one entry a finished sample.
  const std::vector<std::uint64_t>& finished() const { return finished_; }
  /// Clock of the first input beat.
  std::uint64_t first_input() const { return first_input_; }
  /// All ports and buses, one a line.
  std::string state() const;

 private:
  void reset();
  void step();
  void observe();
  void report_progress(bool last);
  void moved() { last_move_ = clock_; }
  void drain();
  std::uint32_t read(Register address);
  std::uint64_t read_wide(Register address);
  void write(Register address, std::uint32_t data);

  const Options& options_;
  const Bench& bench_;
  std::size_t samples_;
  std::unique_ptr<VerilatedContext> context_;
  std::unique_ptr<Vtop> top_;
  std::unique_ptr<VerilatedFstC> trace_;
  Source source_;
  Sink sink_;
  std::vector<Monitor> monitors_;
  bool streaming_ = false;
  std::uint64_t clock_ = 0;
  std::uint64_t active_clocks_ = 0;
  std::uint64_t last_move_ = 0;
  std::uint64_t first_input_ = 0;
  std::size_t progress_ = 0;
  std::vector<std::uint64_t> finished_;
};

}  // namespace tb
