// Holds the emulation of mapped networks over maps to golden level 1.
#pragma once

#include <gtest/gtest.h>

#include <utility>

#include "core/integer.hpp"
#include "map/design.hpp"
#include "map/replay.hpp"
#include "random_maps.hpp"

namespace map {

/// PEs of any size and crossbar; every fourth has rate trains.
inline config::Pe random_pe(std::uint64_t seed, base::Rng& rng) {
  return {.rows = static_cast<int>(rng.between(6, 60)),
          .cols = static_cast<int>(rng.between(3, 20)),
          .crossbar = static_cast<config::Crossbar>(rng.below(3)),
          .train = seed % 4 == 0 ? config::Train::kRate : config::Train::kBinary};
}

/// Bits of a tensor that such trains carry in short windows.
inline int most_bits(std::uint64_t seed) { return seed % 4 == 0 ? 3 : 6; }

/// A mapped network, what its streams carry for three samples, and what level 1 says.
struct Emulated {
  Design design;
  StreamTrains trains;
  core::IntegerResult golden;
};

/// Lowers, maps, checks and emulates `network`; expects every stream to carry level 1's values, and
/// no deadlock.
inline Emulated emulated(const quant::Network& network, const config::Pe& pe,
                         const core::Duplication& duplication, std::uint64_t seed) {
  const core::TileSize tile{pe.rows, pe.cols};
  const core::Program program = core::lower(network, tile, duplication);
  core::check(program, network, tile);
  Emulated one{map(program, pe, {}, static_cast<config::Islands>(seed % 3)), {}, {}};
  check(one.design);
  const quant::IntegerBatch inputs = test::random_inputs(network, 3, seed);
  one.golden = core::run_integer(network, inputs);
  one.trains = emulate(one.design, inputs);
  for (const core::StreamId id : one.trains.ids()) {
    const core::Stream& stream = program.streams[id];
    if (stream.is_copy()) continue;
    EXPECT_EQ(core::samples_of(stream, lanes_of(one.design, id, one.trains[id])),
              one.golden.tensors[stream.tensor])
        << "seed " << seed << ", " << stream.name;
  }
  EXPECT_FALSE(replay(token_flow(one.design), 3).deadlock) << seed;
  return one;
}

}  // namespace map
