// The cheapest way from a net's tree to one of a tile's input pins: A* over the routing graph.
#pragma once

#include <cstdint>
#include <vector>

#include "fabric/graph.hpp"
#include "pnr/congestion.hpp"
#include "pnr/route.hpp"

namespace pnr {

/// Tiles, both ends included.
struct Box {
  int x_low = 0, y_low = 0, x_high = 0, y_high = 0;
};

/// Where a connection goes: to any of `count` inputs from `first` on, all of tile (x, y).
struct Target {
  int x = 0, y = 0;
  fabric::NodeId first;
  int count = 1;
  float criticality = 0;  ///< weight of delay, the rest is that of price
  Box within;             ///< wires must touch it
};

/// A tree that grows, with the delay from its root to each branch in wires.
struct Growing {
  Tree tree;
  std::vector<float> delays;  ///< by branch

  explicit Growing(fabric::NodeId root) : tree{{{root, -1}}, {}}, delays{0} {}
};

class Search {
 public:
  Search(const fabric::Graph& graph, const Congestion& congestion);

  /// Forgets the tree that connect() grew so far.
  void begin_net() { ++net_; }
  /// Adds the branches to one input of the target; the last one's place, or -1 if there is no way.
  int connect(Growing& growing, const Target& target);

 private:
  // What is known of a node in the search with number `stamp`.
  struct Label {
    float cost = 0;
    std::uint32_t stamp = 0;
    std::uint32_t from = 0;    // node, of a branch of the tree itself
    std::uint32_t branch = 0;  // place in the tree, if `net` is this net's number
    std::uint32_t net = 0;
  };
  struct Entry {
    float estimate;
    float cost;
    std::uint32_t node;
  };

  void seed(const Growing& growing, const Target& target);
  void seed_branch(const Growing& growing, int branch, const Target& target);
  bool near(fabric::NodeId node, const Target& target) const;
  void expand(const Entry& entry, const Target& target);
  void reach(fabric::NodeId node, float cost, float rest, std::uint32_t from);
  bool in_tree(std::uint32_t node) const { return labels_[node].net == net_; }
  int backtrace(Growing& growing, std::uint32_t node);
  float wire_cost(fabric::NodeId node, const Target& target) const;
  float wires_to(fabric::NodeId node, const Target& target) const;
  float hops(int tiles) const { return hops_[static_cast<std::size_t>(tiles)]; }
  bool beside(fabric::NodeId node, const Target& target) const;

  const fabric::Graph& graph_;
  const Congestion& congestion_;
  std::vector<Label> labels_;  // by node
  std::vector<Entry> heap_;
  std::vector<float> hops_;    // by distance in tiles, the wires that cover it
  std::vector<float> delays_;  // by node, in wires
  std::uint32_t net_ = 0, stamp_ = 0;
};

}  // namespace pnr
