// The graph of a transform against the rule on arrays, to the bit, and against FFTW within the
// bound that its widths give.
#include "units/fft/fft.hpp"

#include <fftw3.h>
#include <gtest/gtest.h>

#include <cmath>
#include <memory>

#include "base/rng.hpp"

namespace {

using units::FftConfig;
using Words = std::vector<std::int64_t>;

FftConfig random_config(base::Rng& rng, int most_level) {
  FftConfig config;
  const auto level = static_cast<int>(rng.between(1, most_level));
  config.rule = {.points = 1 << level,
                 .factor_bits = static_cast<int>(rng.between(1, 20)),
                 .halvings = static_cast<int>(rng.between(0, level)),
                 .end_shift = static_cast<int>(rng.between(0, 6)),
                 .out_bits = rng.below(2) != 0 ? 0 : static_cast<int>(rng.between(2, 20)),
                 .rounding = static_cast<quant::WordRounding>(rng.below(3))};
  config.inverse = rng.below(2) != 0;
  config.bits = static_cast<int>(rng.between(2, 20));
  config.multiplier = static_cast<units::Multiplier>(rng.below(2));
  return config;
}

// Random words, or of those of largest sums.
Words random_words(const FftConfig& config, base::Rng& rng) {
  const std::int64_t most = (std::int64_t{1} << (config.bits - 1)) - 1;
  const bool extreme = rng.below(3) == 0;
  Words words;
  for (int i = 0; i < config.rule.points; ++i)
    words.push_back(extreme ? (rng.below(2) != 0 ? most : -most - 1)
                            : rng.between(-most - 1, most));
  return words;
}

Words by_rule(const FftConfig& config, const Words& x) {
  return config.inverse ? real_idft(config.rule, x) : real_dft(config.rule, x);
}

TEST(FftGraph, EqualsTheRuleOnArrays) {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    base::Rng rng(seed);
    const FftConfig config = random_config(rng, 7);
    const units::Datapath path = datapath(config);
    for (int i = 0; i < 20; ++i) {
      const Words x = random_words(config, rng);
      ASSERT_EQ(evaluate(path, x), by_rule(config, x)) << "seed " << seed;
    }
  }
}

// All inputs of few bits, both ways.
TEST(FftGraph, EqualsTheRuleOnAllInputs) {
  for (const bool inverse : {false, true})
    for (const auto& [points, bits] : {std::pair{4, 3}, std::pair{8, 2}}) {
      FftConfig config;
      config.rule = {.points = points,
                     .factor_bits = 4,
                     .halvings = 1,
                     .rounding = quant::WordRounding::kHalfEven};
      config.bits = bits;
      config.inverse = inverse;
      const units::Datapath path = datapath(config);
      for (int all = 0; all < 1 << (points * bits); ++all) {
        Words x;
        for (int i = 0; i < points; ++i)
          x.push_back((all >> (i * bits) & ((1 << bits) - 1)) - (1 << (bits - 1)));
        ASSERT_EQ(evaluate(path, x), by_rule(config, x)) << all;
      }
    }
}

TEST(FftGraph, SaysWhatItClips) {
  FftConfig config;
  config.rule = {.points = 2, .out_bits = 4};
  config.bits = 4;
  std::vector<bool> clips;
  EXPECT_EQ(evaluate(datapath(config), Words{7, 7}, &clips), (Words{7, 0}));
  EXPECT_EQ(clips, (std::vector<bool>{true, false}));
}

// In double precision.
std::vector<double> by_fftw(const FftConfig& config, const Words& x) {
  const auto n = static_cast<std::size_t>(config.rule.points);
  const auto reals = std::unique_ptr<double, void (*)(void*)>(fftw_alloc_real(n), fftw_free);
  const auto bins =
      std::unique_ptr<fftw_complex, void (*)(void*)>(fftw_alloc_complex(n / 2 + 1), fftw_free);
  const int size = config.rule.points;
  const fftw_plan plan = config.inverse
                             ? fftw_plan_dft_c2r_1d(size, bins.get(), reals.get(), FFTW_ESTIMATE)
                             : fftw_plan_dft_r2c_1d(size, reals.get(), bins.get(), FFTW_ESTIMATE);
  std::vector<double> result(n);
  if (config.inverse) {
    for (std::size_t i = 0; i < n; ++i) {
      const std::size_t bin = i == 0 ? 0 : i == 1 ? n / 2 : i / 2;
      bins.get()[bin][i < 2 || i % 2 == 0 ? 0 : 1] = static_cast<double>(x[i]);
    }
    bins.get()[0][1] = bins.get()[n / 2][1] = 0;
    fftw_execute(plan);
    result.assign(reals.get(), reals.get() + n);
  } else {
    for (std::size_t i = 0; i < n; ++i) reals.get()[i] = static_cast<double>(x[i]);
    fftw_execute(plan);
    for (std::size_t i = 0; i < n; ++i) {
      const std::size_t bin = i == 0 ? 0 : i == 1 ? n / 2 : i / 2;
      result[i] = bins.get()[bin][i < 2 || i % 2 == 0 ? 0 : 1];
    }
  }
  fftw_destroy_plan(plan);
  const double scale = std::ldexp(1.0, -config.rule.halvings - config.rule.end_shift);
  for (double& value : result) value *= scale;
  return result;
}

