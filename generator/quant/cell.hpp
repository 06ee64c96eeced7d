// Recurrent cells in fixed point: what a step computes, to the bit.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "quant/activation_lines.hpp"
#include "quant/circulant.hpp"

namespace quant {

enum class CellKind {
  kLstm,  ///< gates i, f, c, o (Hochreiter and Schmidhuber; peepholes of Gers; projection of Sak)
  kGru,   ///< z, r, and for the candidate one product with the input and one with the state, which
          ///< the reset gate multiplies (ONNX linear_before_reset = 1, PyTorch, Keras reset_after)
  kRnn,   ///< one
  kGruFirst,  ///< z, r, and for the candidate one product with the input; another one, with the
              ///< state that the reset gate has multiplied, follows (ONNX linear_before_reset = 0,
              ///< Cho et al. 2014, E-RNN)
  kDense,     ///< none: a product and biases, nothing kept from step to step; no Cell computes it
};

/// Products that a cell reads: 4, 4, 1, 3 and 1.
int gates_of(CellKind kind);

/// Words and roundings of a cell. x and y have `rule.gates.bits` bits, and the same step, which the
/// weights' step makes up for.
struct CellRule {
  CellKind kind = CellKind::kLstm;
  bool peepholes = false;   ///< of an LSTM: i and f see c of the step before, o sees the new one
  bool projection = false;  ///< of an LSTM: y is a product with m, not m itself
  CirculantRule gates;      ///< products with (x, y of the step before); out_bits is of gates
  CirculantRule projected;  ///< of the projection: bits are those of m, out_bits those of y
  int bits = 16;            ///< of biases, peepholes, the state and m
  int gate_fraction = 11;   ///< bits behind the point, of products and biases
  int peephole_fraction = 14;
  int state_fraction = 12;  ///< of an LSTM's c; at most unit_fraction
  int out_fraction = 14;    ///< of m, or of y without projection; at most unit_fraction
  int unit_fraction = 14;   ///< of what sigmoid and tanh answer
  int segment_bits = 5;
  Gate gate = Gate::kSigmoid;    ///< f of ONNX
  Gate candidate = Gate::kTanh;  ///< g
  Gate output = Gate::kTanh;     ///< h, of an LSTM
  WordRounding rounding = WordRounding::kHalfUp;

  /// The functions of words as they come: of gates, of the candidate, of the state.
  Lines gate_lines() const;
  Lines candidate_lines() const;
  Lines output_lines() const;
  /// Parameters of an element: biases of its gates, then peepholes of i, f and o.
  int parameters() const;
  /// Whether there is a second product.
  bool has_second() const { return projection || kind == CellKind::kGruFirst; }
  /// Whether a word of an element is kept from step to step beside y: c, or h of a GRU.
  bool has_state() const { return kind != CellKind::kRnn && kind != CellKind::kDense; }
};

/// A cell's weights. Rows of blocks of `gates` stand gate by gate for each block of elements: of
/// block b those of its first gate, of its second, ..; columns are those of x, then those of y.
struct CellWeights {
  SpectralWeights gates;
  SpectralWeights projection;            ///< of the second product
  std::vector<std::int32_t> parameters;  ///< element by element
};

struct CellState {
  std::vector<std::int64_t> y;     ///< of the step before
  std::vector<std::int64_t> kept;  ///< c, or h of a GRU
  /// How many words were clipped so far: in products with gates, in cells, in second products.
  std::int64_t clipped_gates = 0, clipped_cell = 0, clipped_projection = 0;
};

/// A cell with its weights, step by step.
class Cell {
 public:
  Cell(const CellRule& rule, CellWeights weights);

  /// All zero.
  CellState initial_state() const;
  /// A step: y, which is also in the state. `x` fills the columns of blocks that y leaves.
  std::vector<std::int64_t> step(std::span<const std::int64_t> x, CellState& state) const;

 private:
  struct Element;

  CellRule rule_;
  CellWeights weights_;
  Lines gate_, candidate_, output_;
};

}  // namespace quant
