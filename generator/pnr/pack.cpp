#include "pnr/pack.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <optional>
#include <set>
#include <utility>

#include "base/error.hpp"
#include "pnr/elements.hpp"
#include "pnr/repack.hpp"

namespace pnr {
namespace {

using ElementId = base::StrongId<struct ElementTag>;
using Elements = base::IdVector<ElementId, Element>;

// A flip-flop stands behind the LUT that drives it if that drives nothing else.
Elements elements_of(const Netlist& netlist) {
  base::IdVector<SignalId, int> readers(netlist.signals.size(), 0);
  for (const Lut& lut : netlist.luts)
    for (const SignalId input : lut.inputs) ++readers[input];
  for (const FlipFlop& one : netlist.flip_flops) {
    ++readers[one.input];
    if (one.clock.valid()) ++readers[one.clock];
  }
  for (const SignalId output : netlist.outputs) ++readers[output];
  for (const HardBlock& one : netlist.hard)
    for (const SignalId input : one.inputs)
      if (input.valid()) ++readers[input];
  base::IdVector<SignalId, FlipFlopId> behind(netlist.signals.size());
  for (const FlipFlopId id : netlist.flip_flops.ids())
    if (readers[netlist.flip_flops[id].input] == 1) behind[netlist.flip_flops[id].input] = id;

  Elements elements;
  std::vector<bool> is_taken(netlist.flip_flops.size(), false);
  for (const LutId id : netlist.luts.ids()) {
    const FlipFlopId next = behind[netlist.luts[id].output];
    if (next.valid()) is_taken[next.index()] = true;
    elements.push_back({id, next});
  }
  for (const FlipFlopId id : netlist.flip_flops.ids())
    if (!is_taken[id.index()]) elements.push_back({LutId(), id});
  return elements;
}

class Packer {
 public:
  Packer(const Netlist& netlist, const fabric::Architecture& architecture)
      : netlist_(netlist),
        architecture_(architecture),
        elements_(elements_of(netlist)),
        users_(netlist.signals.size()),
        is_packed_(elements_.size(), false),
        pins_inside_(netlist.signals.size(), 0),
        gains_(elements_.size(), 0) {
    for (const ElementId id : elements_.ids()) {
      inputs_.push_back(inputs_of(netlist, elements_[id]));
      for (const SignalId input : inputs_[id]) users_[input].push_back(id);
      users_[output_of(netlist, elements_[id])].push_back(id);
      require_inputs(id);
    }
  }

  std::vector<std::vector<Element>> run() {
    std::vector<ElementId> seeds = elements_.ids();
    std::ranges::stable_sort(seeds, std::ranges::greater(),
                             [&](ElementId id) { return inputs_[id].size(); });
    std::vector<std::vector<Element>> tiles;
    for (const ElementId seed : seeds)
      if (!is_packed_[seed]) tiles.push_back(tile_around(seed));
    return tiles;
  }

 private:
  // Signals with more users attract nobody: everybody has them.
  static constexpr std::size_t kMostUsers = 256;

  void require_inputs(ElementId id) const {
    if (static_cast<int>(inputs_[id].size()) <= architecture_.clb_inputs) return;
    base::fail(base::Code::kDoesNotFit,
               fmt::format("a LUT reads {} signals, and a tile has {} inputs", inputs_[id].size(),
                           architecture_.clb_inputs),
               netlist_.signals[output_of(netlist_, elements_[id])],
               fmt::format("set clb_inputs to {} or more", inputs_[id].size()));
  }

  std::vector<Element> tile_around(ElementId seed) {
    clear();
    for (ElementId next = seed; next.valid(); next = best()) add(next);
    std::vector<Element> tile;
    for (const ElementId id : tile_) tile.push_back(elements_[id]);
    return tile;
  }

  void clear() {
    for (const ElementId id : tile_) {
      for (const SignalId input : inputs_[id]) pins_inside_[input] = 0;
      pins_inside_[output(id)] = 0;
    }
    for (const ElementId id : candidates_) gains_[id] = 0;
    candidates_.clear();
    tile_.clear();
    outside_inputs_ = 0;
    has_clock_ = false;
  }

  SignalId output(ElementId id) const { return output_of(netlist_, elements_[id]); }

  // Inputs of the tile with `id` in it.
  int inputs_with(ElementId id) const {
    int inputs = outside_inputs_;
    for (const SignalId input : inputs_[id])
      inputs += pins_inside_[input] == 0 && input != output(id);
    return inputs - (pins_inside_[output(id)] > 0);  // what was read from outside is made here
  }

  bool fits(ElementId id) const {
    const bool edges_agree = !has_clock_ || !elements_[id].flip_flop.valid() ||
                             edge_of(netlist_, elements_[id]) == edge_;
    return edges_agree && inputs_with(id) <= architecture_.clb_inputs;
  }

