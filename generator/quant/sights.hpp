// Which sights show maps as a node has moved them: found from where each element comes from, so
// whatever names a node's attributes have, what it does is what counts.
#pragma once

#include <optional>
#include <vector>

#include "quant/sight.hpp"

namespace quant {

/// Where an element comes from.
struct Spot {
  int source = -1;  ///< which of several tensors; -1: it is a zero
  int element = 0;
};

/// Elements [first, first + count), whole channels, of what `sight` shows of tensor `source`.
struct Run {
  int source = 0;
  Sight sight{};
  int first = 0;
  int count = 0;
};

/// The runs, one after the other, that are maps of extents `map` with these elements, each channel
/// a channel of one tensor of `sources`, or all of them dealt from one. None if no sights show
/// that.
std::optional<std::vector<Run>> runs_of(const std::vector<Spot>& spots,
                                        const std::vector<Shape>& sources, Pair map);

}  // namespace quant
