// Layers by their engines and graphs against the cells of quant, to the bit.
#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "base/rng.hpp"
#include "units/recurrent/bench.hpp"
#include "units/recurrent/bound.hpp"

namespace {

using quant::CellKind;
using units::RecurrentConfig;

RecurrentConfig random_config(base::Rng& rng) {
  RecurrentConfig config;
  const auto level = static_cast<int>(rng.between(0, 4));
  config.block = 1 << level;
  config.inputs = static_cast<int>(rng.between(1, 3));
  config.cells = static_cast<int>(rng.between(1, 3));
  config.streams = static_cast<int>(rng.between(1, 4));
  config.elements = 1 << rng.between(0, level);
  config.three = rng.below(2) != 0;
  quant::CellRule& rule = config.rule;
  rule.kind = static_cast<CellKind>(rng.below(4));
  const bool lstm = rule.kind == CellKind::kLstm;
  rule.peepholes = lstm && rng.below(2) != 0;
  rule.projection = lstm && rng.below(2) != 0;
  config.outputs = rule.projection ? static_cast<int>(rng.between(1, 3)) : config.cells;
  rule.bits = static_cast<int>(rng.between(10, 18));
  rule.segment_bits = static_cast<int>(rng.between(2, 5));
  rule.gate_fraction = static_cast<int>(rng.between(5, rule.bits - 4));
  rule.unit_fraction = static_cast<int>(rng.between(rule.bits - 4, rule.bits - 2));
  // States that reach to 2 are clipped now and then.
  const bool narrow = rng.below(2) != 0;
  rule.state_fraction =
      narrow ? rule.unit_fraction : static_cast<int>(rng.between(5, rule.unit_fraction));
  rule.out_fraction = static_cast<int>(rng.between(4, rule.unit_fraction));
  rule.peephole_fraction = rule.bits - 2;
  rule.rounding = static_cast<quant::WordRounding>(rng.below(3));
  rule.gate = rng.below(2) != 0 ? quant::Gate::kSigmoid : quant::Gate::kHardSigmoid;
  rule.candidate = rng.below(2) != 0 ? quant::Gate::kTanh : quant::Gate::kHardTanh;
  const int weight_bits = static_cast<int>(rng.between(6, 18));
  const auto weight_fraction = static_cast<int>(rng.between(rule.gate_fraction, 18));
  rule.gates = rule_with({rule.out_fraction, weight_fraction, rule.gate_fraction}, config.block,
                         rule.bits, weight_bits, rule.rounding);
  const int second = rule.kind == CellKind::kGruFirst ? rule.gate_fraction : rule.out_fraction;
  rule.projected = rule_with({rule.out_fraction, weight_fraction, second}, config.block, rule.bits,
                             weight_bits, rule.rounding);
  config.lanes = 1;
  return config;
}

TEST(RecurrentLayer, EqualsItsCells) {
  units::ClippedWords all;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    base::Rng rng(seed);
    const RecurrentConfig config = random_config(rng);
    ASSERT_NO_THROW(check(config)) << "seed " << seed;
    const quant::CellWeights weights = random_weights(config, seed);
    const std::vector<units::Frame> frames = random_frames(config, 8, seed);
    units::ClippedWords clipped;
    const std::vector<units::Frame> results = through(config, weights, frames, clipped);
    const quant::Cell cell(config.rule, weights);
    const auto streams = static_cast<std::size_t>(config.streams);
    std::vector<quant::CellState> states(streams, cell.initial_state());
    units::ClippedWords counted;
    for (std::size_t i = 0; i < frames.size(); ++i) {
      quant::CellState& state = states[i % streams];
      ASSERT_EQ(results[i].words, cell.step(frames[i].words, state))
          << "seed " << seed << " frame " << i;
      ASSERT_EQ(results[i].last, frames[i].last);
      counted.gates += state.clipped_gates;
      counted.cell += state.clipped_cell;
      counted.projection += state.clipped_projection;
      state.clipped_gates = state.clipped_cell = state.clipped_projection = 0;
      if (frames[i].last) state = cell.initial_state();
    }
    ASSERT_EQ(clipped, counted) << "seed " << seed;
    all.gates += clipped.gates;
    all.cell += clipped.cell;
    all.projection += clipped.projection;
  }
  // All three clip now and then, so their counts are compared.
  EXPECT_GT(all.gates, 0);
  EXPECT_GT(all.cell, 0);
  EXPECT_GT(all.projection, 0);
}

// Google's LSTM layer: 1,024 cells, a projection to 512, 160 inputs. The arithmetic alone needs
// 0.30 M multiplications a frame with blocks of 16.
TEST(RecurrentLayer, KeepsItsMultipliersBusy) {
  RecurrentConfig google;
  google.rule.peepholes = google.rule.projection = true;
  google.block = 16;
  google.inputs = 10;
  google.cells = 64;
  google.outputs = 32;
  google.lanes = 8;
  google.projection_lanes = 2;
  EXPECT_EQ(interval(google), 1344);
  EXPECT_LT(static_cast<double>(interval(google)) * multipliers(google), 0.36e6);
  EXPECT_GT(utilisation(google), 0.8);
}

