#include "core/device.hpp"

#include <algorithm>
#include <cmath>

#include "base/rng.hpp"

namespace core {

Program with_device(Program program, const Device& device) {
  if (device.is_ideal()) return program;
  base::Rng rng(device.seed);
  const double range = std::ldexp(1.0, program.weight_bits);
  const double top = range / 2 - 1;
  for (CoreOp& op : program.ops) {
    for (Eigen::Index i = 0; i < op.weights.size(); ++i) {
      const double held = op.weights(i) + device.variation * range * rng.normal();
      const bool stuck = rng.uniform() < device.stuck_cells;
      op.weights(i) =
          stuck ? 0 : static_cast<std::int32_t>(std::lround(std::clamp(held, -top, top)));
    }
  }
  return program;
}

}  // namespace core
