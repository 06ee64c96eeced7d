// Has somebody forgotten data.scale?
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "nn/graph.hpp"

namespace app {

/// Stored values that look like pixels, and what the network says to them.
struct PixelFinding {
  double greatest = 0;   ///< stored value
  double unit = 1;       ///< the scale that brings them to 0 .. 1: 1/255, 1/65535 ...
  std::string evidence;  ///< what speaks for that scale; empty if nothing does
};

/// Nothing unless the values are whole numbers from 0 to something between 100 and 65535. Evidence
/// is, of a network that quantises its input, that a quarter of the values above 0 saturate there;
/// of one with several outputs, that on most of the first samples they differ by more than 200. (A
/// classifier of Fashion-MNIST that was trained on 0 to 1 and is fed 0 to 255 shows 2,000 to 5,000;
/// one that was trained on 0 to 255 shows 28 to 47.) `inputs` are the stored values in the shapes
/// of the graph's inputs; those of the input `which` are looked at.
std::optional<PixelFinding> pixel_finding(const nn::Graph& graph,
                                          const std::vector<nn::Array>& inputs,
                                          std::size_t which = 0);

}  // namespace app
