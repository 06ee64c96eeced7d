// Fixed-point words, as circulant and recurrent layers compute with: signed integers of so many
// bits, of which some stand behind the point.
#pragma once

#include <cstdint>

namespace quant {

/// What becomes of bits that are dropped.
enum class WordRounding {
  kDown,      ///< to the number below
  kHalfUp,    ///< to the nearest, halves to the number above
  kHalfEven,  ///< to the nearest, halves to the even number
};

/// value / 2^shift, rounded; 0 <= shift <= 62, |value| < 2^62.
std::int64_t rounded(std::int64_t value, int shift, WordRounding rounding);

/// The nearest number that `bits` bits hold, -2^(bits - 1) .. 2^(bits - 1) - 1; 1 <= bits <= 62.
std::int64_t clipped(std::int64_t value, int bits);

/// The nearest integer to value * 2^fraction_bits, halves away from zero; |result| < 2^62.
std::int64_t to_fixed(double value, int fraction_bits);

}  // namespace quant
