#include "units/kind.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "units/fft/bench.hpp"

namespace units {

namespace {

FftConfig config_of(const Settings& settings) {
  FftConfig config;
  config.rule.points = 2 << settings.at("points");
  config.rule.factor_bits = settings.at("factor_bits");
  config.rule.halvings = settings.at("halvings");
  config.rule.end_shift = settings.at("end_shift");
  config.rule.out_bits = settings.at("out_bits");
  config.rule.rounding = static_cast<quant::WordRounding>(settings.at("rounding"));
  config.inverse = settings.at("direction") == 1;
  config.bits = settings.at("bits");
  config.levels = settings.at("levels");
  config.multiplier = static_cast<Multiplier>(settings.at("multiplier"));
  if (config.rule.out_bits == 1)
    base::fail(base::Code::kOutOfRange, "fft.out_bits = 1", "--set",
               "0 (as wide as results are) or 2 and more");
  if (1 << config.rule.halvings > config.rule.points)
    base::fail(base::Code::kOutOfRange,
               "fft.halvings = " + std::to_string(config.rule.halvings) + " of " +
                   std::to_string(config.rule.points) + " points",
               "--set", "at most log2 of the points");
  return config;
}

Alone fft_alone(const Settings& settings, const config::Spec& spec) {
  const FftConfig config = config_of(settings);
  const FftUnit unit(config);
  FftModel model(config);
  const int clocks = std::clamp(6000 / config.rule.points, 300, 3000);
  Alone alone = clocked_alone("fft", unit, settings, model, spec.simulate.seed, clocks);
  alone.facts.emplace_back("stages", unit.stages());
  alone.facts.emplace_back("multiplications", multiplications(config));
  return alone;
}

}  // namespace

std::vector<Kind> fft_kinds() {
  return {{.name = "fft",
           .doc = "the Fourier transform of a block of real numbers, a block a clock",
           .settings =
               {{"points", "of a block", 2, 0, 6, {"2", "4", "8", "16", "32", "64", "128"}},
                {"direction",
                 "from numbers to their packed spectrum, or back",
                 0,
                 0,
                 1,
                 {"forward", "inverse"}},
                {"bits", "of the words that come in", 16, 2, 24},
                {"factor_bits", "of sines and cosines behind the point", 15, 1, 24},
                {"halvings", "levels that halve their sums, from the lowest", 0, 0, 7},
                {"end_shift", "results are divided by 2^end_shift", 0, 0, 24},
                {"out_bits", "results are clipped to so many; 0: not clipped", 0, 0, 32},
                {"rounding", "of what is dropped", 1, 0, 2, {"down", "half_up", "half_even"}},
                {"multiplier", "how constants are multiplied", 0, 0, 1, {"shift_adds", "product"}},
                {"levels", "adders between two registers", 3, 1, 64}},
           .bench = "fpsa_tb_unit",
           .alone = fft_alone}};
}

}  // namespace units
