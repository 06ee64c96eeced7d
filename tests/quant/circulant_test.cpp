#include "quant/circulant.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "base/rng.hpp"

namespace {

using Eigen::MatrixXd;
using quant::Circulant;

MatrixXd random_matrix(Eigen::Index rows, Eigen::Index cols, base::Rng& rng) {
  MatrixXd matrix(rows, cols);
  for (Eigen::Index i = 0; i < rows; ++i)
    for (Eigen::Index j = 0; j < cols; ++j)
      matrix(i, j) = static_cast<double>(rng.between(-1000, 1000)) / 1000;
  return matrix;
}

TEST(NearestCirculant, TakesMeansOfCyclicDiagonals) {
  MatrixXd dense(2, 2);
  dense << 1, 2, 4, 3;
  const Circulant nearest = quant::nearest_circulant(dense, 2);
  EXPECT_EQ(nearest.columns, (std::vector<double>{2, 3}));
  MatrixXd full(2, 2);
  full << 2, 3, 3, 2;
  EXPECT_EQ(quant::dense(nearest), full);
  EXPECT_DOUBLE_EQ(quant::circulant_error(dense, nearest), std::sqrt(4.0 / 30));
}

// A projection: done twice it changes nothing, and what it takes away stands upright on what stays.
TEST(NearestCirculant, IsAProjection) {
  base::Rng rng(1);
  for (const int block : {1, 2, 4, 8}) {
    const MatrixXd w = random_matrix(16, 24, rng);
    const MatrixXd near = quant::dense(quant::nearest_circulant(w, block));
    const MatrixXd again = quant::dense(quant::nearest_circulant(near, block));
    EXPECT_LT((again - near).norm(), 1e-12) << block;
    const MatrixXd other =
        quant::dense(quant::nearest_circulant(random_matrix(16, 24, rng), block));
    EXPECT_NEAR(((w - near).array() * other.array()).sum(), 0, 1e-9) << block;
  }
}

TEST(NearestCirculant, FillsUpBlocksWithZeros) {
  const MatrixXd w = MatrixXd::Ones(3, 5);
  const Circulant nearest = quant::nearest_circulant(w, 4);
  EXPECT_EQ(nearest.rows, 1);
  EXPECT_EQ(nearest.cols, 2);
  EXPECT_DOUBLE_EQ(nearest.column(0, 0)[0], 0.75);
  EXPECT_DOUBLE_EQ(nearest.column(0, 1)[0], 0.25);
}

TEST(NearestCirculant, KeepsWhatIsCirculantAlready) {
  base::Rng rng(2);
  const Circulant circulant = quant::nearest_circulant(random_matrix(8, 8, rng), 4);
  const Circulant again = quant::nearest_circulant(quant::dense(circulant), 4);
  for (std::size_t i = 0; i < circulant.columns.size(); ++i)
    EXPECT_NEAR(again.columns[i], circulant.columns[i], 1e-15);
  EXPECT_NEAR(quant::circulant_error(quant::dense(circulant), again), 0, 1e-15);
}

TEST(SpectralFraction, IsTheMostThatFits) {
  base::Rng rng(3);
  for (const int bits : {8, 12, 16}) {
    const Circulant matrix = quant::nearest_circulant(random_matrix(32, 32, rng), 8);
    const int fraction = quant::spectral_fraction(matrix, bits);
    const std::int64_t limit = (std::int64_t{1} << (bits - 1)) - 1;
    std::int64_t most = 0;
    for (int row = 0; row < matrix.rows; ++row)
      for (int col = 0; col < matrix.cols; ++col)
        for (const double value : quant::packed_spectrum(matrix.column(row, col)))
          most = std::max(most, std::abs(quant::to_fixed(value, fraction)));
    EXPECT_LE(most, limit);
    EXPECT_GT(2 * most, limit);
  }
}

// Signal to noise, in dB, of products of words of `bits` bits, against the product in double
// precision with the same words of x.
double sqnr(int block, int bits, quant::WordRounding rounding) {
  base::Rng rng(4);
  const MatrixXd w = random_matrix(4 * block, 42 * block, rng) / 6;
  const Circulant matrix = quant::nearest_circulant(w, block);
  const MatrixXd full = quant::dense(matrix);
  const int fraction = quant::spectral_fraction(matrix, bits);
  const int level = static_cast<int>(std::log2(block));
  // Results keep the step of x.
  const quant::CirculantRule rule{.bits = bits,
                                  .weight_bits = bits,
                                  .sum_shift = fraction - 4,
                                  .bin_bits = bits + 8,
                                  .out_bits = bits,
                                  .end_shift = level + 4,
                                  .rounding = rounding};
  const quant::SpectralWeights weights = quant::spectral_weights(matrix, bits, fraction);
  const std::int64_t most = std::int64_t{1} << (bits - 3);
  double signal = 0;
  double noise = 0;
  for (int i = 0; i < 20; ++i) {
    std::vector<std::int64_t> x;
    for (int j = 0; j < matrix.cols * block; ++j) x.push_back(rng.between(-most, most));
    const quant::CirculantProduct product = multiply(rule, weights, x);
    Eigen::VectorXd exact(matrix.cols * block);
    for (std::size_t j = 0; j < x.size(); ++j)
      exact(static_cast<Eigen::Index>(j)) = static_cast<double>(x[j]);
    exact = full * exact;
    for (const std::int64_t clipped : product.clipped) EXPECT_EQ(clipped, 0);
    for (std::size_t j = 0; j < product.y.size(); ++j) {
      const double y = exact(static_cast<Eigen::Index>(j));
      signal += y * y;
      noise += (static_cast<double>(product.y[j]) - y) * (static_cast<double>(product.y[j]) - y);
    }
  }
  return 10 * std::log10(signal / noise);
}

TEST(CirculantProduct, IsThatOfTheDenseMatrix) {
  for (const int block : {1, 2, 4, 8, 16, 32, 128}) {
    const double nearest = sqnr(block, 16, quant::WordRounding::kHalfUp);
    EXPECT_GT(nearest, 70) << block;
    EXPECT_GT(sqnr(block, 12, quant::WordRounding::kHalfEven), 47) << block;
    EXPECT_LT(sqnr(block, 16, quant::WordRounding::kDown), nearest) << block;
  }
}

TEST(CirculantProduct, CountsWhatItClips) {
  const quant::SpectralWeights one{.block = 1, .rows = 2, .cols = 1, .words = {7, -1}};
  const quant::CirculantRule rule{
      .bits = 4, .weight_bits = 4, .sum_shift = 0, .bin_bits = 6, .out_bits = 5, .factor_bits = 4};
  const std::vector<std::int64_t> x{7};
  const quant::CirculantProduct product = multiply(rule, one, x);
  EXPECT_EQ(product.y, (std::vector<std::int64_t>{15, -7}));
  EXPECT_EQ(product.clipped, (std::vector<std::int64_t>{2, 0}));
}

}  // namespace
