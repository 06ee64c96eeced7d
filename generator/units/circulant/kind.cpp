#include "units/kind.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "units/circulant/bench.hpp"

namespace units {

namespace {

constexpr int kVectors = 12;

CirculantConfig config_of(const Settings& settings) {
  CirculantConfig config;
  config.block = 1 << settings.at("block");
  config.rows = settings.at("rows");
  config.cols = settings.at("cols");
  config.lanes = settings.at("lanes");
  config.three = settings.at("complex") == 0;
  config.multiplier = static_cast<Multiplier>(settings.at("multiplier"));
  config.levels = settings.at("levels");
  quant::CirculantRule& rule = config.rule;
  rule.bits = settings.at("bits");
  rule.weight_bits = settings.at("weight_bits");
  rule.sum_shift = settings.at("sum_shift");
  rule.bin_bits = settings.at("bin_bits");
  rule.out_bits = settings.at("out_bits");
  rule.factor_bits = settings.at("factor_bits");
  rule.halvings = settings.at("halvings");
  rule.end_shift = settings.at("end_shift");
  rule.rounding = static_cast<quant::WordRounding>(settings.at("rounding"));
  const int most = std::min(config.rows, config.cols);
  if (config.lanes > most)
    base::fail(base::Code::kOutOfRange,
               "circulant.lanes = " + std::to_string(config.lanes) + " for " +
                   std::to_string(config.rows) + " x " + std::to_string(config.cols) + " blocks",
               "--set", "at most " + std::to_string(most) + ", the lesser of rows and cols");
  if (load_bits(config) > 22)
    base::fail(base::Code::kOutOfRange,
               "a circulant engine whose weights take " + std::to_string(load_bits(config)) +
                   " bits of the load address",
               "--set", "fewer rows or cols: the load bus has 22");
  if (1 << rule.halvings > config.block)
    base::fail(base::Code::kOutOfRange,
               "circulant.halvings = " + std::to_string(rule.halvings) + " with blocks of " +
                   std::to_string(config.block),
               "--set", "at most log2 of the block");
  return config;
}

Alone circulant_alone(const Settings& settings, const config::Spec& spec) {
  const CirculantConfig config = config_of(settings);
  std::vector<verilog::Module> modules = structure(config);
  Alone alone{std::move(modules.back()), {}, {}, {}};
  modules.pop_back();
  alone.below = std::move(modules);
  alone.bench = stream_bench(config, alone.module.name(), kVectors, spec.simulate.seed);
  for (const auto& [name, value] : settings) alone.facts.emplace_back(name, value);
  alone.facts.emplace_back("multipliers", multipliers(config));
  alone.facts.emplace_back("clocks_a_product", interval(config));
  alone.facts.emplace_back("utilisation_percent", std::lround(100 * utilisation(config)));
  return alone;
}

}  // namespace

std::vector<Kind> circulant_kinds() {
  return {
      {.name = "circulant",
       .doc = "the product of a block-circulant matrix with vectors, by their spectra",
       .settings = {{"block", "k", 3, 0, 7, {"1", "2", "4", "8", "16", "32", "64", "128"}},
                    {"rows", "of blocks", 8, 1, 1024},
                    {"cols", "of blocks", 4, 1, 1024},
                    {"lanes", "rows of blocks at a time", 2, 1, 64},
                    {"bits", "of words of a vector", 16, 2, 24},
                    {"weight_bits", "of words of the weights' spectra", 16, 2, 24},
                    {"sum_shift", "sums of products are divided by 2^sum_shift", 18, 0, 40},
                    {"bin_bits", "and clipped to so many", 24, 2, 32},
                    {"out_bits", "results are clipped to so many", 16, 2, 32},
                    {"factor_bits", "of sines and cosines behind the point", 17, 1, 24},
                    {"halvings", "levels of the inverse transform that halve, from the lowest", 0,
                     0, 7},
                    {"end_shift", "its results are divided by 2^end_shift", 3, 0, 24},
                    {"rounding", "of what is dropped", 1, 0, 2, {"down", "half_up", "half_even"}},
                    {"complex", "multiplications of a complex product", 0, 0, 1, {"three", "four"}},
                    {"multiplier",
                     "how the transforms multiply by constants",
                     0,
                     0,
                     1,
                     {"shift_adds", "product"}},
                    {"levels", "adders between two registers of the transforms", 3, 1, 64}},
       .bench = "fpsa_tb_stream",
       .idles = true,
       .alone = circulant_alone}};
}

}  // namespace units
