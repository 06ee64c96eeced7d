#include "quant/cell_layer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/error.hpp"

namespace quant {

namespace {

// Columns past the last that fill a block read words that are zero: each takes the mean of its
// diagonal's others, so that the nearest circulant block has that of those that count.
void fill_columns(Eigen::MatrixXd& matrix, Eigen::Index first, Eigen::Index count, int block) {
  const Eigen::Index begin = (first + count) / block * block;  // of the block that is not full
  const Eigen::Index own = first + count - begin;
  if (own == 0) return;
  const auto on_diagonal = [&](Eigen::Index row, Eigen::Index diagonal) {
    double sum = 0;
    for (Eigen::Index j = 0; j < own; ++j) sum += matrix(row + (j + diagonal) % block, begin + j);
    return sum / static_cast<double>(own);
  };
  for (Eigen::Index row = 0; row < matrix.rows(); row += block)
    for (Eigen::Index j = own; j < block; ++j)
      for (Eigen::Index i = 0; i < block; ++i)
        matrix(row + i, begin + j) = on_diagonal(row, (i - j + block) % block);
}

// Arranges a model's matrices as the engines of a layer have them.
class Arranged {
 public:
  Arranged(const RealCells& real, int block, double gain)
      : real_(real), block_(block), gain_(gain), gates_(gates_of(real.kind)) {}

  // Rows of blocks gate by gate for each block of cells; columns of the input, then of the state.
  Eigen::MatrixXd products() const {
    const Eigen::Index n = real_.cells();
    const Eigen::Index inputs = (real_.inputs() + block_ - 1) / block_ * block_;
    Eigen::MatrixXd all = Eigen::MatrixXd::Zero(gates_ * n, inputs + n);
    for (Eigen::Index cell = 0; cell < n; ++cell)
      for (int gate = 0; gate < gates_; ++gate) {
        auto row = all.row((cell / block_ * gates_ + gate) * block_ + cell % block_);
        if (reads_input(gate))
          row.head(real_.inputs()) = gain_ * real_.of_input.row(of_model(gate) * n + cell);
        if (reads_state(gate)) row.tail(n) = real_.of_state.row(of_model(gate) * n + cell);
      }
    if (inputs > real_.inputs()) fill_columns(all, 0, real_.inputs(), block_);
    return all;
  }
  // Of the candidate with the state that the reset gate has multiplied.
  Eigen::MatrixXd second() const { return real_.of_state.bottomRows(real_.cells()); }

  // Cell by cell biases of gates, then peepholes.
  std::vector<std::int32_t> parameters(const CellRule& rule) const {
    const Eigen::Index n = real_.cells();
    std::vector<std::int32_t> words;
    const auto add = [&](double value, int fraction) {
      words.push_back(static_cast<std::int32_t>(clipped(to_fixed(value, fraction), rule.bits)));
    };
    for (Eigen::Index cell = 0; cell < n; ++cell) {
      for (int gate = 0; gate < gates_; ++gate)
        add(is_state_alone(gate) ? real_.of_state_bias[cell]
                                 : real_.bias[of_model(gate) * n + cell],
            rule.gate_fraction);
      for (int i = 0; rule.peepholes && i < 3; ++i)
        add(real_.peepholes[i * n + cell], rule.peephole_fraction);
    }
    return words;
  }

 private:
  // The fourth product of a kGru is the candidate's with the state, the third that with the input.
  bool is_state_alone(int gate) const { return real_.kind == CellKind::kGru && gate == 3; }
  bool reads_input(int gate) const { return !is_state_alone(gate); }
  bool reads_state(int gate) const {
    const bool is_gru = real_.kind == CellKind::kGru || real_.kind == CellKind::kGruFirst;
    return !is_gru || gate != 2;
  }
  int of_model(int gate) const { return is_state_alone(gate) ? 2 : gate; }

