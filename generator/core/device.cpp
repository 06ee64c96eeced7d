#include "core/device.hpp"

#include <algorithm>
#include <cmath>

#include "base/rng.hpp"

namespace core {

quant::WeightMatrix with_errors(quant::WeightMatrix weights, int weight_bits, const Device& device,
                                std::size_t crossbar) {
  if (device.is_ideal()) return weights;
  // The generator's seeding mixes all bits, so neighbours draw unrelated streams.
  base::Rng rng(device.seed + (std::uint64_t{crossbar} << 32));
  const double range = std::ldexp(1.0, weight_bits);
  const double top = range / 2 - 1;
  for (Eigen::Index i = 0; i < weights.size(); ++i) {
    const double held = weights(i) + device.variation * range * rng.normal();
    const bool stuck = rng.uniform() < device.stuck_cells;
    weights(i) = static_cast<std::int16_t>(stuck ? 0 : std::lround(std::clamp(held, -top, top)));
  }
  return weights;
}

}  // namespace core
