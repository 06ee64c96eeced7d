#include "pnr/check_pack.hpp"

#include <fmt/format.h>

#include <map>
#include <set>
#include <utility>

namespace pnr {
namespace {

// A net as the netlist has it: its driver, block and pin, and what reads it.
using Joined = std::pair<std::pair<int, int>, std::set<std::pair<int, int>>>;

class Checker {
 public:
  Checker(const Netlist& netlist, const Packing& packing, const fabric::Architecture& architecture,
          base::Diagnostics& diagnostics)
      : netlist_(netlist),
        packing_(packing),
        architecture_(architecture),
        diagnostics_(diagnostics) {}

  void run() {
    check_blocks();
    if (!elements_exist()) return;  // nothing to look at
    for (std::size_t tile = 0; tile < packing_.tiles.size(); ++tile) check_tile(tile);
    check_counts();
    check_nets();
    check_cascades();
  }

 private:
  void fault(const std::string& what, const std::string& where = {}) {
    diagnostics_.add(base::Code::kNetlistInvalid, what, where);
  }

  void check_blocks() {
    std::size_t at = 0;
    const auto expect = [&](std::size_t count, BlockKind kind) {
      for (std::size_t i = 0; i < count; ++i, ++at)
        if (at >= packing_.packed.blocks.size() || packing_.packed.blocks[at].kind != kind)
          return fault(fmt::format("block {} is not of its kind", at));
    };
    expect(packing_.tiles.size(), BlockKind::kLogic);
    expect(netlist_.inputs.size(), BlockKind::kInput);
    expect(netlist_.outputs.size(), BlockKind::kOutput);
    for (std::size_t i = 0; i < netlist_.hard.size(); ++i)
      if (at + i < packing_.packed.blocks.size() &&
          packing_.packed.blocks[at + i].hard != netlist_.hard[i].kind)
        fault("a hard block has another kind of tile", netlist_.hard[i].name);
    expect(netlist_.hard.size(), BlockKind::kHard);
    if (packing_.packed.blocks.size() != at)
      fault(fmt::format("there are {} blocks, not {}", packing_.packed.blocks.size(), at));
  }

  bool elements_exist() {
    bool exist = true;
    for (const std::vector<Element>& tile : packing_.tiles)
      for (const Element& one : tile)
        exist = exist && (one.lut.valid() || one.flip_flop.valid()) &&
                (!one.lut.valid() || netlist_.luts.contains(one.lut)) &&
                (!one.flip_flop.valid() || netlist_.flip_flops.contains(one.flip_flop));
    if (!exist) fault("an element is none of the netlist's");
    return exist;
  }

  void check_tile(std::size_t number) {
    const std::vector<Element>& tile = packing_.tiles[number];
    const std::string where = fmt::format("tile {}", number);
    if (tile.empty() || tile.size() > static_cast<std::size_t>(architecture_.luts))
      fault(fmt::format("{} elements in a tile of {}", tile.size(), architecture_.luts), where);
    std::set<SignalId> made, read;
    std::set<std::pair<SignalId, bool>> clocks;  // and their edges
    for (const Element& one : tile) {
      if (one.lut.valid()) {
        ++luts_[one.lut];
        read.insert(netlist_.luts[one.lut].inputs.begin(), netlist_.luts[one.lut].inputs.end());
      }
      if (!one.flip_flop.valid()) {
        made.insert(netlist_.luts[one.lut].output);
        continue;
      }
      const FlipFlop& behind = netlist_.flip_flops[one.flip_flop];
      ++flip_flops_[one.flip_flop];
      made.insert(behind.output);
      clocks.insert({behind.clock, behind.falling});
      if (!one.lut.valid())
        read.insert(behind.input);
      else if (netlist_.luts[one.lut].output != behind.input)
        fault("a flip-flop stands behind a LUT that does not drive it", where);
      else
        hidden_.insert(behind.input);
    }
    int inputs = 0;
    for (const SignalId signal : read) inputs += !made.contains(signal);
    if (inputs > architecture_.clb_inputs)
      fault(fmt::format("a tile of {} inputs reads {} signals", architecture_.clb_inputs, inputs),
            where);
    if (clocks.size() > 1) fault(fmt::format("a tile has {} clocks", clocks.size()), where);
  }

  void check_counts() {
    for (const LutId id : netlist_.luts.ids())
      if (luts_[id] != 1)
        fault(fmt::format("LUT {} lies in {} elements", id.index(), luts_[id]),
              netlist_.signals[netlist_.luts[id].output]);
    for (const FlipFlopId id : netlist_.flip_flops.ids())
      if (flip_flops_[id] != 1)
        fault(fmt::format("flip-flop {} lies in {} elements", id.index(), flip_flops_[id]),
              netlist_.signals[netlist_.flip_flops[id].output]);
  }

