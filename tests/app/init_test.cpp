// fpsa init: the spec it writes compiles, and says why it holds what it holds.
#include <nlohmann/json.hpp>

#include "app/command_line.hpp"
#include "app/small_project.hpp"

namespace {

using base::Code;
using nn::testing::ModelBuilder;
using test::Ended;
using test::expect_fault;
using test::fpsa;
using testing::HasSubstr;

const std::string kExamples = std::string(FPSA_SOURCE_DIR) + "/examples/";

class Init : public testing::Test {
 protected:
  Ended in_folder(const std::vector<std::string>& words) {
    return fpsa(words, {.folder = folder_.path()});
  }
  std::string spec() const { return base::read_file(folder_ / "spec.toml"); }
  void expect_compiles() {
    const Ended ended = in_folder({"compile", "-q", "spec.toml", "-o", "x"});
    EXPECT_EQ(ended.status, 0) << ended.err;
  }
  /// `count` images of bytes, 28 x 28, and labels, as .npy.
  void write_images(int count) {
    std::vector<std::int64_t> pixels(static_cast<std::size_t>(count) * 784);
    for (std::size_t i = 0; i < pixels.size(); ++i) pixels[i] = i % 7 < 3 ? 0 : i * 31 % 256;
    nn::save_npy(folder_ / "x.npy", nn::Array::of_ints(nn::DType::kUint8, {count, 28, 28}, pixels));
    std::vector<std::int64_t> labels(static_cast<std::size_t>(count), 9);
    nn::save_npy(folder_ / "y.npy", nn::Array::of_ints(nn::DType::kInt64, {count}, labels));
  }

