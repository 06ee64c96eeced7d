// Block-circulant matrices (CirCNN, MICRO 2017; C-LSTM, FPGA 2018): of each k x k block one column
// is all there is, and a product with a vector is a product of spectra.
#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <span>
#include <vector>

#include "quant/real_fft.hpp"

namespace quant {

/// A matrix of rows x cols blocks of k x k. Entry (a, b) of a block is column[(a - b) mod k].
struct Circulant {
  int block = 8;  ///< k: a power of two, 1 .. 128
  int rows = 1;   ///< blocks
  int cols = 1;
  std::vector<double> columns;  ///< the first column of each block, row of blocks by row

  /// The first column of block (row, col), `block` numbers.
  std::span<const double> column(int row, int col) const;
};

/// The block-circulant matrix nearest to `dense` in the sum of squares: each number of a column is
/// the mean of its cyclic diagonal. Rows and columns past the last that fill a block are zeros, and
/// count as such in means.
Circulant nearest_circulant(const Eigen::MatrixXd& dense, int block);

/// The matrix in full, block * rows x block * cols.
Eigen::MatrixXd dense(const Circulant& matrix);

/// |dense - nearest|, relative to |dense|, of the numbers that `dense` has; 0 of zeros.
double circulant_error(const Eigen::MatrixXd& dense, const Circulant& nearest);

/// The packed spectrum of real numbers, as real_fft.hpp has it, in double precision.
std::vector<double> packed_spectrum(std::span<const double> x);

/// How a product is rounded: y = clip(IDFT(clip(sum of F(w) o DFT(x)))).
struct CirculantRule {
  int bits = 16;         ///< of words of x
  int weight_bits = 16;  ///< of words of packed spectra of the weights
  int sum_shift = 15;    ///< sums of products, which are exact, are divided by 2^sum_shift
  int bin_bits = 24;     ///< and clipped to so many bits
  int out_bits = 16;     ///< of words of y, clipped
  int factor_bits = 17;  ///< of the sines and cosines of both transforms
  int halvings = 0;      ///< of levels of the inverse transform
  int end_shift = 0;     ///< results of the inverse transform are divided by 2^end_shift
  WordRounding rounding = WordRounding::kHalfUp;

  /// Of blocks of `block` words.
  TransformRule forward(int block) const;
  TransformRule inverse(int block) const;
};

/// The rule of a product whose words have points: of x `in_fraction` bits behind it, of spectra
/// `weight_fraction`, of y `out_fraction`, of which the transform back gets four more. Bins have
/// eight bits more than words. in_fraction + weight_fraction >= out_fraction.
struct Fractions {
  int in = 14;
  int weight = 15;
  int out = 11;
};
CirculantRule rule_with(const Fractions& fractions, int block, int bits, int weight_bits,
                        WordRounding rounding);

/// Packed spectra of a matrix's blocks in words, row of blocks by row.
struct SpectralWeights {
  int block = 8;
  int rows = 1;
  int cols = 1;
  std::vector<std::int32_t> words;

  std::span<const std::int32_t> spectrum(int row, int col) const;
};

/// Spectra with `fraction_bits` bits behind the point, clipped to `weight_bits`.
SpectralWeights spectral_weights(const Circulant& matrix, int weight_bits, int fraction_bits);

/// The most fraction bits with which all spectra fit in `weight_bits` bits; at most 24.
int spectral_fraction(const Circulant& matrix, int weight_bits);

struct CirculantProduct {
  std::vector<std::int64_t> y;        ///< rows * block
  std::vector<std::int64_t> clipped;  ///< of each row of blocks, how many words on its way
};

/// The product with x, of cols * block words of rule.bits bits, to the bit.
CirculantProduct multiply(const CirculantRule& rule, const SpectralWeights& weights,
                          std::span<const std::int64_t> x);

}  // namespace quant
