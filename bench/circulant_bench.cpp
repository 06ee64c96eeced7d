// Block-circulant products in words: signal to noise against double precision, and their time
// against the dense product of the same matrix; how far gates are from their functions.
#include <benchmark/benchmark.h>

#include <bit>
#include <cmath>

#include "base/rng.hpp"
#include "quant/activation_lines.hpp"
#include "quant/circulant.hpp"

namespace {

using quant::WordRounding;

constexpr int kCols = 672;  // of Google's LSTM layer: 160 inputs and a projection of 512
constexpr int kRows = 512;

// A matrix of Gaussian weights whose products with random words have a deviation of 1.5 where words
// reach to 2.
Eigen::MatrixXd random_matrix(base::Rng& rng) {
  Eigen::MatrixXd matrix(kRows, kCols);
  for (Eigen::Index i = 0; i < matrix.size(); ++i) {
    double sum = 0;
    for (int k = 0; k < 12; ++k) sum += static_cast<double>(rng.below(1 << 20)) / (1 << 20);
    matrix(i) = sum - 6;
  }
  return matrix;
}

struct Setup {
  Setup(int block, int bits, WordRounding rounding)
      : matrix(quant::nearest_circulant(random_matrix(rng), block)) {
    // The words' deviation is 2 / sqrt(3); a mean of a diagonal has 1 / sqrt(block) of its own.
    const double scale = 1.5 * std::sqrt(3.0 * block / kCols) / 2;
    for (double& value : matrix.columns) value *= scale;
    const int fraction = spectral_fraction(matrix, bits);
    rule = rule_with({bits - 2, fraction, bits - 5}, block, bits, bits, rounding);
    weights = spectral_weights(matrix, bits, fraction);
    full = dense(matrix);
    const std::int64_t most = (std::int64_t{1} << (bits - 1)) - 1;
    for (int i = 0; i < kCols; ++i) x.push_back(rng.between(-most - 1, most));
  }

  base::Rng rng{1};
  quant::Circulant matrix;
  Eigen::MatrixXd full;
  quant::CirculantRule rule;
  quant::SpectralWeights weights;
  std::vector<std::int64_t> x;
};

// In dB.
double signal_to_noise(const Setup& setup, int bits) {
  Eigen::VectorXd real(kCols);
  for (std::size_t i = 0; i < setup.x.size(); ++i)
    real(static_cast<Eigen::Index>(i)) = std::ldexp(static_cast<double>(setup.x[i]), 2 - bits);
  const Eigen::VectorXd exact = setup.full * real;
  const quant::CirculantProduct product = multiply(setup.rule, setup.weights, setup.x);
  double noise = 0;
  for (std::size_t i = 0; i < product.y.size(); ++i) {
    const double apart = std::ldexp(static_cast<double>(product.y[i]), 5 - bits) -
                         exact(static_cast<Eigen::Index>(i));
    noise += apart * apart;
  }
  return 10 * std::log10(exact.squaredNorm() / noise);
}

// Arguments: block, bits, rounding.
void product(benchmark::State& state) {
  const auto bits = static_cast<int>(state.range(1));
  const Setup setup(static_cast<int>(state.range(0)), bits,
                    static_cast<WordRounding>(state.range(2)));
  for (auto _ : state) benchmark::DoNotOptimize(multiply(setup.rule, setup.weights, setup.x));
  state.counters["dB"] = signal_to_noise(setup, bits);
}
BENCHMARK(product)
    ->ArgNames({"block", "bits", "rounding"})
    ->ArgsProduct({{8, 16}, {12, 16}, {0, 1, 2}})
    ->Unit(benchmark::kMillisecond);

// The same matrix in full, in integers of 64 bits.
void dense_product(benchmark::State& state) {
  const Setup setup(8, 16, WordRounding::kHalfUp);
  Eigen::Matrix<std::int64_t, Eigen::Dynamic, Eigen::Dynamic> words =
      (setup.full * 32768).cast<std::int64_t>();
  Eigen::Matrix<std::int64_t, Eigen::Dynamic, 1> x(kCols);
  for (int i = 0; i < kCols; ++i) x(i) = setup.x[static_cast<std::size_t>(i)];
  for (auto _ : state) benchmark::DoNotOptimize((words * x).eval());
}
BENCHMARK(dense_product)->Unit(benchmark::kMillisecond);

// Arguments: function, log2 of the lines, bits of words.
void function_of_gates(benchmark::State& state) {
  const auto gate = static_cast<quant::Gate>(state.range(0));
  const auto bits = static_cast<int>(state.range(2));
  const quant::Lines lines = lines_of(gate, bits - 5, static_cast<int>(state.range(1)), bits - 2);
  std::int64_t x = 0;
  for (auto _ : state) benchmark::DoNotOptimize(evaluate(lines, x++ & 1023, WordRounding::kHalfUp));
  state.counters["error"] = greatest_error(gate, lines, WordRounding::kHalfUp);
}
BENCHMARK(function_of_gates)
    ->ArgNames({"function", "segments", "bits"})
    ->ArgsProduct({{0, 1}, {4, 5, 6}, {12, 16}});

}  // namespace

BENCHMARK_MAIN();
