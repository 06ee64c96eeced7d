// What LSTM, GRU and RNN have in common: their attributes, shapes, and the walk over the steps.
#pragma once

#include <Eigen/Core>
#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "base/interrupt.hpp"
#include "nn/gate_functions.hpp"
#include "nn/op_support.hpp"

namespace nn {

/// What tells the three ops apart.
struct RecurrentKind {
  std::int64_t gates = 1;                ///< W and R have hidden_size rows for each
  std::vector<std::string> activations;  ///< of a direction, where the node names none
  bool has_cell = false;                 ///< a second state (initial_c, Y_c), and peepholes (P)
};

/// Inputs of all three: X, W, R, B, sequence_lens, initial_h; with a cell also initial_c and P.
inline constexpr std::size_t kRecurrentInputs = 6;
inline constexpr std::size_t kRecurrentInputsWithCell = 8;

/// Extents of a node, and where the rows of its arrays lie. With layout 1 the batch comes first.
struct RecurrentExtents {
  std::int64_t steps = 0;  ///< kUnknown until the graph is run, as batch and inputs
  std::int64_t batch = 0;
  std::int64_t inputs = 0;
  std::int64_t hidden = 0;
  std::int64_t directions = 1;
  bool batch_first = false;
  bool reverse = false;  ///< the only direction goes from the last step to the first

  Shape y() const {
    return batch_first ? Shape{batch, steps, directions, hidden}
                       : Shape{steps, directions, batch, hidden};
  }
  Shape state() const {
    return batch_first ? Shape{batch, directions, hidden} : Shape{directions, batch, hidden};
  }
  /// Rows of X (`inputs` elements each), of Y and of a state (`hidden` each).
  std::int64_t x_row(std::int64_t step, std::int64_t n) const {
    return batch_first ? n * steps + step : step * batch + n;
  }
  std::int64_t y_row(std::int64_t step, std::int64_t direction, std::int64_t n) const {
    return batch_first ? (n * steps + step) * directions + direction
                       : (step * directions + direction) * batch + n;
  }
  std::int64_t state_row(std::int64_t direction, std::int64_t n) const {
    return batch_first ? n * directions + direction : direction * batch + n;
  }
};

/// The attributes that all three have.
std::vector<AttributeDef> recurrent_attributes();

/// infer() of the three. Throws kBadShape, kBadType, kBadAttribute.
void infer_recurrent(Graph& graph, const Node& node, const RecurrentKind& kind);

/// Of a node that infer_recurrent() has passed.
RecurrentExtents recurrent_extents(const Graph& graph, const Node& node);

/// Steps of each sequence of the batch. Throws kBadShape unless each has 1 to `steps`.
std::vector<std::int64_t> sequence_lengths(const Call& call, const RecurrentExtents& extents);

/// A row for each sequence of the batch, or a weight matrix.
template <class T>
using RecurrentRows = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// The constants of one direction.
template <class T>
struct RecurrentDirection {
  using Rows = RecurrentRows<T>;

  RecurrentDirection(const Call& call, const RecurrentKind& kind, const RecurrentExtents& extents,
                     std::int64_t direction)
      : hidden(extents.hidden),
        w(part(call, 1, direction, kind.gates * hidden, extents.inputs)),
        r(part(call, 2, direction, kind.gates * hidden, hidden)),
        bias(part(call, 3, direction, 2, kind.gates * hidden)),
        peepholes(part(call, 7, direction, 1, 3 * hidden)),
        clip(call.node.float_attribute("clip", 0)) {
    const auto all =
        gate_functions(call.node, kind.activations, static_cast<std::size_t>(extents.directions));
    const auto each = static_cast<std::ptrdiff_t>(kind.activations.size());
    functions.assign(all.begin() + direction * each, all.begin() + (direction + 1) * each);
  }

  /// x * W^T + Wb, all gates side by side.
  Rows of_input(const Rows& x) const { return (x * w.transpose()).rowwise() + bias.row(0); }
  /// h * R^T + Rb of `count` gates from `first` on.
  Rows of_state(const Rows& h, Eigen::Index first, Eigen::Index count) const {
    return (h * r.middleRows(first * hidden, count * hidden).transpose()).rowwise() +
           bias.row(1).segment(first * hidden, count * hidden);
  }
  /// The peepholes of a gate times the cells.
  Rows through_peephole(Eigen::Index gate, const Rows& c) const {
    return c.array().rowwise() * peepholes.row(0).segment(gate * hidden, hidden).array();
  }
  /// Function f of sums, which `clip` bounds.
  Rows gate(std::size_t f, Rows sums) const {
    if (clip > 0) sums = sums.cwiseMax(-clip).cwiseMin(clip).eval();
    return applied(f, std::move(sums));
  }
  Rows applied(std::size_t f, Rows rows) const {
    for (T& value : rows.reshaped()) value = functions[f](value);
    return rows;
  }

  Eigen::Index hidden;
  Rows w, r;
  Rows bias;       ///< Wb and Rb, a row each
  Rows peepholes;  ///< of the gates i, o and f, side by side
  T clip;          ///< 0: none
  std::vector<GateFunction> functions;

