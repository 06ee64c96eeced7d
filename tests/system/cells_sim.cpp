// Networks with recurrent cells between their islands: the RTL equals its emulation however the
// streams stall.
#include <gtest/gtest.h>

#include "flow/icarus.hpp"
#include "flow/verilator.hpp"
#include "random_cells.hpp"
#include "rig.hpp"

namespace {

constexpr int kSamples = 4;

test::Rig rig_of(std::uint64_t seed, const std::string& name, bool mixed = false) {
  base::Rng rng(seed);
  config::Pe pe{.rows = static_cast<int>(rng.between(24, 60)),
                .cols = static_cast<int>(rng.between(4, 20))};
  const bool rate = seed % 5 == 0;
  pe.train = rate ? config::Train::kRate : config::Train::kBinary;
  pe.crossbar = static_cast<config::Crossbar>(rng.below(3));
  const map::Host host{.beat_lanes = static_cast<int>(rng.between(1, 12)),
                       .preset_memories = seed % 3 == 0};
  const int bits = rate ? 3 : 7;
  return test::build_rig(mixed ? test::mixed_network(seed, bits) : test::cell_network(seed, bits),
                         pe, host, test::fresh_folder(name + std::to_string(seed)), kSamples,
                         static_cast<config::Islands>(rng.below(3)));
}

template <class Simulate>
void expect_equal(const test::Rig& rig, std::uint64_t seed, const Simulate& simulate) {
  flow::SimulationRequest request;
  request.directory = rig.folder;
  request.seed = seed;
  for (const double stalls : {0.0, 0.6}) {
    request.backpressure = request.idle = stalls;
    EXPECT_NO_THROW(flow::require_match(simulate(request))) << "stalls " << stalls;
  }
}

class CellNetwork : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(CellNetwork, EqualsItsEmulation) {
  expect_equal(rig_of(GetParam(), "cells_verilator"), GetParam(), flow::simulate_verilator);
}

INSTANTIATE_TEST_SUITE_P(Cells, CellNetwork, ::testing::Range<std::uint64_t>(1, 17));

/// A spiking convolution, a block-circulant dense layer and a GRU in one network.
class ConvDenseGru : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(ConvDenseGru, EqualsItsEmulation) {
  expect_equal(rig_of(GetParam(), "mixed_verilator", true), GetParam(), flow::simulate_verilator);
}

INSTANTIATE_TEST_SUITE_P(Cells, ConvDenseGru, ::testing::Range<std::uint64_t>(1, 7));

class ConvDenseGruWithoutUnknowns : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(ConvDenseGruWithoutUnknowns, InIcarus) {
  expect_equal(
      rig_of(GetParam(), "mixed_icarus", true), GetParam(),
      [](const flow::SimulationRequest& request) { return flow::simulate_icarus(request); });
}

INSTANTIATE_TEST_SUITE_P(Cells, ConvDenseGruWithoutUnknowns,
                         ::testing::Range<std::uint64_t>(7, 27));

class CellsWithoutUnknowns : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(CellsWithoutUnknowns, InIcarus) {
  expect_equal(
      rig_of(GetParam(), "cells_icarus"), GetParam(),
      [](const flow::SimulationRequest& request) { return flow::simulate_icarus(request); });
}

INSTANTIATE_TEST_SUITE_P(Cells, CellsWithoutUnknowns, ::testing::Range<std::uint64_t>(17, 77));

}  // namespace
