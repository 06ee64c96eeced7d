// Which bits of a fabric's configuration do what: the one map, which hardware and bitstreams share.
//
// A frame holds the configuration of one place (x, y) of the grid with its ring: frame
// y * (columns + 2) + x. Its fields follow each other from bit 0 on, lowest bit first: the
// multiplexers of the tile's input pins and of the wires that begin in switch box (x, y), in the
// order of their nodes; then, of a logic tile, LUT by LUT its truth table, the choice of each of
// its inputs, and its flip-flop.
//
//   multiplexers   0: off, the node is 0; k: input k - 1 of Fanins
//   LUT's inputs   0: off; 1..clb_inputs: input pin; then the tile's own LUTs
//   flip-flops     bit 0: the output is the flip-flop's; bit 1: its initial value
//
// All bits 0 is a fabric in which nothing drives anything.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "fabric/graph.hpp"

namespace fabric {

/// What each node's multiplexer reads, in the order of the nodes.
class Fanins {
 public:
  explicit Fanins(const Graph& graph);
  std::span<const NodeId> of(NodeId node) const {
    return {nodes_.data() + first_[node.index()], first_[node.index() + 1] - first_[node.index()]};
  }

 private:
  std::vector<std::size_t> first_;  // by node, and the end
  std::vector<NodeId> nodes_;
};

struct Field {
  int frame = 0;
  int first = 0;  ///< bit of the frame
  int bits = 0;
  bool operator==(const Field&) const = default;
};

/// Bits that a choice among `inputs`, or none of them, takes: ceil(log2(inputs + 1)).
int select_bits(int inputs);

/// Column and row of the frame that a pin or a wire is configured in.
struct Home {
  int x = 0, y = 0;
};
Home home_of(const Graph& graph, NodeId node);

class Layout {
 public:
  explicit Layout(const Graph& graph);

  int frames() const { return static_cast<int>(sizes_.size()); }
  /// Bits of a frame.
  int bits(int frame) const { return sizes_[static_cast<std::size_t>(frame)]; }

  /// Of a wire or an input pin.
  Field multiplexer(NodeId node) const { return multiplexers_[node.index()]; }
  /// Of LUT `lut` of logic tile (x, y): entry i is bit i.
  Field table(int x, int y, int lut) const;
  /// Of input `input` of that LUT.
  Field choice(int x, int y, int lut, int input) const;
  Field flip_flop(int x, int y, int lut) const;

 private:
  int frame(int x, int y) const { return y * (architecture_.columns + 2) + x; }
  int lut_bits() const;
  Field lut_field(int x, int y, int lut, int first, int bits) const;

  Architecture architecture_;
  std::vector<int> sizes_;           // by frame
  std::vector<int> logic_;           // by frame, the first bit of its LUTs
  std::vector<Field> multiplexers_;  // by node
  int choice_bits_;
};

}  // namespace fabric
