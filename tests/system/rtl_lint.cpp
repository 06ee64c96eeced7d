// Every emitted tree is free of warnings under Verilator, Icarus and Yosys.
#include <gtest/gtest.h>

#include "flow/lint.hpp"
#include "random_graph.hpp"
#include "rig.hpp"

namespace {

class EmittedTree : public ::testing::TestWithParam<int> {};

TEST_P(EmittedTree, LintsWithoutAWarning) {
  const auto seed = static_cast<std::uint64_t>(GetParam());
  test::RandomSpec spec = test::random_spec(seed);
  spec.host.asynchronous_reset = seed % 2 == 0;
  const auto folder = test::fresh_folder("lint_" + std::to_string(seed));
  test::build_rig(test::random_network(spec.shape), spec.pe, spec.host, folder, 2);
  for (const flow::LintMessage& message : flow::lint(folder, "fpsa_top"))
    ADD_FAILURE() << "seed " << seed << " " << message.tool << ": " << message.text;
}

INSTANTIATE_TEST_SUITE_P(RandomSpecs, EmittedTree, ::testing::Range(1, 33));

class SeveralPorts : public ::testing::TestWithParam<int> {};

TEST_P(SeveralPorts, LintWithoutAWarning) {
  const auto seed = static_cast<std::uint64_t>(GetParam());
  const auto folder = test::fresh_folder("lint_ports_" + std::to_string(seed));
  test::build_rig(test::branching_network({.layers = 4, .inputs = 3, .outputs = 3, .seed = seed}),
                  {.rows = 24, .cols = 16, .crossbar = config::Crossbar::kParallel},
                  {.beat_lanes = 5}, folder, 2,
                  seed % 2 ? config::Islands::kOne : config::Islands::kLayer);
  for (const flow::LintMessage& message : flow::lint(folder, "fpsa_top"))
    ADD_FAILURE() << "seed " << seed << " " << message.tool << ": " << message.text;
}

INSTANTIATE_TEST_SUITE_P(Seeds, SeveralPorts, ::testing::Range(1, 3));

}  // namespace
