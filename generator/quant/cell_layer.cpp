#include "quant/cell_layer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/error.hpp"
#include "quant/spectra.hpp"

namespace quant {

namespace {

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
    fill_blocks(all, block_, [&](Eigen::Index, Eigen::Index column) {
      return column < real_.inputs() || column >= inputs;
    });
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

std::int32_t code_of(const CellLayer& layer, const Format& to, std::int64_t word) {
  const std::int64_t code = rounded(word, layer.out_shift, WordRounding::kHalfUp);
  return static_cast<std::int32_t>(std::clamp<std::int64_t>(code, to.low, to.high));
}

// Of a dense layer: products and biases of so many steps at once.
IntegerBatch dense_answers(const CellLayer& layer, const Format& to, const IntegerBatch& steps,
                           CellClips& clips) {
  IntegerBatch codes(steps.rows() / layer.taps, layer.cells);
  const Eigen::Index apart = Eigen::Index{layer.input_blocks()} * layer.block;
  std::vector<std::int64_t> x(static_cast<std::size_t>(layer.taps * apart), 0);
  for (Eigen::Index answer = 0; answer < codes.rows(); ++answer) {
    for (Eigen::Index tap = 0; tap < layer.taps; ++tap)
      for (Eigen::Index i = 0; i < steps.cols(); ++i)
        x[static_cast<std::size_t>(tap * apart + i)] =
            std::int64_t{steps(answer * layer.taps + tap, i)} * (std::int64_t{1} << layer.in_shift);
    const CirculantProduct product = multiply(layer.rule.gates, layer.weights.gates, x);
    for (Eigen::Index i = 0; i < codes.cols(); ++i) {
      const auto at = static_cast<std::size_t>(i);
      codes(answer, i) = code_of(layer, to, product.y[at] + layer.weights.parameters[at]);
    }
    for (const std::int64_t count : product.clipped) clips.gates += count;
  }
  return codes;
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
  return rule.kind == other.rule.kind && block == other.block && inputs == other.inputs &&
         cells == other.cells && taps == other.taps && in_shift == other.in_shift &&
         out_shift == other.out_shift && weights.gates.words == other.weights.gates.words &&
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
  if (layer.is_dense()) return dense_answers(layer, to, steps, clips);
  const Cell cell(layer.rule, layer.weights);
  CellState state = cell.initial_state();
  IntegerBatch codes(steps.rows(), layer.cells);
  std::vector<std::int64_t> x(static_cast<std::size_t>(layer.input_blocks() * layer.block), 0);
  for (Eigen::Index step = 0; step < steps.rows(); ++step) {
    for (Eigen::Index i = 0; i < steps.cols(); ++i)
      x[static_cast<std::size_t>(i)] = std::int64_t{steps(step, i)} << layer.in_shift;
    const std::vector<std::int64_t> y = cell.step(x, state);
    for (Eigen::Index i = 0; i < codes.cols(); ++i)
      codes(step, i) = code_of(layer, to, y[static_cast<std::size_t>(i)]);
  }
  clips.gates += state.clipped_gates;
  clips.cell += state.clipped_cell;
  clips.projection += state.clipped_projection;
  return codes;
}

}  // namespace quant