quant::Circulant random_circulant(int block, int rows, int cols, base::Rng& rng) {
  quant::Circulant matrix{block, rows, cols, {}};
  const double most = 1.5 / std::sqrt(static_cast<double>(cols * block));
  for (int i = 0; i < rows * cols * block; ++i)
    matrix.columns.push_back(most * static_cast<double>(rng.between(-1000, 1000)) / 1000);
  return matrix;
}

// Cells in real numbers, and in words of as many bits as the rest has.
struct Drawn {
  RecurrentConfig config;
  units::ExactCells exact;
  quant::CellWeights words;
};

Drawn random_cells(base::Rng& rng) {
  Drawn drawn{random_config(rng), {}, {}};
  RecurrentConfig& config = drawn.config;
  quant::CellRule& rule = config.rule;
  config.streams = 1;
  const auto words_of = [&](const quant::Circulant& matrix, int out,
                            quant::CirculantRule& product) {
    const int fraction = std::min(20, quant::spectral_fraction(matrix, rule.bits));
    product = rule_with({rule.out_fraction, fraction, out}, config.block, rule.bits, rule.bits,
                        rule.rounding);
    return quant::spectral_weights(matrix, rule.bits, fraction);
  };
  const int gates = gates_of(rule.kind);
  drawn.exact.gates =
      random_circulant(config.block, gates * config.cells, config.inputs + config.outputs, rng);
  drawn.words.gates = words_of(drawn.exact.gates, rule.gate_fraction, rule.gates);
  drawn.exact.second = random_circulant(config.block, config.outputs, config.cells, rng);
  const int second = rule.kind == CellKind::kGruFirst ? rule.gate_fraction : rule.out_fraction;
  drawn.words.projection = words_of(drawn.exact.second, second, rule.projected);
  for (int i = 0; i < config.cells * config.block * rule.parameters(); ++i) {
    const bool is_bias = i % rule.parameters() < gates;
    const double number = static_cast<double>(rng.between(-1000, 1000)) / 1100;
    drawn.exact.parameters.push_back(number);
    drawn.words.parameters.push_back(static_cast<std::int32_t>(
        quant::to_fixed(number, is_bias ? rule.gate_fraction : rule.peephole_fraction)));
  }
  return drawn;
}

// What words make of cells is within the bound that follows from their widths, step by step.
TEST(RecurrentLayer, KeepsItsErrorBound) {
  int checked = 0;
  double nearest = 0;
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    base::Rng rng(seed);
    const Drawn drawn = random_cells(rng);
    const RecurrentConfig& config = drawn.config;
    const double one = std::ldexp(1.0, config.rule.out_fraction);
    std::vector<units::Frame> frames(12);
    for (units::Frame& frame : frames)
      for (int i = 0; i < config.inputs * config.block; ++i)
        frame.words.push_back(
            static_cast<std::int64_t>(one * static_cast<double>(rng.between(-1000, 1000)) / 1000));
    units::ClippedWords clipped;
    const auto answers = through(config, drawn.words, frames, clipped);
    if (clipped != units::ClippedWords{}) continue;
    ++checked;
    units::BoundedCells cells(config, drawn.exact, drawn.words);
    for (std::size_t step = 0; step < frames.size(); ++step) {
      const auto exact = cells.step(frames[step].words);
      for (std::size_t i = 0; i < exact.size(); ++i) {
        const double off =
            std::abs(static_cast<double>(answers[step].words[i]) / one - exact[i].value);
        ASSERT_LE(off, exact[i].error) << "seed " << seed << " step " << step << " cell " << i;
        nearest = std::max(nearest, off / exact[i].error);
      }
    }
  }
  EXPECT_GT(checked, 150);
  EXPECT_GT(nearest, 1.0 / 2) << "a bound that is far off says nothing";
}

TEST(RecurrentLayer, LoadsEachWordOnce) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    base::Rng rng(seed);
    const RecurrentConfig config = random_config(rng);
    std::set<std::uint32_t> addresses;
    const auto words = load_words(config, random_weights(config, seed));
    for (const units::CirculantLoad& word : words) addresses.insert(word.address);
    EXPECT_EQ(addresses.size(), words.size());
    EXPECT_LT(*addresses.rbegin(), 1U << 22);
  }
}

TEST(RecurrentLayer, RefusesWhatIsNone) {
  for (const auto change :
       {+[](RecurrentConfig& c) { c.inputs = 0; }, +[](RecurrentConfig& c) { c.outputs = 3; },
        +[](RecurrentConfig& c) { c.streams = 0; }, +[](RecurrentConfig& c) { c.elements = 3; },
        +[](RecurrentConfig& c) { c.elements = 16; },
        +[](RecurrentConfig& c) { c.rule.gates.bits = 12; },
        +[](RecurrentConfig& c) { c.rule.kind = CellKind::kDense; },
        +[](RecurrentConfig& c) { c.rule.state_fraction = 15; },
        +[](RecurrentConfig& c) {
          c.rule.kind = CellKind::kGru;
          c.rule.peepholes = true;
        },
        +[](RecurrentConfig& c) { c.lanes = 7; }}) {
    RecurrentConfig config;
    change(config);
    EXPECT_ANY_THROW(check(config));
  }
}

}  // namespace
