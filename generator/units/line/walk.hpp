// How many tokens a firing of a line walk needs and lets go, by its number: closed forms of what
// rtl/fpsa_line_walk.v counts.
#pragma once

#include <cstdint>

#include "units/line/shape.hpp"

namespace units {

/// Tokens of its map that must have been written before firing 0 <= `firing` < shape.firings() may
/// begin: up to its last row and column, held to the map, and at least those that it lets go and
/// one that is still there. Lines that windows do not see count as if they did.
std::int64_t reached(const LineShape& shape, std::int64_t firing);
/// Tokens of its map that are let go once `firing` has ended: no later firing begins before them.
/// All after the last one, before that never the map's last token; 0 of firing -1.
std::int64_t freed(const LineShape& shape, std::int64_t firing);

/// Tokens that must be held when `firing` begins.
std::int64_t need(const LineShape& shape, std::int64_t firing);
/// Tokens that `firing` lets go.
std::int64_t frees(const LineShape& shape, std::int64_t firing);

/// The greatest need: with less memory the walk stands still.
std::int64_t least_tokens(const LineShape& shape);

/// Banks among which the lines of one axis are dealt so that taps on different lines meet in none:
/// the least number that divides no difference of two, whatever the phases. `neighbours` windows
/// are read at once, and `beside` lines are written at once, always into the same banks: it is a
/// multiple of them.
int line_banks(const LineAxis& axis, int neighbours, int beside = 1);

}  // namespace units
