#include "quant/cell.hpp"

#include <utility>

#include "base/error.hpp"

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
  // The state that the reset gate lets through.
  std::int64_t reset(std::int64_t kept) {
    return clip(shifted(through(cell.gate_, biased(1)) * kept, cell.rule_.unit_fraction));
  }
  // With what its candidate sees of that.
  std::int64_t gru_first(std::int64_t& kept, std::int64_t seen_state) {
    const std::int64_t z = through(cell.gate_, biased(0));
    const std::int64_t n = out(through(cell.candidate_, biased(2) + seen_state));
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

int gates_of(CellKind kind) {
  if (kind == CellKind::kRnn || kind == CellKind::kDense) return 1;
  return kind == CellKind::kGruFirst ? 3 : 4;
}

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
  const auto element = [&](std::size_t i, std::vector<std::int64_t>& sums) {
    sums.clear();
    for (std::size_t gate = 0; gate < count; ++gate)
      sums.push_back(products.y[(i / k * count + gate) * k + i % k]);
    return Element{*this, sums, std::span(weights_.parameters).subspan(i * parameters, parameters),
                   state};
  };
  const auto second = [&](std::span<const std::int64_t> in) {
    CirculantProduct product = multiply(rule_.projected, weights_.projection, in);
    state.clipped_projection += sum_of(product.clipped);
    return std::move(product.y);
  };
  const std::size_t elements = products.y.size() / count;
  std::vector<std::int64_t> m, sums, seen;
  if (rule_.kind == CellKind::kGruFirst) {
    for (std::size_t i = 0; i < elements; ++i)
      seen.push_back(element(i, sums).reset(state.kept[i]));
    seen = second(seen);
  }
  for (std::size_t i = 0; i < elements; ++i) {
    Element one = element(i, sums);
    switch (rule_.kind) {
      case CellKind::kLstm:
        m.push_back(one.lstm(state.kept[i]));
        break;
      case CellKind::kGru:
        m.push_back(one.gru(state.kept[i]));
        break;
      case CellKind::kRnn:
        m.push_back(one.rnn());
        break;
      case CellKind::kGruFirst:
        m.push_back(one.gru_first(state.kept[i], seen[i]));
        break;
      case CellKind::kDense:
        base::fail(base::Code::kInternal, "a dense layer has no steps of cells");
    }
  }
  state.y = rule_.projection ? second(m) : std::move(m);
  return state.y;
}

}  // namespace quant
