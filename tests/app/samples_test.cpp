// Samples and labels as a spec names them, to the figures that come out.
#include <nlohmann/json.hpp>

#include "app/command_line.hpp"
#include "app/small_project.hpp"

namespace {

using base::Code;
using nn::testing::ModelBuilder;
using test::Ended;
using test::expect_fault;
using test::fpsa;
using test::SmallProject;

class SampleFiles : public testing::Test {
 protected:
  /// A spec for model.onnx with the lines of its [data] and [simulate].
  void write_spec(const std::string& data, const std::string& simulate = "") {
    base::write_file(project_ / "spec.toml",
                     "name = \"small\"\n[model]\nfile = \"model.onnx\"\n[data]\n" + data +
                         "[quantise]\nmethod = \"max\"\n"
                         "[pe]\nrows = 8\ncols = 8\nweight_bits = 12\nactivation_bits = 10\n"
                         "crossbar = \"serial\"\n[simulate]\n" +
                         simulate);
  }
  Ended compile() { return fpsa({"compile", "spec.toml", "-o", "x"}, {.folder = project_.path()}); }
  Ended emulate(const std::string& more = "-q") {
    return fpsa({"simulate", "x", "--level", "emulate", more}, {.folder = project_.path()});
  }
  /// The levels that compile and simulate come to.
  nlohmann::json levels() {
    const Ended compiled = compile();
    EXPECT_EQ(compiled.status, 0) << compiled.err;
    const Ended ended = emulate("--json");
    EXPECT_EQ(ended.status, 0) << ended.err;
    return nlohmann::json::parse(ended.out, nullptr, false)["levels"];
  }
  void write_floats(const std::string& name, const nn::Shape& shape,
                    const std::vector<float>& values) {
    nn::save_npy(project_ / name, nn::Array::of_floats(shape, values));
  }
  /// y = x . w, x of shape `input` a sample, w diagonal but for what `weights` says.
  void write_product(const nn::Shape& input, const std::vector<float>& weights, int outputs) {
    nn::Shape batch = input;
    batch.insert(batch.begin(), nn::kUnknown);
    const auto count = static_cast<std::int64_t>(weights.size()) / outputs;
    ModelBuilder model;
    model.input("x", batch)
        .node("Flatten", {"x"}, {"f"}, "flat")
        .floats("w", {count, outputs}, weights)
        .node("MatMul", {"f", "w"}, {"y"}, "product")
        .output("y", {nn::kUnknown, outputs});
    project_.write_model(model.bytes());
  }

