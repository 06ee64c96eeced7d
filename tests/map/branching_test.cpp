// The emulated hardware computes branching networks as golden level 1 does.
#include <gtest/gtest.h>

#include "core/integer.hpp"
#include "core/lower.hpp"
#include "map/design.hpp"
#include "random_graph.hpp"

namespace map {
namespace {

void expect_equal(const quant::Network& network, const config::Pe& pe, config::Islands islands,
                  std::uint64_t seed) {
  const core::TileSize tile{pe.rows, pe.cols};
  const core::Program program = core::lower(network, tile);
  core::check(program, network, tile);
  const Design design = map(program, pe, {}, islands);
  check(design);
  const quant::IntegerBatch inputs = test::random_inputs(network, 4, seed);
  const core::IntegerResult golden = core::run_integer(network, inputs);
  const StreamTrains trains = emulate(design, inputs);
  for (const core::StreamId id : trains.ids()) {
    const core::Stream& stream = program.streams[id];
    ASSERT_EQ(units::from_lanes(lanes_of(design, id, trains[id]), stream.format.is_signed),
              golden.tensors[stream.tensor])
        << "seed " << seed << ", " << stream.name;
  }
}

config::Pe random_pe(std::uint64_t seed, base::Rng& rng) {
  return {.rows = static_cast<int>(rng.between(3, 40)),
          .cols = static_cast<int>(rng.between(3, 20)),
          .crossbar = static_cast<config::Crossbar>(rng.below(3)),
          .train = seed % 4 == 0 ? config::Train::kRate : config::Train::kBinary};
}

TEST(Branching, EmulationEqualsTheIntegerLevel) {
  for (std::uint64_t seed = 1; seed <= 120; ++seed) {
    base::Rng rng(seed);
    const config::Pe pe = random_pe(seed, rng);
    expect_equal(test::branching_network({.layers = static_cast<int>(rng.between(2, 6)),
                                          .most_bits = seed % 4 == 0 ? 3 : 6,
                                          .seed = seed}),
                 pe, config::Islands::kAuto, seed);
  }
}

TEST(Branching, SeveralInputsAndOutputsToo) {
  for (std::uint64_t seed = 1; seed <= 120; ++seed) {
    base::Rng rng(seed);
    const config::Pe pe = random_pe(seed, rng);
    expect_equal(test::branching_network({.layers = static_cast<int>(rng.between(1, 6)),
                                          .most_bits = seed % 4 == 0 ? 3 : 6,
                                          .inputs = static_cast<int>(rng.between(1, 3)),
                                          .outputs = static_cast<int>(rng.between(1, 3)),
                                          .seed = seed}),
                 pe, static_cast<config::Islands>(seed % 3), seed);
  }
}

}  // namespace
}  // namespace map
