// Random networks as PyTorch, Keras, scikit-learn, ONNX Runtime, Brevitas and QONNX write them: the
// import takes them all, and the integers stand for what the model computes.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>

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

// How far the integers' outputs are from the model's.
struct Outcome {
  double steps = 0;     ///< the greatest difference, in steps of the output
  double relative = 0;  ///< RMS of the difference in parts of the outputs'
};

Outcome outcome_of(const Written& written, int seed) {
  const nn::Graph graph = nn::simplify(written.model.import());
  const nn::Array samples = samples_for(graph, seed);
  const quant::Network network =
      quant::quantise(graph, {samples}, {.weight_bits = 16, .activation_bits = 8});
  const auto result = core::run_integer(network, quant::encode_inputs(network, {samples}));
  const nn::Array wanted = value_named(graph, samples, written.result);
  const double scale = network.format_of(network.outputs.back().tensor).scale;
  Outcome outcome;
  double errors = 0;
  double power = 0;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const double error = scale * result.outputs(static_cast<Eigen::Index>(i)) - wanted.at(i);
    outcome.steps = std::max(outcome.steps, std::abs(error) / scale);
    errors += error * error;
    power += wanted.at(i) * wanted.at(i);
  }
  outcome.relative = std::sqrt(errors / power);
  return outcome;
}

// What the lowering refuses of these models, and why that is right.
const std::map<base::Code, std::string> kRefused = {
    {base::Code::kThresholdTooSmall,
     "an output step finer than a whole weight step: no threshold of the neurons makes it"},
};

// Float models lose little in eight bits. Quantised ones are met exactly where all scales are
// powers of two; elsewhere a threshold is a rounded quotient of scales, and a tensor may be one
// step off where the model is next to a tie. What is off in one layer moves on to the next.
TEST(DialectsInIntegers, StandForWhatTheModelComputes) {
  int refused = 0;
  for (const Case& one : cases()) {
    SCOPED_TRACE(to_string(one.dialect) + ", seed " + std::to_string(one.seed));
    const Written written = write(one.dialect, static_cast<std::uint64_t>(one.seed));
    try {
      const Outcome outcome = outcome_of(written, one.seed);
      if (!written.quantised)
        EXPECT_LT(outcome.relative, 0.05);
      else if (written.powers_of_two)
        EXPECT_LT(outcome.steps, 1e-6);
      else
        EXPECT_LE(outcome.steps, written.recipe.steps.size() > 3 ? 3.001 : 1.001);
    } catch (const base::Error& error) {
      EXPECT_TRUE(kRefused.contains(error.faults().front().code)) << error.what();
      ++refused;
    }
  }
  EXPECT_LE(refused, 2);
}

}  // namespace
}  // namespace dialects
