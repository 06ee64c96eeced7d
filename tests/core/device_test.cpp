#include "core/device.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "base/rng.hpp"

namespace core {
namespace {

using quant::WeightMatrix;

constexpr int kSize = 200;
constexpr int kBits = 8;

// Weights over the whole range of 8 bits.
WeightMatrix weights() {
  base::Rng rng(5);
  WeightMatrix matrix(kSize, kSize);
  for (Eigen::Index i = 0; i < matrix.size(); ++i)
    matrix(i) = static_cast<std::int16_t>(rng.between(-127, 127));
  return matrix;
}

WeightMatrix held(const WeightMatrix& ideal, const Device& device, std::size_t crossbar = 0) {
  return with_errors(ideal, kBits, device, crossbar);
}

TEST(Device, IdealDevicesChangeNothing) { EXPECT_EQ(held(weights(), {.seed = 9}), weights()); }

TEST(Device, TheSeedDecidesTheChip) {
  const Device device{.variation = 0.02, .stuck_cells = 0.01, .seed = 3};
  const WeightMatrix one = held(weights(), device);
  EXPECT_EQ(one, held(weights(), device));
  EXPECT_NE(one, held(weights(), device, 1)) << "copies of a weight differ";
  EXPECT_NE(one, held(weights(), {.variation = 0.02, .stuck_cells = 0.01, .seed = 4}));
}

TEST(Device, VariationIsInPartsOfTheRange) {
  // Zero is far from both ends: nothing is cut off.
  const Eigen::ArrayXd error =
      held(WeightMatrix::Zero(kSize, kSize), {.variation = 0.02}).cast<double>().reshaped().array();
  // sigma = 0.02 * 256 = 5.12; rounding adds 1/12 to its square. 40 000 draws: 5 sigma of the
  // estimate.
  const double sigma = std::sqrt(5.12 * 5.12 + 1.0 / 12);
  EXPECT_NEAR(error.mean(), 0, 5 * sigma / kSize);
  EXPECT_NEAR(std::sqrt(error.square().mean()), sigma, 5 * sigma / (kSize * std::sqrt(2.0)));
}

TEST(Device, CrossbarsDrawUnrelatedErrors) {
  const WeightMatrix zero = WeightMatrix::Zero(kSize, kSize);
  const auto error = [&](std::size_t crossbar) {
    return Eigen::ArrayXd(
        held(zero, {.variation = 0.02}, crossbar).cast<double>().reshaped().array());
  };
  const Eigen::ArrayXd product = error(0) * error(1);
  EXPECT_NEAR(product.mean(), 0, 5 * 5.2 * 5.2 / kSize);
}

TEST(Device, WeightsStayInRange) {
  const WeightMatrix wide = held(weights(), {.variation = 1.0});
  EXPECT_EQ(wide.maxCoeff(), 127);
  EXPECT_EQ(wide.minCoeff(), -127);
}

TEST(Device, StuckShareHoldsZeroAndTheRestItsWeight) {
  const WeightMatrix ideal = weights().cwiseMax(std::int16_t{1});  // no weight is 0 by itself
  const WeightMatrix some = held(ideal, {.stuck_cells = 0.1});
  const double stuck = static_cast<double>((some.array() == 0).count());
  EXPECT_NEAR(stuck / (kSize * kSize), 0.1, 5 * std::sqrt(0.1 * 0.9) / kSize);
  EXPECT_TRUE(((some.array() == 0) || (some.array() == ideal.array())).all());
  EXPECT_TRUE((held(ideal, {.stuck_cells = 1.0}).array() == 0).all());
}

}  // namespace
}  // namespace core
