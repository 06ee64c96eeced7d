// How many nets use each node, and what that makes a node cost.
#pragma once

#include <cstdint>
#include <vector>

#include "fabric/graph.hpp"
#include "pnr/route.hpp"

namespace pnr {

/// A node's price is 1 where no net would share it. It rises with the nets that share it now, by
/// `pressure` each, and with those that shared it after earlier iterations.
class Congestion {
 public:
  explicit Congestion(std::size_t nodes) : nodes_(nodes) {}

  void set_pressure(float pressure) { pressure_ = pressure; }
  /// For one net more than use the node now.
  float price(fabric::NodeId node) const {
    const Use& use = nodes_[node.index()];
    return use.history * (1 + pressure_ * static_cast<float>(use.nets));
  }
  bool shared(fabric::NodeId node) const { return nodes_[node.index()].nets > 1; }
  int nets(fabric::NodeId node) const { return nodes_[node.index()].nets; }

  /// Adds a tree's use of its nodes, or takes it away.
  void add(const Tree& tree, int nets) {
    for (const Branch& branch : tree.branches) nodes_[branch.node.index()].nets += nets;
  }
  bool shares(const Tree& tree) const;
  /// Makes each shared node dearer for ever; the number of shared nodes.
  int remember();

 private:
  struct Use {
    float history = 1;
    std::int32_t nets = 0;
  };
  std::vector<Use> nodes_;  // by node
  float pressure_ = 0;
};

}  // namespace pnr
