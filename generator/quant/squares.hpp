// Formats of products of two signals, which are made of tables of squares (builder_products.cpp).
#pragma once

#include <string>

#include "quant/draft.hpp"
#include "quant/network.hpp"
#include "quant/quantise.hpp"

namespace quant {

/// Of an output step, what both tables together may be off; the rest up to half a step is for
/// thresholds that are rounded.
inline constexpr double kRoomOfSquares = 0.4;

/// The formats of the two factors.
struct Factors {
  Format a, b;

  /// Real value of a product of codes.
  double worth() const { return a.scale * b.scale; }
  /// The greatest quarter of the square of a sum or difference of codes, of at most 2^30.
  double greatest_square() const;
};

/// Whether the signal is a table of quarters of squares.
bool is_of_squares(const Signal& signal);
/// The table of squares that `term` reads, if it does.
const OpenTable* squares_of(const Draft& draft, const Term& term);
/// The greatest factor of an output by which `product` takes tables of squares; 0: it reads none.
double gain_of_squares(const Draft& draft, const OpenProduct& product);

/// Format of a table of quarters of squares up to `greatest`, in products of the factors' steps:
/// the fewest bits with which that table and its like of the other sign are together within
/// kRoomOfSquares of an output step, `room` products of steps, or as many as there may be. Its step
/// is a whole part of the output's, or 1. In steps of 1 the tables' difference is exact: sum and
/// difference are both even or both odd.
Format square_format(const Factors& factors, double greatest, double room, int most_bits);

/// How far both tables of a product can be off together, in real values; 0: not at all. `step` is
/// that of the tables, `gain` what they are taken by.
double error_of_squares(const Factors& factors, double step, double gain);

/// Says in `layer`, a product of two signals whose tables may be off by `error` steps of its
/// output, how far it may be from the exact product of its factors' codes. Throws kCannotLower
/// naming `where` if its format, the model's own, is too fine for the tables.
void bound_error(Layer& layer, double error, const Format& output, const std::string& where);

}  // namespace quant