 private:
  // A direction's share of input i; zeros if it is not given.
  static Rows part(const Call& call, std::size_t i, std::int64_t direction, std::int64_t rows,
                   std::int64_t cols) {
    if (!call.has(i)) return Rows::Zero(rows, cols);
    const T* first = call.input(i).elements<T>().data() + direction * rows * cols;
    return Eigen::Map<const Rows>(first, rows, cols);
  }
};

/// One direction's walk over the steps of all sequences.
template <class T>
class RecurrentWalk {
 public:
  using Rows = RecurrentRows<T>;

  RecurrentWalk(const Call& call, const RecurrentExtents& extents, std::int64_t direction)
      : call_(call),
        extents_(extents),
        direction_(direction),
        lengths_(sequence_lengths(call, extents)),
        longest_(lengths_.empty() ? 0 : *std::ranges::max_element(lengths_)) {}

  /// step(x, h, c) makes the states behind a step of those before it. `outputs` are Y, Y_h, Y_c.
  template <class Step>
  void run(const Step& step, std::vector<Array>& outputs) const {
    Rows h = initial(5);
    Rows c = initial(6);
    for (std::int64_t s = 0; s < longest_; ++s) {
      base::interruption_point();
      Rows next_h = h;
      Rows next_c = c;
      step(inputs_at(s), next_h, next_c);
      for (std::int64_t n = 0; n < extents_.batch; ++n) {
        if (s >= length(n)) continue;
        h.row(n) = next_h.row(n);
        c.row(n) = next_c.row(n);
      }
      if (has_output(call_.node, 0)) put_step(s, h, outputs[0]);
    }
    if (has_output(call_.node, 1)) put_state(h, outputs[1]);
    if (has_output(call_.node, 2)) put_state(c, outputs[2]);
  }

 private:
  std::int64_t length(std::int64_t n) const { return lengths_[static_cast<std::size_t>(n)]; }

  // Step s of sequence n on the way: a way back begins at the sequence's own last step.
  std::int64_t step_of(std::int64_t s, std::int64_t n) const {
    return extents_.reverse || direction_ == 1 ? length(n) - 1 - s : s;
  }

  Rows initial(std::size_t i) const {
    Rows rows = Rows::Zero(extents_.batch, extents_.hidden);
    if (!call_.has(i)) return rows;
    const T* from = call_.input(i).elements<T>().data();
    for (std::int64_t n = 0; n < extents_.batch; ++n)
      rows.row(n) = row_of(from, extents_.state_row(direction_, n), extents_.hidden);
    return rows;
  }

  Rows inputs_at(std::int64_t s) const {
    Rows rows = Rows::Zero(extents_.batch, extents_.inputs);
    const T* from = call_.input(0).elements<T>().data();
    for (std::int64_t n = 0; n < extents_.batch; ++n)
      if (s < length(n))
        rows.row(n) = row_of(from, extents_.x_row(step_of(s, n), n), extents_.inputs);
    return rows;
  }

  void put_step(std::int64_t s, const Rows& h, Array& y) const {
    T* to = y.elements<T>().data();
    for (std::int64_t n = 0; n < extents_.batch; ++n)
      if (s < length(n)) put_row(h, n, extents_.y_row(step_of(s, n), direction_, n), to);
  }

  void put_state(const Rows& state, Array& to) const {
    for (std::int64_t n = 0; n < extents_.batch; ++n)
      put_row(state, n, extents_.state_row(direction_, n), to.elements<T>().data());
  }

  static Eigen::Map<const Rows> row_of(const T* from, std::int64_t row, std::int64_t cols) {
    return {from + row * cols, 1, cols};
  }
  static void put_row(const Rows& from, std::int64_t n, std::int64_t row, T* to) {
    Eigen::Map<Rows>(to + row * from.cols(), 1, from.cols()) = from.row(n);
  }

  const Call& call_;
  const RecurrentExtents& extents_;
  std::int64_t direction_;
  std::vector<std::int64_t> lengths_;
  std::int64_t longest_;
};

template <class T, class Cell>
void run_recurrent(const Call& call, const RecurrentKind& kind, const Cell& cell,
                   std::vector<Array>& outputs) {
  using Rows = RecurrentRows<T>;
  const RecurrentExtents extents = recurrent_extents(call.graph, call.node);
  for (std::int64_t d = 0; d < extents.directions; ++d) {
    const RecurrentDirection<T> direction(call, kind, extents, d);
    RecurrentWalk<T>(call, extents, d)
        .run([&](const Rows& x, Rows& h, Rows& c) { cell(direction, x, h, c); }, outputs);
  }
}

/// evaluate() of the three. cell(direction, x, h, c) makes the states h and c (zeros without one)
/// behind a step of those before it, all of them RecurrentRows of the direction's type.
template <class Cell>
std::vector<Array> evaluate_recurrent(const Call& call, const RecurrentKind& kind,
                                      const Cell& cell) {
  std::vector<Array> outputs;
  for (std::size_t i = 0; i < call.node.outputs.size(); ++i)
    outputs.push_back(has_output(call.node, i) ? call.blank(i) : Array{});
  if (call.input(0).dtype == DType::kFloat)
    run_recurrent<float>(call, kind, cell, outputs);
  else
    run_recurrent<double>(call, kind, cell, outputs);
  return outputs;
}

}  // namespace nn
