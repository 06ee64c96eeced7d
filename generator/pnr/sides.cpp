#include "pnr/sides.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <numeric>
#include <utility>

#include "pnr/elements.hpp"

namespace pnr {

namespace {

constexpr int kSides = 4;  // top, right, bottom, left, as fabric::Graph has them

using Costs = std::array<int, kSides>;

// Tiles on the way from each side to a sink `dx` columns to the right and `dy` rows above: along
// the channel there, then across to the channel beside the sink.
Costs distances(int dx, int dy) {
  const auto across = [](int d) { return d > 0 ? d - 1 : -d; };
  const int along_row = std::abs(dx), along_column = std::abs(dy);
  return {along_row + across(dy), along_column + across(dx), along_row + across(-dy),
          along_column + across(-dx)};
}

class Ordering {
 public:
  Ordering(const Netlist& netlist, const Placement& placement, Packing& packing)
      : netlist_(netlist),
        placement_(placement),
        packing_(packing),
        nets_(netlist.signals.size(), -1) {
    for (std::size_t net = 0; net < packing.signals.size(); ++net)
      nets_[packing.signals[net]] = static_cast<int>(net);
  }

  void run() {
    for (std::size_t tile = 0; tile < packing_.tiles.size(); ++tile) order(tile);
  }

 private:
  Costs costs_of(const Element& element) const {
    Costs costs{};
    const int net = nets_[output_of(netlist_, element)];
    if (net < 0) return costs;
    const Net& wanted = packing_.packed.nets[static_cast<std::size_t>(net)];
    const Site& from = placement_[static_cast<std::size_t>(wanted.driver.block)];
    for (const Terminal& sink : wanted.sinks) {
      const Site& to = placement_[static_cast<std::size_t>(sink.block)];
      const Costs more = distances(to.x - from.x, to.y - from.y);
      for (std::size_t side = 0; side < kSides; ++side) costs[side] += more[side];
    }
    return costs;
  }

  // Those with the most to lose choose first.
  void order(std::size_t tile) {
    std::vector<Element>& elements = packing_.tiles[tile];
    std::vector<std::pair<int, std::size_t>> turns;
    std::vector<Costs> costs;
    for (std::size_t i = 0; i < elements.size(); ++i) {
      costs.push_back(costs_of(elements[i]));
      const auto [least, most] = std::ranges::minmax(costs.back());
      turns.emplace_back(least - most, i);
    }
    std::ranges::sort(turns);
    std::vector<int> taken(elements.size(), -1);  // by pin, element
    for (const auto& [regret, element] : turns) {
      std::size_t chosen = elements.size();
      for (std::size_t pin = 0; pin < elements.size(); ++pin)
        if (taken[pin] < 0 && (chosen == elements.size() ||
                               costs[element][pin % kSides] < costs[element][chosen % kSides]))
          chosen = pin;
      taken[chosen] = static_cast<int>(element);
    }
    const std::vector<Element> old = elements;
    for (std::size_t pin = 0; pin < old.size(); ++pin) {
      elements[pin] = old[static_cast<std::size_t>(taken[pin])];
      const int net = nets_[output_of(netlist_, elements[pin])];
      if (net >= 0)
        packing_.packed.nets[static_cast<std::size_t>(net)].driver.pin = static_cast<int>(pin);
    }
  }

  const Netlist& netlist_;
  const Placement& placement_;
  Packing& packing_;
  base::IdVector<SignalId, int> nets_;  // -1: none
};

}  // namespace

void order_outputs(const Netlist& netlist, const Placement& placement, Packing& packing) {
  Ordering(netlist, placement, packing).run();
}

}  // namespace pnr
