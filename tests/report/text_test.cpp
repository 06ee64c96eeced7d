#include "report/text.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "golden.hpp"

namespace {

// A run of the Fashion-MNIST network, simulated and synthesised for two technologies.
nlohmann::json metrics() {
  return nlohmann::json::parse(std::ifstream(FPSA_SOURCE_DIR "/tests/report/data/metrics.json"));
}

TEST(Text, OfAWholeRun) { expect_golden("report/run.txt", report::text(metrics())); }

TEST(Text, OfARunThatWasOnlyCompiled) {
  nlohmann::json json = metrics();
  for (const char* later : {"levels", "buses", "simulation", "synthesis"}) json.erase(later);
  const std::string whole = report::text(metrics());
  const std::string text = report::text(json);
  EXPECT_TRUE(whole.starts_with(text)) << text;
  EXPECT_NE(text.find("Design: 11 PEs"), std::string::npos);
  EXPECT_EQ(report::synthesis_text(json), "");
}

TEST(Text, OfLayersOverMaps) {
  nlohmann::json json = metrics();
  for (nlohmann::json& layer : json["network"]["layers"]) {
    layer["copies"] = 1;
    layer["utilisation"] = 0.5;
  }
  json["network"]["layers"][0].update({{"copies", 4}, {"windows", 144}, {"utilisation", 0.0635}});
  json["design"]["bound"] = {{"stream", "fc1"}, {"windows", 144}, {"ticks", 864}};
  const std::string text = report::text(json, 100);
  EXPECT_NE(text.find("4 copies  144 windows   6.35 % of cells"), std::string::npos) << text;
  EXPECT_NE(text.find("  1 copy    1 windows  50.00 % of cells"), std::string::npos) << text;
  EXPECT_NE(text.find("144 windows of fc1, 864 ticks"), std::string::npos) << text;
}

// Whatever stands in a file that somebody edited, printing it fails as a whole or not at all.
TEST(Text, OfNonsense) {
  EXPECT_TRUE(report::is_printable(metrics()));
  const auto with = [](const char* place, const nlohmann::json& value) {
    nlohmann::json json = metrics();
    json[nlohmann::json::json_pointer(place)] = value;
    return report::is_printable(json);
  };
  EXPECT_FALSE(with("/design", 1));
  EXPECT_FALSE(with("/design/train", 3));
  EXPECT_FALSE(with("/levels", nlohmann::json::array()));
  EXPECT_FALSE(with("/quantisation/layers/0", "fc1"));
  EXPECT_FALSE(with("/quantisation/layers/1/ties", nullptr)) << "only explain prints it";
  EXPECT_FALSE(with("/simulation/activity", "much"));
  EXPECT_FALSE(with("/synthesis/asic/area/modules/0/module", 7));
  EXPECT_FALSE(with("/synthesis/ice40/place_and_route/utilisation", 7));
}

TEST(Text, OfWhatLacksAFigure) {
  const nlohmann::json whole = metrics().flatten();
  for (const auto& [place, value] : whole.items()) {
    nlohmann::json rest = whole;
    rest.erase(place);
    rest = rest.unflatten();
    if (report::is_printable(rest)) EXPECT_FALSE(report::text(rest).empty()) << place;
  }
  nlohmann::json json = metrics();
  json["network"].erase("weights");
  EXPECT_FALSE(report::is_printable(json));
}

TEST(Text, OfTheFlowThatRan) {
  const std::string both = report::synthesis_text(metrics());
  const std::string asic = report::synthesis_text(metrics(), "asic");
  const std::string ice40 = report::synthesis_text(metrics(), "ice40");
  EXPECT_EQ(both, asic + ice40);
  EXPECT_NE(asic.find("Synthesis, asic"), std::string::npos);
  EXPECT_NE(ice40.find("Synthesis, ice40"), std::string::npos);
}

TEST(Text, OverloadsAndMacrosAreNamedOnlyWhereThereAre) {
  nlohmann::json json = metrics();
  EXPECT_NE(report::text(json).find("2 outputs beyond their max_capacitance"), std::string::npos);
  EXPECT_NE(report::text(json).find("without paths through 11 black boxes"), std::string::npos);
  json["synthesis"]["asic"]["timing"]["overloads"] = 0;
  json["synthesis"]["asic"]["timing"]["untimed_cells"] = 0;
  EXPECT_EQ(report::text(json).find("overloads"), std::string::npos);
  EXPECT_EQ(report::text(json).find("black boxes, which"), std::string::npos);
}

TEST(Text, OfNothing) { EXPECT_EQ(report::text({{"schema_version", 1}}), ""); }

TEST(Text, AFigureThatWasNotMeasuredIsLeftOut) {
  nlohmann::json json = metrics();
  json["simulation"]["cycles_per_sample"] = nullptr;
  json["levels"][0]["accuracy"] = nullptr;
  const std::string text = report::text(json);
  EXPECT_EQ(text.find("clocks an inference"), std::string::npos);
  EXPECT_NE(text.find("  float                        -\n"), std::string::npos) << text;
}

TEST(Text, EachOfSeveralOutputsHasItsScores) {
  nlohmann::json json = metrics();
  json["outputs"] = {{{"output", "class"}, {"compared_with", "labels"}},
                     {{"output", "box"}, {"compared_with", "float"}},
                     {{"output", "unseen"}, {"compared_with", nullptr}}};
  json["levels"] = {
      {{"level", "float"},
       {"outputs", {{{"accuracy", 0.5}}, {{"accuracy", nullptr}}, {{"accuracy", nullptr}}}}},
      {{"level", "rtl"},
       {"outputs",
        {{{"accuracy", 0.25}},
         {{"accuracy", nullptr}, {"rms_error", 0.125}, {"mean_error", 0.0625}},
         {{"accuracy", nullptr}}}}}};
  const std::string text = report::text(json);
  EXPECT_NE(text.find("\nAccuracy of \"class\" on 1000 samples\n"
                      "  float                  50.00 %\n"
                      "  rtl                    25.00 %\n"
                      "\nError of \"box\" against the float network on 1000 samples\n"
                      "  rtl                      0.125 root mean square    0.0625 mean\n\n"),
            std::string::npos)
      << text;
  EXPECT_EQ(text.find("unseen"), std::string::npos);
}

TEST(Text, SeveralOutputsOfTheStreamHaveALineEach) {
  nlohmann::json json = metrics();
  EXPECT_NE(report::text(json).find("  output stream "), std::string::npos);
  json["simulation"]["outputs"] = {{{"name", "class"}, {"compared", 4000}, {"mismatches", 0}},
                                   {{"name", "box"}, {"compared", 1000}, {"mismatches", 2}}};
  const std::string text = report::text(json);
  EXPECT_NE(text.find("  output class    4 000 compared  0 differ\n"
                      "  output box      1 000 compared  2 differ\n"),
            std::string::npos)
      << text;
  EXPECT_EQ(text.find("output stream"), std::string::npos);
}

TEST(Text, ShortestAndLongestWindowAreNamedWhereIslandsDiffer) {
  nlohmann::json json = metrics();
  EXPECT_NE(report::text(json).find("  window                              6 ticks\n"),
            std::string::npos);
  json["design"]["windows"] = {{{"island", "fc1"}, {"ticks", 6}},
                               {{"island", "fc2"}, {"ticks", 4}}};
  EXPECT_NE(report::text(json).find("  window                         4 to 6 ticks\n"),
            std::string::npos)
      << report::text(json);
}

TEST(Text, OfALayer) {
  const nlohmann::json json = metrics();
  expect_golden("report/layer.txt", report::layer_text(json, json["quantisation"]["layers"][2]));
}

}  // namespace
