// The routing-resource graph of a fabric: what its pins and wires can pass a signal on to.
//
// Channels lie between tiles: horizontal channel j (0..rows) above row j, beside
// columns 1..columns; vertical channel i (0..columns) right of column i, beside rows 1..rows.
// Switch box (i, j) is where the two cross. Tracks 2p and 2p + 1 are a pair: a wire of the even one
// runs to the right, or up, one of the odd one to the left, or down. Wires of pair p end, and
// others begin, in the boxes (i, j) with (i + j + p) mod segment_length = 0 and where their channel
// ends; each has one driver, a multiplexer in the box where it begins.
//
//   turns     A wire can turn into both crossing channels in every box that it passes or ends in,
//             and in the last one go straight on: into one wire of those that begin there.
//   inputs    Pin k of a logic tile lies on side k mod 4 (top, right, bottom, left), those of an IO
//             tile towards the logic; it reads fc_in of the tracks that pass it.
//   links     A hard tile's link leads from its output to the input of the tile below, and nowhere
//             else.
//   outputs   Lie likewise; one drives as many wires as are fc_out of the tracks, of those that
//             begin beside its tile.
//
// README.md shows the formulas.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/strong_id.hpp"
#include "fabric/architecture.hpp"
#include "fabric/grid.hpp"

namespace fabric {

using NodeId = base::StrongId<struct NodeTag>;

enum class NodeKind : std::uint8_t { kOutput, kInput, kHorizontal, kVertical };

/// The tiles that a wire passes, both ends included; a pin has its tile. For a horizontal wire y is
/// its channel, for a vertical one x is.
struct Span {
  std::int16_t x_low = 0, y_low = 0, x_high = 0, y_high = 0;
  bool operator==(const Span&) const = default;
};

/// Nodes are pins and wires; built in time and memory in proportion to its edges, 4 bytes each.
class Graph {
 public:
  /// Of a valid architecture; throws what validate() throws.
  explicit Graph(const Architecture& architecture);

  const Architecture& architecture() const { return architecture_; }
  std::size_t size() const { return kinds_.size(); }
  std::size_t edges() const { return successors_.size(); }

  NodeKind kind(NodeId node) const { return kinds_[node.index()]; }
  bool is_wire(NodeId node) const { return kind(node) >= NodeKind::kHorizontal; }
  const Span& span(NodeId node) const { return spans_[node.index()]; }
  /// Of a wire, 0..channel_width - 1; of a pin its number.
  int track(NodeId node) const { return tracks_[node.index()]; }
  /// Tiles that a wire passes, 1..segment_length; 0 for pins.
  int length(NodeId node) const;

  /// Wires that the node can drive: of a wire or an output.
  std::span<const NodeId> wires(NodeId node) const;
  /// Inputs that the node can drive: of a wire, or of an output that is a link's.
  std::span<const NodeId> inputs(NodeId node) const;
  /// Picoseconds through the node's multiplexer and, of a wire, along it; 0 for outputs of
  /// tiles.
  int delay(NodeId node) const;
  /// Inputs of the multiplexer that drives each node; 0 for outputs of tiles.
  std::vector<std::uint16_t> fan_ins() const;

  /// Whether the node is an end of a hard tile's link: a pin of many wires.
  bool is_link(NodeId node) const;

  /// Pin `pin` of tile (x, y), which must have it; inputs of a tile have ids one after the other.
  NodeId input(int x, int y, int pin) const;
  NodeId output(int x, int y, int pin) const;
  /// The wire of `track` that passes tile column (or row) `position` in a horizontal (vertical)
  /// channel.
  NodeId wire(NodeKind kind, int channel, int position, int track) const;

 private:
  friend class GraphBuilder;

  std::size_t tile(int x, int y) const;
  std::size_t line(NodeKind kind, int channel, int track) const;

  Architecture architecture_;
  std::vector<NodeKind> kinds_;
  std::vector<Span> spans_;
  std::vector<std::uint16_t> tracks_;
  std::vector<std::uint32_t> first_output_, first_input_;  // node, by tile
  std::vector<std::uint32_t> first_wire_;                  // node, by line: a track of a channel
  std::vector<NodeId> successors_;              // of each node its wires, then its inputs
  std::vector<std::uint32_t> first_successor_;  // by node, and the end
  std::vector<std::uint16_t> wire_successors_;  // by node, how many of them are wires
};

/// Graph::delay() of a wire of full length far from edges and hard tiles, told without a graph.
int typical_delay(const Architecture& architecture);

}  // namespace fabric
