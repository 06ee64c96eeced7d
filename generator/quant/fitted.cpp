#include "quant/fitted.hpp"

#include <Eigen/QR>
#include <algorithm>
#include <cmath>

namespace quant {

namespace {

// What the knots make of all codes, a row each, and a column of ones.
Eigen::MatrixXd hidden_of(const std::vector<int>& knots, const Format& from) {
  Eigen::MatrixXd hidden(from.high - from.low + 1, std::ssize(knots) + 1);
  for (Eigen::Index x = 0; x < hidden.rows(); ++x)
    for (std::size_t k = 0; k < knots.size(); ++k)
      hidden(x, static_cast<Eigen::Index>(k)) =
          std::max(0, static_cast<int>(x) + from.low - knots[k]);
  hidden.rightCols(1).setOnes();
  return hidden;
}

Eigen::VectorXd solved(const Eigen::MatrixXd& hidden, const Eigen::VectorXd& wanted) {
  return hidden.colPivHouseholderQr().solve(wanted);
}

double error_of(const std::vector<int>& knots, const Format& from, const Eigen::VectorXd& wanted) {
  const Eigen::MatrixXd hidden = hidden_of(knots, from);
  return (hidden * solved(hidden, wanted) - wanted).squaredNorm();
}

// Each knot where it helps most, of up to 64 places.
std::vector<int> knots_of(const Format& from, const Eigen::VectorXd& wanted, int neurons) {
  const int step = std::max(1, static_cast<int>(wanted.size()) / 64);
  std::vector<int> knots{from.low};
  while (std::ssize(knots) < neurons) {
    int best = from.low;
    double least = error_of(knots, from, wanted);
    for (int place = from.low + step; place < from.high; place += step) {
      if (std::ranges::find(knots, place) != knots.end()) continue;
      std::vector<int> more = knots;
      more.push_back(place);
      const double error = error_of(more, from, wanted);
      if (error >= least) continue;
      least = error;
      best = place;
    }
    if (best == from.low) break;  // nothing is left to gain
    knots.push_back(best);
  }
  return knots;
}

Fit fit_of(const Fitted& made, const Eigen::MatrixXd& hidden, const Format& to,
           const Eigen::VectorXd& wanted) {
  Fit fit;
  const Eigen::VectorXd sums = hidden.leftCols(made.weights.size()) * made.weights.cast<double>();
  double squares = 0;
  for (Eigen::Index x = 0; x < sums.size(); ++x) {
    const double y = std::round((sums[x] + made.bias) / made.threshold);
    const double error = std::clamp<double>(y, to.low, to.high) - wanted[x];
    fit.most = std::max(fit.most, std::abs(error));
    squares += error * error;
  }
  fit.rms = std::sqrt(squares / static_cast<double>(sums.size()));
  return fit;
}

}  // namespace

Fitted fitted_to(const std::vector<std::int32_t>& values, const Format& from, const Format& to,
                 int neurons, int limit) {
  constexpr double kMostThreshold = 4096;
  Eigen::VectorXd wanted(std::ssize(values));
  for (std::size_t i = 0; i < values.size(); ++i) wanted[static_cast<Eigen::Index>(i)] = values[i];
  const std::vector<int> knots = knots_of(from, wanted, neurons);
  const Eigen::MatrixXd hidden = hidden_of(knots, from);
  const Eigen::VectorXd slopes = solved(hidden, wanted).head(std::ssize(knots));
  const double steepest = std::max(slopes.cwiseAbs().maxCoeff(), limit / kMostThreshold);
  Fitted made;
  made.threshold = std::max(1, static_cast<int>(limit / steepest));
  made.knots = Eigen::Map<const Eigen::VectorXi>(knots.data(), std::ssize(knots));
  made.weights = (slopes * made.threshold)
                     .array()
                     .round()
                     .cwiseMin(limit)
                     .cwiseMax(-limit)
                     .matrix()
                     .cast<int>();
  const Eigen::VectorXd sums = hidden.leftCols(std::ssize(knots)) * made.weights.cast<double>();
  made.bias = static_cast<int>(std::lround((made.threshold * wanted - sums).mean()));
  made.fit = fit_of(made, hidden, to, wanted);
  return made;
}

}  // namespace quant
