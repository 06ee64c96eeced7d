// The places of a fabric's grid, and which of them are alike.
#pragma once

#include <compare>
#include <vector>

#include "fabric/graph.hpp"
#include "fabric/grid.hpp"
#include "fabric/layout.hpp"

namespace emit {

/// A multiplexer's input: a node of the same place, or one from outside.
struct Source {
  bool is_local = false;
  int index = 0;  ///< among the place's nodes, or among what comes from outside
  auto operator<=>(const Source&) const = default;
};

/// What a place of the grid is made of, without where it is: equal shapes are one module.
struct Shape {
  fabric::Tile tile = fabric::Tile::kEmpty;
  int hard = -1;            ///< its kind, of a hard tile
  bool takes_link = false;  ///< there is a tile above whose link it can take
  struct Node {
    fabric::NodeKind kind;
    bool leaves;  ///< another place reads it
    std::vector<Source> sources;
    auto operator<=>(const Node&) const = default;
  };
  std::vector<Node> nodes;
  auto operator<=>(const Shape&) const = default;

  /// Number of the node behind the last input.
  std::size_t inputs_end() const;
  /// Wires that come from outside, and that go there.
  int inputs() const;
  int outputs() const;
};

/// A place: its shape, its nodes but the output of a link, and the nodes that come from outside.
/// The input of a link has no sources: its multiplexer says whether it is on.
struct Place {
  Shape shape;
  std::vector<fabric::NodeId> nodes;
  std::vector<fabric::NodeId> outside;
};

class Places {
 public:
  /// `graph` must outlive it.
  explicit Places(const fabric::Graph& graph);

  const Place& at(int x, int y) const { return places_[index(x, y)]; }

 private:
  std::size_t index(int x, int y) const { return static_cast<std::size_t>(y * across_ + x); }
  std::size_t index(fabric::NodeId node) const;
  void describe(int x, int y);
  bool leaves(fabric::NodeId node) const;

  const fabric::Graph& graph_;
  fabric::Fanins fanins_;
  int across_;
  std::vector<Place> places_;
  std::vector<int> locals_;  // by node, its number in its place
};

}  // namespace emit
