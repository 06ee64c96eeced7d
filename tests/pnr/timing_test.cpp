#include "pnr/timing.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <optional>

#include "circuits.hpp"
#include "pnr/blif.hpp"
#include "pnr/pack.hpp"

namespace pnr {
namespace {

constexpr fabric::Delays kDelays{};

std::vector<int> random_delays(std::size_t count, std::uint64_t seed) {
  base::Rng rng(seed);
  std::vector<int> delays(count);
  for (int& delay : delays) delay = static_cast<int>(rng.between(50, 1500));
  return delays;
}

// The longest path by plain recursion over the netlist, with delays looked up by names of tiles.
class Walk {
 public:
  Walk(const Netlist& netlist, const Packing& packing, const std::vector<int>& delays)
      : netlist_(netlist) {
    for (std::size_t tile = 0; tile < packing.tiles.size(); ++tile)
      for (const Element& one : packing.tiles[tile]) {
        if (one.lut.valid()) tile_[netlist.luts[one.lut].output] = static_cast<int>(tile);
        if (one.flip_flop.valid()) {
          tile_[netlist.flip_flops[one.flip_flop].output] = static_cast<int>(tile);
          if (!one.lut.valid()) alone_.push_back(one.flip_flop);
        }
      }
    std::size_t connection = 0;
    for (std::size_t net = 0; net < packing.signals.size(); ++net)
      for (const Terminal& sink : packing.packed.nets[net].sinks)
        routed_[{packing.signals[net], sink.block}] = delays[connection++];
    first_output_ = static_cast<int>(packing.tiles.size() + netlist.inputs.size());
  }

  int period() {
    int longest = 0;
    for (const FlipFlopId id : netlist_.flip_flops.ids()) {
      const FlipFlop& one = netlist_.flip_flops[id];
      const int tile = tile_.at(one.output);
      const bool alone = std::ranges::find(alone_, id) != alone_.end();
      const int at =
          alone ? arrival(one.input) + hop(one.input, tile) + kDelays.lut : arrival(one.input);
      longest = std::max(longest, at + kDelays.setup);
    }
    for (std::size_t i = 0; i < netlist_.outputs.size(); ++i) {
      const SignalId signal = netlist_.outputs[i];
      longest = std::max(longest, arrival(signal) + out(signal) +
                                      routed_.at({signal, first_output_ + static_cast<int>(i)}) +
                                      kDelays.output_pad);
    }
    return longest;
  }

 private:
  int out(SignalId signal) const { return tile_.contains(signal) ? kDelays.output : 0; }

  // From a signal's source to an input of a LUT of `tile`.
  int hop(SignalId signal, int tile) const {
    if (tile_.contains(signal) && tile_.at(signal) == tile) return kDelays.local_back;
    return out(signal) + routed_.at({signal, tile}) + kDelays.local_in;
  }

  int arrival(SignalId signal) {
    if (const auto known = arrivals_.find(signal); known != arrivals_.end()) return known->second;
    int at = kDelays.input_pad;
    for (const FlipFlop& one : netlist_.flip_flops)
      if (one.output == signal) at = kDelays.clock_to_q;
    for (const Lut& lut : netlist_.luts) {
      if (lut.output != signal) continue;
      at = 0;
      for (const SignalId input : lut.inputs)
        at = std::max(at, arrival(input) + hop(input, tile_.at(signal)) + kDelays.lut);
    }
    return arrivals_[signal] = at;
  }

  const Netlist& netlist_;
  std::map<SignalId, int> tile_, arrivals_;
  std::map<std::pair<SignalId, int>, int> routed_;
  std::vector<FlipFlopId> alone_;
  int first_output_ = 0;
};

struct Case {
  Netlist netlist;
  Packing packing;
  fabric::Architecture architecture{.lut_inputs = 4, .luts = 4, .clb_inputs = 10};
};

Case random_case(std::uint64_t seed) {
  Case one;
  one.netlist = swept(testing::random_circuit({.luts = 40, .flip_flops = 12}, seed));
  one.packing = pack(one.netlist, one.architecture);
  return one;
}

TEST(Timing, OfRandomCircuitsIsThatOfAPlainWalk) {
  for (std::uint64_t seed = 1; seed <= 25; ++seed) {
    const Case one = random_case(seed);
    const TimingGraph graph(one.netlist, one.packing, one.architecture);
    const std::vector<int> delays = random_delays(graph.connections(), seed);
    EXPECT_EQ(graph.analyse(delays).period, Walk(one.netlist, one.packing, delays).period())
        << seed;
  }
}

// What a connection may take longer before the period grows is its slack, exactly.
TEST(Timing, CriticalityIsWhatAConnectionCanLose) {
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    const Case one = random_case(seed);
    const TimingGraph graph(one.netlist, one.packing, one.architecture);
    std::vector<int> delays = random_delays(graph.connections(), seed);
    const Timing timing = graph.analyse(delays);
    EXPECT_EQ(*std::ranges::max_element(timing.criticality), 1);
    for (std::size_t i = 0; i < delays.size(); ++i) {
      if (timing.criticality[i] == 0) continue;  // leads to nothing, or no path is through it
      const auto slack = static_cast<int>(
          std::lround((1 - timing.criticality[i]) * static_cast<float>(timing.period)));
      delays[i] += slack;
      ASSERT_EQ(graph.analyse(delays).period, timing.period) << seed << " " << i;
      delays[i] += 1;
      ASSERT_EQ(graph.analyse(delays).period, timing.period + 1) << seed << " " << i;
      delays[i] -= slack + 1;
    }
  }
}

TEST(Timing, OfOnePathByHand) {
  // x -> LUT n -> flip-flop q -> pad
  const Netlist netlist = read_blif(
      ".model m\n.inputs x k\n.outputs q\n.names x n\n0 1\n.latch n q re k 0\n.end\n", "m.blif", 4);
  const fabric::Architecture architecture{.lut_inputs = 4};
  const Packing packing = pack(netlist, architecture);
  const TimingGraph graph(netlist, packing, architecture);
  ASSERT_EQ(graph.connections(), 2U);
  const std::vector<int> delays = {1000, 700};
  const int first = kDelays.input_pad + 1000 + kDelays.local_in + kDelays.lut + kDelays.setup;
  EXPECT_EQ(graph.analyse(delays).period, first);
  const std::vector<PathStep> path = graph.longest_path(delays);
  ASSERT_EQ(path.size(), 3U);
  EXPECT_EQ(netlist.signals[path[0].signal], "x");
  EXPECT_EQ(path[0].arrival, kDelays.input_pad);
  EXPECT_EQ(netlist.signals[path[1].signal], "n");
  EXPECT_EQ(netlist.signals[path[2].signal], "q");
  EXPECT_EQ(path[2].arrival, first);
  const std::vector<int> slow_pad = {0, 2000};
  EXPECT_EQ(graph.analyse(slow_pad).period,
            kDelays.clock_to_q + kDelays.output + 2000 + kDelays.output_pad);
}

TEST(Timing, OfNothingIsNone) {
  const Netlist netlist;
  const Packing packing;
  const TimingGraph graph(netlist, packing, {});
  EXPECT_EQ(graph.analyse({}).period, 0);
  EXPECT_TRUE(graph.longest_path({}).empty());
}

}  // namespace
}  // namespace pnr
