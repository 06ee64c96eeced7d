#include "units/circulant/circulant.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

#include "base/bits.hpp"
#include "base/error.hpp"
#include "base/files.hpp"
#include "verilog/names.hpp"

namespace units {

namespace {

bool is_within(int value, int low, int high) { return value >= low && value <= high; }

bool has_sizes(const CirculantConfig& config) {
  return is_within(config.block, 1, 128) &&
         std::has_single_bit(static_cast<unsigned>(config.block)) && config.rows >= 1 &&
         config.cols >= 1 && is_within(config.lanes, 1, std::min(config.rows, config.cols)) &&
         config.levels >= 1;
}

bool has_bits(const quant::CirculantRule& rule, int block) {
  return is_within(rule.bits, 2, 24) && is_within(rule.weight_bits, 2, 24) &&
         is_within(rule.bin_bits, 2, 32) && is_within(rule.out_bits, 2, 32) &&
         is_within(rule.factor_bits, 1, 24) && is_within(rule.sum_shift, 0, 40) &&
         is_within(rule.end_shift, 0, 24) && rule.halvings >= 0 && 1 << rule.halvings <= block;
}

constexpr int kLoadBits = 22;

// Sums a complex word has.
int sums_of(const CirculantConfig& config) { return config.three ? 3 : 4; }

}  // namespace

void check(const CirculantConfig& config) {
  if (has_sizes(config) && has_bits(config.rule, config.block) && sum_bits(config) <= 60 &&
      load_bits(config) <= kLoadBits)
    return;
  base::fail(base::Code::kInternal,
             fmt::format("an engine of {} x {} blocks of {}, {} lanes, with words of {} bits and "
                         "weights of {}",
                         config.rows, config.cols, config.block, config.lanes, config.rule.bits,
                         config.rule.weight_bits));
}

int passes(const CirculantConfig& config) {
  return static_cast<int>(base::ceil_div(config.rows, config.lanes));
}

std::int64_t interval(const CirculantConfig& config) {
  return std::int64_t{passes(config)} * config.cols;
}

int multipliers(const CirculantConfig& config) {
  const int real = std::min(config.block, 2);
  const int complex = (config.block - real) / 2;
  return config.lanes * (real + complex * sums_of(config));
}

double utilisation(const CirculantConfig& config) {
  return static_cast<double>(config.rows) / (config.lanes * passes(config));
}

FftConfig forward_config(const CirculantConfig& config) {
  return {.rule = config.rule.forward(config.block),
          .inverse = false,
          .bits = config.rule.bits,
          .levels = config.levels,
          .multiplier = config.multiplier};
}

int bin_bits(const CirculantConfig& config) {
  if (config.block == 1) return config.rule.bits;
  return word_bits(datapath(forward_config(config)));
}

int sum_bits(const CirculantConfig& config) {
  return bin_bits(config) + config.rule.weight_bits +
         base::clog2(static_cast<std::uint64_t>(config.cols));
}

Datapath finish(const CirculantConfig& config) {
  const quant::CirculantRule& rule = config.rule;
  const auto points = static_cast<std::size_t>(config.block);
  const int bits = sum_bits(config);
  Datapath path(rule.rounding);
  std::vector<std::vector<WordId>> sums;
  for (std::size_t i = 0; i < points; i += i < 2 ? 1 : 2) {
    const std::string name = bin_name("sum", i, points);
    sums.emplace_back();
    if (i < 2) {
      sums.back().push_back(path.input(name, bits));
      continue;
    }
    const std::string bin = "sum" + std::to_string(i / 2);
    sums.back().push_back(path.input(bin + "_rr", bits));
    sums.back().push_back(path.input(bin + "_ii", bits));
    if (config.three) {
      sums.back().push_back(path.input(bin + "_all", bits + 2));
    } else {
      sums.back().push_back(path.input(bin + "_ir", bits));
      sums.back().push_back(path.input(bin + "_ri", bits));
    }
  }
  std::vector<WordId> bins;
  const auto add_bin = [&](WordId sum) {
    const std::string name = bin_name("bin", bins.size(), points);
    const WordId word = path.rounded(name + "_scaled", sum, rule.sum_shift);
    bins.push_back(path.clipped(name, word, rule.bin_bits));
  };
  for (std::size_t i = 0; i < sums.size(); ++i) {
    const std::vector<WordId>& of = sums[i];
    if (of.size() == 1) {
      add_bin(of[0]);
      continue;
    }
    const std::string name = "bin" + std::to_string(i - 1);
    add_bin(path.difference(name + "_re_sum", of[0], of[1]));
    const WordId both =
        path.sum(name + "_both", config.three ? of[0] : of[2], config.three ? of[1] : of[3]);
    add_bin(config.three ? path.difference(name + "_im_sum", of[2], both) : both);
  }
  const std::vector<WordId> results =
      add_transform(path, rule.inverse(config.block), true, config.multiplier, bins, "y");
  for (std::size_t i = 0; i < points; ++i) {
    const std::string name = "out" + std::to_string(i);
    path.output(path.clipped(name, path.rounded(name + "_scaled", results[i], rule.end_shift),
                             rule.out_bits));
  }
  return path;
}

std::string module_name(const CirculantConfig& config) {
  const quant::CirculantRule& rule = config.rule;
  const std::string all =
      fmt::format("{} w{} s{} b{} o{} f{} h{} e{} r{} t{} m{} l{}", rule.bits, rule.weight_bits,
                  rule.sum_shift, rule.bin_bits, rule.out_bits, rule.factor_bits, rule.halvings,
                  rule.end_shift, static_cast<int>(rule.rounding), config.three,
                  static_cast<int>(config.multiplier), config.levels);
  return verilog::legal_name(
      fmt::format("fpsa_circ{}_{}x{}_{}", config.block, config.rows, config.cols,
                  base::sha256(fmt::format("{} {}", config.lanes, all)).substr(0, 8)),
      verilog::NameKind::kModule);
}

}  // namespace units
