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

TEST(Text, OfNothing) { EXPECT_EQ(report::text({{"schema_version", 1}}), ""); }

TEST(Text, AFigureThatWasNotMeasuredIsLeftOut) {
  nlohmann::json json = metrics();
  json["simulation"]["cycles_per_sample"] = nullptr;
  json["levels"][0]["accuracy"] = nullptr;
  const std::string text = report::text(json);
  EXPECT_EQ(text.find("clocks an inference"), std::string::npos);
  EXPECT_NE(text.find("  float                        -\n"), std::string::npos) << text;
}

TEST(Text, OfALayer) {
  const nlohmann::json json = metrics();
  expect_golden("report/layer.txt", report::layer_text(json, json["quantisation"]["layers"][2]));
}

}  // namespace
