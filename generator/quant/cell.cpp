#include "quant/cell.hpp"

#include <utility>

namespace quant {

// The arithmetic of one element.
struct Cell::Element {
  const Cell& cell;
  std::span<const std::int64_t> gates;
  std::span<const std::int32_t> parameters;
  CellState& state;

  // m; `kept` changes, as below.
  std::int64_t lstm(std::int64_t& kept) {
    const CellRule& rule = cell.rule_;
    const std::int64_t i = through(cell.gate_, biased(0) + seen(4, kept));
    const std::int64_t f = through(cell.gate_, biased(1) + seen(5, kept));
    const std::int64_t g = through(cell.candidate_, biased(2));
    const std::int64_t added = shifted(i * g, rule.unit_fraction - rule.state_fraction);
    kept = clip(shifted(f * kept + added, rule.unit_fraction));
    const std::int64_t o = through(cell.gate_, biased(3) + seen(6, kept));
    const std::int64_t h = through(cell.output_, kept);
    return clip(shifted(o * h, 2 * rule.unit_fraction - rule.out_fraction));
  }
  std::int64_t gru(std::int64_t& kept) {
    const std::int64_t z = through(cell.gate_, biased(0));
    const std::int64_t r = through(cell.gate_, biased(1));
    const std::int64_t reset = shifted(r * biased(3), cell.rule_.unit_fraction);
    const std::int64_t n = out(through(cell.candidate_, biased(2) + reset));
    kept = clip(n + shifted(z * (kept - n), cell.rule_.unit_fraction));
    return kept;
  }
  std::int64_t rnn() { return clip(out(through(cell.candidate_, biased(0)))); }

  std::int64_t through(const Lines& lines, std::int64_t x) const {
    return evaluate(lines, x, cell.rule_.rounding);
  }
  std::int64_t biased(std::size_t gate) const { return gates[gate] + parameters[gate]; }
  // What a gate sees of the state through peephole `i`.
  std::int64_t seen(std::size_t i, std::int64_t kept) const {
    const CellRule& rule = cell.rule_;
    if (!rule.peepholes) return 0;
    return shifted(parameters[i] * kept,
                   rule.peephole_fraction + rule.state_fraction - rule.gate_fraction);
  }
  std::int64_t out(std::int64_t unit) const {
    return shifted(unit, cell.rule_.unit_fraction - cell.rule_.out_fraction);
  }
  std::int64_t shifted(std::int64_t value, int shift) const {
    return rounded(value, shift, cell.rule_.rounding);
  }
  std::int64_t clip(std::int64_t value) {
    const std::int64_t inside = clipped(value, cell.rule_.bits);
    state.clipped_cell += inside != value ? 1 : 0;
    return inside;
  }
};

namespace {

std::int64_t sum_of(const std::vector<std::int64_t>& counts) {
  std::int64_t sum = 0;
  for (const std::int64_t count : counts) sum += count;
  return sum;
}

}  // namespace

int gates_of(CellKind kind) { return kind == CellKind::kRnn ? 1 : 4; }

Lines CellRule::gate_lines() const {
  return lines_of(gate, gate_fraction, segment_bits, unit_fraction);
}
Lines CellRule::candidate_lines() const {
  return lines_of(candidate, gate_fraction, segment_bits, unit_fraction);
}
Lines CellRule::output_lines() const {
  return lines_of(output, state_fraction, segment_bits, unit_fraction);
}

int CellRule::parameters() const { return gates_of(kind) + (peepholes ? 3 : 0); }

Cell::Cell(const CellRule& rule, CellWeights weights)
    : rule_(rule),
      weights_(std::move(weights)),
      gate_(rule.gate_lines()),
      candidate_(rule.candidate_lines()),
      output_(rule.output_lines()) {}

CellState Cell::initial_state() const {
  const SpectralWeights& gates = weights_.gates;
  const auto elements = static_cast<std::size_t>(gates.rows / gates_of(rule_.kind) * gates.block);
  CellState state;
  state.y.assign(rule_.projection ? static_cast<std::size_t>(weights_.projection.rows * gates.block)
                                  : elements,
                 0);
  state.kept.assign(rule_.has_state() ? elements : 0, 0);
  return state;
}

std::vector<std::int64_t> Cell::step(std::span<const std::int64_t> x, CellState& state) const {
  std::vector<std::int64_t> all(x.begin(), x.end());
  all.insert(all.end(), state.y.begin(), state.y.end());
  const CirculantProduct products = multiply(rule_.gates, weights_.gates, all);
  state.clipped_gates += sum_of(products.clipped);
  const auto k = static_cast<std::size_t>(weights_.gates.block);
  const auto count = static_cast<std::size_t>(gates_of(rule_.kind));
  const auto parameters = static_cast<std::size_t>(rule_.parameters());
  std::vector<std::int64_t> m;
  for (std::size_t i = 0; i < products.y.size() / count; ++i) {
    std::vector<std::int64_t> gates;
    for (std::size_t gate = 0; gate < count; ++gate)
      gates.push_back(products.y[(i / k * count + gate) * k + i % k]);
    Element element{*this, gates,
                    std::span(weights_.parameters).subspan(i * parameters, parameters), state};
    if (rule_.kind == CellKind::kLstm) m.push_back(element.lstm(state.kept[i]));
    if (rule_.kind == CellKind::kGru) m.push_back(element.gru(state.kept[i]));
    if (rule_.kind == CellKind::kRnn) m.push_back(element.rnn());
  }
  state.y = std::move(m);
  if (rule_.projection) {
    CirculantProduct projected = multiply(rule_.projected, weights_.projection, state.y);
    state.clipped_projection += sum_of(projected.clipped);
    state.y = std::move(projected.y);
  }
  return state.y;
}

}  // namespace quant
