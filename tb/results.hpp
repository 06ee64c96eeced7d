// results.json: what a run found, for the program that started it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "simulation.hpp"

namespace tb {

struct Verdict {
  std::optional<Difference> first;   ///< earliest difference of all buses and the output stream
  std::vector<std::string> faults;   ///< breaches of protocol, wrong counts
  std::string hang;                  ///< state of the design if it stopped moving
  std::optional<Counters> counters;  ///< absent after a hang

  bool equal() const { return !first && faults.empty(); }
  /// "pass", "mismatch" or "timeout"; a mismatch explains a hang, so it goes first.
  const char* word() const { return !equal() ? "mismatch" : hang.empty() ? "pass" : "timeout"; }
};

/// Gathers what monitors, sink and counters found.
Verdict judge(const Simulation& simulation, const Bench& bench, std::size_t samples,
              std::size_t all_samples, std::string hang, std::optional<Counters> counters);

/// One line for people: "layer fc1, element 7, sample 2, tick 1: expected bit 1 (value 5), got
/// ...".
std::string describe(const Difference& difference);

/// The document; see generator/flow/simulation_result.hpp for the reader.
std::string to_json(const Verdict& verdict, const Simulation& simulation, const Bench& bench,
                    const Options& options, std::size_t samples, double seconds);

}  // namespace tb
