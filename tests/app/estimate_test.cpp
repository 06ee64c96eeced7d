// `fpsa estimate` against what `fpsa compile` makes, and its own answers.
#include <cmath>
#include <nlohmann/json.hpp>

#include "app/cnn_project.hpp"
#include "app/command_line.hpp"

namespace {

namespace fs = std::filesystem;
using base::Code;
using nn::testing::ModelBuilder;
using test::CnnProject;
using test::expect_fault;
using test::fpsa;
using test::small_cnn;
using test::SmallProject;
using testing::HasSubstr;

nlohmann::json document(std::vector<std::string> arguments, const fs::path& folder) {
  arguments.insert(arguments.end(), {"-q", "--json"});
  const auto ended = fpsa(arguments, {.folder = folder});
  EXPECT_EQ(ended.status, 0) << ended.err;
  return nlohmann::json::parse(ended.out, nullptr, false);
}

void expect_equal(const nlohmann::json& estimate, const nlohmann::json& compiled) {
  EXPECT_EQ(estimate["pes"], compiled["design"]["pes"]);
  EXPECT_EQ(estimate["islands"], compiled["design"]["islands"]);
  EXPECT_EQ(estimate["time"]["latency_ticks"], compiled["design"]["latency_ticks"]);
  EXPECT_EQ(estimate["network"], compiled["network"]);
}

// Every weight of the model in a file that is not there.
void lose_weights(ModelBuilder& model) {
  for (auto& tensor : *model.model().mutable_graph()->mutable_initializer()) {
    if (tensor.data_type() == onnx::TensorProto::INT64) continue;
    tensor.clear_float_data();
    tensor.set_data_location(onnx::TensorProto::EXTERNAL);
    auto& entry = *tensor.add_external_data();
    entry.set_key("location");
    entry.set_value("lost.bin");
  }
}

TEST(Estimate, IsWhatCompileMakes) {
  for (const char* islands : {"auto", "layer"}) {
    const CnnProject project(std::string("[map]\nislands = \"") + islands + "\"\n");
    const auto compiled = document({"compile", "spec.toml", "-o", "out"}, project.path());
    for (const char* spec : {"spec.toml", "bare.toml"}) {
      const auto estimate = document({"estimate", "model.onnx", "--spec", spec}, project.path());
      expect_equal(estimate, compiled);
      EXPECT_EQ(estimate["basis"], spec == std::string("spec.toml") ? "calibration" : "shapes");
    }
  }
}

TEST(Estimate, LooksAtShapesAloneIfAsked) {
  const CnnProject project;
  const auto shapes =
      document({"estimate", "model.onnx", "--spec", "spec.toml", "--shapes"}, project.path());
  EXPECT_EQ(shapes["basis"], "shapes");
  base::write_file(project / "samples.npy", "none");
  EXPECT_EQ(document({"estimate", "model.onnx", "--spec", "spec.toml", "--shapes"}, project.path()),
            shapes);
}

TEST(Estimate, NeedsNoWeights) {
  CnnProject project;
  const auto whole = document({"estimate", "model.onnx", "--spec", "bare.toml"}, project.path());
  ModelBuilder model = small_cnn();
  lose_weights(model);
  project.write_model(model.bytes());
  // Calibration samples are of no use without weights.
  for (const char* spec : {"bare.toml", "spec.toml"}) {
    auto lost = document({"estimate", "model.onnx", "--spec", spec}, project.path());
    EXPECT_EQ(lost["missing_tensors"], 3);
    EXPECT_EQ(lost["basis"], "shapes");
    lost["missing_tensors"] = 0;
    EXPECT_EQ(lost, whole);
  }
  expect_fault(fpsa({"compile", "spec.toml", "-o", "out"}, {.folder = project.path()}),
               Code::kBadTensor, {"\"lost.bin\" is not there"});
}

// Four inputs, three neurons, two results in one island of 6-bit inputs and 8-bit results: windows
// of 8 ticks. The encoder, then the two exact neurons of 9 ticks each, then the result's window.
TEST(Estimate, TakesTheSpecsDefaultsWithoutOne) {
  const SmallProject project;
  const auto json = document({"estimate", "model.onnx"}, project.path());
  EXPECT_EQ(json["pes"], 2);
  EXPECT_EQ(json["crossbars"]["cells"], 2 * 256 * 256);
  EXPECT_EQ(json["crossbars"]["used"], 4 * 3 + 3 * 4) << "signed results have two columns each";
  EXPECT_EQ(json["time"]["latency_clocks"], 1 + 9 + 9 + 8);
  EXPECT_EQ(json["time"]["clocks_a_sample"], 8);
  EXPECT_EQ(json["time"]["samples_a_second"], 1e9 / 80);
  EXPECT_EQ(json["memory"]["smb_bits"], 0);
  EXPECT_EQ(json["bound"]["windows"], 1);
  const double mm2 = 24 * 16 * 4 * 0.045 * 0.045 / 1e6;
  EXPECT_NEAR(json["area"]["crossbar_cells_mm2"], mm2, 1e-6 * mm2);
  const auto text = fpsa({"estimate", "-q", "model.onnx"}, {.folder = project.path()}).out;
  EXPECT_THAT(text, HasSubstr("27 clocks = 0.27 us"));
  EXPECT_THAT(text, HasSubstr("12,500,000 at a clock of 10 ns"));
}

// A clock of a millisecond: few samples, and many microseconds.
TEST(Estimate, PrintsMeasuresOfAnySizeToBeRead) {
  SmallProject project;
  project.write_spec("[synth]\nclock_ns = 1e6\n");
  const auto text =
      fpsa({"estimate", "-q", "model.onnx", "--spec", "spec.toml"}, {.folder = project.path()}).out;
  EXPECT_THAT(text, HasSubstr(" clocks = 26,000 us"));
  EXPECT_THAT(text, HasSubstr(" 125 at a clock of 1,000,000 ns"));
  EXPECT_THAT(text, HasSubstr("crossbar cells    3.11 um2 (45nm)"));
}

// Two islands: the walk over the image keeps rows of 6 positions of 4 bits.
TEST(Estimate, CountsMemoryAndWindows) {
  const CnnProject project;
  const auto json = document({"estimate", "model.onnx", "--spec", "bare.toml"}, project.path());
  EXPECT_EQ(json["bound"]["windows"], 36);
  EXPECT_GT(json["memory"]["line_walk_bits"], 0);
  const double bits =
      json["memory"]["line_walk_bits"].get<double>() + json["memory"]["smb_bits"].get<double>();
  EXPECT_NEAR(json["area"]["memories_mm2"], bits * 5421.9 / 16384 / 1e6, 1e-9);
  EXPECT_EQ(json["memory"]["line_walk_bits"].get<int>() % 4, 0);
  EXPECT_GE(json["time"]["clocks_a_sample"].get<double>(), 36 * 4);
}

TEST(Estimate, SaysWhatTheFiguresAreOf) {
  const CnnProject project("crossbar = \"serial\"\n");
  const auto serial =
      fpsa({"estimate", "-q", "model.onnx", "--spec", "bare.toml"}, {.folder = project.path()});
  EXPECT_THAT(serial.out, HasSubstr("from shapes alone"));
  EXPECT_THAT(serial.out, HasSubstr("a tick of serial crossbars takes"));
  EXPECT_THAT(serial.out, HasSubstr("by fpsa synth"));
  const auto macro = fpsa({"estimate", "-q", "model.onnx"}, {.folder = project.path()});
  EXPECT_THAT(macro.out, HasSubstr("without drivers, read-out"));
  EXPECT_THAT(macro.out, HasSubstr("samples a second"));
}

TEST(Estimate, MakesCopiesAsTheSpecDoes) {
  const auto with = [](const std::string& key, std::vector<std::string> options) {
    const CnnProject project(key.empty() ? "" : "[map]\n" + key + "\n");
    options.insert(options.begin(), {"estimate", "model.onnx", "--spec", "bare.toml"});
    return document(options, project.path());
  };
  const auto once = with("", {});
  const auto twice = with("duplicate = 2", {});
  EXPECT_EQ(twice["busiest"]["windows"], 18);
  EXPECT_GT(twice["pes"], once["pes"]);
  EXPECT_EQ(with("pes = 100", {"--duplicate", "2"}), twice);
  EXPECT_EQ(with("", {"--pes", "100"}), with("pes = 100", {}));
  // What copies take is what there is, and a little less is too little for them.
  const double mm2 = twice["area"]["crossbar_cells_mm2"].get<double>();
  EXPECT_EQ(with("", {"--area", fmt::format("{}", mm2 * 1.001)}), twice);
  EXPECT_EQ(with(fmt::format("area = {}", mm2 * 1.001), {}), twice);
  EXPECT_EQ(with("", {"--area", fmt::format("{}", mm2 * 0.999)}), once);
  expect_fault(fpsa({"estimate", "x.onnx", "--pes", "9", "--duplicate", "2"}), Code::kUsage,
               {"--pes", "--duplicate"});
  const CnnProject project;
  expect_fault(fpsa({"estimate", "-q", "model.onnx", "--spec", "bare.toml", "--pes", "1"},
                    {.folder = project.path()}),
               Code::kDoesNotFit, {"PEs"});
}

// What the message says to do is enough.
TEST(Estimate, SaysWhatAreaOneCopyTakes) {
  const CnnProject project;
  const auto within = [&](const std::string& area) {
    return fpsa({"estimate", "-q", "model.onnx", "--spec", "bare.toml", "--area", area},
                {.folder = project.path()});
  };
  const auto ended = within("1e-6");
  expect_fault(ended, Code::kDoesNotFit, {"one copy of each layer takes", "set map.area to "});
  const std::string cure = "set map.area to ";
  const std::size_t at = ended.err.find(cure) + cure.size();
  EXPECT_EQ(within(ended.err.substr(at, ended.err.find(' ', at) - at)).status, 0);
}

TEST(Estimate, RefusesWhatNoShapeTells) {
  const CnnProject project("tall_layers = \"split_merge\"\n");
  const auto estimate = [&](const std::string& model, const std::string& spec) {
    return fpsa({"estimate", "-q", model, "--spec", spec}, {.folder = project.path()});
  };
  expect_fault(estimate("model.onnx", "bare.toml"), Code::kMissingKey,
               {"split_merge needs weights and samples", "pe.tall_layers = \"cascade\""});
  expect_fault(estimate("nothing.onnx", "bare.toml"), Code::kFileUnreadable, {"nothing.onnx"});
  expect_fault(fpsa({"estimate"}), Code::kUsage, {"model", "required"});
}

}  // namespace
