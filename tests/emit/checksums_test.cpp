// What is emitted stays as it is, byte for byte, unless a change means to change it.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "golden.hpp"
#include "system/rig.hpp"
#include "temporary_folder.hpp"
#include "tree_checksums.hpp"

namespace {

using config::Crossbar;
using config::Neuron;
using config::Train;

constexpr std::uint32_t kSpecHash = 0x89abcdef;

struct Case {
  std::string name;
  test::NetworkShape shape;
  config::Pe pe;
  map::Host host;
  bool skip = false;
};

// The last layer takes the latter half of its rows from the first layer instead.
void add_skip(quant::Network& network) {
  std::vector<quant::Source>& inputs = network.layers.back().product().inputs;
  const int moved = inputs.front().count / 2;
  inputs.front().count -= moved;
  inputs.push_back({network.layers.front().output, 1, moved});
}

// Every crossbar, neuron, train and way to load; layers that are cut in rows and columns, and whole
// ones; signs; beats of less and of more than a sample; values of one bit and of more than a byte.
std::vector<Case> chosen_cases() {
  const test::NetworkShape deep{.sizes = {13, 9, 9, 5}, .activation_bits = 4, .signed_input = true};
  return {
      {"tall", {.sizes = {40, 9, 5}}, {.rows = 8, .cols = 4}, {.beat_lanes = 4}},
      {"skip", deep, {.rows = 5, .cols = 4, .activation_bits = 4}, {.beat_lanes = 3}, true},
      {"skip_whole", deep, {.activation_bits = 4, .train = Train::kRate}, {}, true},
      {"serial", {}, {.rows = 8, .cols = 8, .crossbar = Crossbar::kSerial}, {.beat_lanes = 1}},
      {"macro", {}, {.rows = 8, .cols = 8, .crossbar = Crossbar::kMacro}, {.beat_lanes = 64}},
      {"files", {}, {.rows = 4, .cols = 8}, {.preset_memories = true}},
      {"wide", {.activation_bits = 10}, {.rows = 8, .activation_bits = 10}, {.beat_lanes = 2}},
      {"one_bit", {.activation_bits = 1}, {.cols = 3, .activation_bits = 1}, {.beat_lanes = 5}},
      {"signed_neurons",
       {.activation_bits = 3},
       {.rows = 6, .activation_bits = 3, .neuron = Neuron::kSigned, .train = Train::kRate},
       {}},
      {"paired_neurons",
       {.activation_bits = 3},
       {.rows = 6, .activation_bits = 3, .neuron = Neuron::kPaired, .train = Train::kRate},
       {.preset_memories = true}},
      {"one_pe", {.sizes = {3, 2}, .signed_output = false}, {}, {}},
      {"long_chain", {.sizes = {2, 2, 2, 2, 2, 2, 2, 2}}, {.rows = 1, .cols = 1}, {}},
  };
}

std::vector<Case> all_cases() {
  std::vector<Case> cases = chosen_cases();
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    const test::RandomSpec spec = test::random_spec(seed);
    cases.push_back({fmt::format("random{}", seed), spec.shape, spec.pe, spec.host});
  }
  return cases;
}

TEST(Checksums, OfSmallDesigns) {
  std::string lines;
  for (const Case& one : all_cases()) {
    quant::Network network = test::random_network(one.shape);
    if (one.skip) add_skip(network);
    const test::TemporaryFolder folder;
    map::Host host = one.host;
    host.spec_hash = kSpecHash;
    test::build_rig(network, one.pe, host, folder.path(), 3);
    lines += test::tree_checksums(one.name, folder.path(), kSpecHash);
  }
  expect_golden("emit/checksums.txt", lines);
}

}  // namespace