TEST(FftGraph, KeepsItsErrorBound) {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    base::Rng rng(seed);
    FftConfig config = random_config(rng, 7);
    config.rule.out_bits = 0;
    const units::Datapath path = datapath(config);
    const std::vector<double> bounds = error_bounds(config);
    for (int i = 0; i < 50; ++i) {
      const Words x = random_words(config, rng);
      const Words result = evaluate(path, x);
      const std::vector<double> exact = by_fftw(config, x);
      for (std::size_t k = 0; k < result.size(); ++k)
        ASSERT_LE(std::abs(static_cast<double>(result[k]) - exact[k]), bounds[k] + 1e-6)
            << "seed " << seed << " output " << k;
    }
  }
}

TEST(FftGraph, ItsErrorBoundIsNotFarOff) {
  FftConfig config;
  config.rule = {.points = 16, .factor_bits = 12, .halvings = 2};
  const units::Datapath path = datapath(config);
  const std::vector<double> bounds = error_bounds(config);
  base::Rng rng(1);
  double nearest = 0;
  for (int i = 0; i < 4000; ++i) {
    const Words x = random_words(config, rng);
    const Words result = evaluate(path, x);
    const std::vector<double> exact = by_fftw(config, x);
    for (std::size_t k = 0; k < result.size(); ++k)
      nearest = std::max(nearest, std::abs(static_cast<double>(result[k]) - exact[k]) / bounds[k]);
  }
  EXPECT_GT(nearest, 1.0 / 6);
}

// Sorensen et al. (IEEE Trans. ASSP 35(6), 1987): 2, 10 and 34 real multiplications of 8, 16 and 32
// points, with three to a rotation.
TEST(FftGraph, HasFewMultiplications) {
  const auto count = [](int points, bool inverse, units::Multiplier multiplier) {
    FftConfig config;
    config.rule.points = points;
    config.inverse = inverse;
    config.multiplier = multiplier;
    return multiplications(config);
  };
  for (const bool inverse : {false, true}) {
    EXPECT_EQ(count(4, inverse, units::Multiplier::kProduct), 0);
    EXPECT_EQ(count(8, inverse, units::Multiplier::kProduct), 2);
    EXPECT_EQ(count(16, inverse, units::Multiplier::kProduct), 10);
    EXPECT_EQ(count(32, inverse, units::Multiplier::kProduct), 34);
    EXPECT_EQ(count(16, inverse, units::Multiplier::kShiftAdds), 12);
  }
}

TEST(FftUnit, RefusesWhatIsNoTransform) {
  for (const auto change :
       {+[](FftConfig& c) { c.rule.points = 12; }, +[](FftConfig& c) { c.rule.points = 256; },
        +[](FftConfig& c) { c.bits = 1; }, +[](FftConfig& c) { c.rule.factor_bits = 0; },
        +[](FftConfig& c) { c.rule.halvings = 4; }, +[](FftConfig& c) { c.rule.end_shift = 25; },
        +[](FftConfig& c) { c.rule.out_bits = 1; }, +[](FftConfig& c) { c.levels = 0; }}) {
    FftConfig config;
    change(config);
    EXPECT_ANY_THROW(units::FftUnit{config});
  }
}

TEST(FftUnit, HasTheNameOfItsChoices) {
  FftConfig one, other;
  other.rule.rounding = quant::WordRounding::kDown;
  EXPECT_EQ(module_name(one), module_name(FftConfig{}));
  EXPECT_NE(module_name(one), module_name(other));
}

TEST(Stages, HoldAtMostTheirLevels) {
  FftConfig config;
  config.rule.points = 16;
  const units::Datapath path = datapath(config);
  int before = 1000;
  for (const int levels : {1, 2, 3, 6, 64}) {
    const units::Stages stages = stages_of(path, levels);
    EXPECT_LE(stages.count, before);
    before = stages.count;
    for (const units::WordId id : path.words().ids())
      for (const units::WordId operand : {path[id].a, path[id].b})
        if (operand.valid()) EXPECT_LE(stages.of[operand], stages.of[id]);
  }
  EXPECT_EQ(before, 1);
}

}  // namespace
