// The examples on real images: float, integer and emulation side by side.
#include <gtest/gtest.h>

#include "app/jobs.hpp"
#include "config/spec_io.hpp"

namespace {

namespace fs = std::filesystem;

bool has_dataset() { return fs::exists("/usr/share/datasets/fashion-mnist"); }

config::Spec example(const std::string& name) {
  return config::load_spec(fs::path(FPSA_SOURCE_DIR) / "examples" / name / "spec.toml");
}

app::Compiled compiled(const config::Spec& spec) {
  return app::compile(spec, [](const std::string&) {});
}

double accuracy(const app::Golden& golden, const std::string& level) {
  for (const app::Level& one : golden.levels)
    if (one.name == level) return one.scores.front().accuracy.value();
  ADD_FAILURE() << "no level " << level;
  return 0;
}

app::Golden golden_of(const config::Spec& spec, int samples) {
  const app::Compiled design = compiled(spec);
  return app::run_golden(design, app::load_test_samples(spec, design.graph, samples));
}

class Example : public ::testing::TestWithParam<const char*> {};

TEST_P(Example, LosesLittleAndEmulationIsExact) {
  if (!has_dataset()) GTEST_SKIP() << "package dataset-fashion-mnist is not installed";
  const app::Golden golden = golden_of(example(GetParam()), 10000);
  EXPECT_GT(accuracy(golden, "float"), 0.87);
  EXPECT_NEAR(accuracy(golden, "integer"), accuracy(golden, "float"), 0.005);
  EXPECT_EQ(accuracy(golden, "emulate"), accuracy(golden, "integer"));
  for (const app::BusComparison& bus : golden.buses) EXPECT_EQ(bus.differing, 0u) << bus.layer;
}

INSTANTIATE_TEST_SUITE_P(Fashion, Example,
                         ::testing::Values("fashion_mlp", "fashion_residual", "fashion_qdq",
                                           "fashion_qonnx"));

class RecurrentExample : public ::testing::TestWithParam<const char*> {};

TEST_P(RecurrentExample, LosesLittleAndEmulationIsExact) {
  if (!has_dataset()) GTEST_SKIP() << "package dataset-fashion-mnist is not installed";
  const app::Golden golden = golden_of(example(GetParam()), 1000);
  EXPECT_GT(accuracy(golden, "float"), 0.85);
  EXPECT_NEAR(accuracy(golden, "integer"), accuracy(golden, "float"), 0.005);
  EXPECT_EQ(accuracy(golden, "emulate"), accuracy(golden, "integer"));
  for (const app::BusComparison& bus : golden.buses) EXPECT_EQ(bus.differing, 0u) << bus.layer;
}

INSTANTIATE_TEST_SUITE_P(Fashion, RecurrentExample,
                         ::testing::Values("fashion_lstm", "fashion_gru"));

TEST(FashionMlp, RateTrainsGiveTheSameIntegers) {
  if (!has_dataset()) GTEST_SKIP() << "package dataset-fashion-mnist is not installed";
  config::Spec spec = example("fashion_mlp");
  spec.pe.train = config::Train::kRate;
  const app::Golden golden = golden_of(spec, 1000);
  EXPECT_EQ(accuracy(golden, "emulate"), accuracy(golden, "integer"));
}

// One membrane loses nothing that matters; the paper's pair loses some.
TEST(FashionMlp, SpikingNeuronsStayNearTheIntegers) {
  if (!has_dataset()) GTEST_SKIP() << "package dataset-fashion-mnist is not installed";
  config::Spec spec = example("fashion_mlp");
  spec.pe.train = config::Train::kRate;
  spec.pe.neuron = config::Neuron::kSigned;
  const app::Golden one = golden_of(spec, 1000);
  EXPECT_NEAR(accuracy(one, "emulate"), accuracy(one, "integer"), 0.02);
  spec.pe.neuron = config::Neuron::kPaired;
  const app::Golden pair = golden_of(spec, 1000);
  EXPECT_NEAR(accuracy(pair, "emulate"), accuracy(pair, "integer"), 0.15);
}

TEST(FashionMlp, SplitMergeIsAnotherNetworkAndExactAsWell) {
  if (!has_dataset()) GTEST_SKIP() << "package dataset-fashion-mnist is not installed";
  config::Spec spec = example("fashion_mlp");
  spec.pe.tall_layers = config::TallLayers::kSplitMerge;
  const app::Golden golden = golden_of(spec, 1000);
  EXPECT_EQ(accuracy(golden, "emulate"), accuracy(golden, "integer"));
  EXPECT_NEAR(accuracy(golden, "integer"), accuracy(golden, "float"), 0.02);
}

TEST(FashionMlp, AChipWithStuckCellsStillWorks) {
  if (!has_dataset()) GTEST_SKIP() << "package dataset-fashion-mnist is not installed";
  config::Spec spec = example("fashion_mlp");
  spec.macro.variation = 0.01;
  spec.macro.stuck_cells = 0.01;
  const app::Golden golden = golden_of(spec, 1000);
  EXPECT_GT(accuracy(golden, "emulate"), 0.75);
  EXPECT_LT(golden.buses.front().compared - golden.buses.front().differing,
            golden.buses.front().compared);
}

}  // namespace
