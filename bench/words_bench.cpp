// Units of words against double precision: the noise of transforms, and how far recurrent cells are
// from real numbers, beside the bound on that.
#include <benchmark/benchmark.h>

#include <cmath>
#include <numbers>

#include "base/rng.hpp"
#include "units/fft/fft.hpp"
#include "units/recurrent/bound.hpp"

namespace {

using quant::CellKind;
using Words = std::vector<std::int64_t>;

// Place `i` of the packed spectrum of `x`, by its definition.
double exact_bin(const Words& x, std::size_t i) {
  const std::size_t points = x.size();
  const std::size_t bin = i == 0 ? 0 : i == 1 ? points / 2 : i / 2;
  double sum = 0;
  for (std::size_t m = 0; m < points; ++m) {
    const double angle =
        2 * std::numbers::pi * static_cast<double>(bin * m % points) / static_cast<double>(points);
    sum += static_cast<double>(x[m]) * (i >= 2 && i % 2 == 1 ? -std::sin(angle) : std::cos(angle));
  }
  return sum;
}

// Argument: points. Words of 16 bits over their whole range.
void transform(benchmark::State& state) {
  const auto points = static_cast<int>(state.range(0));
  units::FftConfig config;
  config.rule = {.points = points, .factor_bits = 15};
  const units::Datapath path = datapath(config);
  base::Rng rng(1);
  double signal = 0;
  double noise = 0;
  Words x(static_cast<std::size_t>(points));
  for (int block = 0; block < 200; ++block) {
    for (std::int64_t& word : x) word = rng.between(-32768, 32767);
    const Words y = evaluate(path, x);
    for (std::size_t i = 0; i < y.size(); ++i) {
      const double exact = exact_bin(x, i);
      signal += exact * exact;
      noise += std::pow(exact - static_cast<double>(y[i]), 2);
    }
  }
  for (auto _ : state) benchmark::DoNotOptimize(evaluate(path, x));
  state.counters["dB"] = 10 * std::log10(signal / noise);
  state.counters["multiplications"] = multiplications(config);
  state.counters["clocks"] = stages_of(path, config.levels).count;
}
BENCHMARK(transform)->ArgName("points")->Arg(8)->Arg(16)->Arg(32)->Arg(64);

// 64 cells on 32 inputs in blocks of 8, weights within 1 / sqrt(96).
struct Cells {
  Cells(int bits, CellKind kind) {
    config.block = 8;
    config.inputs = 4;
    config.cells = config.outputs = 8;
    config.streams = 1;
    quant::CellRule& rule = config.rule;
    rule.kind = kind;
    rule.bits = bits;
    rule.gate_fraction = bits - 5;
    rule.state_fraction = bits - 4;
    rule.out_fraction = rule.unit_fraction = rule.peephole_fraction = bits - 2;
    exact.gates = {config.block, gates_of(kind) * config.cells, config.inputs + config.outputs, {}};
    for (int i = 0; i < exact.gates.rows * exact.gates.cols * config.block; ++i)
      exact.gates.columns.push_back(number() / std::sqrt(96.0));
    const int fraction = std::min(20, quant::spectral_fraction(exact.gates, bits));
    rule.gates = rule.projected = rule_with({rule.out_fraction, fraction, rule.gate_fraction},
                                            config.block, bits, bits, rule.rounding);
    words.gates = quant::spectral_weights(exact.gates, bits, fraction);
    for (int i = 0; i < config.cells * config.block * rule.parameters(); ++i) {
      exact.parameters.push_back(number());
      words.parameters.push_back(
          static_cast<std::int32_t>(quant::to_fixed(exact.parameters.back(), rule.gate_fraction)));
    }
  }

  double number() { return static_cast<double>(rng.between(-1000, 1000)) / 1000; }
  units::Frame frame() {
    units::Frame made;
    for (int i = 0; i < config.inputs * config.block; ++i)
      made.words.push_back(quant::to_fixed(number() * 0.999, config.rule.out_fraction));
    return made;
  }

  base::Rng rng{7};
  units::RecurrentConfig config;
  units::ExactCells exact;
  quant::CellWeights words;
};

// Arguments: kind, bits of words. Counters: greatest distance and greatest bound after some steps.
void cells(benchmark::State& state) {
  Cells made(static_cast<int>(state.range(1)), static_cast<CellKind>(state.range(0)));
  std::vector<units::Frame> frames;
  for (int step = 0; step < 4; ++step) frames.push_back(made.frame());
  units::ClippedWords clipped;
  const auto answers = through(made.config, made.words, frames, clipped);
  for (auto _ : state) {
    units::BoundedCells bounded(made.config, made.exact, made.words);
    for (std::size_t step = 0; step < frames.size(); ++step) {
      double off = 0;
      double bound = 0;
      const auto exact = bounded.step(frames[step].words);
      for (std::size_t i = 0; i < exact.size(); ++i) {
        const double word =
            std::ldexp(static_cast<double>(answers[step].words[i]), -made.config.rule.out_fraction);
        off = std::max(off, std::abs(word - exact[i].value));
        bound = std::max(bound, exact[i].error);
      }
      if (step == 2) continue;
      state.counters["off" + std::to_string(step + 1)] = off;
      state.counters["bound" + std::to_string(step + 1)] = bound;
    }
  }
}
BENCHMARK(cells)
    ->ArgNames({"kind", "bits"})
    ->ArgsProduct({{static_cast<int>(CellKind::kLstm), static_cast<int>(CellKind::kGru)}, {12, 16}})
    ->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
