#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "circuits.hpp"
#include "fabric/bitstream.hpp"
#include "pnr/blif.hpp"
#include "pnr/check_configuration.hpp"
#include "pnr/configure.hpp"

namespace pnr {
namespace {

using fabric::Configuration;
using fabric::Field;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

fabric::Architecture random_fabric(base::Rng& rng) {
  fabric::Architecture architecture;
  architecture.columns = architecture.rows = 0;
  architecture.lut_inputs = static_cast<int>(rng.between(4, 6));
  architecture.luts = static_cast<int>(rng.between(1, 8));
  architecture.clb_inputs = static_cast<int>(rng.between(8, 24));
  architecture.io_slots = static_cast<int>(rng.between(1, 4));
  architecture.segment_length = static_cast<int>(rng.between(1, 5));
  architecture.channel_width = 2 * static_cast<int>(rng.between(20, 40));
  architecture.fc_in_percent = static_cast<int>(rng.between(20, 60));
  architecture.fc_out_percent = static_cast<int>(rng.between(20, 60));
  return architecture;
}

// A circuit on a fabric, with its bits.
struct Configured {
  Configured(const Netlist& circuit, const fabric::Architecture& architecture)
      : done(implement(circuit, architecture)),
        graph(done.architecture),
        layout(graph),
        configuration(configure(done, graph, layout)) {}

  std::vector<std::string> faults_of(const Configuration& bits) const {
    base::Diagnostics diagnostics;
    check_configuration(done, extract(bits, graph, layout), diagnostics);
    std::vector<std::string> faults;
    for (const base::Fault& fault : diagnostics.faults()) {
      EXPECT_EQ(fault.code, base::Code::kRoutingInvalid);
      faults.push_back(fault.what);
    }
    return faults;
  }

  // Clocks until the first in which `bits` show another output than the circuit, on random inputs;
  // -1 if there is none.
  int first_difference(const Configuration& bits, int clocks, std::uint64_t seed) const {
    const Netlist found = extract(bits, graph, layout).netlist;
    Evaluator wanted(done.netlist), configured(found);
    base::Rng rng(seed);
    for (int clock = 0; clock < clocks; ++clock) {
      std::vector<bool> inputs(done.netlist.inputs.size());
      for (std::size_t i = 0; i < inputs.size(); ++i) inputs[i] = rng.below(2) == 1;
      const std::vector<bool> a = wanted.outputs(inputs);
      const std::vector<bool> b = configured.outputs(at_pads(found, inputs));
      for (std::size_t i = 0; i < a.size(); ++i)
        if (a[i] != shown(found, b, i)) return clock;
      wanted.clock();
      configured.clock();
    }
    return -1;
  }

  Implementation done;
  fabric::Graph graph;
  fabric::Layout layout;
  Configuration configuration;

 private:
  std::vector<bool> at_pads(const Netlist& found, const std::vector<bool>& inputs) const {
    std::vector<bool> pads(found.inputs.size(), false);
    for (std::size_t i = 0; i < inputs.size(); ++i)
      for (std::size_t pad = 0; pad < pads.size(); ++pad)
        if (found.signals[found.inputs[pad]] ==
            input_at(done.placement[done.packing.tiles.size() + i]))
          pads[pad] = inputs[i];
    return pads;
  }

  // Output i of the circuit; a pad that is off is 0.
  bool shown(const Netlist& found, const std::vector<bool>& outputs, std::size_t i) const {
    const std::size_t block = done.packing.tiles.size() + done.netlist.inputs.size() + i;
    for (std::size_t pad = 0; pad < outputs.size(); ++pad)
      if (found.signals[found.outputs[pad]] == output_at(done.placement[block]))
        return outputs[pad];
    return false;
  }
};

TEST(Configuration, OfRandomFabricsIsTheCircuit) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    SCOPED_TRACE(seed);
    base::Rng rng(seed);
    const Netlist circuit = swept(testing::random_circuit(
        {.luts = static_cast<int>(rng.between(1, 50)), .flip_flops = static_cast<int>(seed % 12)},
        seed));
    const Configured one(circuit, random_fabric(rng));
    EXPECT_THAT(one.faults_of(one.configuration), IsEmpty());
    EXPECT_EQ(one.first_difference(one.configuration, 50, seed), -1);
    const std::string bytes = fabric::encode(one.configuration, one.done.architecture);
    EXPECT_EQ(fabric::decode(bytes, "x", one.graph, one.layout), one.configuration);
  }
}

