// Golden level 2 of a dense layer: its engine, and what is added behind it.
#include "units/dense/dense.hpp"

namespace units {

quant::CirculantProduct through(const DenseConfig& config, const quant::CellWeights& weights,
                                const std::vector<std::int64_t>& x) {
  quant::CirculantProduct sums = through(config.product, weights.gates, x);
  for (std::size_t i = 0; i < sums.y.size(); ++i) sums.y[i] += weights.parameters[i];
  return sums;
}

}  // namespace units
