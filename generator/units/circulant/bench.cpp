#include "units/circulant/bench.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/bits.hpp"
#include "units/clocked.hpp"
#include "verilog/mem_file.hpp"

namespace units {

namespace {

int clips_of(const Datapath& path) {
  return static_cast<int>(std::ranges::count(path.words(), WordOp::kClipped, &Word::op));
}

}  // namespace

Line& Line::append(std::int64_t value, int width) {
  for (int i = 0; i < width; ++i) bits_.push_back((value >> i & 1) != 0);
  return *this;
}

Line& Line::append(std::span<const std::int64_t> words, int width) {
  for (const std::int64_t word : words) append(word, width);
  return *this;
}

base::Bits Line::bits() const {
  base::Bits bits(bits_.size());
  for (std::size_t i = 0; i < bits_.size(); ++i) bits.set(i, bits_[i]);
  return bits;
}

std::vector<base::Bits> load_lines(const std::vector<CirculantLoad>& words) {
  std::vector<base::Bits> lines;
  for (const CirculantLoad& word : words)
    lines.push_back(Line().append(word.data, 32).append(word.address, 22).bits());
  return lines;
}

std::vector<std::int64_t> random_words(int count, int bits, base::Rng& rng) {
  const std::int64_t most = (std::int64_t{1} << (bits - 1)) - 1;
  const bool extreme = rng.below(4) == 0;
  std::vector<std::int64_t> words;
  for (int i = 0; i < count; ++i)
    words.push_back(extreme ? (rng.below(2) != 0 ? most : -most - 1)
                            : rng.between(-most - 1, most));
  return words;
}

quant::SpectralWeights random_weights(const CirculantConfig& config, std::uint64_t seed) {
  base::Rng rng(seed);
  const std::int64_t most = (std::int64_t{1} << (config.rule.weight_bits - 1)) - 1;
  quant::SpectralWeights weights{config.block, config.rows, config.cols, {}};
  const std::int64_t count = std::int64_t{config.rows} * config.cols * config.block;
  for (std::int64_t i = 0; i < count; ++i)
    weights.words.push_back(static_cast<std::int32_t>(rng.between(-most - 1, most)));
  return weights;
}

std::map<std::string, std::string> stream_bench(const CirculantConfig& config,
                                                const std::string& module, int vectors,
                                                std::uint64_t seed) {
  const quant::SpectralWeights weights = random_weights(config, seed);
  base::Rng rng(seed + 1);
  const Datapath end = finish(config);
  const int width = word_bits(end);
  const int flags = clips_of(end);
  const int clipped_bits = flags > 0 ? base::clog2(static_cast<std::uint64_t>(flags) + 1) : 0;
  const std::vector<base::Bits> load = load_lines(load_words(config, weights));
  const auto block = static_cast<std::size_t>(config.block);
  std::vector<base::Bits> in, out;
  for (int i = 0; i < vectors; ++i) {
    const std::vector<std::int64_t> x =
        random_words(config.cols * config.block, config.rule.bits, rng);
    const quant::CirculantProduct product = through(config, weights, x);
    for (std::size_t at = 0; at < x.size(); at += block)
      in.push_back(Line().append(std::span(x).subspan(at, block), config.rule.bits).bits());
    for (std::size_t at = 0; at < product.y.size(); at += block)
      out.push_back(Line()
                        .append(std::span(product.y).subspan(at, block), width)
                        .append(product.clipped[at / block], clipped_bits)
                        .bits());
  }
  return {
      {"tb_params.vh", fmt::format("`define DUT {}\n`define IN_BITS {}\n`define OUT_BITS {}\n"
                                   "{}`define CLIPPED_BITS {}\n`define LOADS {}\n"
                                   "`define BEATS_IN {}\n`define BEATS_OUT {}\n",
                                   module, config.block * config.rule.bits, config.block * width,
                                   flags > 0 ? "`define COUNTS_CLIPPED\n" : "", clipped_bits,
                                   load.size(), in.size(), out.size())},
      {"vectors/load.mem", verilog::mem_image(load)},
      {"vectors/stimulus.mem", verilog::mem_image(in)},
      {"vectors/expected.mem", verilog::mem_image(out)}};
}

}  // namespace units
