#include "map/design.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "base/error.hpp"
#include "base/rng.hpp"

namespace map {
namespace {

quant::WeightMatrix random_weights(int rows, int cols, base::Rng& rng) {
  quant::WeightMatrix weights(rows, cols);
  for (Eigen::Index i = 0; i < weights.size(); ++i)
    weights(i) = static_cast<std::int16_t>(rng.between(-127, 127));
  return weights;
}

quant::Dense dense(const std::string& name, std::vector<quant::Slice> inputs, int cols,
                   quant::Format output, base::Rng& rng) {
  int rows = 0;
  for (const quant::Slice& slice : inputs) rows += slice.count;
  quant::Dense layer{.name = name,
                     .inputs = std::move(inputs),
                     .weights = random_weights(rows, cols, rng),
                     .bias = quant::WideVector(cols),
                     .threshold = quant::WideVector(cols),
                     .output = output,
                     .weight_scale = {}};
  for (int c = 0; c < cols; ++c) {
    layer.bias(c) = rng.between(-9000, 9000);
    layer.threshold(c) = rng.between(1, 900);
  }
  return layer;
}

// A skip connection: `out` reads the second layer and, past it, the first.
quant::Network skipping_network(int bits) {
  base::Rng rng(5);
  const quant::Format plain{.bits = bits, .is_signed = false, .scale = 1.0};
  const quant::Format pair{.bits = bits, .is_signed = true, .scale = 1.0};
  quant::Network network;
  network.name = "skipping";
  network.input_name = "x";
  network.input = pair;
  network.input_count = 13;
  network.activation_bits = bits;
  network.layers.push_back(dense("a", {{{}, 0, 13}}, 11, plain, rng));
  network.layers.push_back(dense("b", {{quant::LayerId{0}, 0, 11}}, 7, pair, rng));
  network.layers.push_back(
      dense("out", {{quant::LayerId{1}, 0, 7}, {quant::LayerId{0}, 2, 9}}, 4, pair, rng));
  return network;
}

quant::IntegerBatch random_inputs(int samples, int count, int bits) {
  base::Rng rng(23);
  const int top = (1 << bits) - 1;
  quant::IntegerBatch batch(samples, count);
  for (Eigen::Index i = 0; i < batch.size(); ++i)
    batch(i) = static_cast<std::int32_t>(rng.between(-top, top));
  return batch;
}

// The integer rule for one element, written out; not the interpreter, not the emulator.
int rule(std::int64_t sum, std::int64_t theta, int top, bool is_signed) {
  const auto half = [&](std::int64_t s) {
    const std::int64_t h = s + theta / 2;
    return static_cast<int>(std::clamp<std::int64_t>(h < 0 ? 0 : h / theta, 0, top));
  };
  return is_signed ? half(sum) - half(-sum) : half(sum);
}

std::vector<quant::IntegerBatch> by_the_rule(const quant::Network& network,
                                             const quant::IntegerBatch& inputs) {
  std::vector<quant::IntegerBatch> values{inputs};
  const int top = (1 << network.activation_bits) - 1;
  for (const quant::Dense& layer : network.layers) {
    quant::IntegerBatch out(inputs.rows(), layer.weights.cols());
    for (Eigen::Index s = 0; s < inputs.rows(); ++s) {
      for (Eigen::Index c = 0; c < out.cols(); ++c) {
        std::int64_t sum = layer.bias(c);
        Eigen::Index row = 0;
        for (const quant::Slice& slice : layer.inputs) {
          const auto& from = values[slice.source.valid() ? slice.source.index() + 1 : 0];
          for (int i = 0; i < slice.count; ++i, ++row)
            sum += std::int64_t{layer.weights(row, c)} * from(s, slice.first + i);
        }
        out(s, c) = rule(sum, layer.threshold(c), top, layer.output.is_signed);
      }
    }
    values.push_back(out);
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
      const quant::IntegerBatch inputs = random_inputs(6, 13, 4);
      const auto buses = emulate(design, inputs);
      const auto expected = by_the_rule(network, inputs);
      for (std::size_t b = 0; b < buses.size(); ++b) {
        const auto lanes = lanes_of(design, core::BusId{b}, buses[b]);
        EXPECT_EQ(units::from_lanes(lanes, design.program->buses[b].format.is_signed), expected[b])
            << "bus " << b << " tile " << tile;
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
  EXPECT_EQ(design.spikes(core::BusId{1}).phase, 8);
  EXPECT_EQ(design.spikes(core::BusId{2}).phase, 15);
  EXPECT_EQ(design.spikes(core::BusId{3}).phase, 22);
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
  network.input.is_signed = false;
  network.layers[0].weights.edit()(3, 2) = -128;
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
  const quant::Format format{.bits = 4, .is_signed = false, .scale = 1.0};
  quant::Network network;
  network.input_name = names.front();
  network.input = format;
  network.input_count = 2;
  network.activation_bits = 4;
  for (std::size_t i = 1; i < names.size(); ++i)
    network.layers.push_back(dense(
        names[i], {{i == 1 ? quant::LayerId{} : quant::LayerId{i - 2}, 0, 2}}, 2, format, rng));
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
