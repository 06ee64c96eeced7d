#include "units/circulant/bench.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/bits.hpp"
#include "units/clocked.hpp"
#include "verilog/mem_file.hpp"

namespace units {

namespace {

// Adds the low `width` bits of `value` to the words of a line, above those that are there.
void append(std::vector<bool>& line, std::uint64_t value, int width) {
  for (int i = 0; i < width; ++i) line.push_back((value >> i & 1) != 0);
}

base::Bits bits_of_line(const std::vector<bool>& line) {
  base::Bits bits(line.size());
  for (std::size_t i = 0; i < line.size(); ++i) bits.set(i, line[i]);
  return bits;
}

// `words` as lines of `block` words of `width` bits, in each of them a number above the words.
void append_blocks(std::vector<base::Bits>& lines, const std::vector<std::int64_t>& words,
                   int block, int width, const std::vector<std::int64_t>& above = {},
                   int above_bits = 0) {
  for (std::size_t at = 0; at < words.size(); at += static_cast<std::size_t>(block)) {
    std::vector<bool> line;
    for (int i = 0; i < block; ++i)
      append(line, static_cast<std::uint64_t>(words[at + static_cast<std::size_t>(i)]), width);
    if (above_bits > 0)
      append(line, static_cast<std::uint64_t>(above[at / static_cast<std::size_t>(block)]),
             above_bits);
    lines.push_back(bits_of_line(line));
  }
}

int clips_of(const Datapath& path) {
  return static_cast<int>(std::ranges::count(path.words(), WordOp::kClipped, &Word::op));
}

std::vector<std::int64_t> random_vector(const CirculantConfig& config, base::Rng& rng) {
  const std::int64_t most = (std::int64_t{1} << (config.rule.bits - 1)) - 1;
  const bool extreme = rng.below(4) == 0;
  std::vector<std::int64_t> words;
  for (int i = 0; i < config.cols * config.block; ++i)
    words.push_back(extreme ? (rng.below(2) != 0 ? most : -most - 1)
                            : rng.between(-most - 1, most));
  return words;
}

}  // namespace

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
  int width = 1;
  for (const WordId id : end.outputs()) width = std::max(width, end[id].bits);
  std::vector<base::Bits> load, in, out;
  for (const CirculantLoad& word : load_words(config, weights)) {
    std::vector<bool> line;
    append(line, word.data, 32);
    append(line, word.address, 22);
    load.push_back(bits_of_line(line));
  }
  const int flags = clips_of(end);
  const int clipped_bits = flags > 0 ? base::clog2(static_cast<std::uint64_t>(flags) + 1) : 0;
  for (int i = 0; i < vectors; ++i) {
    const std::vector<std::int64_t> x = random_vector(config, rng);
    append_blocks(in, x, config.block, config.rule.bits);
    const quant::CirculantProduct product = through(config, weights, x);
    append_blocks(out, product.y, config.block, width, product.clipped, clipped_bits);
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
