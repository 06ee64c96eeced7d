#include "quant/real_fft.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "base/rng.hpp"

namespace {

using quant::real_dft;
using quant::real_idft;
using quant::WordRounding;
using testing::ElementsAre;

TEST(Rounded, GoesWhereItsModeSays) {
  // Of each mode -2.5, -1.75, -1.5, -1.25, -0.5, 0.25, 0.5, 0.75, 1.5, 2.5.
  const std::vector<std::int64_t> quarters{-10, -7, -6, -5, -2, 1, 2, 3, 6, 10};
  const auto all = [&quarters](WordRounding rounding) {
    std::vector<std::int64_t> results;
    for (const std::int64_t x : quarters) results.push_back(quant::rounded(x, 2, rounding));
    return results;
  };
  EXPECT_THAT(all(WordRounding::kDown), ElementsAre(-3, -2, -2, -2, -1, 0, 0, 0, 1, 2));
  EXPECT_THAT(all(WordRounding::kHalfUp), ElementsAre(-2, -2, -1, -1, 0, 0, 1, 1, 2, 3));
  EXPECT_THAT(all(WordRounding::kHalfEven), ElementsAre(-2, -2, -2, -1, 0, 0, 0, 1, 2, 2));
  EXPECT_EQ(quant::rounded(-7, 0, WordRounding::kHalfUp), -7);
}

TEST(Clipped, EndsAtTheGreatestAndTheLeast) {
  EXPECT_EQ(quant::clipped(7, 4), 7);
  EXPECT_EQ(quant::clipped(8, 4), 7);
  EXPECT_EQ(quant::clipped(-8, 4), -8);
  EXPECT_EQ(quant::clipped(-9, 4), -8);
}

TEST(ToFixed, TakesTheNearest) {
  EXPECT_EQ(quant::to_fixed(std::numbers::sqrt2 / 2, 15), 23170);
  EXPECT_EQ(quant::to_fixed(-0.5, 1), -1);
  EXPECT_EQ(quant::to_fixed(-0.5, 0), -1);  // halves away from zero
}

TEST(RealDft, OfFewPointsByHand) {
  const std::vector<std::int64_t> one{5}, two{3, 8}, four{1, 2, 4, 8};
  EXPECT_THAT(real_dft({.points = 1}, one), ElementsAre(5));
  EXPECT_THAT(real_dft({.points = 2}, two), ElementsAre(11, -5));
  EXPECT_THAT(real_dft({.points = 4}, four), ElementsAre(15, -5, -3, 6));
  // Both levels halve: (1 + 4) / 2 is 3, (2 + 8) / 2 is 5, (8 - 2) / 2 / 2 is 2.
  EXPECT_THAT(real_dft({.points = 4, .halvings = 2}, four), ElementsAre(4, -1, 0, 2));
  EXPECT_THAT(real_dft({.points = 4, .end_shift = 1, .out_bits = 3}, four),
              ElementsAre(3, -2, -1, 3));
}

TEST(RealDft, OfAnImpulseIsFlat) {
  std::vector<std::int64_t> x(32);
  x[0] = 1000;
  const std::vector<std::int64_t> bins = real_dft({.points = 32}, x);
  for (std::size_t i = 0; i < bins.size(); ++i)
    EXPECT_EQ(bins[i], i < 2 || i % 2 == 0 ? 1000 : 0) << i;
}

// By the definition, in floating point.
std::vector<double> exact_dft(const std::vector<std::int64_t>& x) {
  const auto n = static_cast<double>(x.size());
  std::vector<double> packed(x.size());
  for (std::size_t place = 0; place < x.size(); ++place) {
    const double k = place == 0 ? 0 : place == 1 ? n / 2 : static_cast<double>(place / 2);
    for (std::size_t i = 0; i < x.size(); ++i) {
      const double angle = 2 * std::numbers::pi * k * static_cast<double>(i) / n;
      const double part = place < 2 || place % 2 == 0 ? std::cos(angle) : -std::sin(angle);
      packed[place] += static_cast<double>(x[i]) * part;
    }
  }
  return packed;
}

class RealDftOf : public testing::TestWithParam<int> {};

// Factors of 24 bits leave nothing but the roundings: a few, of a half each.
TEST_P(RealDftOf, IsTheTransform) {
  const int points = GetParam();
  base::Rng rng(static_cast<std::uint64_t>(points));
  for (int i = 0; i < 20; ++i) {
    std::vector<std::int64_t> x;
    for (int k = 0; k < points; ++k) x.push_back(rng.between(-1000, 1000));
    const std::vector<std::int64_t> bins = real_dft({.points = points, .factor_bits = 24}, x);
    const std::vector<double> exact = exact_dft(x);
    for (std::size_t k = 0; k < bins.size(); ++k)
      EXPECT_NEAR(static_cast<double>(bins[k]), exact[k], 6) << k;
  }
}

TEST_P(RealDftOf, ComesBack) {
  const int points = GetParam();
  base::Rng rng(static_cast<std::uint64_t>(points));
  for (int i = 0; i < 20; ++i) {
    std::vector<std::int64_t> x;
    for (int k = 0; k < points; ++k) x.push_back(rng.between(-1000, 1000));
    const std::vector<std::int64_t> bins = real_dft({.points = points, .factor_bits = 24}, x);
    const std::vector<std::int64_t> back = real_idft({.points = points, .factor_bits = 24}, bins);
    for (std::size_t k = 0; k < x.size(); ++k)
      EXPECT_NEAR(static_cast<double>(back[k]) / points, static_cast<double>(x[k]), 3) << k;
  }
}

INSTANTIATE_TEST_SUITE_P(Points, RealDftOf, testing::Values(1, 2, 4, 8, 16, 32, 64, 128));

}  // namespace
