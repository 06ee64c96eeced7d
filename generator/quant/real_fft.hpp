// The discrete Fourier transform of real numbers in fixed point: what is computed, to the bit.
//
// Spectra are packed: of k real numbers the bins 0 and k/2 are real and the bins above k/2 mirror
// those below, so k numbers are all: X[0], X[k/2], then the real and the imaginary part of X[1],
// X[2], .. X[k/2 - 1]. Of one number the spectrum is the number; of two, X[0] and X[1].
//
// The rule is the split-radix decomposition (Duhamel and Hollmann, Electronics Letters 20(1),
// 1984; for real data Sorensen et al., IEEE Trans. ASSP 35(6), 1987). With n points, w = exp(-2 pi
// i / n), E the spectrum of x[2m], P and Q those of x[4m + 1] and x[4m + 3]:
//   X[k]       = E[k] + (w^k P[k] + w^3k Q[k])
//   X[k + n/4] = E[k + n/4] - i (w^k P[k] - w^3k Q[k])
// for 0 <= k <= n/8; the other bins are mirrored. Factors have `factor_bits` bits behind the point.
// The products of a rotation are added before they are rounded; at k = n/8, where P and Q are real,
// P - Q and P + Q are rotated. Negations stand where they cost nothing: no rounded number is
// negated. The inverse takes the same steps backwards, so it is k times what is called the inverse
// transform, unless it halves.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "quant/fixed_point.hpp"

namespace quant {

/// How a transform is rounded.
struct TransformRule {
  int points = 8;        ///< k: a power of two, 1 .. 128
  int factor_bits = 15;  ///< of sines and cosines behind the point
  /// Sums of two halves of n points are of level log2(n). The lowest `halvings` levels halve their
  /// results, each with a rounding.
  int halvings = 0;
  int end_shift = 0;  ///< results are divided by 2^end_shift
  int out_bits = 0;   ///< results are clipped to so many bits; 0: not clipped
  WordRounding rounding = WordRounding::kHalfUp;
};

/// The packed spectrum of rule.points numbers.
std::vector<std::int64_t> real_dft(const TransformRule& rule, std::span<const std::int64_t> x);

/// The numbers of a packed spectrum, rule.points times too large but for halvings and end_shift.
std::vector<std::int64_t> real_idft(const TransformRule& rule, std::span<const std::int64_t> bins);

}  // namespace quant
