// The registry of kinds, and what it makes of each.
#include "units/kind.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/error.hpp"

namespace units {
namespace {

config::Spec small_spec(std::uint64_t seed) {
  config::Spec spec;
  spec.pe.rows = 6;
  spec.pe.cols = 5;
  spec.pe.crossbar = config::Crossbar::kParallel;
  spec.simulate.seed = seed;
  return spec;
}

TEST(Kinds, HaveNamesInOrder) {
  const auto by_name = [](const Kind& a, const Kind& b) { return a.name < b.name; };
  EXPECT_TRUE(std::ranges::is_sorted(kinds(), by_name));
  for (const char* name : {"circulant", "csr", "delay", "encoder", "fft", "gru", "line", "lstm",
                           "marks", "pe", "sequencer", "smb", "table"})
    EXPECT_EQ(kind_of(name).name, name);
}

// The bench instantiates the module by the name that the printer leaves it.
TEST(Kinds, AreLegalModulesAlone) {
  for (const Kind& kind : kinds()) {
    const Alone alone = kind.alone(settings_of(kind, {}), small_spec(1));
    verilog::Design netlist(alone.module.name());
    netlist.add(alone.module);
    for (const verilog::Module& module : alone.below) netlist.add(module);
    EXPECT_NO_THROW(verify(netlist)) << kind.name;
    EXPECT_EQ(legalize(netlist).top(), alone.module.name());
    EXPECT_TRUE(alone.bench.contains("tb_params.vh")) << kind.name;
  }
}

TEST(Kinds, DrawTheirStimuliFromTheSeed) {
  for (const Kind& kind : kinds()) {
    const Settings settings = settings_of(kind, {});
    const auto bench = [&](std::uint64_t seed) {
      return kind.alone(settings, small_spec(seed)).bench;
    };
    EXPECT_EQ(bench(1), bench(1)) << kind.name;
    EXPECT_NE(bench(1), bench(2)) << kind.name;
  }
}

TEST(Kinds, TakeSettingsAsNumbersOrWords) {
  const Settings settings =
      settings_of(kind_of("encoder"), {{"lanes", "7"}, {"train", "rate"}, {"lanes", "9"}});
  EXPECT_EQ(settings.at("lanes"), 9);
  EXPECT_EQ(settings.at("train"), 1);
  EXPECT_EQ(settings.at("beat_lanes"), 4);
}

TEST(Kinds, RefuseSettingsThatDoNotFitTogether) {
  using Words = std::vector<std::pair<std::string, std::string>>;
  const std::vector<std::pair<std::string, Words>> wrong{
      {"fft", {{"out_bits", "1"}}},
      {"fft", {{"halvings", "4"}}},
      {"circulant", {{"lanes", "5"}}},
      {"circulant", {{"halvings", "4"}}},
      {"circulant", {{"rows", "1024"}, {"cols", "1024"}, {"block", "8"}}},
      {"gru", {{"elements", "16"}}},
      {"gru", {{"bits", "8"}}},
      {"lstm", {{"lanes", "7"}}},
      {"lstm", {{"projection", "2"}, {"projection_lanes", "3"}}},
      {"rnn", {{"lanes", "5"}}},
      {"rnn", {{"cells", "1024"}, {"inputs", "1024"}, {"block", "4"}}}};
  for (const auto& [unit, words] : wrong) {
    const Kind& kind = kind_of(unit);
    const Settings settings = settings_of(kind, words);
    try {
      kind.alone(settings, small_spec(1));
      ADD_FAILURE() << unit << " " << words.front().first;
    } catch (const base::Error& error) {
      EXPECT_EQ(error.faults().front().code, base::Code::kOutOfRange) << error.what();
    }
  }
}

}  // namespace
}  // namespace units