  // By signal what the netlist joins, of those that leave their block.
  std::map<SignalId, Joined> wanted() {
    std::map<SignalId, Joined> nets;
    const int tiles = static_cast<int>(packing_.tiles.size());
    for (int block = 0; block < tiles; ++block) {
      int pin = 0;
      for (const Element& one : packing_.tiles[static_cast<std::size_t>(block)]) {
        if (one.flip_flop.valid())
          nets[netlist_.flip_flops[one.flip_flop].output].first = {block, pin++};
        else
          nets[netlist_.luts[one.lut].output].first = {block, pin++};
        if (!one.lut.valid())
          nets[netlist_.flip_flops[one.flip_flop].input].second.insert({block, kAnyPin});
        if (one.lut.valid())
          for (const SignalId input : netlist_.luts[one.lut].inputs)
            nets[input].second.insert({block, kAnyPin});
      }
    }
    int block = tiles;
    for (const SignalId input : netlist_.inputs) nets[input].first = {block++, 0};
    for (const SignalId output : netlist_.outputs) nets[output].second.insert({block++, kAnyPin});
    for (const HardBlock& one : netlist_.hard) {
      int pin = 0;
      for (const SignalId input : one.inputs) nets[input].second.insert({block, pin++});
      pin = 0;
      for (const SignalId output : one.outputs) nets[output].first = {block, pin++};
      ++block;
    }
    nets.erase(SignalId());  // pins that are open
    for (auto& [signal, net] : nets) net.second.erase({net.first.first, kAnyPin});
    std::erase_if(nets, [](const auto& net) { return net.second.second.empty(); });
    return nets;
  }

  void check_nets() {
    std::map<SignalId, Joined> left = wanted();
    if (packing_.signals.size() != packing_.packed.nets.size())
      return fault("signals and nets differ in number");
    for (std::size_t i = 0; i < packing_.signals.size(); ++i) {
      const Net& net = packing_.packed.nets[i];
      const auto found = left.find(packing_.signals[i]);
      if (found == left.end()) {
        fault("a net that the netlist does not have, or twice", net.name);
        continue;
      }
      const Joined& joined = found->second;
      if (joined.first != std::pair{net.driver.block, net.driver.pin})
        fault("a net has another driver than the netlist says", net.name);
      std::vector<std::pair<int, int>> sinks;
      for (const Terminal& sink : net.sinks) sinks.emplace_back(sink.block, sink.pin);
      if (std::vector(joined.second.begin(), joined.second.end()) != sinks)
        fault("a net has other sinks than the netlist says", net.name);
      if (hidden_.contains(packing_.signals[i]))
        fault("a signal between a LUT and its flip-flop leaves them", net.name);
      left.erase(found);
    }
    for (const auto& [signal, net] : left)
      fault("the netlist has a net that is missing", netlist_.signals[signal]);
  }

  // Each link of the netlist joins neighbours of one cascade, and these no others.
  void check_cascades() {
    std::set<std::pair<int, int>> wanted;
    const int first = static_cast<int>(packing_.packed.blocks.size() - netlist_.hard.size());
    for (std::size_t i = 0; i < netlist_.hard.size(); ++i)
      for (std::size_t j = 0; j < netlist_.hard.size(); ++j)
        if (joins(netlist_.hard[i], netlist_.hard[j]))
          wanted.emplace(first + static_cast<int>(i), first + static_cast<int>(j));
    std::set<std::pair<int, int>> found;
    std::set<int> met;
    for (const std::vector<int>& cascade : packing_.packed.cascades)
      for (std::size_t i = 0; i < cascade.size(); ++i) {
        if (!met.insert(cascade[i]).second) fault("a hard block lies in two cascades");
        if (i > 0) found.emplace(cascade[i - 1], cascade[i]);
      }
    if (found != wanted) fault("cascades are not what links join");
  }

  bool joins(const HardBlock& above, const HardBlock& below) const {
    const fabric::HardTile& tile = architecture_.hard[static_cast<std::size_t>(above.kind)];
    if (tile.link_width() == 0 || above.kind != below.kind) return false;
    const SignalId sums = above.outputs[static_cast<std::size_t>(tile.routed(false))];
    return sums.valid() && below.inputs[static_cast<std::size_t>(tile.routed(true))] == sums;
  }

  const Netlist& netlist_;
  const Packing& packing_;
  const fabric::Architecture& architecture_;
  base::Diagnostics& diagnostics_;
  std::map<LutId, int> luts_;
  std::map<FlipFlopId, int> flip_flops_;
  std::set<SignalId> hidden_;  // between a LUT and the flip-flop behind it
};

}  // namespace

void check_packing(const Netlist& netlist, const Packing& packing,
                   const fabric::Architecture& architecture, base::Diagnostics& diagnostics) {
  Checker(netlist, packing, architecture, diagnostics).run();
}

}  // namespace pnr
