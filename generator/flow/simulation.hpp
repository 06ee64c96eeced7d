// What a simulation of a run directory is asked, and what it finds; the same for every simulator.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace flow {

struct SimulationRequest {
  std::filesystem::path directory;  ///< a run directory, with rtl/, mem/ and tb/
  std::size_t samples = 0;          ///< the first N of the vectors; 0: all
  std::uint64_t seed = 1;           ///< of stalls, pauses and of uninitialised registers
  double backpressure = 0.0;        ///< chance a clock that the sink is not ready, 0..0.95
  double idle = 0.0;                ///< chance a clock that the source pauses, 0..0.95
  std::uint64_t timeout = 200000;   ///< clocks without any movement before the run is given up
  bool trace = false;               ///< waveform: reports/simulate.fst (Verilator)
  int jobs = 2;                     ///< processes while the model is compiled
  /// Called as a step begins: "build simulation", "simulate". May be empty, as all of these.
  std::function<void(const std::string& step)> step;
  /// Within a step: how many of its "objects" (compiled files) or "samples" are done.
  std::function<void(const std::string& what, std::size_t done, std::size_t total)> progress;
};

/// One spike bus.
struct LayerResult {
  std::string name;
  std::size_t lanes = 0;
  std::uint64_t windows = 0;      ///< live windows seen
  std::uint64_t compared = 0;     ///< values
  std::uint64_t mismatches = 0;   ///< values that differ in at least one tick
  std::uint64_t transitions = 0;  ///< of all its wires
  double activity = 0.0;          ///< transitions a wire and clock, 0..1

  bool operator==(const LayerResult&) const = default;
};

/// One of several outputs in the output stream.
struct OutputResult {
  std::string name;
  std::size_t lanes = 0;
  std::uint64_t compared = 0;  ///< values
  std::uint64_t mismatches = 0;

  bool operator==(const OutputResult&) const = default;
};

/// Where design and prediction first part, in time.
struct FirstMismatch {
  std::string layer;  ///< "output stream" for a value that only the stream shows wrong; "output y"
                      ///< where the stream carries several outputs
  std::size_t element = 0;
  std::size_t sample = 0;
  std::optional<std::size_t> tick;  ///< in the window; absent for the output stream
  int expected_bit = 0;
  int actual_bit = 0;
  std::uint64_t expected_value = 0;  ///< of the element in that window
  std::uint64_t actual_value = 0;
  std::uint64_t clock = 0;
  std::string text;  ///< all of it in one line

  bool operator==(const FirstMismatch&) const = default;
};

/// The design's own counters, read over AXI4-Lite.
struct Counters {
  std::uint64_t cycles = 0;
  std::uint64_t live_windows = 0;
  std::uint64_t samples = 0;
  std::uint64_t ceilings = 0;

  bool operator==(const Counters&) const = default;
};

enum class Verdict { kPass, kMismatch, kTimeout };

struct SimulationResult {
  std::string simulator;  ///< "verilator" or "icarus"
  Verdict verdict = Verdict::kPass;
  std::size_t samples = 0;  ///< finished
  std::size_t samples_requested = 0;
  std::uint64_t cycles = 0;                     ///< clocks, with reset and loading
  std::optional<std::uint64_t> latency_cycles;  ///< first input beat to first result's last beat
  std::optional<double> cycles_per_sample;      ///< steady state; needs two samples
  double activity = 0.0;                        ///< mean over all wires of all buses
  double seconds = 0.0;                         ///< of the simulation, not of the compilation
  std::uint64_t outputs_compared = 0;           ///< values in the stream
  std::uint64_t output_mismatches = 0;
  std::vector<OutputResult> outputs;  ///< the same of each, if there are several
  std::optional<Counters> counters;   ///< absent after a time-out
  std::vector<LayerResult> layers;
  std::optional<FirstMismatch> first_mismatch;
  std::vector<std::string> faults;  ///< breaches of protocol, wrong counts
  std::string hang;                 ///< state of the design when it stopped moving; or ""

  bool operator==(const SimulationResult&) const = default;
};

/// Reads results.json of the bench. Throws kToolOutput naming `source` if it is not that document.
SimulationResult parse_results(const std::string& json, const std::string& source);

/// Throws kMismatch with the first difference, or kSimulationHang with the state of the design,
/// unless the verdict is pass.
void require_match(const SimulationResult& result);

}  // namespace flow
