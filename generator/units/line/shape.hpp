// Windows over a map: what a line walk shows in each firing.
//
// A map is height x width positions in raster order. A token brings one of them, or several of a
// row side by side; what the last token of a row has beyond the row's end means nothing. A firing
// shows the window of one output position, or with neighbours those of several of a row side by
// side; the last firing of a row shows what is left. Firings follow the output positions in raster
// order.
#pragma once

#include <cstdint>

namespace units {

/// One axis of the map and of its windows.
struct LineAxis {
  int size = 1;  ///< lines of the map
  int kernel = 1;
  int stride = 1;
  int dilation = 1;
  int pad_begin = 0;
  int pad_end = 0;

  /// Lines from a window's first tap to its last.
  int extent() const { return (kernel - 1) * dilation; }
  /// Windows, if one fits in.
  int windows() const { return (pad_begin + size + pad_end - extent() - 1) / stride + 1; }
  /// Line of the first tap of window `index`; outside the map in the padding.
  int start(int index) const { return index * stride - pad_begin; }

  bool operator==(const LineAxis&) const = default;
};

struct LineShape {
  LineAxis rows, cols;
  int neighbours = 1;  ///< windows a firing
  int beside = 1;      ///< positions a token

  /// Tokens that bring one row of a map.
  int tokens_a_row() const { return (cols.size + beside - 1) / beside; }
  /// Tokens of a map.
  std::int64_t tokens() const { return std::int64_t{rows.size} * tokens_a_row(); }
  /// Firings that show one row of windows.
  int firings_a_row() const { return (cols.windows() + neighbours - 1) / neighbours; }
  /// Firings of a map.
  std::int64_t firings() const { return std::int64_t{rows.windows()} * firings_a_row(); }
  /// Positions that a firing shows: those of all its windows, of its neighbours one after the
  /// other.
  int taps() const { return neighbours * rows.kernel * cols.kernel; }

  bool operator==(const LineShape&) const = default;
};

}  // namespace units
