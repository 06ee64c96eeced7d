#include "pnr/estimate.hpp"

#include <algorithm>
#include <array>

#include "fabric/graph.hpp"

namespace pnr {

namespace {

int wires(int tiles, int length) { return (tiles + length - 1) / length; }

// By terminals - 1.
constexpr std::array<double, 50> kCrossing = {
    1.0000, 1.0000, 1.0000, 1.0828, 1.1536, 1.2206, 1.2823, 1.3385, 1.3991, 1.4493,
    1.4974, 1.5455, 1.5937, 1.6418, 1.6899, 1.7304, 1.7709, 1.8114, 1.8519, 1.8924,
    1.9288, 1.9652, 2.0015, 2.0379, 2.0743, 2.1061, 2.1379, 2.1698, 2.2016, 2.2334,
    2.2646, 2.2958, 2.3271, 2.3583, 2.3895, 2.4187, 2.4479, 2.4772, 2.5064, 2.5356,
    2.5610, 2.5864, 2.6117, 2.6371, 2.6625, 2.6887, 2.7148, 2.7410, 2.7671, 2.7933};
constexpr double kCrossingSlope = 0.02616;

}  // namespace

int estimated_delay(const fabric::Architecture& architecture, int dx, int dy) {
  const int length = architecture.segment_length;
  return std::max(1, wires(dx, length) + wires(dy, length)) * fabric::typical_delay(architecture) +
         architecture.delays.connection;
}

double crossing(std::size_t terminals) {
  if (terminals <= kCrossing.size()) return kCrossing[std::max<std::size_t>(terminals, 1) - 1];
  return kCrossing.back() + kCrossingSlope * static_cast<double>(terminals - kCrossing.size());
}

double wire_estimate(const Packed& packed, const Placement& placement) {
  double sum = 0;
  for (const Net& net : packed.nets) {
    const Site& root = placement[static_cast<std::size_t>(net.driver.block)];
    int left = root.x, right = root.x, bottom = root.y, top = root.y;
    for (const Terminal& sink : net.sinks) {
      const Site& site = placement[static_cast<std::size_t>(sink.block)];
      left = std::min(left, site.x);
      right = std::max(right, site.x);
      bottom = std::min(bottom, site.y);
      top = std::max(top, site.y);
    }
    sum += crossing(net.sinks.size() + 1) * (right - left + 1 + top - bottom + 1);
  }
  return sum;
}

}  // namespace pnr
