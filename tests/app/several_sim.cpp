// Networks of several inputs and outputs down to RTL, as a user runs them.
#include "app/several_project.hpp"

namespace {

using Several = test::Several;

TEST_F(Several, EachOutputIsComparedByNameDownToRtl) {
  write_spec(both("inputs calibration") + "labels = { class = \"class.npy\" }\n");
  const nlohmann::json found = figures("rtl");
  ASSERT_EQ(found["levels"].size(), 4u);
  EXPECT_EQ(found["levels"][3]["level"], "rtl");
  EXPECT_EQ(found["levels"][3]["outputs"], found["levels"][1]["outputs"]) << "RTL is integer";
  EXPECT_EQ(found["levels"][3]["outputs"][0]["accuracy"], 0.75);
  const nlohmann::json outputs = {
      {{"name", "class"}, {"lanes", 2}, {"compared", 8}, {"mismatches", 0}},
      {{"name", "value"}, {"lanes", 2}, {"compared", 8}, {"mismatches", 0}}};
  EXPECT_EQ(found["simulation"]["outputs"], outputs);
  const auto results =
      nlohmann::json::parse(base::read_file(project_ / "x/reports/results.json"), nullptr, false);
  EXPECT_EQ(results["outputs"], outputs);
}

// An image beside a smaller one and a vector; a mask beside a smaller map and class scores.
nn::testing::ModelBuilder several_sizes() {
  const std::vector<std::int64_t> two{2, 2};
  nn::testing::ModelBuilder model;
  model.input("image", {nn::kUnknown, 1, 4, 4})
      .input("depth", {nn::kUnknown, 1, 2, 2})
      .input("meta", {nn::kUnknown, 3})
      .floats("w", {2, 1, 2, 2}, {1, -0.5F, 0.25F, 0.5F, -0.25F, 1, 0.5F, -1})
      .floats("v", {2, 1, 1, 1}, {1, -1})
      .floats("u", {1, 1, 3, 3}, {0, 1, 0, 1, -1, 1, 0, 1, 0})
      .floats("t", {8, 2}, {1, 0, 1, 0, 1, 0, 1, 0, 0, 1, 0, 1, 0, 1, 0, 1})
      .floats("s", {3, 2}, {1, 0, 0, 1, 1, 1})
      .node("Conv", {"image", "w"}, {"a"}, "of_image")
      .with("strides", two)
      .node("Conv", {"depth", "v"}, {"b"}, "of_depth")
      .node("Add", {"a", "b"}, {"c"}, "sum")
      .node("Relu", {"c"}, {"small"})
      .node("Conv", {"image", "u"}, {"mask"}, "mask")
      .with("pads", std::vector<std::int64_t>{1, 1, 1, 1})
      .node("Flatten", {"small"}, {"f"})
      .node("MatMul", {"f", "t"}, {"p"}, "of_maps")
      .node("MatMul", {"meta", "s"}, {"q"}, "of_meta")
      .node("Add", {"p", "q"}, {"class"}, "scores")
      .output("class", {nn::kUnknown, 2})
      .output("mask", {nn::kUnknown, 1, 4, 4})
      .output("small", {nn::kUnknown, 2, 2, 2});
  return model;
}

TEST_F(Several, MapsOfSeveralSizesTravelSideBySide) {
  project_.write_model(several_sizes().bytes());
  const auto write = [this](const std::string& name, const nn::Shape& shape) {
    std::vector<float> values;
    for (std::int64_t i = 0; i < nn::element_count(shape); ++i)
      values.push_back(static_cast<float>(i * 37 % 64) / 63);
    this->write(name, shape, values);
  };
  write("image.npy", {6, 1, 4, 4});
  write("depth.npy", {6, 1, 2, 2});
  write("meta.npy", {6, 3});
  const std::string files = R"({ image = "image.npy", depth = "depth.npy", meta = "meta.npy" })";
  write_spec("inputs = " + files + "\ncalibration = " + files + "\n");
  const nlohmann::json found = figures("rtl");
  EXPECT_EQ(found["simulation"]["verdict"], "pass");
  EXPECT_EQ(found["levels"][3]["outputs"], found["levels"][1]["outputs"]) << "RTL is integer";
  for (const auto& output : found["levels"][3]["outputs"])
    EXPECT_LT(output["rms_error"], 0.01) << output;
  EXPECT_EQ(found["simulation"]["outputs"][0]["compared"], 6 * 16 * 2) << "16 tokens";
}

TEST_F(Several, IcarusStreamsThemToo) {
  write_spec(both("inputs calibration") + "[simulate]\nsimulator = \"icarus\"\n");
  const nlohmann::json found = figures("rtl");
  EXPECT_EQ(found["simulation"]["verdict"], "pass");
  EXPECT_EQ(found["levels"][3]["outputs"], found["levels"][1]["outputs"]);
}

}  // namespace
