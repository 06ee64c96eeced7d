// A picture of a placed and routed circuit.
#pragma once

#include <string>

#include "pnr/implement.hpp"

namespace pnr {

/// An SVG: tiles with what is on them (its name in a tooltip), the share of each channel's tracks
/// that is used as its colour, and a legend.
std::string floorplan_svg(const Implementation& done, const fabric::Graph& graph);

}  // namespace pnr
