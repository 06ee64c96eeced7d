// How far an engine's results may be from the product in real numbers.
#include <algorithm>
#include <cmath>

#include "units/circulant/circulant.hpp"

namespace units {

namespace {

using Reals = std::vector<double>;

double rounding_error(quant::WordRounding rounding) {
  return rounding == quant::WordRounding::kDown ? 1.0 : 0.5;
}

// Of a block's spectrum, and of what the transform back makes of bins that hold.
Reals of_transform(const CirculantConfig& config, bool inverse) {
  const quant::TransformRule rule =
      inverse ? config.rule.inverse(config.block) : config.rule.forward(config.block);
  if (config.block > 1)
    return error_bounds(FftConfig{.rule = rule,
                                  .inverse = inverse,
                                  .bits = inverse ? config.rule.bin_bits : config.rule.bits,
                                  .levels = config.levels,
                                  .multiplier = config.multiplier});
  return {rule.end_shift > 0 ? rounding_error(config.rule.rounding) : 0.0};
}

// Adds what a block's products may be off in the sums of each bin.
void add_block(const Reals& exact, std::span<const std::int32_t> words, double reach,
               const Reals& spectrum, Reals& sums) {
  const auto off = [&](std::size_t i) { return std::abs(exact[i] - words[i]) * reach; };
  const auto size = [&](std::size_t i) { return std::abs(static_cast<double>(words[i])); };
  for (std::size_t i = 0; i < sums.size() && i < 2; ++i) sums[i] += off(i) + size(i) * spectrum[i];
  for (std::size_t re = 2; re + 1 < sums.size(); re += 2) {
    const std::size_t im = re + 1;
    sums[re] += off(re) + off(im) + size(re) * spectrum[re] + size(im) * spectrum[im];
    sums[im] += off(re) + off(im) + size(re) * spectrum[im] + size(im) * spectrum[re];
  }
}

}  // namespace

Reals error_bounds(const CirculantConfig& config, const quant::Circulant& exact,
                   const quant::SpectralWeights& weights, const Reals& reach) {
  const Reals forward = of_transform(config, false);
  const Reals inverse = of_transform(config, true);
  const quant::CirculantRule& rule = config.rule;
  Reals bounds;
  for (int row = 0; row < config.rows; ++row) {
    Reals sums(static_cast<std::size_t>(config.block), 0.0);
    for (int col = 0; col < config.cols; ++col)
      add_block(quant::packed_spectrum(exact.column(row, col)), weights.spectrum(row, col),
                reach[static_cast<std::size_t>(col)], forward, sums);
    // Bins but those of 0 and k/2 stand for two each.
    double spread = 0;
    for (std::size_t i = 0; i < sums.size(); ++i) {
      const double bin = std::ldexp(sums[i], -rule.sum_shift) +
                         (rule.sum_shift > 0 ? rounding_error(rule.rounding) : 0.0);
      spread += i < 2 ? bin : 2 * bin;
    }
    for (const double slack : inverse)
      bounds.push_back(std::ldexp(spread, -rule.halvings - rule.end_shift) + slack);
  }
  return bounds;
}

}  // namespace units
