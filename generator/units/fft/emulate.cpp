#include <algorithm>

#include "units/fft/bench.hpp"

namespace units {

namespace {

std::int64_t signed_word(const base::Bits& bits, std::size_t lo, int width) {
  std::uint64_t value = 0;
  for (int i = 0; i < width; ++i)
    value |= std::uint64_t{bits.get(lo + static_cast<std::size_t>(i))} << i;
  const std::uint64_t sign = std::uint64_t{1} << (width - 1);
  return static_cast<std::int64_t>(value ^ sign) - static_cast<std::int64_t>(sign);
}

void put(base::Bits& bits, std::size_t lo, int width, std::int64_t value) {
  for (int i = 0; i < width; ++i) bits.set(lo + static_cast<std::size_t>(i), (value >> i & 1) != 0);
}

}  // namespace

FftModel::FftModel(const FftConfig& config)
    : config_(config),
      path_(datapath(config)),
      line_(static_cast<std::size_t>(stages_of(path_, config.levels).count)) {}

Values FftModel::stimulate(base::Rng& rng) {
  const int width = config_.rule.points * config_.bits;
  base::Bits data = random_bits(width, rng);
  // Words of the least and of the greatest value, of which sums are the largest.
  if (rng.below(4) == 0)
    for (int i = 0; i < config_.rule.points; ++i) {
      const std::int64_t least = -(std::int64_t{1} << (config_.bits - 1));
      put(data, static_cast<std::size_t>(i * config_.bits), config_.bits,
          rng.below(2) != 0 ? least : -least - 1);
    }
  return {{"valid_i", bits_of(rng.below(4) != 0)},
          {"data_i", data},
          {"ready_i", bits_of(rng.below(4) != 0)}};
}

Values FftModel::clock(const Values& inputs) {
  const std::optional<Result> shown = line_.front();
  const bool steps = !shown || inputs.at("ready_i").get(0);
  Values outputs{{"valid_o", bits_of(shown.has_value())}, {"ready_o", bits_of(steps)}};
  if (shown) {
    outputs["data_o"] = shown->data;
    if (shown->clipped.size() > 0) outputs["clipped_o"] = shown->clipped;
  }
  if (steps) {
    line_.pop_front();
    line_.emplace_back();
    if (inputs.at("valid_i").get(0)) line_.back() = transformed(inputs.at("data_i"));
  }
  return outputs;
}

FftModel::Result FftModel::transformed(const base::Bits& block) const {
  std::vector<std::int64_t> in;
  for (int i = 0; i < config_.rule.points; ++i)
    in.push_back(signed_word(block, static_cast<std::size_t>(i * config_.bits), config_.bits));
  std::vector<bool> flags;
  const std::vector<std::int64_t> out = evaluate(path_, in, &flags);
  const int width = word_bits(path_);
  Result result{base::Bits(out.size() * static_cast<std::size_t>(width)), base::Bits(flags.size())};
  for (std::size_t i = 0; i < out.size(); ++i)
    put(result.data, i * static_cast<std::size_t>(width), width, out[i]);
  for (std::size_t i = 0; i < flags.size(); ++i) result.clipped.set(i, flags[i]);
  return result;
}

}  // namespace units
