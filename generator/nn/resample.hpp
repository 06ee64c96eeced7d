// Maps of another size, each position showing its nearest neighbour: what Resize and Upsample
// share.
#pragma once

#include <string>
#include <vector>

#include "nn/pick.hpp"

namespace nn {

/// How an axis is stretched: `from` positions of its input make `to` of its output, which may have
/// a part of a position more than it shows.
struct Stretch {
  std::int64_t input = 1;   ///< extent, or kUnknown
  std::int64_t output = 1;  ///< extent, or kUnknown
  double from = 1;
  double to = 1;

  bool is_identity() const { return from == to; }
};

/// The axis of `extent` times `scale`, rounded down. Throws kBadShape unless the scale is a number
/// above 0 and the result below 2^31.
Stretch stretch_by(const Node& node, std::int64_t extent, double scale);
/// The axis of `extent` to an extent of `size`. Throws kBadShape if an axis without positions is to
/// get some.
Stretch stretch_to(const Node& node, std::int64_t extent, std::int64_t size);

/// The numbers of input `i`, one an entry. Throws kBadShape if they are not known before running.
std::vector<double> constant_scales(const Graph& graph, const Node& node, std::size_t i);

/// Where a position of the output lies in the input, and which neighbour it takes: as ONNX's
/// coordinate_transformation_mode and nearest_mode.
struct Sampling {
  std::string coordinates = "asymmetric";
  std::string nearest = "floor";
};

/// The shape of what is stretched.
Shape stretched_shape(const std::vector<Stretch>& axes);
/// evaluate() of what stretches input 0; all extents are known.
std::vector<Array> resample(const Call& call, const std::vector<Stretch>& axes,
                            const Sampling& sampling);

}  // namespace nn
