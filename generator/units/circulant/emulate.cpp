// Golden level 2 of an engine: block by block and sum by sum, as its hardware goes about it.
#include <algorithm>

#include "units/circulant/circulant.hpp"

namespace units {

namespace {

using Words = std::vector<std::int64_t>;

// Adds the products of a block's spectrum with the weights to the sums of a row.
void accumulate(bool three, std::span<const std::int32_t> w, const Words& x, Words& sums) {
  std::size_t at = 0;
  for (std::size_t i = 0; i < x.size() && i < 2; ++i) sums[at++] += w[i] * x[i];
  for (std::size_t i = 2; i + 1 < x.size(); i += 2) {
    const std::int64_t w_re = w[i];
    const std::int64_t w_im = w[i + 1];
    sums[at++] += w_re * x[i];
    sums[at++] += w_im * x[i + 1];
    if (three) {
      sums[at++] += (w_re + w_im) * (x[i] + x[i + 1]);
    } else {
      sums[at++] += w_im * x[i];
      sums[at++] += w_re * x[i + 1];
    }
  }
}

}  // namespace

quant::CirculantProduct through(const CirculantConfig& config,
                                const quant::SpectralWeights& weights, const Words& x) {
  const auto points = static_cast<std::size_t>(config.block);
  std::vector<Words> spectra;
  if (config.block == 1) {
    for (const std::int64_t word : x) spectra.push_back({word});
  } else {
    const Datapath transform = datapath(forward_config(config));
    for (std::size_t at = 0; at < x.size(); at += points)
      spectra.push_back(evaluate(transform, {x.data() + at, points}));
  }
  const Datapath end = finish(config);
  quant::CirculantProduct product;
  for (int row = 0; row < config.rows; ++row) {
    Words sums(end.inputs().size());
    for (int col = 0; col < config.cols; ++col)
      accumulate(config.three, weights.spectrum(row, col), spectra[static_cast<std::size_t>(col)],
                 sums);
    std::vector<bool> clips;
    for (const std::int64_t word : evaluate(end, sums, &clips)) product.y.push_back(word);
    product.clipped.push_back(std::ranges::count(clips, true));
  }
  return product;
}

}  // namespace units
