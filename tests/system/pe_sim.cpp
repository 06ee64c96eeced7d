// A PE by itself, of any shape, equals its emulation tick by tick in Icarus (with x) and in
// Verilator.
#include <gtest/gtest.h>

#include "app/unit_job.hpp"
#include "rig.hpp"

namespace {

config::Spec random_pe(std::uint64_t seed) {
  base::Rng rng(seed);
  config::Spec spec;
  spec.name = "pe";
  spec.simulate.seed = seed;
  spec.simulate.simulator =
      seed % 8 == 0 ? config::Simulator::kVerilator : config::Simulator::kIcarus;
  spec.simulate.idle = static_cast<double>(rng.below(3)) * 0.3;
  config::Pe& pe = spec.pe;
  pe.rows = static_cast<int>(rng.between(1, 40));
  pe.cols = static_cast<int>(rng.between(1, 20));
  pe.weight_bits = static_cast<int>(rng.between(2, 12));
  pe.crossbar = static_cast<config::Crossbar>(seed % 3);
  pe.train = rng.below(2) ? config::Train::kRate : config::Train::kBinary;
  const bool rate = pe.train == config::Train::kRate;
  pe.neuron = static_cast<config::Neuron>(rate ? rng.below(3) : 0);
  pe.activation_bits = static_cast<int>(rng.between(1, rate ? 5 : 12));
  if (pe.neuron != config::Neuron::kExact) return spec;
  pe.top = static_cast<config::Top>(rng.below(2));
  pe.rounding = static_cast<config::Rounding>(rng.below(2));
  return spec;
}

std::string simulate(const config::Spec& spec, const std::string& name) {
  const auto folder = test::run_folder(name);
  base::StagedDirectory out = app::output_directory(folder, {}, true);
  app::generate_unit(units::kind_of("pe"), {}, spec, out);
  app::SimulateOptions options;
  options.directory = folder;
  options.simulate = spec.simulate;
  base::Progress progress(1, stderr, true);
  return app::simulate_unit(options, app::read_manifest(folder), progress);
}

class AnyPe : public ::testing::TestWithParam<int> {};

TEST_P(AnyPe, EqualsItsEmulationTickByTick) {
  const auto seed = static_cast<std::uint64_t>(GetParam());
  const std::string verdict = simulate(random_pe(seed), "pe_" + std::to_string(seed));
  EXPECT_TRUE(verdict.starts_with("PASS ticks=")) << verdict;
}

INSTANTIATE_TEST_SUITE_P(RandomSpecs, AnyPe, ::testing::Range(1, 41));

TEST(Pe, OfThePapersSizeEqualsItsEmulation) {
  config::Spec spec;
  spec.name = "pe";
  spec.simulate.simulator = config::Simulator::kIcarus;
  EXPECT_TRUE(simulate(spec, "pe_256").starts_with("PASS"));
}

}  // namespace
