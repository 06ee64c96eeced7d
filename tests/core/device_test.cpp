#include "core/device.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "base/rng.hpp"

namespace core {
namespace {

constexpr int kSize = 200;

// Two equal ops of kSize x kSize weights over the whole range of 8 bits.
Program two_ops() {
  base::Rng rng(5);
  CoreOp op;
  op.weights.resize(kSize, kSize);
  for (Eigen::Index i = 0; i < op.weights.size(); ++i)
    op.weights(i) = static_cast<std::int32_t>(rng.between(-127, 127));
  Program program;
  program.weight_bits = 8;
  program.ops = {op, op};
  return program;
}

Eigen::ArrayXd errors(const Program& held, const Program& ideal, std::size_t op) {
  return (held.ops[op].weights - ideal.ops[op].weights).cast<double>().reshaped().array();
}

TEST(Device, IdealDevicesChangeNothing) {
  const Program program = two_ops();
  const Program held = with_device(program, {.seed = 9});
  EXPECT_EQ(held.ops[0].weights, program.ops[0].weights);
  EXPECT_EQ(held.ops[1].weights, program.ops[1].weights);
}

TEST(Device, TheSeedDecidesTheChip) {
  const Device device{.variation = 0.02, .stuck_cells = 0.01, .seed = 3};
  const Program one = with_device(two_ops(), device);
  EXPECT_EQ(one.ops[0].weights, with_device(two_ops(), device).ops[0].weights);
  EXPECT_NE(one.ops[0].weights, one.ops[1].weights) << "copies of a weight differ";
  const Program other = with_device(two_ops(), {.variation = 0.02, .stuck_cells = 0.01, .seed = 4});
  EXPECT_NE(one.ops[0].weights, other.ops[0].weights);
}

TEST(Device, VariationIsInPartsOfTheRange) {
  Program program = two_ops();
  for (CoreOp& op : program.ops) op.weights.setZero();  // far from both ends: nothing is cut off
  const Program held = with_device(program, {.variation = 0.02});
  const Eigen::ArrayXd error = errors(held, program, 0);
  // sigma = 0.02 * 256 = 5.12; rounding adds 1/12 to its square. 40 000 draws: 5 sigma of the
  // estimate.
  const double sigma = std::sqrt(5.12 * 5.12 + 1.0 / 12);
  EXPECT_NEAR(error.mean(), 0, 5 * sigma / kSize);
  EXPECT_NEAR(std::sqrt(error.square().mean()), sigma, 5 * sigma / (kSize * std::sqrt(2.0)));
}

TEST(Device, WeightsStayInRange) {
  const Program held = with_device(two_ops(), {.variation = 1.0});
  for (const CoreOp& op : held.ops) {
    EXPECT_EQ(op.weights.maxCoeff(), 127);
    EXPECT_EQ(op.weights.minCoeff(), -127);
  }
}

TEST(Device, StuckShareHoldsZeroAndTheRestItsWeight) {
  Program program = two_ops();
  for (CoreOp& op : program.ops) op.weights = op.weights.cwiseMax(1);  // no weight is 0 by itself
  const Program held = with_device(program, {.stuck_cells = 0.1});
  const double stuck = static_cast<double>((held.ops[0].weights.array() == 0).count());
  EXPECT_NEAR(stuck / (kSize * kSize), 0.1, 5 * std::sqrt(0.1 * 0.9) / kSize);
  EXPECT_TRUE(((held.ops[0].weights.array() == 0) ||
               (held.ops[0].weights.array() == program.ops[0].weights.array()))
                  .all());
  EXPECT_TRUE((with_device(program, {.stuck_cells = 1.0}).ops[1].weights.array() == 0).all());
}

}  // namespace
}  // namespace core
