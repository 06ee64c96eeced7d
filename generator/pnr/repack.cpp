#include "pnr/repack.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "base/rng.hpp"
#include "pnr/elements.hpp"

namespace pnr {

namespace {

constexpr int kSteps = 100;          // temperatures
constexpr int kMovesAnElement = 10;  // at each
constexpr double kFirstTemperature = 0.6, kLastTemperature = 0.05;
constexpr std::size_t kMostUsers = 64;  // a signal with more meets many tiles whatever is moved

class Repacking {
 public:
  Repacking(const Netlist& netlist, const fabric::Architecture& architecture, Tiles tiles)
      : netlist_(netlist),
        architecture_(architecture),
        users_(netlist.signals.size()),
        tiles_(tiles.size()) {
    for (std::size_t tile = 0; tile < tiles.size(); ++tile)
      for (const Element& element : tiles[tile]) add(element, static_cast<int>(tile));
  }

  Tiles run() {
    const double cooling = std::pow(kLastTemperature / kFirstTemperature, 1.0 / kSteps);
    temperature_ = kFirstTemperature;
    for (int step = 0; step < kSteps; ++step, temperature_ *= cooling)
      for (std::size_t i = 0; i < kMovesAnElement * members_.size(); ++i)
        try_move(static_cast<int>(rng_.below(members_.size())));
    Tiles packed(tiles_.size());
    for (std::size_t tile = 0; tile < tiles_.size(); ++tile)
      for (const int member : tiles_[tile]) packed[tile].push_back(at(member).element);
    return packed;
  }

 private:
  struct Member {
    Element element;
    int tile = 0;
    std::vector<SignalId> inputs;   // of the element, ascending
    std::vector<SignalId> signals;  // inputs and output, each once
    SignalId output;
  };

  Member& at(int member) { return members_[static_cast<std::size_t>(member)]; }
  const Member& at(int member) const { return members_[static_cast<std::size_t>(member)]; }
  std::vector<int>& tile(int number) { return tiles_[static_cast<std::size_t>(number)]; }

  void add(const Element& element, int tile_number) {
    const auto number = static_cast<int>(members_.size());
    Member member{
        element, tile_number, inputs_of(netlist_, element), {}, output_of(netlist_, element)};
    member.signals = member.inputs;
    if (!std::ranges::binary_search(member.inputs, member.output))
      member.signals.push_back(member.output);
    for (const SignalId signal : member.signals) users_[signal].push_back(number);
    members_.push_back(std::move(member));
    tile(tile_number).push_back(number);
  }

  // To the tile of an element that a signal joins it with; if that is full, one of it comes back.
  void try_move(int member) {
    const Member& mover = at(member);
    const std::vector<int>& users = users_[mover.signals[rng_.below(mover.signals.size())]];
    const int from = mover.tile;
    const int to = at(users[rng_.below(users.size())]).tile;
    if (to == from) return;
    int back = -1;
    if (static_cast<int>(tile(to).size()) >= architecture_.luts)
      back = tile(to)[rng_.below(tile(to).size())];
    int change = cost_change(member, to);
    shift(member, to);
    if (back >= 0) {
      change += cost_change(back, from);
      shift(back, from);
    }
    if (accepts(change) && keeps_limits(from) && keeps_limits(to)) return;
    shift(member, from);
    if (back >= 0) shift(back, to);
  }

  bool accepts(int change) {
    return change <= 0 || rng_.uniform() < std::exp(-change / temperature_);
  }

  // Tiles more that signals meet if `member` moves to tile `to`.
  int cost_change(int member, int to) const {
    int change = 0;
    for (const SignalId signal : at(member).signals) {
      const std::vector<int>& users = users_[signal];
      if (users.size() > kMostUsers) continue;
      bool leaves = true, comes = true;
      for (const int user : users) {
        if (user == member) continue;
        if (at(user).tile == at(member).tile) leaves = false;
        if (at(user).tile == to) comes = false;
      }
      change += static_cast<int>(comes) - static_cast<int>(leaves);
    }
    return change;
  }

  void shift(int member, int to) {
    std::vector<int>& old = tile(at(member).tile);
    *std::ranges::find(old, member) = old.back();
    old.pop_back();
    tile(to).push_back(member);
    at(member).tile = to;
  }

  bool keeps_limits(int number) {
    reads_.clear();
    makes_.clear();
    std::optional<Edge> edge;
    for (const int member : tile(number)) {
      const Member& one = at(member);
      if (one.element.flip_flop.valid()) {
        const Edge mine = edge_of(netlist_, one.element);
        if (edge && *edge != mine) return false;
        edge = mine;
      }
      reads_.insert(reads_.end(), one.inputs.begin(), one.inputs.end());
      makes_.push_back(one.output);
    }
    std::ranges::sort(reads_);
    reads_.erase(std::unique(reads_.begin(), reads_.end()), reads_.end());
    const auto inside = std::ranges::count_if(
        makes_, [&](SignalId made) { return std::ranges::binary_search(reads_, made); });
    return static_cast<int>(reads_.size()) - static_cast<int>(inside) <= architecture_.clb_inputs;
  }

  const Netlist& netlist_;
  const fabric::Architecture& architecture_;
  base::IdVector<SignalId, std::vector<int>> users_;
  std::vector<Member> members_;
  std::vector<std::vector<int>> tiles_;  // members
  base::Rng rng_{1};
  double temperature_ = 0;
  std::vector<SignalId> reads_, makes_;  // of the tile that is looked at
};

}  // namespace

Tiles repack(const Netlist& netlist, const fabric::Architecture& architecture, Tiles tiles) {
  return Repacking(netlist, architecture, std::move(tiles)).run();
}

}  // namespace pnr
