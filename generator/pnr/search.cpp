#include "pnr/search.hpp"

#include <algorithm>
#include <cmath>

namespace pnr {
namespace {

using fabric::NodeId;
using fabric::NodeKind;

// A wire of full length costs 1, in price as in delay. An input costs nearly as much: that it is
// another net's must weigh.
constexpr float kInputPrice = 0.95F;
// How far the estimate of what is left is trusted; above 1 finds ways sooner, but not the best.
constexpr float kTrust = 1.1F;
// Trees of more branches are searched from those near the target first.
constexpr std::size_t kManyBranches = 64;

// Least estimate first; of equal ones the dearest so far, which is nearest to its end.
bool later(const auto& a, const auto& b) {
  if (a.estimate != b.estimate) return a.estimate > b.estimate;
  if (a.cost != b.cost) return a.cost < b.cost;
  return a.node > b.node;
}

constexpr auto kLater = [](const auto& a, const auto& b) { return later(a, b); };

NodeId id(std::uint32_t node) { return NodeId(node); }
std::uint32_t number(NodeId node) { return static_cast<std::uint32_t>(node.index()); }

// How far the place lies outside low..high.
int outside(int place, int low, int high) { return std::max({low - place, place - high, 0}); }

}  // namespace

Search::Search(const fabric::Graph& graph, const Congestion& congestion)
    : graph_(graph), congestion_(congestion), labels_(graph.size()) {
  const fabric::Architecture& architecture = graph.architecture();
  const int extent = std::max(architecture.columns, architecture.rows) + 3;
  for (int tiles = 0; tiles <= extent; ++tiles)
    hops_.push_back(
        std::ceil(static_cast<float>(tiles) / static_cast<float>(architecture.segment_length)));
  const auto whole = static_cast<float>(fabric::typical_delay(architecture));
  for (std::size_t node = 0; node < graph.size(); ++node)
    delays_.push_back(static_cast<float>(graph.delay(NodeId(node))) / whole);
}

int Search::connect(Growing& growing, const Target& target) {
  ++stamp_;
  heap_.clear();
  seed(growing, target);
  while (!heap_.empty()) {
    std::pop_heap(heap_.begin(), heap_.end(), kLater);
    const Entry entry = heap_.back();
    heap_.pop_back();
    if (!graph_.is_wire(id(entry.node)) && graph_.kind(id(entry.node)) == NodeKind::kInput)
      return backtrace(growing, entry.node);
    if (entry.cost <= labels_[entry.node].cost) expand(entry, target);
  }
  return -1;
}

void Search::seed(const Growing& growing, const Target& target) {
  const std::vector<Branch>& branches = growing.tree.branches;
  for (std::size_t i = 0; i < branches.size(); ++i) {
    Label& label = labels_[branches[i].node.index()];
    label.net = net_;
    label.branch = static_cast<std::uint32_t>(i);
  }
  const bool many = branches.size() > kManyBranches;
  for (std::size_t i = 0; i < branches.size(); ++i)
    if (!many || near(branches[i].node, target)) seed_branch(growing, static_cast<int>(i), target);
  if (!heap_.empty()) return;
  for (std::size_t i = 0; i < branches.size(); ++i)
    seed_branch(growing, static_cast<int>(i), target);
}

void Search::seed_branch(const Growing& growing, int branch, const Target& target) {
  const NodeId node = growing.tree.branches[static_cast<std::size_t>(branch)].node;
  if (graph_.kind(node) == NodeKind::kInput) return;
  const float cost = target.criticality * growing.delays[static_cast<std::size_t>(branch)];
  reach(node, cost, graph_.is_wire(node) ? wires_to(node, target) : 0, number(node));
}

bool Search::near(NodeId node, const Target& target) const {
  const int reach = 2 * graph_.architecture().segment_length;
  const fabric::Span& at = graph_.span(node);
  return outside(target.x, at.x_low, at.x_high) + outside(target.y, at.y_low, at.y_high) <= reach;
}

void Search::expand(const Entry& entry, const Target& target) {
  const NodeId node = id(entry.node);
  for (const NodeId next : graph_.wires(node)) {
    const fabric::Span& at = graph_.span(next);
    const Box& box = target.within;
    if (at.x_high < box.x_low || at.x_low > box.x_high || at.y_high < box.y_low ||
        at.y_low > box.y_high || in_tree(number(next)))
      continue;
    reach(next, entry.cost + wire_cost(next, target), wires_to(next, target), entry.node);
  }
  if (graph_.is_wire(node) && !beside(node, target)) return;
  for (const NodeId next : graph_.inputs(node)) {
    const std::size_t pin = next.index() - target.first.index();
    if (pin >= static_cast<std::size_t>(target.count)) continue;
    const float cost = target.criticality * delays_[next.index()] +
                       (1 - target.criticality) * kInputPrice * congestion_.price(next);
    reach(next, entry.cost + cost, 0, entry.node);
  }
}

// Takes note of a way to the node if there was no cheaper one; `rest` wires are left.
void Search::reach(NodeId node, float cost, float rest, std::uint32_t from) {
  Label& label = labels_[node.index()];
  if (label.stamp == stamp_ && label.cost <= cost) return;
  label.stamp = stamp_;
  label.cost = cost;
  label.from = from;
  heap_.push_back({cost + kTrust * rest, cost, number(node)});
  std::push_heap(heap_.begin(), heap_.end(), kLater);
}

int Search::backtrace(Growing& growing, std::uint32_t node) {
  std::vector<std::uint32_t> way;
  for (; !in_tree(node); node = labels_[node].from) way.push_back(node);
  int parent = static_cast<int>(labels_[node].branch);
  for (auto it = way.rbegin(); it != way.rend(); ++it) {
    growing.delays.push_back(growing.delays[static_cast<std::size_t>(parent)] + delays_[*it]);
    growing.tree.branches.push_back({id(*it), parent});
    parent = static_cast<int>(growing.tree.branches.size()) - 1;
  }
  return parent;
}

float Search::wire_cost(NodeId node, const Target& target) const {
  const float length = static_cast<float>(graph_.length(node)) /
                       static_cast<float>(graph_.architecture().segment_length);
  return target.criticality * delays_[node.index()] +
         (1 - target.criticality) * length * congestion_.price(node);
}

// Whether the wire runs along a side of the target's tile.
bool Search::beside(NodeId node, const Target& target) const {
  const fabric::Span& at = graph_.span(node);
  const int up = graph_.kind(node) == NodeKind::kHorizontal ? 1 : 0, right = 1 - up;
  return outside(target.x, at.x_low, at.x_high + right) == 0 &&
         outside(target.y, at.y_low, at.y_high + up) == 0;
}

// Wires from here to one beside the target, if all ways were free and wires began where it suits.
// `along` and `across` are tiles left in the wire's direction and at right angles to it; the last
// wire can come to the target's tile in either.
float Search::wires_to(NodeId node, const Target& target) const {
  const fabric::Span& at = graph_.span(node);
  const bool horizontal = graph_.kind(node) == NodeKind::kHorizontal;
  const bool backwards = graph_.track(node) % 2 == 1;
  const int place = horizontal ? target.x : target.y, low = horizontal ? at.x_low : at.y_low;
  const int high = horizontal ? at.x_high : at.y_high;
  const int line = horizontal ? target.y : target.x, channel = horizontal ? at.y_low : at.x_low;
  const int along = outside(place, low, high), across = outside(line, channel, channel + 1);
  if (along == 0) return across == 0 ? 0 : hops(across + 1);
  const bool astray = backwards ? place > high : place < low;
  if (astray) return hops(along + 1) + std::max(hops(across), 1.0F);
  if (across == 0) return hops(along);
  return std::min(hops(along) + hops(across), hops(along - 1) + hops(across + 1));
}

}  // namespace pnr