  void add(ElementId id) {
    outside_inputs_ = inputs_with(id);
    is_packed_[id] = true;
    tile_.push_back(id);
    if (elements_[id].flip_flop.valid()) {
      has_clock_ = true;
      edge_ = edge_of(netlist_, elements_[id]);
    }
    for (const SignalId input : inputs_[id]) attract(input);
    attract(output(id));
  }

  // A pin more of `signal` is inside: what is left outside is wanted the more the less it is.
  void attract(SignalId signal) {
    ++pins_inside_[signal];
    const std::vector<ElementId>& users = users_[signal];
    if (users.size() > kMostUsers) return;
    const auto outside = static_cast<double>(users.size()) - pins_inside_[signal];
    for (const ElementId user : users) {
      if (is_packed_[user]) continue;
      if (gains_[user] == 0) candidates_.push_back(user);
      gains_[user] += 1 / outside;
    }
  }

  ElementId best() const {
    ElementId chosen;
    if (static_cast<int>(tile_.size()) == architecture_.luts) return chosen;
    for (const ElementId id : candidates_) {
      if (is_packed_[id] || !fits(id)) continue;
      const bool is_better = !chosen.valid() || gains_[id] > gains_[chosen] ||
                             (gains_[id] == gains_[chosen] && id < chosen);
      if (is_better) chosen = id;
    }
    return chosen;
  }

  const Netlist& netlist_;
  const fabric::Architecture& architecture_;
  Elements elements_;
  base::IdVector<ElementId, std::vector<SignalId>> inputs_;
  base::IdVector<SignalId, std::vector<ElementId>> users_;  // its driver, too
  base::IdVector<ElementId, bool> is_packed_;
  // Of the open tile
  std::vector<ElementId> tile_;
  base::IdVector<SignalId, int> pins_inside_;
  base::IdVector<ElementId, double> gains_;
  std::vector<ElementId> candidates_;
  int outside_inputs_ = 0;
  bool has_clock_ = false;
  Edge edge_;
};

// Joins tiles that are not full: of those that a tile may be joined with the one that shares most
// signals with it.
class Merging {
 public:
  Merging(const Netlist& netlist, const fabric::Architecture& architecture, Tiles tiles)
      : netlist_(netlist), architecture_(architecture), tiles_(std::move(tiles)) {
    for (const std::vector<Element>& tile : tiles_) pins_.push_back(pins_of(tile));
  }

  Tiles run() {
    std::vector<std::size_t> order(tiles_.size());
    std::iota(order.begin(), order.end(), 0);
    std::ranges::stable_sort(order, {}, [&](std::size_t tile) { return tiles_[tile].size(); });
    for (const std::size_t tile : order)
      if (const std::size_t other = partner(tile); other != tile) join(tile, other);
    std::erase_if(tiles_, [](const std::vector<Element>& tile) { return tile.empty(); });
    return std::move(tiles_);
  }

 private:
  // What a tile reads and makes, and its flip-flops' edge.
  struct Pins {
    std::set<SignalId> reads, makes;
    std::optional<Edge> edge;
  };

  Pins pins_of(const std::vector<Element>& tile) const {
    Pins pins;
    for (const Element& one : tile) {
      for (const SignalId input : inputs_of(netlist_, one)) pins.reads.insert(input);
      pins.makes.insert(output_of(netlist_, one));
      if (one.flip_flop.valid()) pins.edge = edge_of(netlist_, one);
    }
    return pins;
  }

  // Signals that both have, or -1 if the two do not fit into one tile.
  int shared(std::size_t a, std::size_t b) const {
    if (tiles_[a].empty() || tiles_[b].empty()) return -1;
    if (static_cast<int>(tiles_[a].size() + tiles_[b].size()) > architecture_.luts) return -1;
    if (pins_[a].edge && pins_[b].edge && pins_[a].edge != pins_[b].edge) return -1;
    std::set<SignalId> reads = pins_[a].reads;
    reads.insert(pins_[b].reads.begin(), pins_[b].reads.end());
    std::set<SignalId> all = reads;
    for (const std::size_t tile : {a, b})
      for (const SignalId made : pins_[tile].makes) {
        reads.erase(made);
        all.insert(made);
      }
    if (static_cast<int>(reads.size()) > architecture_.clb_inputs) return -1;
    return static_cast<int>(pins_[a].reads.size() + pins_[a].makes.size() + pins_[b].reads.size() +
                            pins_[b].makes.size() - all.size());
  }

  std::size_t partner(std::size_t tile) const {
    std::size_t chosen = tile;
    int most = -1;
    for (std::size_t other = 0; other < tiles_.size(); ++other)
      if (other != tile)
        if (const int count = shared(tile, other); count > most) {
          most = count;
          chosen = other;
        }
    return chosen;
  }