// Hard tiles among them, pin by pin.
TEST(Configuration, OfRandomFabricsWithHardTilesIsTheCircuit) {
  for (std::uint64_t seed = 1; seed <= 25; ++seed) {
    SCOPED_TRACE(seed);
    base::Rng rng(seed);
    const Netlist circuit =
        swept(testing::random_circuit({.luts = static_cast<int>(rng.between(1, 50)),
                                       .flip_flops = 3,
                                       .hard = static_cast<int>(rng.between(1, 7))},
                                      seed));
    fabric::Architecture architecture = random_fabric(rng);
    architecture.hard = {testing::delay_tile()};
    const Configured one(circuit, architecture);
    EXPECT_THAT(one.faults_of(one.configuration), IsEmpty());
    const std::string bytes = fabric::encode(one.configuration, one.done.architecture);
    EXPECT_EQ(fabric::decode(bytes, "x", one.graph, one.layout), one.configuration);
  }
}

// And those that links join, below each other in their columns.
TEST(Configuration, OfRandomFabricsWithLinksIsTheCircuit) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    SCOPED_TRACE(seed);
    base::Rng rng(seed);
    const Netlist circuit =
        swept(testing::random_circuit({.luts = static_cast<int>(rng.between(1, 30)),
                                       .flip_flops = 3,
                                       .hard = static_cast<int>(rng.below(4)),
                                       .links = static_cast<int>(rng.between(2, 12))},
                                      seed));
    fabric::Architecture architecture = random_fabric(rng);
    architecture.hard = {testing::delay_tile(), testing::link_tile()};
    const Configured one(circuit, architecture);
    EXPECT_THAT(one.faults_of(one.configuration), IsEmpty());
    const std::string bytes = fabric::encode(one.configuration, one.done.architecture);
    EXPECT_EQ(fabric::decode(bytes, "x", one.graph, one.layout), one.configuration);
  }
}

TEST(CheckConfiguration, SeesEachLink) {
  fabric::Architecture architecture;
  architecture.columns = architecture.rows = 0;
  architecture.hard = {testing::delay_tile(), testing::link_tile()};
  const Configured one(swept(testing::random_circuit({.luts = 20, .links = 9}, 2)), architecture);
  const std::size_t first = one.done.placement.size() - 9;
  int on = 0;
  for (std::size_t i = 0; i < 9; ++i) {
    const Site& site = one.done.placement[first + i];
    const Field field = one.layout.multiplexer(one.graph.input(site.x, site.y, 3));
    EXPECT_EQ(field.bits, site.y == one.done.architecture.rows ? 0 : 1);
    if (field.bits == 0) continue;
    on += static_cast<int>(one.configuration.value(field));
    EXPECT_EQ(one.configuration.value(field), one.done.netlist.hard[i].inputs[3].valid() ? 1 : 0);
    Configuration bad = one.configuration;
    bad.set(field, 1 - bad.value(field));
    EXPECT_THAT(one.faults_of(bad), Not(IsEmpty()));
  }
  EXPECT_GT(on, 2);
}

TEST(CheckConfiguration, SaysWhatIsWrongWithAHardTile) {
  fabric::Architecture architecture;
  architecture.columns = architecture.rows = 0;
  architecture.hard = {testing::delay_tile()};
  const Configured one(swept(testing::random_circuit({.luts = 20, .hard = 2}, 3)), architecture);
  const std::size_t first = one.done.placement.size() - 2;  // hard blocks are the last
  const auto faults = [&](const std::function<void(Configuration&)>& bend) {
    Configuration bad = one.configuration;
    bend(bad);
    return one.faults_of(bad);
  };
  const auto pin = [&](int number) {
    const Site& site = one.done.placement[first];
    return one.layout.multiplexer(one.graph.input(site.x, site.y, number));
  };
  int used = 0;
  while (!one.done.netlist.hard[0].inputs[static_cast<std::size_t>(used)].valid()) ++used;
  EXPECT_THAT(faults([&](Configuration& bits) { bits.set(pin(used), 0); }),
              Contains(HasSubstr("of a hard tile reads another signal")));
  const std::vector<std::string> off = faults([&](Configuration& bits) {
    for (int i = 0; i < 5; ++i) bits.set(pin(i), 0);
  });
  EXPECT_THAT(off, Contains(HasSubstr("a hard tile is off")));
  EXPECT_THAT(off, Contains(HasSubstr("a hard tile is read that is off")));
}

Configured small() {
  fabric::Architecture architecture{.lut_inputs = 4, .luts = 2, .clb_inputs = 6, .io_slots = 2};
  architecture.columns = architecture.rows = 0;
  architecture.channel_width = 24;
  return {
      swept(testing::random_circuit({.inputs = 3, .outputs = 2, .luts = 10, .flip_flops = 4}, 4)),
      architecture};
}

