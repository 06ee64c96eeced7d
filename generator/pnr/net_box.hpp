// The box around a net's blocks, kept while they move.
#pragma once

#include <algorithm>

#include "pnr/packed.hpp"

namespace pnr {

/// The least and the greatest of some numbers, and how many are equal to each of the two.
struct Extent {
  int low = 0, high = 0;
  int at_low = 0, at_high = 0;

  static Extent of(int value) { return {value, value, 1, 1}; }

  void add(int value) {
    if (value < low) {
      low = value;
      at_low = 0;
    }
    if (value > high) {
      high = value;
      at_high = 0;
    }
    at_low += value == low;
    at_high += value == high;
  }

  /// Puts `to` in place of `from`; false if what is left cannot be told from this.
  bool move(int from, int to) {
    if (from == to) return true;
    add(to);
    at_low -= from == low;
    at_high -= from == high;
    return at_low > 0 && at_high > 0;
  }
};

struct NetBox {
  Extent x, y;

  static NetBox of(const Site& site) { return {Extent::of(site.x), Extent::of(site.y)}; }
  void add(const Site& site) {
    x.add(site.x);
    y.add(site.y);
  }
  bool move(const Site& from, const Site& to) {
    const bool known = x.move(from.x, to.x);
    return y.move(from.y, to.y) && known;
  }
  /// Columns and rows.
  int half_perimeter() const { return x.high - x.low + y.high - y.low + 2; }
};

}  // namespace pnr
