#include "map/design.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "base/error.hpp"
#include "base/rng.hpp"
#include "core/lower.hpp"
#include "random_network.hpp"

namespace map {
namespace {

constexpr test::ProductRange kRange{127, 9000, 900};

// A skip connection: `out` reads the second layer and, past it, the first.
quant::Network skipping_network(int bits) {
  base::Rng rng(5);
  const quant::Format plain = quant::full_format(bits, false);
  const quant::Format pair = quant::full_format(bits, true);
  quant::Network network;
  network.name = "skipping";
  const quant::Source x = test::add_input(network, "x", 13, pair);
  const quant::Source a =
      test::add_layer(network, "a", test::random_product({x}, 11, kRange, rng), plain);
  const quant::Source b =
      test::add_layer(network, "b", test::random_product({a}, 7, kRange, rng), pair);
  network.outputs = {test::add_layer(
      network, "out", test::random_product({b, {a.tensor, 2, 9}}, 4, kRange, rng), pair)};
  return network;
}

// The integer rule for one element, written out; not the interpreter, not the emulator.
int rule(std::int64_t sum, std::int64_t theta, int top, bool is_signed) {
  const auto half = [&](std::int64_t s) {
    const std::int64_t h = s + theta / 2;
    return static_cast<int>(std::clamp<std::int64_t>(h < 0 ? 0 : h / theta, 0, top));
  };
  return is_signed ? half(sum) - half(-sum) : half(sum);
}

using Values = base::IdVector<quant::TensorId, quant::IntegerBatch>;

Values by_the_rule(const quant::Network& network, const quant::IntegerBatch& inputs) {
  Values values(network.tensors.size());
  values[network.inputs.front()] = inputs;
  for (const quant::Layer& layer : network.layers) {
    const quant::Product& product = layer.product();
    const quant::Format& format = network.format_of(layer.output);
    quant::IntegerBatch& out = values[layer.output];
    out.resize(inputs.rows(), layer.cols());
    for (Eigen::Index s = 0; s < inputs.rows(); ++s) {
      for (Eigen::Index c = 0; c < out.cols(); ++c) {
        std::int64_t sum = product.bias(c);
        Eigen::Index row = 0;
        for (const quant::Source& source : product.inputs)
          for (int i = 0; i < source.count; ++i, ++row)
            sum +=
                std::int64_t{product.weights(row, c)} * values[source.tensor](s, source.first + i);
        out(s, c) = rule(sum, product.threshold(c), format.high, format.is_signed);
      }
    }
  }
  return values;
}

TEST(Emulate, ExactNeuronsEqualTheIntegerRuleOnEveryBus) {
  for (const config::Train train : {config::Train::kBinary, config::Train::kRate}) {
    for (const int tile : {256, 6, 1}) {
      const quant::Network network = skipping_network(4);
      config::Pe spec{.rows = tile, .cols = tile, .activation_bits = 4, .train = train};
      const Design design = map(core::lower(network, {tile, tile}), spec);
      check(design);
      const quant::IntegerBatch inputs = test::random_inputs(network, 6, 23);
      const auto buses = emulate(design, inputs);
      const auto expected = by_the_rule(network, inputs);
      for (const core::StreamId id : buses.ids()) {
        const core::Stream& stream = design.program->streams[id];
        const auto lanes = lanes_of(design, id, buses[id]);
        EXPECT_EQ(units::from_lanes(lanes, stream.format.is_signed), expected[stream.tensor])
            << stream.name << " tile " << tile;
      }
    }
  }
}

std::vector<Instance> of_kind(const Design& design, const std::string& kind) {
  std::vector<Instance> found;
  std::ranges::copy_if(design.instances, std::back_inserter(found),
                       [&](const Instance& one) { return one.unit->kind() == kind; });
  return found;
}

TEST(Map, AlignsSkipConnectionsWithDelays) {
  const Design design =
      map(core::lower(skipping_network(6), {256, 256}), config::Pe{.activation_bits = 6});
  // Encoder 1; each layer a window of 6 and one tick.
  EXPECT_EQ(design.spikes(core::StreamId{1}).phase, 8);
  EXPECT_EQ(design.spikes(core::StreamId{2}).phase, 15);
  EXPECT_EQ(design.spikes(core::StreamId{3}).phase, 22);
  const std::vector<Instance> delays = of_kind(design, "delay");
  ASSERT_EQ(delays.size(), 1u);
  EXPECT_EQ(delays[0].unit->latency(), 7);
  EXPECT_EQ(design.islands[0].latency, 28);
}

TEST(Map, SharesDelaysBetweenColumnTiles) {
  const Design design =
      map(core::lower(skipping_network(6), {8, 4}), config::Pe{.activation_bits = 6});
  const std::vector<Instance> delays = of_kind(design, "delay");
  ASSERT_GT(delays.size(), 1u);
  for (std::size_t i = 0; i < delays.size(); ++i)
    for (std::size_t j = i + 1; j < delays.size(); ++j)
      EXPECT_FALSE(delays[i].pin("data_i") == delays[j].pin("data_i") &&
                   delays[i].unit->latency() == delays[j].unit->latency());
}

TEST(Map, RefusesTheWeightThatHasNoMagnitude) {
  quant::Network network = skipping_network(4);
  network.tensors.front().format = quant::full_format(4, false);
  network.layers.front().product().weights.edit()(3, 2) = -128;
  config::Pe spec{.activation_bits = 4, .train = config::Train::kRate};
  EXPECT_NO_THROW(map(core::lower(network, {8, 8}), spec));
  spec.neuron = config::Neuron::kPaired;
  try {
    map(core::lower(network, {8, 8}), spec);
    FAIL() << "accepted";
  } catch (const base::Error& error) {
    EXPECT_EQ(error.faults().front().code, base::Code::kWeightRange);
  }
}

TEST(Map, TilesOfACascadeAreEqualModules) {
  const Design design =
      map(core::lower(skipping_network(6), {5, 4}), config::Pe{.activation_bits = 6});
  const auto of_layer_a = [&](std::size_t tile) { return design.pe(tile); };
  // 26 lanes in 6 tiles, 5 of them alike; 11 columns in 3.
  EXPECT_EQ(of_layer_a(0).rows, 5);
  EXPECT_EQ(of_layer_a(1), of_layer_a(4));
  EXPECT_EQ(of_layer_a(1).cols, 4);
  EXPECT_TRUE(of_layer_a(5).has_neurons);
  EXPECT_EQ(of_layer_a(0).cascade_rows, 26);
}

// Stems of the buses of a chain of layers with `names`, the input's first.
std::vector<std::string> stems(const std::vector<std::string>& names) {
  base::Rng rng(3);
  const quant::Format format = quant::full_format(4, false);
  quant::Network network;
  quant::Source at = test::add_input(network, names.front(), 2, format);
  for (std::size_t i = 1; i < names.size(); ++i)
    at = test::add_layer(network, names[i], test::random_product({at}, 2, kRange, rng), format);
  network.outputs = {at};
  const Design design = map(core::lower(network, {2, 1}), {.activation_bits = 4});
  for (std::size_t p = 0; p < design.pes.size(); ++p)
    EXPECT_EQ(design.instance(design.pes[p]).name,
              fmt::format("pe_{}_r0_c{}", design.streams[p / 2 + 1].stem, p % 2));
  std::vector<std::string> result;
  for (const Stream& stream : design.streams) result.push_back(stream.stem);
  return result;
}

TEST(Stems, ResembleTheLayersNames) {
  EXPECT_EQ(stems({"x", "/fc1/Gemm", "onnx::MatMul_7", "2nd"}),
            (std::vector<std::string>{"x", "fc1_Gemm", "onnx_MatMul_7", "n2nd"}));
}

TEST(Stems, DifferEvenWhereCaseDoesNotCount) {
  EXPECT_EQ(stems({"fc", "fc", "FC", "/fc/", "fc_alt2"}),
            (std::vector<std::string>{"fc", "fc_alt2", "FC_alt3", "fc_alt4", "fc_alt2_alt2"}));
}

TEST(Stems, AreNeverEmptyLongOrThoseOfInstances) {
  EXPECT_EQ(stems({"", "../..", "u_fc", "u", std::string(300, 'y')}),
            (std::vector<std::string>{"layer0", "layer1", "n_u_fc", "n_u",
                                      std::string(11, 'y') + "_" + std::string(12, 'y')}));
}

}  // namespace
}  // namespace map
