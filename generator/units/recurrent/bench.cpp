#include "units/recurrent/bench.hpp"

#include <fmt/format.h>

#include "units/circulant/bench.hpp"
#include "verilog/mem_file.hpp"

namespace units {

quant::CellWeights random_weights(const RecurrentConfig& config, std::uint64_t seed) {
  quant::CellWeights weights{random_weights(gates_config(config), seed),
                             random_weights(projection_config(config), seed + 1),
                             {}};
  base::Rng rng(seed + 2);
  const quant::CellRule& rule = config.rule;
  const int gates = gates_of(rule.kind);
  for (int i = 0; i < config.cells * config.block * rule.parameters(); ++i) {
    const bool is_bias = i % rule.parameters() < gates;
    const std::int64_t one = std::int64_t{1}
                             << std::min(rule.bits - 2,
                                         is_bias ? rule.gate_fraction : rule.peephole_fraction);
    weights.parameters.push_back(static_cast<std::int32_t>(rng.between(-one, one)));
  }
  return weights;
}

std::vector<Frame> random_frames(const RecurrentConfig& config, int count, std::uint64_t seed) {
  base::Rng rng(seed);
  std::vector<Frame> frames;
  for (int i = 0; i < count * config.streams; ++i)
    frames.push_back(
        {random_words(config.inputs * config.block, config.rule.bits, rng), rng.below(4) == 0});
  return frames;
}

std::map<std::string, std::string> stream_bench(const RecurrentConfig& config,
                                                const quant::CellWeights& weights,
                                                const std::vector<Frame>& frames,
                                                const std::string& module) {
  const auto block = static_cast<std::size_t>(config.block);
  const int bits = config.rule.bits;
  const auto lines = [block, bits](const std::vector<Frame>& all) {
    std::vector<base::Bits> beats;
    for (const Frame& frame : all)
      for (std::size_t at = 0; at < frame.words.size(); at += block)
        beats.push_back(Line()
                            .append(std::span(frame.words).subspan(at, block), bits)
                            .append(frame.last && at + block == frame.words.size() ? 1 : 0, 1)
                            .bits());
    return beats;
  };
  ClippedWords clipped;
  const std::vector<base::Bits> in = lines(frames);
  const std::vector<base::Bits> out = lines(through(config, weights, frames, clipped));
  const std::vector<base::Bits> load = load_lines(load_words(config, weights));
  const std::vector<base::Bits> counts{Line()
                                           .append(clipped.gates, 32)
                                           .append(clipped.cell, 32)
                                           .append(clipped.projection, 32)
                                           .bits()};
  return {{"tb_params.vh",
           fmt::format("`define DUT {}\n`define IN_BITS {}\n`define OUT_BITS {}\n`define LASTS\n"
                       "`define CLIPPED_TOTALS\n`define CLIPPED_BITS 0\n`define LOADS {}\n"
                       "`define BEATS_IN {}\n`define BEATS_OUT {}\n",
                       module, config.block * bits, config.block * bits, load.size(), in.size(),
                       out.size())},
          {"vectors/load.mem", verilog::mem_image(load)},
          {"vectors/stimulus.mem", verilog::mem_image(in)},
          {"vectors/expected.mem", verilog::mem_image(out)},
          {"vectors/clipped.mem", verilog::mem_image(counts)}};
}

}  // namespace units
