// Every kind of unit by itself: RTL equals emulation in every clock, whatever its settings.
#include <gtest/gtest.h>

#include <algorithm>

#include "app/unit_job.hpp"
#include "base/error.hpp"
#include "base/files.hpp"
#include "base/rng.hpp"
#include "rig.hpp"

namespace {

namespace fs = std::filesystem;

// A map in which some window and a token fit, and as many rows as that takes.
void make_fit(units::Settings& settings) {
  settings["value_bits"] = std::min(settings["value_bits"], 4);
  settings["channels"] = std::min(settings["channels"], 6);
  settings["rows"] = 0;
  // A token of a dealt map has the channels of all its places.
  for (const char* repeat : {"repeat_rows", "repeat_cols"})
    settings[repeat] = std::min(settings[repeat], 3);
  for (const char* side : {"write", "read"})
    if (settings[side] == 1) settings[std::string(side) + "_zeros"] %= 2;
  const auto at_least = [&settings](const char* size, const std::string& axis, int cropped) {
    const int span = (settings["kernel_" + axis] - 1) * settings["dilation_" + axis] + 1;
    const int repeat = settings["repeat_" + axis];
    settings[size] = std::max(settings[size] % 12, (span + cropped + repeat - 1) / repeat);
  };
  at_least("height", "rows", settings["crop_top"] + settings["crop_bottom"]);
  at_least("width", "cols", settings["crop_left"] + settings["crop_right"]);
  settings["beside"] = std::min({settings["beside"], settings["width"], 3});
  settings["neighbours"] = std::min(settings["neighbours"], 3);
}

// Small ones mostly: ends of ranges and what lies near them.
units::Settings random_settings(const units::Kind& kind, base::Rng& rng) {
  units::Settings settings;
  for (const units::Setting& setting : kind.settings) {
    const int most =
        setting.words.empty() ? std::min(setting.high, setting.low + 24) : setting.high;
    settings[setting.name] = static_cast<int>(rng.between(setting.low, most));
  }
  // A window of a rate train has 2^n ticks.
  if (settings.contains("train") && settings["train"] == 1)
    settings["activation_bits"] = std::min(settings["activation_bits"], 4);
  if (kind.name == "smb") {
    settings["value_bits"] = std::min(settings["value_bits"], 4);
    // One tick is no window to compare in.
    if (settings["write"] == 0 && settings["value_bits"] + settings["write_zeros"] == 1)
      settings["merge"] = 0;
    for (const char* side : {"write", "read"})
      if (settings[side] == 1) settings[std::string(side) + "_zeros"] %= 2;
  }
  if (kind.name == "line") make_fit(settings);
  if (kind.name == "circulant") {
    settings["block"] = std::min(settings["block"], 4);
    settings["rows"] = std::min(settings["rows"], 9);
    settings["cols"] = std::min(settings["cols"], 9);
    settings["lanes"] = std::min({settings["lanes"], settings["rows"], settings["cols"]});
    settings["halvings"] = std::min(settings["halvings"], settings["block"]);
  }
  if (kind.name == "lstm" || kind.name == "gru" || kind.name == "rnn") {
    settings["block"] = std::min(settings["block"], 4);
    for (const char* name : {"inputs", "cells", "projection"})
      if (settings.contains(name)) settings[name] = std::min(settings[name], 4);
    const int gates = kind.name == "rnn" ? 1 : 3;
    const int projected = kind.name == "lstm" ? settings["projection"] : 0;
    const int outputs = projected > 0 ? projected : settings["cells"];
    settings["multipliers"] = 0;  // which lanes and elements they make is no matter of the RTL
    settings["streams"] = std::min(settings["streams"], 5);
    settings["frames"] = std::min(settings["frames"], 3);
    settings["segment_bits"] = std::min(settings["segment_bits"], settings["bits"] - 5);
    settings["elements"] = std::min(settings["elements"], settings["block"]);
    settings["lanes"] =
        std::min({settings["lanes"], gates * settings["cells"], settings["inputs"] + outputs});
    if (kind.name != "rnn")
      settings["projection_lanes"] =
          std::min({settings["projection_lanes"], outputs, settings["cells"]});
  }
  if (kind.name == "fft") {
    settings["points"] = std::min(settings["points"], 3);
    settings["halvings"] = std::min(settings["halvings"], settings["points"] + 1);
    if (settings["out_bits"] == 1) settings["out_bits"] = 0;
  }
  if (kind.name == "table") {
    const bool rate = settings["train"] == 1;
    settings["input_bits"] = std::min(settings["input_bits"], rate ? 4 : 9);
    settings["output_bits"] = std::min(settings["output_bits"], rate ? 4 : 16);
    if (rate) settings["zeros"] %= 2;
  }
  return settings;
}

// In the running test's own folder: ctest runs several at a time.
fs::path generated(const units::Kind& kind, const units::Settings& settings, std::uint64_t seed) {
  config::Spec spec;
  spec.name = kind.name;
  spec.simulate.seed = seed;
  std::string name = testing::UnitTest::GetInstance()->current_test_info()->name();
  std::ranges::replace(name, '/', '_');
  const fs::path folder = test::run_folder("unit_" + name);
  base::StagedDirectory out = app::output_directory(folder, {}, true);
  app::generate_unit(kind, settings, spec, out);
  return folder;
}

std::string simulate(const fs::path& folder, config::Simulator simulator) {
  app::SimulateOptions options;
  options.directory = folder;
  options.simulate.simulator = simulator;
  base::Progress progress(1, stderr, true);
  return app::simulate_unit(options, app::read_manifest(folder), progress);
}

class AnyUnit : public testing::TestWithParam<std::string> {};

TEST_P(AnyUnit, EqualsItsEmulation) {
  const units::Kind& kind = units::kind_of(GetParam());
  base::Rng rng(3);
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    const units::Settings settings =
        seed == 1 ? units::settings_of(kind, {}) : random_settings(kind, rng);
    const fs::path folder = generated(kind, settings, seed);
    std::string text;
    for (const auto& [name, value] : settings) text += name + "=" + std::to_string(value) + " ";
    try {
      EXPECT_TRUE(simulate(folder, config::Simulator::kIcarus).starts_with("PASS"));
    } catch (const base::Error& error) {
      ADD_FAILURE() << text << "\n" << error.what();
    }
  }
}