// Every bit that is on or that a multiplexer of the circuit has: what flips it is another circuit
// or a fault that is found. The rest of the bits would drive nothing.
TEST(Configuration, EachFlippedBitIsFoundOrHarmless) {
  const Configured one = small();
  int found = 0, harmless = 0;
  for (int frame = 0; frame < one.configuration.frames(); ++frame)
    for (int bit = 0; bit < one.layout.bits(frame); ++bit) {
      Configuration bad = one.configuration;
      const Field field{frame, bit, 1};
      bad.set_bit(field, 0, !bad.bit(field, 0));
      if (!one.faults_of(bad).empty()) {
        ++found;
        continue;
      }
      ++harmless;  // an entry of a table that unused inputs never choose
      ASSERT_EQ(one.first_difference(bad, 30, 1), -1) << frame << " " << bit;
    }
  EXPECT_GT(found, 5 * harmless);
}

TEST(CheckConfiguration, SaysWhatIsWrong) {
  const Configured one = small();
  const auto expect = [&](const std::string& what,
                          const std::function<void(Configuration&)>& bend) {
    Configuration bad = one.configuration;
    bend(bad);
    EXPECT_THAT(one.faults_of(bad), Contains(HasSubstr(what))) << what;
  };
  const Site site = one.done.placement[0];
  const Tree& tree = one.done.routing.trees[0];
  const fabric::Fanins fanins(one.graph);
  fabric::NodeId uneven;  // a multiplexer that can choose more than it has
  for (const Tree& any : one.done.routing.trees)
    for (const Branch& branch : any.branches)
      if (branch.parent >= 0 && fanins.of(branch.node).size() + 1 <
                                    std::size_t{1} << one.layout.multiplexer(branch.node).bits)
        uneven = branch.node;
  ASSERT_TRUE(uneven.valid());
  const fabric::NodeId last = tree.branches[static_cast<std::size_t>(tree.sinks[0])].node;
  const auto mux = [&](fabric::NodeId node) { return one.layout.multiplexer(node); };
  expect("a LUT computes something else", [&](Configuration& bits) {
    const Field table = one.layout.table(site.x, site.y, 0);
    bits.set_bit(table, 0, !bits.bit(table, 0));
  });
  expect("nothing reads it", [&](Configuration& bits) { bits.set(mux(last), 0); });
  expect("chooses number",
         [&](Configuration& bits) { bits.set(mux(uneven), (1U << mux(uneven).bits) - 1); });
  expect("flip-flop", [&](Configuration& bits) {
    for (std::size_t tile = 0; tile < one.done.packing.tiles.size(); ++tile)
      for (std::size_t k = 0; k < one.done.packing.tiles[tile].size(); ++k) {
        const Site& at = one.done.placement[tile];
        const Field field = one.layout.flip_flop(at.x, at.y, static_cast<int>(k));
        if (bits.value(field) != 0) return bits.set(field, bits.value(field) ^ 1U);
      }
  });
  expect("begins with another value", [&](Configuration& bits) {
    for (std::size_t tile = 0; tile < one.done.packing.tiles.size(); ++tile)
      for (std::size_t k = 0; k < one.done.packing.tiles[tile].size(); ++k) {
        const Site& at = one.done.placement[tile];
        const Field field = one.layout.flip_flop(at.x, at.y, static_cast<int>(k));
        if (bits.value(field) != 0) return bits.set(field, bits.value(field) ^ 2U);
      }
  });
  expect("a pad does not show its output", [&](Configuration& bits) {
    const Site& pad = one.done.placement.back();
    bits.set(mux(one.graph.input(pad.x, pad.y, pad.slot)), 0);
  });
}

TEST(Configuration, RefusesTwoClocks) {
  const Netlist netlist = read_blif(
      ".model m\n.inputs d k l\n.outputs q r\n.latch d q re k 0\n.latch q r re l 0\n.end\n",
      "m.blif", 4);
  fabric::Architecture architecture;
  architecture.columns = architecture.rows = 0;
  const Implementation done = implement(netlist, architecture);
  const fabric::Graph graph(done.architecture);
  try {
    configure(done, graph, fabric::Layout(graph));
    FAIL();
  } catch (const base::Error& error) {
    EXPECT_EQ(error.faults()[0].code, base::Code::kDoesNotFit);
    EXPECT_EQ(error.faults()[0].what, "the circuit has 2 clocks or edges, a fabric one");
  }
}

}  // namespace
}  // namespace pnr
