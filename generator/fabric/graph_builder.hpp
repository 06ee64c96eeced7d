// Fills a Graph: nodes first, then what each of them drives, in one pass over the nodes.
#pragma once

#include <array>
#include <vector>

#include "fabric/graph.hpp"

namespace fabric {

/// Which way a wire runs; its track's parity says which of the two of its kind.
enum class Heading : std::uint8_t { kRight, kLeft, kUp, kDown };

/// The wire, of those that begin in a switch box for one heading, into which a wire turns.
struct Turn {
  Heading from = Heading::kRight;
  Heading to = Heading::kUp;
  int in = 0;     ///< number of the wire that turns
  int count = 1;  ///< of the wires that begin
};

/// Number of the wire that Wilton's pattern joins to (Wilton's thesis, Toronto 1997): no two turns
/// that lead back to where they began keep the track.
int wilton(const Turn& turn);

/// Place `tap` of the `taps` that pin `pin` of `pins` has, evenly spaced over 0 .. places - 1: the
/// taps of all pins together are evenly spaced too.
struct Comb {
  int pins = 1, taps = 1, places = 1;
  int place(int pin, int tap) const { return places * (tap * pins + pin) / (taps * pins); }
};

class GraphBuilder {
 public:
  explicit GraphBuilder(Graph& graph);
  void build();

 private:
  using Readers = std::vector<std::vector<std::uint16_t>>;  // by track, pins
  using Sides = std::array<Readers, 4>;                     // by side; pins as numbered in the side
  struct Box {
    int i = 0, j = 0;
  };

  void add_pins();
  void add_lines(NodeKind kind);
  void add_wire(NodeKind kind, int channel, int track, int low, int high);
  void connect(std::size_t node);
  void connect_output(NodeId node);
  void connect_link(NodeId node);
  void connect_wire(NodeId node);
  void visit_box(NodeId node, const Box& box, bool last);
  void turn(NodeId node, const Box& box, Heading to);
  void connect_inputs(NodeId node);
  void read(NodeId node, int x, int y, int side);

  bool leaves(const Box& box, Heading to) const;
  bool at_edge(const Box& box, Heading to) const;
  NodeId beginning(const Box& box, Heading to, int pair) const;
  std::vector<NodeId> beginnings(NodeKind kind, int channel, int position) const;
  Readers readers(int pins) const;
  Sides sides(int pins) const;
  int side_pins(int pins, int side) const { return (pins - side + 3) / 4; }

  Graph& graph_;
  const Architecture& architecture_;
  int pairs_;
  int taps_in_;
  std::vector<Sides> tile_readers_;  // of logic, then of each kind of hard tile
  Readers io_readers_;
};

}  // namespace fabric