  SmallProject project_;
};

constexpr const char* kData = "inputs = \"x.npy\"\ncalibration = \"x.npy\"\nlabels = \"y.npy\"\n";

TEST_F(SampleFiles, AClassifierOfOneOutputIsJudgedByItsSign) {
  write_product({2}, {1, -1}, 1);
  write_floats("x.npy", {4, 2}, {1, 0, 0, 1, 0.75, 0.25, 0.5, 1});
  write_floats("y.npy", {4}, {1, 0, 1, 0});
  write_spec(kData);
  for (const auto& level : levels()) EXPECT_EQ(level["accuracy"], 1.0) << level;
  write_spec(std::string(kData) + "threshold = 0.75\n");
  for (const auto& level : levels()) EXPECT_EQ(level["accuracy"], 0.75) << level;
}

TEST_F(SampleFiles, ARegressionReportsItsError) {
  write_product({2}, {1, -1}, 1);
  write_floats("x.npy", {2, 2}, {1, 0, 0, 1});
  write_floats("y.npy", {2, 1}, {1.5, -1});
  write_spec(kData);
  const nlohmann::json all = levels();
  ASSERT_EQ(all.size(), 2u);  // emulate, and the integers that it is compared with
  for (const auto& level : all) {
    EXPECT_EQ(level["accuracy"], nullptr);
    EXPECT_NEAR(level["mean_error"].get<double>(), 0.25, 0.002);
    EXPECT_NEAR(level["rms_error"].get<double>(), std::sqrt(0.125), 0.002);
  }
  const Ended text = fpsa({"simulate", "x", "--level", "emulate"}, {.folder = project_.path()});
  EXPECT_THAT(text.out,
              testing::ContainsRegex("Error on 2 samples\n  integer +0[.]35[0-9]* root mean "
                                     "square +0[.]2[0-9]* mean"));
}

TEST_F(SampleFiles, LabelsThatDoNotFitAreRefused) {
  write_product({2}, {1, 0, 0, 1}, 2);
  write_floats("x.npy", {2, 2}, {1, 0, 0, 1});
  write_spec(kData);
  write_floats("y.npy", {2}, {1, 2});
  ASSERT_EQ(compile().status, 0);
  expect_fault(emulate(), Code::kBadSamples, {"label 1 is 2", "y.npy", "subtract 1"});
  write_floats("y.npy", {3}, {0, 1, 1});
  expect_fault(emulate(), Code::kBadSamples, {"labels of shape [3] for 2 samples"});
}

TEST_F(SampleFiles, LayoutIsAKey) {
  write_product({2, 1, 2}, {1, 0, 0, 0, 0, 1, 0, 0}, 2);  // sums of the first pixel's channels
  write_floats("x.npy", {2, 1, 2, 2}, {1, 0.5, 0, 0, 0.5, 1, 0, 0});
  write_floats("y.npy", {2}, {0, 1});
  write_spec(kData);
  expect_fault(compile(), Code::kBadSamples,
               {"channels come last", "x.npy", "try: data.layout = \"nhwc_to_nchw\""});
  write_spec(std::string(kData) + "layout = \"nhwc_to_nchw\"\n");
  for (const auto& level : levels()) EXPECT_EQ(level["accuracy"], 1.0) << level;
}

TEST_F(SampleFiles, AFileShorterThanTheUsualNumberIsUsedWhole) {
  write_spec("inputs = \"samples.npy\"\ncalibration = \"samples.npy\"\n");
  const Ended compiled = compile();
  EXPECT_EQ(compiled.status, 0);
  EXPECT_THAT(compiled.err, testing::HasSubstr("data.calibration: all 8 samples are used"));
  const Ended ended = emulate("--json");
  EXPECT_THAT(ended.err, testing::HasSubstr("data.inputs: all 8 samples are used"));
  EXPECT_THAT(ended.out, testing::HasSubstr("\"samples\": 8"));
  write_spec("inputs = \"samples.npy\"\ncalibration = \"samples.npy\"\ncalibration_samples = 9\n");
  expect_fault(compile(), Code::kBadSamples, {"9 samples are wanted, the file has 8"});
}

TEST_F(SampleFiles, WhatAFolderHoldsBesideImagesIsSaid) {
  write_product({1, 1, 2}, {1, 0, 0, 1}, 2);
  base::write_file(project_ / "images/img2.pgm",
                   "P5 2 1 255\n\xff"
                   "a");
  base::write_file(project_ / "images/img10.PGM", "P5 2 1 255# last\na\xff");
  base::write_file(project_ / "images/notes.txt", "no image");
  write_floats("y.npy", {2}, {0, 1});
  write_spec("inputs = \"images\"\ncalibration = \"images\"\nlabels = \"y.npy\"\n");
  for (const auto& level : levels()) EXPECT_EQ(level["accuracy"], 1.0) << level;
  EXPECT_THAT(emulate("--json").err,
              testing::HasSubstr("data.inputs: skipped, not .pgm, .ppm or .pnm: "
                                 "notes.txt"));
  expect_fault(emulate("--samples=3"), Code::kBadSamples,
               {"3 samples are wanted, the file has 2; skipped", "notes.txt"});
}

TEST_F(SampleFiles, AFixedBatchIsNoReasonToRefuseASample) {
  ModelBuilder model;
  model.input("x", {64, 4}).floats("w", {4, 2}, {1, 0, 0, 1, 1, 0, 0, 1});
  model.node("MatMul", {"x", "w"}, {"y"}, "product").output("y", {64, 2});
  project_.write_model(model.bytes());
  write_floats("x.npy", {3, 4}, {1, 0, 1, 0, 0, 1, 0, 1, 1, 0, 0.5, 0.25});
  write_floats("y.npy", {3}, {0, 1, 0});
  write_spec(kData);
  for (const auto& level : levels()) EXPECT_EQ(level["accuracy"], 1.0) << level;
}

TEST_F(SampleFiles, AnInputWithoutASampleAxisIsNamed) {
  ModelBuilder model;
  model.input("x", {4}).floats("w", {4, 2}, std::vector<float>(8, 1));
  model.node("MatMul", {"x", "w"}, {"y"}, "product").output("y", {2});
  project_.write_model(model.bytes());
  write_spec("calibration = \"samples.npy\"\n");
  expect_fault(
      compile(), Code::kBadSamples,
      {"input is [4]: it has no axis for the samples", "samples.npy", "batch axis in front"});
}

}  // namespace