  test::TemporaryFolder folder_;
};

TEST_F(Init, OfAFloatModelWithSamplesCompiles) {
  write_images(12);
  const Ended ended = in_folder({"init", kExamples + "fashion_mlp/fashion_mlp.onnx", "--inputs",
                                 "x.npy", "--labels", "y.npy"});
  ASSERT_EQ(ended.status, 0) << ended.err;
  EXPECT_THAT(ended.out, HasSubstr("next: fpsa run spec.toml"));
  EXPECT_THAT(spec(), HasSubstr("\nname = \"fashion_mlp\"\n"));
  EXPECT_THAT(spec(), HasSubstr("# 12 samples.\ninputs = \"x.npy\"\n"));
  EXPECT_THAT(spec(), HasSubstr("\ncalibration = \"x.npy\"\n"));
  EXPECT_THAT(spec(), HasSubstr("# Guessed: the stored values go up to 255"));
  EXPECT_THAT(spec(), HasSubstr("\nscale = 0.00392156862745098\n"));
  EXPECT_THAT(spec(), HasSubstr("\n#layout = \"auto\"\n"));
  EXPECT_THAT(spec(), HasSubstr("# The largest layer has 784 inputs"));
  expect_compiles();
}

TEST_F(Init, OfQuantisedModelsTakesTheirBits) {
  write_images(4);
  for (const auto& [name, weights, activations] :
       {std::tuple{"fashion_qdq", 8, 8}, std::tuple{"fashion_qonnx", 4, 4}}) {
    const std::string model = kExamples + name + "/" + name + ".onnx";
    ASSERT_EQ(in_folder({"init", model, "--inputs", "x.npy", "--force"}).status, 0);
    EXPECT_THAT(spec(), HasSubstr(fmt::format("\nweight_bits = {}\n", weights)));
    EXPECT_THAT(spec(), HasSubstr(fmt::format("\nactivation_bits = {}\n", activations)));
    EXPECT_THAT(spec(), HasSubstr("brings all its scales: not needed.\n#calibration = \"\"\n"));
    EXPECT_THAT(spec(), HasSubstr("\nscale = 0.00392156862745098\n")) << name;
    expect_compiles();
    // Without samples it compiles as well.
    ASSERT_EQ(in_folder({"init", model, "--force"}).status, 0);
    EXPECT_THAT(spec(), HasSubstr("\n# Needed to simulate.\n#inputs = \"\"\n"));
    expect_compiles();
  }
}

TEST_F(Init, OfAFloatModelWithoutSamplesSaysWhatIsMissing) {
  base::write_file(folder_ / "models/2 odd.name.onnx", test::small_model().bytes());
  const Ended ended = in_folder({"init", "models/2 odd.name.onnx", "-o", "specs/a.toml"});
  ASSERT_EQ(ended.status, 0) << ended.err;
  EXPECT_THAT(ended.out, HasSubstr("next: name real inputs in data.calibration"));
  const std::string text = base::read_file(folder_ / "specs/a.toml");
  EXPECT_THAT(text, HasSubstr("\nname = \"net_2_odd_name\"\n"));
  EXPECT_THAT(text, HasSubstr("\nfile = \"../models/2 odd.name.onnx\"\n"));
  EXPECT_THAT(text, HasSubstr("this must be set before it compiles.\n#calibration = \"\"\n"));
  expect_fault(in_folder({"compile", "-q", "specs/a.toml"}), Code::kNoCalibration,
               {"data.calibration"});
}

TEST_F(Init, GuessesTheLayout) {
  ModelBuilder model;
  model.input("x", {nn::kUnknown, 3, 2, 2}).node("Flatten", {"x"}, {"f"}, "flat");
  model.floats("w", {12, 2}, std::vector<float>(24, 0.5F));
  model.node("MatMul", {"f", "w"}, {"y"}, "product").output("y", {nn::kUnknown, 2});
  base::write_file(folder_ / "m.onnx", model.bytes());
  nn::save_npy(folder_ / "x.npy",
               nn::Array::of_floats({2, 2, 2, 3}, std::vector<float>(24, 0.25F)));
  ASSERT_EQ(in_folder({"init", "m.onnx", "--inputs", "x.npy"}).status, 0);
  EXPECT_THAT(spec(), HasSubstr("# Guessed: stored samples are [2, 2, 2, 3], the network's input "
                                "is [?, 3, 2, 2].\nlayout = \"nhwc_to_nchw\"\n"));
  EXPECT_THAT(spec(), HasSubstr("do not look like pixels; taken as they are.\nscale = 1.0\n"));
  expect_compiles();
}

// Maps of any height and width: conv 3 -> 1 channels, mean, one result.
ModelBuilder open_model() {
  ModelBuilder model;
  model.input("x", {nn::kUnknown, 3, nn::kUnknown, nn::kUnknown});
  model.floats("w", {2, 3, 1, 1}, {1, -1, 0.5F, 0.25F, -0.5F, 1});
  model.node("Conv", {"x", "w"}, {"c"}, "conv").node("GlobalAveragePool", {"c"}, {"g"}, "mean");
  return model.node("Flatten", {"g"}, {"y"}, "flat").output("y", {nn::kUnknown, 2});
}

TEST_F(Init, TakesTheExtentsThatAModelLeavesOpen) {
  base::write_file(folder_ / "m.onnx", open_model().bytes());
  for (const char* shape : {"3x2x4", "x=3x2x4"}) {
    const Ended ended = in_folder({"init", "m.onnx", "--force", "--input-shape", shape});
    ASSERT_EQ(ended.status, 0) << ended.err;
    EXPECT_THAT(spec(), HasSubstr("# Input \"x\" [?, 3, 2, 4].\n"));
    EXPECT_EQ(in_folder({"check", "-q", "m.onnx", "--spec", "spec.toml"}).err.find("E0320"),
              std::string::npos);
  }
  expect_fault(in_folder({"init", "m.onnx", "--force"}), Code::kUsage,
               {"input \"x\" of shape [?, 3, ?, ?] leaves more open than the batch",
                "--input-shape \"x\"=3x224x224"});
  expect_fault(in_folder({"init", "m.onnx", "--force", "--input-shape", "3x"}), Code::kUsage,
               {"\"3x\" is not whole numbers joined by x"});
  expect_fault(in_folder({"init", "m.onnx", "--force", "--input-shape", "2x2x4"}),
               Code::kKeyConflict, {"a sample of 2x2x4 is not what input \"x\""});
}

TEST_F(Init, TakesOpenExtentsFromTheSamples) {
  base::write_file(folder_ / "m.onnx", open_model().bytes());
  const auto write = [&](const nn::Shape& shape) {
    nn::save_npy(folder_ / "x.npy", nn::Array::of_floats(shape, std::vector<float>(48, 0.25F)));
  };
  write({2, 3, 2, 4});
  ASSERT_EQ(in_folder({"init", "m.onnx", "--inputs", "x.npy"}).status, 0);
  EXPECT_THAT(spec(), HasSubstr("# From the samples, which are [2, 3, 2, 4].\n"
                                "input_shape = \"3x2x4\"\n"));
  expect_compiles();
  write({2, 2, 4, 3});
  ASSERT_EQ(in_folder({"init", "m.onnx", "--inputs", "x.npy", "--force"}).status, 0);
  EXPECT_THAT(spec(), HasSubstr("\ninput_shape = \"3x2x4\"\n"));
  EXPECT_THAT(spec(), HasSubstr("\nlayout = \"nhwc_to_nchw\"\n"));
  expect_compiles();
  write({2, 24});
  const auto init = [&](const char* shape) {
    return in_folder({"init", "m.onnx", "--inputs", "x.npy", "--force", "--input-shape", shape});
  };
  expect_fault(in_folder({"init", "m.onnx", "--inputs", "x.npy", "--force"}), Code::kUsage,
               {"--input-shape"});
  ASSERT_EQ(init("3x4x2").status, 0);
  expect_compiles();
  expect_fault(init("3x4x4"), Code::kBadSamples, {"a sample has 24 elements"});
}

TEST_F(Init, RefusesToOverwrite) {
  base::write_file(folder_ / "m.onnx", test::small_model().bytes());
  base::write_file(folder_ / "spec.toml", "mine");
  expect_fault(in_folder({"init", "m.onnx"}), Code::kUsage,
               {"spec.toml exists already", "--force"});
  EXPECT_EQ(spec(), "mine");
  EXPECT_EQ(in_folder({"init", "m.onnx", "--force"}).status, 0);
  EXPECT_THAT(spec(), HasSubstr("Written by fpsa init"));
}

TEST_F(Init, RefusesWhatWouldNotRun) {
  base::write_file(folder_ / "m.onnx", test::small_model().bytes());
  test::write_samples(folder_ / "x.npy", 3);
  expect_fault(in_folder({"init", "m.onnx", "--labels", "x.npy"}), Code::kUsage, {"--inputs"});
  expect_fault(in_folder({"init", "none.onnx"}), Code::kFileUnreadable, {"none.onnx"});
  nn::save_npy(folder_ / "y.npy", nn::Array::of_floats({3}, {0, 2, 1}));
  expect_fault(in_folder({"init", "m.onnx", "--inputs", "x.npy", "--labels", "y.npy"}),
               Code::kBadSamples, {"label 1 is 2", "y.npy"});
  nn::save_npy(folder_ / "z.npy", nn::Array::of_floats({1, 5}, std::vector<float>(5)));
  expect_fault(in_folder({"init", "m.onnx", "--inputs", "z.npy"}), Code::kBadSamples,
               {"a sample has 5 elements"});
  ModelBuilder wide;
  wide.input("x", {nn::kUnknown, 2}).floats("s", {}, {0.5F}).ints("z", {}, {0}, 4);
  wide.node("QuantizeLinear", {"x", "s", "z"}, {"q"}, "q")
      .node("DequantizeLinear", {"q", "s", "z"}, {"d"}, "d");
  wide.floats("w", {2, 2}, {1, 0, 0, 1}).node("MatMul", {"d", "w"}, {"y"}, "product").output("y");
  wide.model().mutable_opset_import(0)->set_version(21);
  base::write_file(folder_ / "wide.onnx", wide.bytes());
  expect_fault(in_folder({"init", "wide.onnx"}), Code::kActivationBits,
               {"activations have 16 bits; pe.activation_bits is at most 12"});
  EXPECT_EQ(test::entries(folder_.path()),
            (std::vector<std::string>{"m.onnx", "wide.onnx", "x.npy", "y.npy", "z.npy"}));
}

TEST_F(Init, TheModelMayComeLastAndItsInputMayBeNamed) {
  base::write_file(folder_ / "m.onnx", test::small_model().bytes());
  test::write_samples(folder_ / "x.npy", 3);
  ASSERT_EQ(in_folder({"init", "--inputs", "x.npy", "m.onnx"}).status, 0);
  EXPECT_THAT(spec(), HasSubstr("\ninputs = \"x.npy\"\n"));
  ASSERT_EQ(in_folder({"init", "--force", "--inputs", "x=x.npy", "m.onnx"}).status, 0);
  EXPECT_THAT(spec(), HasSubstr("\ninputs = { \"x\" = \"x.npy\" }\n"));
  expect_compiles();
}

TEST_F(Init, PrintsADocument) {
  base::write_file(folder_ / "m.onnx", test::small_model().bytes());
  test::write_samples(folder_ / "x.npy", 3);
  const Ended ended = in_folder({"init", "m.onnx", "--inputs", "x.npy", "--json"});
  const auto json = nlohmann::json::parse(ended.out, nullptr, false);
  EXPECT_EQ(json["spec"], "spec.toml");
  EXPECT_EQ(json["compiles"], true);
  EXPECT_EQ(json["keys"]["data.scale"], 1.0);
}

}  // namespace
