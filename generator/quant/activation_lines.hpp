// Functions of gates as pieces of lines over segments of one width, in fixed point.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "quant/fixed_point.hpp"

namespace quant {

enum class Gate {
  kSigmoid,
  kTanh,
  kHardSigmoid,  ///< clip(x / 5 + 1/2, 0, 1), as ONNX's defaults have it
  kHardTanh,     ///< clip(x, -1, 1)
};

std::string to_string(Gate gate);

/// The function in double precision.
double value_of(Gate gate, double x);

/// A function of words with `in_fraction` bits behind the point. Words are clipped to -2^reach ..
/// 2^reach, which 2^segment_bits segments divide; in segment i, from the lowest,
/// y = round(slope[i] * x) + offset[i].
struct Lines {
  int in_fraction = 11;
  int reach = 3;
  int segment_bits = 5;
  int slope_fraction = 14;
  int out_fraction = 14;
  std::vector<std::int32_t> slope;
  std::vector<std::int32_t> offset;

  /// Bits of a clipped word, and those of them that are within a segment.
  int in_bits() const { return in_fraction + reach + 1; }
  int within_bits() const { return in_bits() - segment_bits; }
  /// What a product with a slope is divided by, as a power of two.
  int shift() const { return in_fraction + slope_fraction - out_fraction; }
};

/// Least greatest errors in every segment (the chord, moved halfway to the curve), but for
/// roundings of slopes and offsets: segments of 1/2 for sigmoids and of 1/4 for tanh with
/// segment_bits 5, of which 22 bend: within 0.0042 and 0.0076 of the functions. Hard functions
/// bend between segments only, so they are exact but for the last bit. 2 <= segment_bits <= 8,
/// in_fraction >= segment_bits, 2 <= out_fraction <= 20.
Lines lines_of(Gate gate, int in_fraction, int segment_bits, int out_fraction);

/// The function of a word, to the bit.
std::int64_t evaluate(const Lines& lines, std::int64_t x, WordRounding rounding);

/// The greatest distance from the function over all words in reach and beyond it.
double greatest_error(Gate gate, const Lines& lines, WordRounding rounding);

}  // namespace quant
