// Rigs of random networks that walk over maps, and how they are tried.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "flow/icarus.hpp"
#include "flow/verilator.hpp"
#include "map/replay.hpp"
#include "random_maps.hpp"
#include "rig.hpp"

namespace test {

inline constexpr int kMapSamples = 4;

/// A network over maps with the hardware that it is mapped to.
struct MapSpec {
  quant::Network network;
  config::Pe pe;
  map::Host host;
  config::Islands islands = config::Islands::kAuto;

  Rig rig(const std::string& folder, const core::Duplication& duplication) const {
    return build_rig(network, pe, host, fresh_folder(folder), kMapSamples, islands, duplication);
  }
};

/// `shape` with 2 to 5 layers and bits of the train that is drawn; one of the first `crossbars`
/// kinds of crossbars.
inline MapSpec random_map_spec(MapShape shape, int crossbars, base::Rng& rng) {
  MapSpec spec;
  const bool rate = rng.below(4) == 0;
  shape.layers = static_cast<int>(rng.between(2, 5));
  shape.most_bits = rate ? 3 : 6;
  spec.network = map_network(shape);
  spec.pe.rows = static_cast<int>(rng.between(12, 60));
  spec.pe.cols = static_cast<int>(rng.between(6, 24));
  spec.pe.train = rate ? config::Train::kRate : config::Train::kBinary;
  const config::Crossbar kinds[] = {config::Crossbar::kParallel, config::Crossbar::kMacro,
                                    config::Crossbar::kSerial};
  spec.pe.crossbar = kinds[rng.below(static_cast<std::uint64_t>(crossbars))];
  spec.host.beat_lanes = static_cast<int>(rng.between(1, 8));
  spec.islands = static_cast<config::Islands>(rng.below(3));
  return spec;
}

inline void expect_replayed(const Rig& rig, const flow::SimulationResult& free) {
  const map::Replay replay = map::replay(map::token_flow(rig.design), kMapSamples);
  EXPECT_FALSE(replay.deadlock);
  const auto cycles = static_cast<std::uint64_t>(replay.cycles);
  if (rig.design.pe(0).crossbar == config::Crossbar::kSerial) {
    EXPECT_GT(free.counters.value().cycles, cycles) << "a tick takes many clocks";
  } else {
    EXPECT_EQ(free.counters.value().cycles, cycles);
  }
}

/// That the RTL equals its emulation without and with stalls, and its replay without.
template <class Simulate>
void expect_equal(const Rig& rig, std::uint64_t seed, const Simulate& simulate) {
  flow::SimulationRequest request;
  request.directory = rig.folder;
  request.seed = seed;
  for (const double stalls : {0.0, 0.3, 0.7}) {
    request.backpressure = request.idle = stalls;
    const flow::SimulationResult result = simulate(request);
    EXPECT_NO_THROW(flow::require_match(result)) << "stalls " << stalls;
    if (stalls == 0.0) expect_replayed(rig, result);
  }
}

/// Verilator's bench looks at every spike of every bus.
inline void expect_equal_in_verilator(const Rig& rig, std::uint64_t seed) {
  expect_equal(rig, seed, flow::simulate_verilator);
}

/// Icarus knows what is unknown.
inline void expect_equal_in_icarus(const Rig& rig, std::uint64_t seed) {
  expect_equal(rig, seed, [](const flow::SimulationRequest& request) {
    return flow::simulate_icarus(request);
  });
}

}  // namespace test
