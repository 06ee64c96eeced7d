// Layers of cells and engines in RTL against their emulation: random shapes, block sizes, widths
// and pauses, with a reset in the middle.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "app/unit_job.hpp"
#include "base/error.hpp"
#include "base/rng.hpp"
#include "rig.hpp"

namespace {

namespace fs = std::filesystem;

// A random layer; `size` is the most of blocks, elements and streams.
units::Settings random_settings(const units::Kind& kind, int size, base::Rng& rng) {
  units::Settings settings = units::settings_of(kind, {});
  const auto draw = [&](const char* name, int low, int high) {
    settings[name] = static_cast<int>(rng.between(low, high));
    return settings[name];
  };
  const bool lstm = kind.name == "lstm";
  const int block = draw("block", 0, 4);
  const int inputs = draw("inputs", 1, size);
  const int cells = draw("cells", 1, size);
  const int outputs = lstm && draw("projection", 0, size) > 0 ? settings["projection"] : cells;
  const int gates = kind.name == "rnn" ? 1 : 3;
  draw("lanes", 1, std::min(gates * cells, inputs + outputs));
  if (kind.name != "rnn") draw("projection_lanes", 1, std::min(outputs, cells));
  if (kind.name == "gru") draw("reset", 0, 1);
  if (lstm) draw("peepholes", 0, 1);
  draw("streams", 1, size);
  draw("elements", 0, block);
  draw("bits", 8, 18);
  draw("weight_bits", 4, 18);
  draw("weight_fraction", 3, 18);
  for (const char* name : {"functions", "complex", "multiplier"}) draw(name, 0, 1);
  draw("segment_bits", 2, 3);
  draw("rounding", 0, 2);
  draw("levels", 1, 6);
  draw("frames", 1, 5);
  if (rng.below(4) == 0) draw("multipliers", 100, 500);  // then lanes and elements are others
  return settings;
}

void simulate(const units::Kind& kind, const units::Settings& settings, std::uint64_t seed,
              config::Simulator simulator) {
  config::Spec spec;
  spec.name = kind.name;
  spec.simulate.seed = seed;
  const fs::path folder = test::run_folder(fmt::format("recurrent_{}_{}", kind.name, seed));
  base::StagedDirectory out = app::output_directory(folder, {}, true);
  app::generate_unit(kind, settings, spec, out);
  app::SimulateOptions options;
  options.directory = folder;
  options.simulate.simulator = simulator;
  options.simulate.seed = seed;
  options.simulate.idle = static_cast<double>(seed % 4) * 0.25;
  base::Progress progress(1, stderr, true);
  std::string text = fmt::format("seed {}:", seed);
  for (const auto& [name, value] : settings) text += fmt::format(" {}={}", name, value);
  try {
    EXPECT_TRUE(
        app::simulate_unit(options, app::read_manifest(folder), progress).starts_with("PASS"));
  } catch (const base::Error& error) {
    ADD_FAILURE() << text << "\n" << error.what();
  }
  fs::remove_all(folder);
}

class Recurrent : public testing::TestWithParam<std::uint64_t> {};

TEST_P(Recurrent, EqualsItsEmulationInIcarus) {
  base::Rng rng(GetParam());
  const units::Kind& kind = units::kind_of(std::array{"lstm", "gru", "rnn"}[GetParam() % 3]);
  simulate(kind, random_settings(kind, 3, rng), GetParam(), config::Simulator::kIcarus);
}

INSTANTIATE_TEST_SUITE_P(Seeds, Recurrent, testing::Range<std::uint64_t>(1, 121));

class LargerRecurrent : public testing::TestWithParam<std::uint64_t> {};

TEST_P(LargerRecurrent, EqualsItsEmulationInVerilator) {
  base::Rng rng(GetParam());
  const units::Kind& kind = units::kind_of(std::array{"lstm", "gru"}[GetParam() % 2]);
  simulate(kind, random_settings(kind, 7, rng), GetParam(), config::Simulator::kVerilator);
}

INSTANTIATE_TEST_SUITE_P(Seeds, LargerRecurrent, testing::Range<std::uint64_t>(201, 205));

}  // namespace
