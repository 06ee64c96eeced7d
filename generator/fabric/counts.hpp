// What a fabric costs: nodes, edges, multiplexers, configuration bits.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "fabric/graph.hpp"

namespace fabric {

struct Counts {
  std::size_t pins = 0, wires = 0;
  std::size_t edges = 0;
  int widest_input = 0;           ///< inputs of the widest multiplexer before an input pin
  int widest_wire = 0;            ///< and before a wire
  long routing_bits = 0;          ///< of all multiplexers
  std::vector<int> routing_tile;  ///< of the inputs of tile (x, y) and the wires that begin in box
                                  ///< (x, y), at y * (columns + 2) + x
  int logic_tile = 0;             ///< of a logic tile's LUTs, flip-flops and crossbar
};

Counts count(const Graph& graph);

/// The counts as lines of text, for people.
std::string describe(const Graph& graph);

}  // namespace fabric
