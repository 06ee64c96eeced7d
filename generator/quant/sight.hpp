// What a reader sees of a tensor's maps: repeated, cropped, padded by zeros, some lines of many, or
// channels spread over neighbouring positions. Nothing is computed or copied for it: memory that
// shows windows of the map shows them so.
#pragma once

#include "quant/tensor.hpp"

namespace quant {

/// What stands in the repeat.y x repeat.x positions, its phases, that a position becomes.
enum class Deal {
  kNone,           ///< the same in each
  kPartsFirst,     ///< channels of their own: of c channels, phase p has p * c .. p * c + c - 1
  kChannelsFirst,  ///< the same, with channel i * phases + p as channel i of phase p
};

/// How maps are seen. Along each axis, line v of what is seen is line step * v + begin of the map
/// with each of its lines `repeat` times; a line that is none of these is zeros. Phases count row
/// by row.
struct Sight {
  Pair extent{0, 0};  ///< of the maps that are seen; 0 x 0: the tensor as it is
  Pair repeat{};
  Pair step{};
  Pair begin{0, 0};
  Deal deal = Deal::kNone;

  /// Whether the tensor is seen as it is.
  bool is_plain() const { return extent == Pair{0, 0}; }
  /// Sets of channels that a position of the tensor holds.
  int parts() const { return deal == Deal::kNone ? 1 : repeat.area(); }
  /// What is seen of a tensor of `shape`, whose channels are a multiple of parts().
  Shape seen(const Shape& shape) const;
  /// The channel of a tensor of `shape` that is channel `channel` of what is seen, in phase `part`.
  int channel(const Shape& shape, int channel, int part) const;
  /// The element of a tensor of `shape` that is element `element` of what is seen; -1: a zero.
  int element(const Shape& shape, int element) const;
  /// Whether some of what is seen of maps of `shape` are zeros that are not theirs.
  bool pads(const Shape& shape) const;
  bool operator==(const Sight&) const = default;
};

}  // namespace quant
