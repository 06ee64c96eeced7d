// Kernels that walk over maps: what Conv and the pools share.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "nn/op_support.hpp"

namespace nn {

/// One axis of a map and of the kernel that walks along it.
struct WindowAxis {
  std::int64_t input = 1;  ///< extent of the map, or kUnknown
  std::int64_t kernel = 1;
  std::int64_t stride = 1;
  std::int64_t dilation = 1;
  std::int64_t pad_begin = 0;
  std::int64_t pad_end = 0;
  std::int64_t output = 1;  ///< windows, or kUnknown; the last may reach beyond the padding

  /// Positions from a window's first tap to its last.
  std::int64_t reach() const { return dilation * (kernel - 1) + 1; }
  /// Where a tap of a window lies; outside [0, input) it meets padding.
  std::int64_t at(std::int64_t window, std::int64_t tap) const {
    return window * stride - pad_begin + tap * dilation;
  }
  bool holds(std::int64_t position) const { return position >= 0 && position < input; }
};

/// The axes behind samples and channels of an input of shape `input`, walked over by a kernel of
/// extents `kernel` with the node's strides, dilations, pads, auto_pad and ceil_mode. Throws
/// kBadAttribute (lists of another length, numbers out of range, negative pads), kBadShape (another
/// rank, a kernel that reaches beyond the padded map), kUnsupportedFeature (more than three axes).
std::vector<WindowAxis> window_axes(const Node& node, const Shape& input, const Shape& kernel);

/// The extents of a pool's kernel. Throws kBadAttribute unless they are positive, and wider than
/// the padding at either side.
Shape pool_kernel(const Node& node);

/// [samples, channels, windows ...].
Shape walked_shape(std::int64_t samples, std::int64_t channels,
                   const std::vector<WindowAxis>& axes);

/// Three axes, outermost first; those that a map lacks have one position and one tap.
using Walk = std::array<WindowAxis, 3>;
Walk walk_of(const std::vector<WindowAxis>& axes);
std::int64_t positions_of(const Walk& walk);  ///< of the map
std::int64_t windows_of(const Walk& walk);
std::int64_t taps_of(const Walk& walk);

/// Calls f(window, tap, position) for every tap of every window that meets the map, positions and
/// windows counted row by row.
template <class F>
void for_each_tap(const Walk& walk, F&& f) {
  std::int64_t window = 0;
  const auto& [z, y, x] = walk;
  for (std::int64_t wz = 0; wz < z.output; ++wz)
    for (std::int64_t wy = 0; wy < y.output; ++wy)
      for (std::int64_t wx = 0; wx < x.output; ++wx, ++window)
        for (std::int64_t tap = 0; tap < z.kernel * y.kernel * x.kernel; ++tap) {
          const std::int64_t pz = z.at(wz, tap / (y.kernel * x.kernel));
          const std::int64_t py = y.at(wy, tap / x.kernel % y.kernel);
          const std::int64_t px = x.at(wx, tap % x.kernel);
          if (z.holds(pz) && y.holds(py) && x.holds(px))
            f(window, tap, (pz * y.input + py) * x.input + px);
        }
}

/// The attributes of ops that walk: strides, pads, auto_pad.
std::vector<AttributeDef> walk_attributes();
/// The same and kernel_shape, ceil_mode, and dilations since opset `dilations_since`.
std::vector<AttributeDef> pool_attributes(std::int64_t dilations_since);

/// infer() of pools, and of those that take whole maps.
void infer_pool(Graph& graph, const Node& node);
void infer_global_pool(Graph& graph, const Node& node);

/// The walk of a pool whose shapes are known; a kernel of the map's extents if it is a global one.
Walk pool_walk(const Call& call);

}  // namespace nn
