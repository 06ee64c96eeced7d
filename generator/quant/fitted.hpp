// Small networks fitted to tables.
#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <vector>

#include "quant/network.hpp"

namespace quant {

/// y = clip(round((bias + sum_i weights[i] * Relu(x - knots[i])) / threshold)) of codes x.
struct Fitted {
  Eigen::VectorXi knots;
  Eigen::VectorXi weights;
  int bias = 0;
  int threshold = 1;
  Fit fit;  ///< to the table
};

/// At most `neurons` (> 0) of them for the values of the codes `from.low` .. `from.high`, which are
/// codes of `to`; weights are within `limit`.
Fitted fitted_to(const std::vector<std::int32_t>& values, const Format& from, const Format& to,
                 int neurons, int limit);

}  // namespace quant
