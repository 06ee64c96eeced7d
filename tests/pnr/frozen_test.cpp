// A fabric of an earlier day with its bitstream: what was built then must still be driven.
// golden/frozen_counter.hex is never written anew: a change of what bits mean is a new version of
// the format (fabric/bitstream.hpp).
#include <gtest/gtest.h>

#include <sstream>

#include "base/files.hpp"
#include "base/rng.hpp"
#include "fabric/bitstream.hpp"
#include "pnr/blif.hpp"
#include "pnr/extract.hpp"

namespace pnr {
namespace {

constexpr fabric::Architecture kFrozen{.columns = 2,
                                       .rows = 2,
                                       .lut_inputs = 4,
                                       .luts = 2,
                                       .clb_inputs = 6,
                                       .io_slots = 2,
                                       .channel_width = 12,
                                       .segment_length = 2,
                                       .fc_in_percent = 50,
                                       .fc_out_percent = 50};

std::string golden(const std::string& name) {
  return base::read_file(std::string(FPSA_SOURCE_DIR) + "/tests/pnr/golden/" + name);
}

std::string bytes_of(const std::string& hex) {
  std::istringstream lines(hex);
  std::string bytes;
  for (std::string line; std::getline(lines, line);) {
    const std::uint64_t word = std::stoul(line, nullptr, 16);
    for (int i = 0; i < 4; ++i) bytes += static_cast<char>(word >> 8 * i & 0xFF);
  }
  return bytes;
}

std::size_t place_of(const Netlist& netlist, const std::vector<SignalId>& pads,
                     const std::string& name) {
  for (std::size_t i = 0; i < pads.size(); ++i)
    if (netlist.signals[pads[i]] == name) return i;
  ADD_FAILURE() << name << " is no pad in use";
  return 0;
}

TEST(Frozen, BitstreamStillMakesItsCircuit) {
  const Netlist counter = read_blif(golden("frozen_counter.blif"), "frozen_counter.blif", 4);
  const fabric::Graph graph(kFrozen);
  const fabric::Layout layout(graph);
  const fabric::Configuration bits =
      fabric::decode(bytes_of(golden("frozen_counter.hex")), "frozen", graph, layout);
  const Extracted found = extract(bits, graph, layout);
  ASSERT_TRUE(found.faults.empty()) << found.faults.front();

  const std::size_t up = place_of(found.netlist, found.netlist.inputs, input_at({3, 2, 0}));
  std::vector<std::size_t> outputs;
  for (const Site& site : {Site{0, 2, 0}, Site{0, 2, 1}, Site{1, 3, 0}})
    outputs.push_back(place_of(found.netlist, found.netlist.outputs, output_at(site)));
  Evaluator wanted(counter), configured(found.netlist);
  base::Rng rng(1);
  for (int clock = 0; clock < 100; ++clock) {
    const bool counts = rng.below(2) == 1;
    std::vector<bool> pads(found.netlist.inputs.size(), false);
    pads[up] = counts;
    const std::vector<bool> a = wanted.outputs({counts, false});
    const std::vector<bool> b = configured.outputs(pads);
    for (std::size_t i = 0; i < a.size(); ++i) ASSERT_EQ(a[i], b[outputs[i]]) << clock << " " << i;
    wanted.clock();
    configured.clock();
  }
}

}  // namespace
}  // namespace pnr