// The bench is one that can fail: an expected bit that is another is found.
class ClockedUnit : public AnyUnit {};

TEST_P(ClockedUnit, DiffersFromAnotherEmulation) {
  const units::Kind& kind = units::kind_of(GetParam());
  const fs::path folder = generated(kind, units::settings_of(kind, {}), 1);
  const fs::path file = folder / "tb/vectors/expected.mem";
  std::string text = base::read_file(file);
  char& digit = text[text.size() / 2];
  while (digit == '\n') ++(&digit)[0];
  digit = digit == '0' ? '1' : '0';
  base::write_file(file, text);
  EXPECT_THROW(simulate(folder, config::Simulator::kIcarus), base::Error);
}

// The PE has tests of its own in pe_sim.cpp.
std::vector<std::string> names(bool clocked_only) {
  std::vector<std::string> names;
  for (const units::Kind& kind : units::kinds())
    if (kind.name != "pe" && (!clocked_only || kind.bench == "fpsa_tb_unit"))
      names.push_back(kind.name);
  return names;
}

INSTANTIATE_TEST_SUITE_P(Kinds, AnyUnit, testing::ValuesIn(names(false)),
                         [](const auto& one) { return one.param; });
INSTANTIATE_TEST_SUITE_P(Kinds, ClockedUnit, testing::ValuesIn(names(true)),
                         [](const auto& one) { return one.param; });

}  // namespace
