// The examples on real images, down to RTL: every kind of crossbar, train and neuron on the whole
// perceptron, crossbars and trains on networks over maps, and the quantised models.
#include <gtest/gtest.h>

#include "app/jobs.hpp"
#include "config/names.hpp"
#include "config/spec_io.hpp"
#include "rig.hpp"

namespace {

namespace fs = std::filesystem;
using config::Crossbar;
using config::Neuron;
using config::Train;

constexpr int kSamples = 20;

config::Spec example(const std::string& name) {
  return config::load_spec(fs::path(FPSA_SOURCE_DIR) / "examples" / name / "spec.toml");
}

bool has_dataset() { return fs::exists("/usr/share/datasets/fashion-mnist"); }

// Compiles and simulates; a difference in any layer throws. Accuracies by level.
std::map<std::string, double> accuracies(const config::Spec& spec, const std::string& name,
                                         int samples = kSamples) {
  const fs::path folder = test::run_folder(name);
  base::Progress progress(8, stderr, true);
  base::StagedDirectory out = app::output_directory(folder, {}, true);
  const app::Compiled design = app::compile_into(spec, out, progress);
  app::SimulateOptions options;
  options.directory = folder;
  options.simulate = spec.simulate;
  options.simulate.samples = samples;
  app::simulate_network(design, options, progress);
  const nlohmann::json metrics = app::read_metrics(folder);
  std::map<std::string, double> by_level;
  for (const nlohmann::json& level : metrics["levels"])
    by_level[level["level"]] = level["accuracy"];
  return by_level;
}

struct Kind {
  Crossbar crossbar;
  Train train;
  Neuron neuron = Neuron::kExact;
};

std::string name_of(const Kind& kind) {
  return to_string(kind.crossbar) + "_" + to_string(kind.neuron) + "_" + to_string(kind.train);
}

void PrintTo(const Kind& kind, std::ostream* out) { *out << name_of(kind); }

class FashionMlpRtl : public ::testing::TestWithParam<Kind> {};

TEST_P(FashionMlpRtl, EqualsTheEmulationInEveryLayer) {
  if (!has_dataset()) GTEST_SKIP() << "package dataset-fashion-mnist is not installed";
  config::Spec spec = example("fashion_mlp");
  spec.pe.crossbar = GetParam().crossbar;
  spec.pe.train = GetParam().train;
  spec.pe.neuron = GetParam().neuron;
  auto accuracy = accuracies(spec, "mlp_" + name_of(GetParam()));
  EXPECT_EQ(accuracy.at("rtl"), accuracy.at("emulate"));
  if (spec.pe.neuron == Neuron::kExact) {
    EXPECT_EQ(accuracy.at("rtl"), accuracy.at("integer"));
  }
}

INSTANTIATE_TEST_SUITE_P(Kinds, FashionMlpRtl,
                         ::testing::Values(Kind{Crossbar::kMacro, Train::kBinary},
                                           Kind{Crossbar::kMacro, Train::kRate},
                                           Kind{Crossbar::kParallel, Train::kBinary},
                                           Kind{Crossbar::kParallel, Train::kRate},
                                           Kind{Crossbar::kSerial, Train::kBinary},
                                           Kind{Crossbar::kSerial, Train::kRate},
                                           Kind{Crossbar::kMacro, Train::kRate, Neuron::kSigned},
                                           Kind{Crossbar::kMacro, Train::kRate, Neuron::kPaired}),
                         [](const auto& kind) { return name_of(kind.param); });

// Networks over maps: islands of line walks, each crossbar and each train.
struct MapKind {
  const char* example;
  Kind kind;
};

std::string name_of(const MapKind& kind) {
  return std::string(kind.example) + "_" + name_of(kind.kind);
}

void PrintTo(const MapKind& kind, std::ostream* out) { *out << name_of(kind); }

class FashionMapsRtl : public ::testing::TestWithParam<MapKind> {};

TEST_P(FashionMapsRtl, EqualsTheIntegersInEveryLayer) {
  if (!has_dataset()) GTEST_SKIP() << "package dataset-fashion-mnist is not installed";
  config::Spec spec = example(GetParam().example);
  spec.pe.crossbar = GetParam().kind.crossbar;
  spec.pe.train = GetParam().kind.train;
  spec.simulate.backpressure = spec.simulate.idle = 0.1;
  // A tick takes a serial crossbar as many clocks as rows are active.
  const int samples = spec.pe.crossbar == Crossbar::kSerial ? 4 : kSamples;
  auto accuracy = accuracies(spec, name_of(GetParam()), samples);
  EXPECT_EQ(accuracy.at("rtl"), accuracy.at("integer"));
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, FashionMapsRtl,
    ::testing::Values(MapKind{"fashion_lenet", {Crossbar::kMacro, Train::kBinary}},
                      MapKind{"fashion_lenet", {Crossbar::kSerial, Train::kBinary}},
                      MapKind{"fashion_rescnn", {Crossbar::kMacro, Train::kBinary}},
                      MapKind{"fashion_rescnn_qdq", {Crossbar::kMacro, Train::kRate}},
                      MapKind{"fashion_rescnn_qdq", {Crossbar::kSerial, Train::kRate}}),
    [](const auto& kind) { return name_of(kind.param); });

TEST(FashionMlpTall, SplitMergeEqualsTheIntegersAsWell) {
  if (!has_dataset()) GTEST_SKIP() << "package dataset-fashion-mnist is not installed";
  config::Spec spec = example("fashion_mlp");
  spec.pe.tall_layers = config::TallLayers::kSplitMerge;
  auto accuracy = accuracies(spec, "mlp_split_merge");
  EXPECT_EQ(accuracy.at("rtl"), accuracy.at("integer"));
}

TEST(VowelsRtl, EqualsTheIntegersOnRealSequences) {
  auto accuracy = accuracies(example("vowels_gru"), "vowels_gru", 200);
  EXPECT_EQ(accuracy.at("rtl"), accuracy.at("integer"));
  EXPECT_GT(accuracy.at("integer"), 0.93);
}

TEST(FashionLstmRtl, EqualsTheIntegersOnRealImages) {
  if (!has_dataset()) GTEST_SKIP() << "package dataset-fashion-mnist is not installed";
  auto accuracy = accuracies(example("fashion_lstm"), "fashion_lstm");
  EXPECT_EQ(accuracy.at("rtl"), accuracy.at("integer"));
}

TEST(FashionQonnxRtl, EqualsTheIntegersOnRealImages) {
  if (!has_dataset()) GTEST_SKIP() << "package dataset-fashion-mnist is not installed";
  auto accuracy = accuracies(example("fashion_qonnx"), "fashion_qonnx");
  EXPECT_EQ(accuracy.at("rtl"), accuracy.at("integer"));
}

TEST(FashionQdqRtl, EqualsTheIntegersOnRealImages) {
  if (!has_dataset()) GTEST_SKIP() << "package dataset-fashion-mnist is not installed";
  auto accuracy = accuracies(example("fashion_qdq"), "fashion_qdq");
  EXPECT_EQ(accuracy.at("rtl"), accuracy.at("integer"));
}

}  // namespace
