// `fpsa estimate` of networks of real size.
#include <nlohmann/json.hpp>

#include "app/cnn_project.hpp"
#include "app/command_line.hpp"

namespace {

namespace fs = std::filesystem;
using test::fpsa;
using test::TemporaryFolder;

nlohmann::json document(std::vector<std::string> arguments, const test::Setting& setting) {
  arguments.insert(arguments.end(), {"-q", "--json"});
  const auto ended = fpsa(arguments, setting);
  EXPECT_EQ(ended.status, 0) << ended.err;
  return nlohmann::json::parse(ended.out, nullptr, false);
}

const fs::path kExamples = fs::path(FPSA_SOURCE_DIR) / "examples";

class Examples : public testing::TestWithParam<const char*> {};

TEST_P(Examples, AreWhatCompileMakes) {
  const TemporaryFolder folder;
  const fs::path example = kExamples / GetParam();
  const std::string spec = example / "spec.toml";
  const std::string model = example / (GetParam() + std::string(".onnx"));
  const auto compiled = document({"compile", spec, "-o", "out"}, {.folder = folder.path()});
  const auto estimate = document({"estimate", model, "--spec", spec}, {.folder = folder.path()});
  const auto shapes =
      document({"estimate", model, "--spec", spec, "--shapes"}, {.folder = folder.path()});
  EXPECT_EQ(estimate["pes"], compiled["design"]["pes"]);
  EXPECT_EQ(estimate["time"]["latency_ticks"], compiled["design"]["latency_ticks"]);
  EXPECT_EQ(estimate["network"], compiled["network"]);
  for (const char* same : {"network", "pes", "crossbars", "islands", "memory", "time", "area"})
    EXPECT_EQ(shapes[same], estimate[same]) << same;
}

INSTANTIATE_TEST_SUITE_P(Estimates, Examples,
                         testing::Values("fashion_mlp", "fashion_qdq", "fashion_qonnx",
                                         "fashion_residual", "fashion_lenet", "fashion_rescnn",
                                         "fashion_rescnn_qdq"),
                         [](const auto& example) { return std::string(example.param); });

// The clocks that the RTL counts from result to result, once samples follow each other.
TEST(Estimate, IsThePaceOfTheRtl) {
  const test::CnnProject project;
  const fs::path out = project / "out";
  document({"compile", "spec.toml", "-o", out}, {.folder = project.path()});
  const auto simulated = document({"simulate", out, "--samples", "8"}, {.folder = project.path()});
  const auto estimate =
      document({"estimate", "model.onnx", "--spec", "spec.toml"}, {.folder = project.path()});
  EXPECT_EQ(simulated["simulation"]["cycles_per_sample"], estimate["time"]["clocks_a_sample"]);
}

struct Sized {
  std::string name;
  std::int64_t weights;  // that the crossbars hold
  int pes;
  int windows;  // of the layer with most
};

// By hand from the shapes. Weights are the networks' own and those of means and of residual sums:
// 1,024 means of 7 x 7 in GoogLeNet and 2,048 in ResNet152, of which a PE has five; a unit matrix
// beside the last convolution of a block. The last layer has signed results, two columns each.
class Sizes : public testing::TestWithParam<Sized> {};

TEST_P(Sizes, FitInFourGibibytes) {
  const auto json = document({"estimate", kExamples / "shapes" / (GetParam().name + ".onnx")},
                             {.memory_bytes = std::uint64_t{4} << 30});
  EXPECT_EQ(json["basis"], "shapes");
  EXPECT_EQ(json["network"]["weights"], GetParam().weights);
  EXPECT_EQ(json["pes"], GetParam().pes);
  EXPECT_EQ(json["busiest"]["windows"], GetParam().windows);
  EXPECT_GE(json["time"]["clocks_a_sample"].get<double>(), json["bound"]["ticks"].get<double>());
  EXPECT_LE(json["time"]["clocks_a_sample"].get<double>(),
            1.03 * json["bound"]["ticks"].get<double>());
}

// Unit matrices beside the last convolutions of blocks: 2 of 256, 8 of 512, 36 of 1,024 and 3 of
// 2,048 square.
constexpr std::int64_t kUnits = 2 * 65536LL + 8 * 262144LL + 36 * 1048576LL + 3 * 4194304LL;

INSTANTIATE_TEST_SUITE_P(
    Of, Sizes,
    testing::Values(Sized{"lenet", 430500, 13, 576}, Sized{"cifar_vgg17", 1069800, 50, 1024},
                    Sized{"alexnet", 60954656, 1018, 3025}, Sized{"vgg16", 138344128, 2185, 50176},
                    Sized{"googlenet", 6990272 + 1024 * 49, 433, 12544},
                    Sized{"resnet152", 60040384 + 2048 * 49 + kUnits, 2337, 12544}),
    [](const auto& network) { return network.param.name; });

}  // namespace
