// What became of a circuit, as text.
#pragma once

#include <string>

#include "pnr/implement.hpp"

namespace pnr {

/// A line a block: its name, kind and site; under a logic block a line an element with its output
/// pin, LUT and flip-flop.
std::string placement_text(const Implementation& done);

/// Each net with its tree: a line a branch, indented by how many wires lie before it.
std::string routing_text(const Implementation& done, const fabric::Graph& graph);

/// The longest path, a line a signal with the picoseconds at which it is there.
std::string path_text(const Implementation& done);

}  // namespace pnr
