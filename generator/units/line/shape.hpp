// Windows over a map: what a line walk shows in each firing.
//
// A map is height x width positions in raster order. A token brings one of them, or several of a
// row side by side; what the last token of a row has beyond the row's end means nothing. Windows
// see each of its lines one or more times, its phases, but for some of the first and the last. A
// firing shows the window of one output position, or with neighbours those of several of a row side
// by side; the last firing of a row shows what is left. Firings follow the output positions in
// raster order.
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
  int repeat = 1;      ///< times that windows see a line
  int crop_begin = 0;  ///< of the lines as windows see them: the first ones that they do not
  int crop_end = 0;
  int skipped =
      0;  ///< lines more that the writer brings behind those of the map; memory takes none

  /// Lines of the map as windows see them, with those left out.
  int lines() const { return size * repeat; }
  /// Lines that windows see.
  int seen() const { return lines() - crop_begin - crop_end; }
  /// Lines from a window's first tap to its last.
  int extent() const { return (kernel - 1) * dilation; }
  /// Windows, if one fits in.
  int windows() const { return (pad_begin + seen() + pad_end - extent() - 1) / stride + 1; }
  /// Of lines(), that of the first tap of window `index`; it may be outside the map.
  int start(int index) const { return index * stride - pad_begin + crop_begin; }
  /// Whether windows see `line` of lines().
  bool sees(int line) const { return line >= crop_begin && line < lines() - crop_end; }

  bool operator==(const LineAxis&) const = default;
};

struct LineShape {
  LineAxis rows, cols;
  int neighbours = 1;  ///< windows a firing
  int beside = 1;      ///< positions a token
  bool deals = false;  ///< a position of a token brings channels for each of its phases
  bool ahead = false;  ///< windows that lie in the padding wait for no token

  /// Sets of channels that a position of a token brings: row by row of its phases.
  int parts() const { return deals ? rows.repeat * cols.repeat : 1; }
  /// Tokens that bring one row of a map.
  int tokens_a_row() const { return (cols.size + beside - 1) / beside; }
  /// Tokens of a map.
  std::int64_t tokens() const { return std::int64_t{rows.size} * tokens_a_row(); }
  /// Tokens that the writer brings of one row, and of a map with the rows that memory skips.
  int sent_a_row() const { return (cols.size + cols.skipped + beside - 1) / beside; }
  std::int64_t sent() const { return std::int64_t{rows.size + rows.skipped} * sent_a_row(); }
  /// Whether memory takes token `token` of those, or all.
  bool takes(std::int64_t token) const {
    return token / sent_a_row() < rows.size && token % sent_a_row() < tokens_a_row();
  }
  bool takes_all() const { return sent() == tokens(); }
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
