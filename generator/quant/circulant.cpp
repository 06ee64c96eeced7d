#include "quant/circulant.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>

namespace quant {

namespace {

std::size_t place(int row, int col, int cols, int block) {
  return (static_cast<std::size_t>(row) * static_cast<std::size_t>(cols) +
          static_cast<std::size_t>(col)) *
         static_cast<std::size_t>(block);
}

// Of place `i` of a packed spectrum the bin.
double bin_of(std::size_t i, std::size_t points) {
  if (i == 0) return 0;
  return i == 1 ? static_cast<double>(points) / 2 : static_cast<double>(i / 2);
}

// sum += w * x of packed spectra: bins 0 and k/2 are real, the others complex.
void add_product(std::span<const std::int32_t> w, std::span<const std::int64_t> x,
                 std::vector<std::int64_t>& sum) {
  for (std::size_t i = 0; i < x.size() && i < 2; ++i) sum[i] += w[i] * x[i];
  for (std::size_t i = 2; i + 1 < x.size(); i += 2) {
    sum[i] += w[i] * x[i] - w[i + 1] * x[i + 1];
    sum[i + 1] += w[i] * x[i + 1] + w[i + 1] * x[i];
  }
}

}  // namespace

std::span<const double> Circulant::column(int row, int col) const {
  return {columns.data() + place(row, col, cols, block), static_cast<std::size_t>(block)};
}

Circulant nearest_circulant(const Eigen::MatrixXd& dense, int block) {
  const auto blocks = [block](Eigen::Index n) { return static_cast<int>((n + block - 1) / block); };
  Circulant matrix{block, blocks(dense.rows()), blocks(dense.cols()), {}};
  matrix.columns.assign(place(matrix.rows, 0, matrix.cols, block), 0.0);
  for (Eigen::Index i = 0; i < dense.rows(); ++i)
    for (Eigen::Index j = 0; j < dense.cols(); ++j) {
      const auto row = static_cast<int>(i / block);
      const auto col = static_cast<int>(j / block);
      const auto diagonal =
          static_cast<std::size_t>((i - j) % block + block) % static_cast<std::size_t>(block);
      matrix.columns[place(row, col, matrix.cols, block) + diagonal] += dense(i, j) / block;
    }
  return matrix;
}

Eigen::MatrixXd dense(const Circulant& matrix) {
  const int k = matrix.block;
  Eigen::MatrixXd full(matrix.rows * k, matrix.cols * k);
  for (int i = 0; i < matrix.rows * k; ++i)
    for (int j = 0; j < matrix.cols * k; ++j)
      full(i, j) = matrix.column(i / k, j / k)[static_cast<std::size_t>(((i - j) % k + k) % k)];
  return full;
}

double circulant_error(const Eigen::MatrixXd& dense, const Circulant& nearest) {
  const Eigen::MatrixXd full = quant::dense(nearest).topLeftCorner(dense.rows(), dense.cols());
  const double size = dense.norm();
  return size > 0 ? (dense - full).norm() / size : 0.0;
}

std::vector<double> packed_spectrum(std::span<const double> x) {
  std::vector<double> packed(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double turn = 2 * std::numbers::pi * bin_of(i, x.size()) / static_cast<double>(x.size());
    for (std::size_t n = 0; n < x.size(); ++n) {
      const double angle = turn * static_cast<double>(n);
      packed[i] += x[n] * (i < 2 || i % 2 == 0 ? std::cos(angle) : -std::sin(angle));
    }
  }
  return packed;
}

TransformRule CirculantRule::forward(int block) const {
  return {.points = block, .factor_bits = factor_bits, .rounding = rounding};
}

TransformRule CirculantRule::inverse(int block) const {
  return {.points = block,
          .factor_bits = factor_bits,
          .halvings = halvings,
          .end_shift = end_shift,
          .out_bits = 0,
          .rounding = rounding};
}

CirculantRule rule_with(const Fractions& fractions, int block, int bits, int weight_bits,
                        WordRounding rounding) {
  constexpr int kGuard = 4;
  const int dropped = fractions.in + fractions.weight - fractions.out;
  const int sum_shift = std::max(0, dropped - kGuard);
  return {.bits = bits,
          .weight_bits = weight_bits,
          .sum_shift = sum_shift,
          .bin_bits = bits + 8,
          .out_bits = bits,
          .factor_bits = bits + 1,
          .halvings = 0,
          .end_shift = std::countr_zero(static_cast<unsigned>(block)) + dropped - sum_shift,
          .rounding = rounding};
}

std::span<const std::int32_t> SpectralWeights::spectrum(int row, int col) const {
  return {words.data() + place(row, col, cols, block), static_cast<std::size_t>(block)};
}

SpectralWeights spectral_weights(const Circulant& matrix, int weight_bits, int fraction_bits) {
  SpectralWeights weights{matrix.block, matrix.rows, matrix.cols, {}};
  for (int row = 0; row < matrix.rows; ++row)
    for (int col = 0; col < matrix.cols; ++col)
      for (const double value : packed_spectrum(matrix.column(row, col)))
        weights.words.push_back(
            static_cast<std::int32_t>(clipped(to_fixed(value, fraction_bits), weight_bits)));
  return weights;
}

int spectral_fraction(const Circulant& matrix, int weight_bits) {
  double most = 0;
  for (int row = 0; row < matrix.rows; ++row)
    for (int col = 0; col < matrix.cols; ++col)
      for (const double value : packed_spectrum(matrix.column(row, col)))
        most = std::max(most, std::abs(value));
  int fraction = 24;
  const std::int64_t limit = (std::int64_t{1} << (weight_bits - 1)) - 1;
  while (most > 0 && fraction > -24 && to_fixed(most, fraction) > limit) --fraction;
  return fraction;
}

CirculantProduct multiply(const CirculantRule& rule, const SpectralWeights& weights,
                          std::span<const std::int64_t> x) {
  const auto k = static_cast<std::size_t>(weights.block);
  CirculantProduct product;
  const auto clip = [&product](std::int64_t value, int bits) {
    const std::int64_t inside = clipped(value, bits);
    product.clipped.back() += inside != value ? 1 : 0;
    return inside;
  };
  std::vector<std::vector<std::int64_t>> spectra;
  for (std::size_t j = 0; j < static_cast<std::size_t>(weights.cols); ++j)
    spectra.push_back(real_dft(rule.forward(weights.block), x.subspan(j * k, k)));
  for (int row = 0; row < weights.rows; ++row) {
    product.clipped.push_back(0);
    std::vector<std::int64_t> sum(k);
    for (int col = 0; col < weights.cols; ++col)
      add_product(weights.spectrum(row, col), spectra[static_cast<std::size_t>(col)], sum);
    for (std::int64_t& bin : sum)
      bin = clip(rounded(bin, rule.sum_shift, rule.rounding), rule.bin_bits);
    for (const std::int64_t value : real_idft(rule.inverse(weights.block), sum))
      product.y.push_back(clip(value, rule.out_bits));
  }
  return product;
}

}  // namespace quant
