// Models with products of two signals: float, integers and the emulated hardware.
#include <gtest/gtest.h>

#include <cmath>

#include "core/integer.hpp"
#include "core/lower.hpp"
#include "map/design.hpp"
#include "map/replay.hpp"
#include "quant/batch.hpp"
#include "quant/in_products.hpp"
#include "random_maps.hpp"
#include "random_products.hpp"

namespace map {
namespace {

constexpr int kSeeds = 100;

// Bits of tensors, and the most that there may be.
quant::Options options(std::uint64_t seed) {
  const bool rate = seed % 4 == 0;
  return {.activation_bits = rate ? 2 : 6, .most_activation_bits = rate ? 6 : 12};
}

TEST(Products, EmulationEqualsTheIntegerLevel) {
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    SCOPED_TRACE(seed);
    base::Rng rng(seed);
    const test::ProductModel model = test::product_model(seed);
    quant::Network network = quant::quantise(model.graph, {model.samples}, options(seed));
    if (seed % 5 == 0)
      network = quant::in_products(
          network, {.maxima = true, .table_neurons = 3, .most_bits = seed % 4 == 0 ? 10 : 16});
    for (const quant::Layer& layer : network.layers)
      EXPECT_LE(layer.error_bound, 1.0) << layer.name;
    const config::Pe pe{.rows = static_cast<int>(rng.between(9, 60)),
                        .cols = static_cast<int>(rng.between(3, 20)),
                        .crossbar = static_cast<config::Crossbar>(rng.below(3)),
                        .train = seed % 4 == 0 ? config::Train::kRate : config::Train::kBinary};
    const core::TileSize tile{pe.rows, pe.cols};
    const core::Program program =
        seed % 2 == 0 ? core::lower(network, tile)
                      : core::lower(network, tile, test::random_duplication(network, seed));
    core::check(program, network, tile);
    const Design design = map(program, pe, {}, static_cast<config::Islands>(seed % 3));
    check(design);
    const quant::IntegerBatch inputs = quant::encode_inputs(network, {model.samples}).topRows(3);
    const core::IntegerResult golden = core::run_integer(network, inputs);
    const StreamTrains trains = emulate(design, inputs);
    for (const core::StreamId id : trains.ids()) {
      const core::Stream& stream = program.streams[id];
      if (stream.is_copy()) continue;
      ASSERT_EQ(core::samples_of(stream, lanes_of(design, id, trains[id])),
                golden.tensors[stream.tensor])
          << stream.name;
    }
    EXPECT_FALSE(replay(token_flow(design), 3).deadlock);
  }
}

// In parts of the outputs' RMS.
double error_of(const test::ProductModel& model) {
  const quant::Network network =
      quant::quantise(model.graph, {model.samples},
                      {.weight_bits = 14, .activation_bits = 9, .most_activation_bits = 16});
  const quant::IntegerBatch got =
      core::run_integer(network, quant::encode_inputs(network, {model.samples})).outputs;
  const nn::Array wanted = nn::run(model.graph, {model.samples})[0];
  const double step = network.format_of(network.outputs[0].tensor).scale;
  double errors = 0;
  double power = 0;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    errors += std::pow(step * got(static_cast<Eigen::Index>(i)) - wanted.at(i), 2);
    power += std::pow(wanted.at(i), 2);
  }
  return std::sqrt(errors / std::max(power, 1e-12));  // of some all are 0
}

TEST(Products, IntegersAreNearTheModels) {
  for (std::uint64_t seed = 1; seed <= kSeeds / 2; ++seed)
    EXPECT_LT(error_of(test::product_model(seed)), 0.05) << seed;
}

}  // namespace
}  // namespace map