  const RealCells& real_;
  int block_;
  double gain_;
  int gates_;
};

// As coarse as the widest word of a spectrum makes it, and no finer than the sums can take.
int weight_fraction(const Circulant& matrix, const Fractions& others, int bits,
                    const std::string& where) {
  constexpr int kMost = 20;
  const int fraction = std::min(kMost, spectral_fraction(matrix, bits));
  if (others.in + fraction < others.out)
    base::fail(base::Code::kWeightRange,
               fmt::format("its weights reach so far that words of {} bits cannot hold them", bits),
               where, "set recurrent.bits higher, or scale the inputs");
  return fraction;
}

struct Spectra {
  SpectralWeights words;
  CirculantRule rule;
  double error = 0.0;
};

Spectra spectra_of(const Eigen::MatrixXd& matrix, int block, Fractions fractions, int bits,
                   const std::string& where) {
  const Circulant nearest = nearest_circulant(matrix, block);
  fractions.weight = weight_fraction(nearest, fractions, bits, where);
  return {spectral_weights(nearest, bits, fractions.weight),
          rule_with(fractions, block, bits, bits, WordRounding::kHalfUp),
          circulant_error(matrix, nearest)};
}

// Gates reach to 16, states to 8, answers and what functions answer to 2.
CellRule rule_of(const RealCells& real, int bits) {
  CellRule rule;
  rule.kind = real.kind;
  rule.peepholes = real.peepholes.size() > 0;
  rule.bits = bits;
  rule.gate_fraction = bits - 5;
  rule.state_fraction = bits - 4;
  rule.out_fraction = rule.unit_fraction = rule.peephole_fraction = bits - 2;
  rule.segment_bits = std::min(5, rule.gate_fraction);
  rule.gate = real.gate;
  rule.candidate = real.candidate;
  rule.output = real.output;
  return rule;
}

}  // namespace

CellOptions CellOptions::of(const std::string& name) const {
  const auto own = blocks.find(name);
  return {.block = own == blocks.end() ? block : own->second, .bits = bits};
}

void absorb(const Affine& before, RealCells& cells) {
  const int inputs = static_cast<int>(cells.inputs());
  cells.bias += cells.of_input * before.offset_of(inputs);
  cells.of_input = (cells.of_input * before.gain_of(inputs).asDiagonal()).eval();
}

bool CellLayer::operator==(const CellLayer& other) const {
  return block == other.block && inputs == other.inputs && cells == other.cells &&
         in_shift == other.in_shift && out_shift == other.out_shift &&
         weights.gates.words == other.weights.gates.words &&
         weights.projection.words == other.weights.projection.words &&
         weights.parameters == other.weights.parameters;
}

CellLayer cell_layer(const RealCells& real, const Format& from, int out_bits,
                     const CellOptions& options, const std::string& where) {
  if (from.bits >= options.bits)
    base::fail(base::Code::kActivationBits,
               fmt::format("its inputs have {} bits and a sign, words {}", from.bits, options.bits),
               where, "set recurrent.bits higher, or pe.activation_bits lower");
  CellLayer layer;
  layer.inputs = static_cast<int>(real.inputs());
  layer.cells = static_cast<int>(real.cells());
  layer.block = options.block;
  while (layer.cells % layer.block != 0) layer.block /= 2;
  layer.rule = rule_of(real, options.bits);
  CellRule& rule = layer.rule;
  layer.in_shift = options.bits - 1 - from.bits;
  layer.out_shift = std::max(0, rule.out_fraction - out_bits);
  // A word of x stands for code * scale, and is taken for word / 2^out_fraction.
  const double gain = from.scale * std::ldexp(1.0, rule.out_fraction - layer.in_shift);
  const Arranged arranged(real, layer.block, gain);
  const Fractions fractions{.in = rule.out_fraction, .weight = 0, .out = rule.gate_fraction};
  Spectra gates = spectra_of(arranged.products(), layer.block, fractions, options.bits, where);
  layer.circulant_error = gates.error;
  rule.gates = gates.rule;
  rule.projected = gates.rule;
  layer.weights.gates = std::move(gates.words);
  if (rule.kind == CellKind::kGruFirst) {
    Spectra second = spectra_of(arranged.second(), layer.block, fractions, options.bits, where);
    layer.circulant_error = std::max(layer.circulant_error, second.error);
    rule.projected = second.rule;
    layer.weights.projection = std::move(second.words);
  }
  layer.weights.parameters = arranged.parameters(rule);
  return layer;
}

Format answer_format(const CellLayer& layer, int out_bits) {
  return full_format(out_bits, true, std::ldexp(1.0, layer.out_shift - layer.rule.out_fraction));
}

IntegerBatch answers(const CellLayer& layer, const Format& to, const IntegerBatch& steps,
                     CellClips& clips) {
  const Cell cell(layer.rule, layer.weights);
  CellState state = cell.initial_state();
  IntegerBatch codes(steps.rows(), layer.cells);
  std::vector<std::int64_t> x(static_cast<std::size_t>(layer.input_blocks() * layer.block), 0);
  for (Eigen::Index step = 0; step < steps.rows(); ++step) {
    for (Eigen::Index i = 0; i < steps.cols(); ++i)
      x[static_cast<std::size_t>(i)] = std::int64_t{steps(step, i)} << layer.in_shift;
    const std::vector<std::int64_t> y = cell.step(x, state);
    for (Eigen::Index i = 0; i < codes.cols(); ++i) {
      const std::int64_t code =
          rounded(y[static_cast<std::size_t>(i)], layer.out_shift, WordRounding::kHalfUp);
      codes(step, i) = static_cast<std::int32_t>(std::clamp<std::int64_t>(code, to.low, to.high));
    }
  }
  clips.gates += state.clipped_gates;
  clips.cell += state.clipped_cell;
  clips.projection += state.clipped_projection;
  return codes;
}

}  // namespace quant