  void join(std::size_t from, std::size_t to) {
    tiles_[to].insert(tiles_[to].end(), tiles_[from].begin(), tiles_[from].end());
    tiles_[from].clear();
    pins_[to] = pins_of(tiles_[to]);
  }

  const Netlist& netlist_;
  const fabric::Architecture& architecture_;
  Tiles tiles_;
  std::vector<Pins> pins_;
};

// Nets between the blocks of `packing`, whose tiles are made.
class Connecting {
 public:
  Connecting(const Netlist& netlist, const fabric::Architecture& architecture, Packing& packing)
      : netlist_(netlist),
        architecture_(architecture),
        packing_(packing),
        drivers_(netlist.signals.size(), {-1, 0}),
        readers_(netlist.signals.size()) {}

  void run() {
    for (const std::vector<Element>& tile : packing_.tiles) add_tile(tile);
    for (const SignalId id : netlist_.inputs)
      drivers_[id] = {block(netlist_.signals[id], BlockKind::kInput), 0};
    for (const SignalId id : netlist_.outputs)
      readers_[id].insert({block(netlist_.signals[id], BlockKind::kOutput), kAnyPin});
    for (const HardBlock& one : netlist_.hard) add_hard(one);
    for (const SignalId id : netlist_.signals.ids()) add_net(id);
    add_cascades();
  }

 private:
  int block(const std::string& name, BlockKind kind) {
    packing_.packed.blocks.push_back({name, kind});
    return static_cast<int>(packing_.packed.blocks.size()) - 1;
  }

  void add_tile(const std::vector<Element>& tile) {
    const int number =
        block(netlist_.signals[output_of(netlist_, tile.front())], BlockKind::kLogic);
    for (std::size_t k = 0; k < tile.size(); ++k) {
      drivers_[output_of(netlist_, tile[k])] = {number, static_cast<int>(k)};
      for (const SignalId input : inputs_of(netlist_, tile[k]))
        readers_[input].insert({number, kAnyPin});
    }
  }

  void add_hard(const HardBlock& one) {
    const int number = block(one.name, BlockKind::kHard);
    packing_.packed.blocks.back().hard = one.kind;
    for (std::size_t pin = 0; pin < one.outputs.size(); ++pin)
      if (one.outputs[pin].valid()) drivers_[one.outputs[pin]] = {number, static_cast<int>(pin)};
    for (std::size_t pin = 0; pin < one.inputs.size(); ++pin)
      if (one.inputs[pin].valid())
        readers_[one.inputs[pin]].insert({number, static_cast<int>(pin)});
  }

  void add_net(SignalId id) {
    const Terminal driver = drivers_[id];
    std::set<Terminal>& readers = readers_[id];
    readers.erase({driver.block, kAnyPin});
    if (driver.block < 0 || readers.empty()) return;
    packing_.packed.nets.push_back(
        {netlist_.signals[id], driver, {readers.begin(), readers.end()}});
    packing_.signals.push_back(id);
  }

  bool is_link(const Net& net) const {
    const Block& block = packing_.packed.blocks[static_cast<std::size_t>(net.driver.block)];
    return block.kind == BlockKind::kHard &&
           architecture_.hard[static_cast<std::size_t>(block.hard)].is_link(false, net.driver.pin);
  }

  void add_cascades() {
    std::map<int, int> below;  // by block
    std::set<int> is_below;
    for (const Net& net : packing_.packed.nets) {
      if (!is_link(net)) continue;
      below[net.driver.block] = net.sinks.front().block;
      if (net.sinks.size() > 1 || !is_below.insert(net.sinks.front().block).second)
        base::fail(base::Code::kDoesNotFit, "a link leads to two hard blocks", net.name,
                   "give each its own");
    }
    std::size_t joined = 0;
    for (const auto& [top, next] : below) {
      if (is_below.contains(top)) continue;
      std::vector<int>& cascade = packing_.packed.cascades.emplace_back(1, top);
      for (auto at = below.find(top); at != below.end(); at = below.find(at->second), ++joined)
        cascade.push_back(at->second);
    }
    if (joined != below.size())
      base::fail(base::Code::kDoesNotFit, "links form a ring, and a column has an end",
                 netlist_.name, "let each cascade begin with zeros");
  }

  const Netlist& netlist_;
  const fabric::Architecture& architecture_;
  Packing& packing_;
  base::IdVector<SignalId, Terminal> drivers_;
  base::IdVector<SignalId, std::set<Terminal>> readers_;
};

}  // namespace

Packing pack(const Netlist& netlist, const fabric::Architecture& architecture) {
  Packing packing;
  const auto merged = [&](Tiles tiles) {
    return Merging(netlist, architecture, std::move(tiles)).run();
  };
  packing.tiles =
      merged(repack(netlist, architecture, merged(Packer(netlist, architecture).run())));
  Connecting(netlist, architecture, packing).run();
  return packing;
}

}  // namespace pnr
