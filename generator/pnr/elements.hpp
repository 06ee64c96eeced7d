// What an element of a tile reads, makes and is clocked by.
#pragma once

#include <utility>
#include <vector>

#include "pnr/packing.hpp"

namespace pnr {

/// Signals that `element` reads, each once, ascending.
std::vector<SignalId> inputs_of(const Netlist& netlist, const Element& element);
SignalId output_of(const Netlist& netlist, const Element& element);

/// A tile's flip-flops have one clock and one edge of it (true: the falling one).
using Edge = std::pair<SignalId, bool>;

/// Of an element with a flip-flop.
Edge edge_of(const Netlist& netlist, const Element& element);

}  // namespace pnr
