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

TEST_F(Several, IcarusStreamsThemToo) {
  write_spec(both("inputs calibration") + "[simulate]\nsimulator = \"icarus\"\n");
  const nlohmann::json found = figures("rtl");
  EXPECT_EQ(found["simulation"]["verdict"], "pass");
  EXPECT_EQ(found["levels"][3]["outputs"], found["levels"][1]["outputs"]);
}

}  // namespace
