// When data.scale seems to be forgotten, and when not.
#include "app/scale_hint.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/command_line.hpp"
#include "app/small_project.hpp"

namespace {

using nn::testing::ModelBuilder;
using testing::HasSubstr;

// y = gain * (x, -x); with `top` the input is first quantised to 8 bits up to it.
ModelBuilder two_outputs(float gain, float top = 0) {
  ModelBuilder model;
  model.input("x", {nn::kUnknown, 1}).floats("w", {1, 2}, {gain, -gain});
  if (top > 0) {
    model.floats("s", {}, {top / 255}).ints("z", {}, {0}, 2);
    model.node("QuantizeLinear", {"x", "s", "z"}, {"q"}, "q");
    model.node("DequantizeLinear", {"q", "s", "z"}, {"d"}, "d");
  }
  model.node("MatMul", {top > 0 ? "d" : "x", "w"}, {"y"}, "product").output("y");
  return model;
}

std::string evidence(const ModelBuilder& model, std::vector<float> values) {
  const auto count = static_cast<std::int64_t>(values.size());
  const auto finding =
      app::pixel_finding(model.import(), {nn::Array::of_floats({count, 1}, std::move(values))});
  return finding ? finding->evidence : "no pixels";
}

TEST(ScaleHint, OutputsFarApartAreEvidence) {
  EXPECT_THAT(evidence(two_outputs(10), {0, 100, 255}), HasSubstr("outputs differ by 2000"));
  EXPECT_EQ(evidence(two_outputs(0.1F), {0, 100, 255}), "");
}

TEST(ScaleHint, SaturationOfTheInputIsEvidence) {
  EXPECT_THAT(evidence(two_outputs(1, 1), {0, 1, 128, 255, 255}),
              HasSubstr("75 % of those above 0 lie beyond 1,"));
  EXPECT_EQ(evidence(two_outputs(1, 255), {0, 1, 128, 255}), "");
  EXPECT_EQ(evidence(two_outputs(1, 200), {1, 2, 3, 100, 255}), "");
}

TEST(ScaleHint, OnlyWholeNumbersUpToHundredsArePixels) {
  EXPECT_EQ(evidence(two_outputs(10), {0, 0.5, 255}), "no pixels");
  EXPECT_EQ(evidence(two_outputs(10), {-1, 255}), "no pixels");
  EXPECT_EQ(evidence(two_outputs(10), {0, 99}), "no pixels");
  EXPECT_EQ(evidence(two_outputs(10), {0, 65536}), "no pixels");
}

TEST(ScaleHint, TheScaleIsThatOfAWholeNumberOfBits) {
  const auto unit = [](float greatest) {
    return 1 /
           app::pixel_finding(two_outputs(1).import(), {nn::Array::of_floats({1, 1}, {greatest})})
               ->unit;
  };
  EXPECT_EQ(unit(101), 255);
  EXPECT_EQ(unit(255), 255);
  EXPECT_EQ(unit(1000), 1023);
  EXPECT_EQ(unit(65535), 65535);
}

// The note is a line under the stage, once, and gone when the scale is given.
TEST(ScaleHint, IsANoteOfTheCalibration) {
  test::SmallProject project;
  std::vector<std::int64_t> pixels(32);
  for (std::size_t i = 0; i < pixels.size(); ++i) pixels[i] = static_cast<std::int64_t>(i * 8 + 7);
  nn::save_npy(project / "samples.npy", nn::Array::of_ints(nn::DType::kUint8, {8, 4}, pixels));
  const auto compile = [&](const std::string& lines) {
    project.write_spec(lines);
    const auto ended = test::fpsa({"compile", "spec.toml", "-o", "x"}, {.folder = project.path()});
    EXPECT_EQ(ended.status, 0) << ended.err;
    return ended.err;
  };
  EXPECT_THAT(compile(""), HasSubstr("data.scale: the stored values go up to 255, and the outputs "
                                     "differ by "));
  EXPECT_THAT(compile("[quantise]\nmethod = \"max\"\n"),
              HasSubstr("set data.scale = 0.00392156862745098\n"));
  const auto silent =
      test::fpsa({"simulate", "x", "--level", "emulate"}, {.folder = project.path()});
  EXPECT_THAT(silent.err, testing::Not(HasSubstr("data.scale")));
}

}  // namespace
