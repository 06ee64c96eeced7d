// Random networks as PyTorch, Keras, scikit-learn, ONNX Runtime, Brevitas and QONNX write them: the
// import takes them all, and the integers stand for what the model computes.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "core/integer.hpp"
#include "dialects/writer.hpp"
#include "nn/passes/passes.hpp"
#include "nn/reference.hpp"
#include "quant/batch.hpp"
#include "quant/quantise.hpp"

namespace dialects {
namespace {

constexpr int kSamples = 16;

struct Case {
  Dialect dialect;
  int seed;
};

// Two hundred in all.
std::vector<Case> cases() {
  std::vector<Case> all;
  for (int i = 0; i < 200; ++i) all.push_back({static_cast<Dialect>(i % kDialects), i});
  return all;
}

nn::Array samples_for(const nn::Graph& graph, int seed) {
  base::Rng rng(static_cast<std::uint64_t>(seed) + 1000);
  nn::Shape shape = graph.value(graph.inputs[0]).shape;
  shape[0] = kSamples;
  const auto count = static_cast<int>(nn::element_count(shape)) / kSamples;
  return nn::Array::of_floats(shape, random_samples(kSamples, count, rng));
}

nn::Array value_named(const nn::Graph& graph, const nn::Array& samples, const std::string& name) {
  const std::vector<nn::Array> all = nn::run_all(graph, {samples});
  for (std::size_t v = 0; v < all.size(); ++v)
    if (graph.values[v].name == name) return all[v];
  ADD_FAILURE() << "the graph has no value \"" << name << "\"";
  return {};
}

// The greatest difference between two arrays of one shape.
double difference(const nn::Array& a, const nn::Array& b) {
  EXPECT_EQ(a.shape, b.shape);
  double most = 0;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i)
    most = std::max(most, std::abs(a.at(i) - b.at(i)));
  return most;
}

class Dialects : public ::testing::TestWithParam<Case> {};

TEST_P(Dialects, KeepWhatTheyComputeWhenSimplified) {
  const Written written = write(GetParam().dialect, static_cast<std::uint64_t>(GetParam().seed));
  const nn::Graph graph = written.model.import();
  const nn::Graph simple = nn::simplify(graph);
  const nn::Array samples = samples_for(graph, GetParam().seed);
  EXPECT_LT(difference(nn::run(graph, {samples}).at(0), nn::run(simple, {samples}).at(0)), 1e-4);
  for (const nn::Node& node : simple.nodes)
    for (const char* gone : {"Shape", "Gather", "Cast", "Identity", "Dropout", "Unsqueeze"})
      EXPECT_NE(node.op, gone) << node.name;
}

INSTANTIATE_TEST_SUITE_P(All, Dialects, ::testing::ValuesIn(cases()), [](const auto& given) {
  return to_string(given.param.dialect) + "_" + std::to_string(given.param.seed);
});

// RMS of the difference between the integers' outputs and the model's, in parts of the latter.
double relative_error(const Written& written, int seed) {
  const nn::Graph graph = nn::simplify(written.model.import());
  const nn::Array samples = samples_for(graph, seed);
  const quant::Network network =
      quant::quantise(graph, samples, {.weight_bits = 8, .activation_bits = 8});
  const auto result = core::run_integer(network, quant::encode_inputs(network, {samples}));
  const nn::Array wanted = value_named(graph, samples, written.result);
  const double scale = network.format_of(network.outputs.back().tensor).scale;
  double errors = 0;
  double power = 0;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const double error = scale * result.outputs(static_cast<Eigen::Index>(i)) - wanted.at(i);
    errors += error * error;
    power += wanted.at(i) * wanted.at(i);
  }
  return std::sqrt(errors / power);
}

// Eight bits are enough for float models; branches are refused for now, and in words.
TEST(DialectsInIntegers, FloatModelsLoseLittle) {
  int chains = 0;
  for (const Case& one : cases()) {
    const Written written = write(one.dialect, static_cast<std::uint64_t>(one.seed));
    if (written.quantised) continue;
    try {
      EXPECT_LT(relative_error(written, one.seed), 0.05) << one.seed;
      ++chains;
    } catch (const base::Error& error) {
      EXPECT_EQ(error.faults().front().code, base::Code::kCannotLower) << one.seed;
    }
  }
  EXPECT_GT(chains, 60);
}

}  // namespace
}  // namespace dialects
