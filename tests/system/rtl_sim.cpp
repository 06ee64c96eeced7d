// The emitted network computes what its golden reference computes, under every condition of its
// streams.
#include <gtest/gtest.h>

#include "base/files.hpp"
#include "base/subprocess.hpp"
#include "core/integer.hpp"
#include "flow/icarus.hpp"
#include "flow/tool.hpp"
#include "flow/verilator.hpp"
#include "rig.hpp"

namespace {

using config::Crossbar;
using config::Neuron;
using config::Train;

flow::SimulationResult simulate(const std::filesystem::path& folder, double backpressure,
                                double idle, std::uint64_t seed) {
  flow::SimulationRequest request;
  request.directory = folder;
  request.backpressure = backpressure;
  request.idle = idle;
  request.seed = seed;
  return flow::simulate_verilator(request);
}

struct Kind {
  Crossbar crossbar;
  Neuron neuron;
  Train train;
};

std::string name_of(const Kind& kind) {
  return to_string(kind.crossbar) + "_" + to_string(kind.neuron) + "_" + to_string(kind.train);
}

void PrintTo(const Kind& kind, std::ostream* out) { *out << name_of(kind); }

// Some leaves are written twice, for simulation and for synthesis: the tree as synthesis reads it.
std::vector<std::filesystem::path> synthesis_form(const flow::SimulationRequest& request) {
  base::write_file(request.directory / "build" / "synthesis.v", "`define SYNTHESIS\n");
  std::vector<std::filesystem::path> design{"build/synthesis.v"};
  for (const std::string& file : flow::design_files(request.directory))
    design.push_back("rtl/" + file);
  return design;
}

class WholeNetwork : public ::testing::TestWithParam<Kind> {};

TEST_P(WholeNetwork, EqualsItsEmulationBitForBit) {
  test::NetworkShape shape{.sizes = {21, 14, 6}, .activation_bits = 4, .signed_input = true};
  const Kind kind = GetParam();
  config::Pe pe{.rows = 16,
                .cols = 8,
                .activation_bits = 4,
                .crossbar = kind.crossbar,
                .neuron = kind.neuron,
                .train = kind.train};
  const auto name = "sim_" + name_of(kind);
  const quant::Network network = test::random_network(shape);
  test::build_rig(network, pe, {.beat_lanes = 8, .spec_hash = 0x1234abcd}, test::fresh_folder(name),
                  12);
  for (const double backpressure : {0.0, 0.6}) {
    for (const double idle : {0.0, 0.6}) {
      const auto result = simulate(test::run_folder(name), backpressure, idle, 3);
      EXPECT_NO_THROW(flow::require_match(result)) << name;
      EXPECT_EQ(result.samples, 12u);
      for (const flow::LayerResult& layer : result.layers)
        EXPECT_EQ(layer.compared, 12 * layer.lanes) << layer.name;
      EXPECT_TRUE(result.faults.empty()) << result.faults.front();
    }
  }
}

TEST_P(WholeNetwork, HasNoUnknownInFourValuedSimulation) {
  test::NetworkShape shape{.sizes = {11, 9, 5}, .activation_bits = 3};
  const Kind kind = GetParam();
  config::Pe pe{.rows = 6,
                .cols = 7,
                .activation_bits = 3,
                .crossbar = kind.crossbar,
                .neuron = kind.neuron,
                .train = kind.train};
  const auto name = "icarus_" + name_of(kind);
  test::build_rig(test::random_network(shape), pe, {.beat_lanes = 4, .spec_hash = 0x00c0ffee},
                  test::fresh_folder(name), 5);
  flow::SimulationRequest request;
  request.directory = test::run_folder(name);
  request.idle = 0.3;
  request.backpressure = 0.3;
  const flow::SimulationResult result = flow::simulate_icarus(request);
  EXPECT_NO_THROW(flow::require_match(result)) << name;
  EXPECT_EQ(result.samples, 5u);
  if (kind.crossbar == Crossbar::kMacro) return;  // a black box to synthesis
  EXPECT_NO_THROW(flow::require_match(flow::simulate_icarus(request, synthesis_form(request))));
}

TEST(MacroModel, InCppGivesTheSameSpikes) {
  const test::NetworkShape shape{.sizes = {21, 14, 6}, .activation_bits = 4, .signed_input = true};
  const config::Pe pe{.rows = 16, .cols = 8, .activation_bits = 4, .crossbar = Crossbar::kMacro};
  const auto folder = test::fresh_folder("sim_macro_cpp");
  test::build_rig(test::random_network(shape), pe, {.beat_lanes = 8}, folder, 12);
  const base::Finished made = base::run_checked(
      {.argv = {"make", "-C", (folder / "tb").string(), "FAST=1"}, .directory = {}, .log = {}});
  EXPECT_NE(made.output.find("pass: 12 samples"), std::string::npos) << made.output;
}

INSTANTIATE_TEST_SUITE_P(Kinds, WholeNetwork,
                         ::testing::Values(Kind{Crossbar::kParallel, Neuron::kExact,
                                                Train::kBinary},
                                           Kind{Crossbar::kSerial, Neuron::kExact, Train::kBinary},
                                           Kind{Crossbar::kMacro, Neuron::kExact, Train::kBinary},
                                           Kind{Crossbar::kParallel, Neuron::kExact, Train::kRate},
                                           Kind{Crossbar::kSerial, Neuron::kExact, Train::kRate},
                                           Kind{Crossbar::kMacro, Neuron::kExact, Train::kRate},
                                           Kind{Crossbar::kParallel, Neuron::kSigned, Train::kRate},
                                           Kind{Crossbar::kMacro, Neuron::kPaired, Train::kRate},
                                           Kind{Crossbar::kSerial, Neuron::kPaired, Train::kRate}));

}  // namespace
