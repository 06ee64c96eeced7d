#include "units/pe/bench.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/bits.hpp"
#include "base/rng.hpp"
#include "verilog/mem_file.hpp"

namespace units {

namespace {

std::int64_t random_threshold(const PeConfig& config, base::Rng& rng) {
  // Small thresholds saturate, large ones round to zero: both ends are drawn often.
  const int bits = static_cast<int>(rng.between(1, config.threshold_bits));
  return rng.between(1, (std::int64_t{1} << bits) - 1);
}

// Low tops cut often, the highest one never.
std::int64_t random_top(const PeConfig& config, base::Rng& rng) {
  const std::int64_t highest = (std::int64_t{1} << config.activation_bits) - 1;
  return rng.below(4) == 0 ? highest : rng.between(0, highest);
}

// One word a tick: `mark` in the highest bit, lanes below.
base::Bits with_mark(bool mark, const Trains& lanes, std::size_t tick) {
  base::Bits word(static_cast<std::size_t>(lanes.lanes()) + 1);
  for (int lane = 0; lane < lanes.lanes(); ++lane)
    word.set(static_cast<std::size_t>(lane), lanes.get(tick, lane));
  word.set(word.size() - 1, mark);
  return word;
}

base::Bits packed(const std::vector<std::int32_t>& sums, int bits) {
  base::Bits word(sums.size() * static_cast<std::size_t>(bits));
  for (std::size_t c = 0; c < sums.size(); ++c)
    for (int b = 0; b < bits; ++b)
      word.set(c * static_cast<std::size_t>(bits) + static_cast<std::size_t>(b),
               (sums[c] >> b) & 1);
  return word;
}

// Windows of random spikes; each lane has its own density, each window its own scale of it.
Trains random_spikes(int lanes, std::size_t ticks, int window, base::Rng& rng) {
  Trains trains(lanes, ticks);
  double density = 0.5;
  for (std::size_t t = 0; t < ticks; ++t) {
    if (t % static_cast<std::size_t>(window) == 0) density = static_cast<double>(rng.below(5)) / 4;
    for (int lane = 0; lane < lanes; ++lane)
      if (rng.uniform() < density) trains.set(t, lane);
  }
  return trains;
}

std::vector<std::int32_t> random_sums(const PeConfig& config, base::Rng& rng) {
  const std::int64_t largest =
      (config.total_rows() - config.rows) * ((std::int64_t{1} << (config.weight_bits - 1)) - 1);
  std::vector<std::int32_t> sums(static_cast<std::size_t>(config.crossbar_cols()));
  for (std::int32_t& sum : sums)
    sum = static_cast<std::int32_t>(rng.between(config.is_paired() ? 0 : -largest, largest));
  return sums;
}

std::string parameters(const PeConfig& config, const std::string& module, std::size_t loads,
                       std::size_t ticks) {
  const int window = window_ticks(config.train, config.activation_bits);
  std::string text = fmt::format(
      "`define DUT {}\n`define ROWS {}\n`define COLS {}\n`define PERIOD {}\n"
      "`define LOADS {}\n`define TICKS {}\n",
      module, config.rows, config.cols, window, loads, ticks);
  if (config.has_above)
    text += fmt::format("`define CASCADE_IN\n`define SUM_IN_BITS {}\n",
                        config.crossbar_cols() * link_bits(config));
  if (!config.has_neurons)
    text += fmt::format("`define CASCADE_OUT\n`define SUM_OUT_BITS {}\n",
                        config.crossbar_cols() * link_bits(config));
  return text;
}

}  // namespace

PeContent random_content(const PeConfig& config, std::uint64_t seed) {
  base::Rng rng(seed);
  const std::int64_t weight = (std::int64_t{1} << (config.weight_bits - 1)) - 1;
  PeContent content;
  content.weights.resize(config.rows, config.cols);
  for (Eigen::Index i = 0; i < content.weights.size(); ++i)
    content.weights(i) = static_cast<std::int32_t>(rng.between(-weight, weight));
  if (!config.has_neurons) return content;
  const std::int64_t offset = std::max<std::int64_t>(weight * config.rows, 1);
  for (int c = 0; c < config.cols; ++c) {
    content.threshold.push_back(random_threshold(config, rng));
    content.offset.push_back(rng.between(-offset, offset));
    if (config.has_tops) content.top.push_back(random_top(config, rng));
  }
  return content;
}

PeBench make_bench(const PeConfig& config, const PeContent& content, const std::string& module,
                   int windows, std::uint64_t seed) {
  base::Rng rng(seed);
  const int window = window_ticks(config.train, config.activation_bits);
  const auto ticks = static_cast<std::size_t>(windows * window);
  const Trains spikes = random_spikes(config.rows, ticks, window, rng);
  PeEmulator emulator(config, content);
  std::vector<base::Bits> stimulus, expected, sums_in, sums_out;
  Trains out(config.cols, 1);
  for (std::size_t t = 0; t < ticks; ++t) {
    const bool win = t % static_cast<std::size_t>(window) == 0;
    stimulus.push_back(with_mark(win, spikes, t));
    std::vector<std::int32_t> above;
    if (config.has_above) above = random_sums(config, rng);
    const std::vector<std::int32_t> sums = emulator.sums(spikes.tick(t), above);
    if (!above.empty()) sums_in.push_back(packed(above, link_bits(config)));
    if (config.has_neurons) {
      emulator.step(sums, win, out.tick(0));
      expected.push_back(with_mark(win, out, 0));
    } else {
      sums_out.push_back(packed(sums, link_bits(config)));
    }
  }
  PeBench bench;
  const std::vector<LoadWord> words = load_words(config, content);
  bench.parameters = parameters(config, module, words.size(), ticks);
  for (const LoadWord& word : words)
    bench.load += fmt::format("{:08x}{:08x}\n", word.address, word.data);
  bench.stimulus = verilog::mem_image(stimulus);
  if (!expected.empty()) bench.expected = verilog::mem_image(expected);
  if (!sums_in.empty()) bench.sums_in = verilog::mem_image(sums_in);
  if (!sums_out.empty()) bench.expected_sum = verilog::mem_image(sums_out);
  return bench;
}

}  // namespace units
