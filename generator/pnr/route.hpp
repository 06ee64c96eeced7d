// Routing by negotiated congestion (PathFinder: McMurchie and Ebeling, FPGA 1995): nets share nodes
// at a price that rises until they part.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "fabric/graph.hpp"
#include "pnr/packed.hpp"

namespace pnr {

/// A node of a net's tree and the place in the tree of what drives it; -1 for the root.
struct Branch {
  fabric::NodeId node;
  int parent = -1;
  bool operator==(const Branch&) const = default;
};

/// The root, the driver's pin, comes first, every branch after its parent.
struct Tree {
  std::vector<Branch> branches;
  std::vector<int> sinks;  ///< by sink of the net, the branch that is its input pin
  bool operator==(const Tree&) const = default;
};

struct Routing {
  std::vector<Tree> trees;  ///< by net
  long wirelength = 0;      ///< tiles that all used wires pass
  int iterations = 0;
};

/// How far routing has come, after each iteration.
struct RouteStep {
  int iteration = 0;  ///< from 1
  int overused = 0;   ///< nodes that several nets use
  int rerouted = 0;   ///< nets
  long wirelength = 0;
};

struct RouteOptions {
  /// 0 (only wirelength counts) to 1 (only delay does), of each sink of each net, one after the
  /// other; empty for all 0.
  std::span<const float> criticality;
  int max_iterations = 50;
  std::function<void(const RouteStep&)> progress;
};

/// Routes all nets, each node for one net at most; the same input gives the same routing. Throws
/// kUnroutable with the most crowded place if nets still share nodes after the last iteration.
Routing route(const Packed& packed, const Placement& placement, const fabric::Graph& graph,
              const RouteOptions& options = {});

struct LeastWidth {
  int channel_width = 0;
  Routing routing;
};

/// The least channel width at which route() succeeds, by bisection, and its routing; the
/// architecture's own channel width is where the search starts. Throws kUnroutable if the greatest
/// width does not do.
LeastWidth least_channel_width(const Packed& packed, const Placement& placement,
                               const fabric::Architecture& architecture,
                               const RouteOptions& options = {});

/// What a connection takes, in picoseconds: from the net's output pin to the input pin of sink
/// `sink` of `tree`.
int delay(const fabric::Graph& graph, const Tree& tree, int sink);

}  // namespace pnr
