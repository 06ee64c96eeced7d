// The convolutional examples on real images: model, integers and emulation side by side.
#include <gtest/gtest.h>

#include "app/jobs.hpp"
#include "config/spec_io.hpp"
#include "nn/reference.hpp"
#include "quant/batch.hpp"

namespace {

namespace fs = std::filesystem;

app::Compiled compiled(const std::string& name) {
  const fs::path spec = fs::path(FPSA_SOURCE_DIR) / "examples" / name / "spec.toml";
  return app::compile(config::load_spec(spec), [](const std::string&) {});
}

app::Samples first_images(const app::Mapped& mapped, int count) {
  return app::load_test_samples(mapped.spec, mapped.graph, count);
}

class Convolutional : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!fs::exists("/usr/share/datasets/fashion-mnist"))
      GTEST_SKIP() << "package dataset-fashion-mnist is not installed";
  }
};

struct Wanted {
  const char* name;
  double accuracy;  // of the model, at least
  double loss;      // of the integers, at most
};

void PrintTo(const Wanted& wanted, std::ostream* out) { *out << wanted.name; }

class ConvolutionalExample : public Convolutional, public ::testing::WithParamInterface<Wanted> {};

TEST_P(ConvolutionalExample, LosesLittleAndEmulationIsExact) {
  const app::Compiled design = compiled(GetParam().name);
  const app::Golden golden = app::run_golden(design, first_images(design, 1000), {.trains = false});
  std::map<std::string, double> accuracy;
  for (const app::Level& level : golden.levels)
    accuracy[level.name] = level.scores.front().accuracy.value();
  EXPECT_GT(accuracy.at("float"), GetParam().accuracy);
  EXPECT_NEAR(accuracy.at("integer"), accuracy.at("float"), GetParam().loss);
  EXPECT_EQ(accuracy.at("emulate"), accuracy.at("integer"));
  for (const app::BusComparison& bus : golden.buses) EXPECT_EQ(bus.differing, 0U) << bus.layer;
}

INSTANTIATE_TEST_SUITE_P(Fashion, ConvolutionalExample,
                         ::testing::Values(Wanted{"fashion_lenet", 0.89, 0.005},
                                           Wanted{"fashion_rescnn", 0.89, 0.01},
                                           Wanted{"fashion_rescnn_qdq", 0.86, 0.0}),
                         [](const auto& example) { return std::string(example.param.name); });

// Its scales are powers of two: the integers are its codes, all of them.
TEST_F(Convolutional, IntegersAreTheCodesOfAModelTrainedToThem) {
  const app::Compiled design = compiled("fashion_rescnn_qdq");
  const quant::Network& network = design.network;
  for (const quant::Layer& layer : network.layers) EXPECT_TRUE(layer.is_exact) << layer.name;
  const std::vector<nn::Array> images = first_images(design, 500).inputs;
  const nn::Array wanted = nn::run(design.graph, images).at(0);
  const auto codes = core::run_integer(network, quant::encode_inputs(network, images)).outputs;
  const double step = network.format_of(network.outputs.at(0).tensor).scale;
  ASSERT_EQ(wanted.size(), static_cast<std::size_t>(codes.size()));
  for (Eigen::Index i = 0; i < codes.size(); ++i)
    ASSERT_EQ(step * codes(i), wanted.at(static_cast<std::size_t>(i))) << "logit " << i;
}

}  // namespace
