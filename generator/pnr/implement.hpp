// From a circuit to a routed fabric: packing, placement, routing, and after each its check.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "pnr/place.hpp"
#include "pnr/route.hpp"
#include "pnr/timing.hpp"

namespace pnr {

struct ImplementOptions {
  std::uint64_t seed = 1;
  double effort = 5;         ///< of placement, see PlaceOptions
  bool least_width = false;  ///< look for the least channel width at which the circuit routes
  std::function<void(const std::string& name)> stage{};                  ///< one begins
  std::function<void(double part, const std::string& note)> progress{};  ///< of it is done
};

/// A circuit on a fabric.
struct Implementation {
  Netlist netlist;
  fabric::Architecture architecture;
  Packing packing;
  Placement placement;
  Routing routing;
  std::vector<int> delays;  ///< picoseconds of each sink of each net, one after the other
  Timing timing;
  std::vector<PathStep> path;  ///< the longest
};

/// Columns and rows of `architecture` that are 0 become those of the smallest square that holds the
/// circuit. The same input gives the same result. Throws what pack(), place(), route() and
/// fabric::validate() throw, and the faults that a check finds.
Implementation implement(const Netlist& netlist, const fabric::Architecture& architecture,
                         const ImplementOptions& options = {});

/// Picoseconds of each sink of each net, one after the other.
std::vector<int> routed_delays(const fabric::Graph& graph, const Routing& routing);

}  // namespace pnr
