// Where nets share the most nodes.
#pragma once

#include "pnr/congestion.hpp"
#include "pnr/search.hpp"

namespace pnr {

struct Crowd {
  int x = 0, y = 0;  ///< the tile beside which most nodes are shared
  Box area;          ///< the tiles around it, of the fabric
};

Crowd most_crowded(const fabric::Graph& graph, const Congestion& congestion);

}  // namespace pnr
