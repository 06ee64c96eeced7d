#include "units/recurrent/bound.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace units {

namespace {

using Real = BoundedCells::Real;

Real operator+(Real a, Real b) { return {a.value + b.value, a.error + b.error}; }
Real operator*(Real a, Real b) {
  return {a.value * b.value,
          std::abs(a.value) * b.error + std::abs(b.value) * a.error + a.error * b.error};
}

double size_of(Real x) { return std::abs(x.value) + x.error; }

}  // namespace

BoundedCells::BoundedCells(const RecurrentConfig& config, ExactCells exact,
                           const quant::CellWeights& weights)
    : config_(config),
      exact_(std::move(exact)),
      weights_(weights),
      gate_(function(config.rule.gate, config.rule.gate_lines())),
      candidate_(function(config.rule.candidate, config.rule.candidate_lines())),
      output_(function(config.rule.output, config.rule.output_lines())),
      y_(static_cast<std::size_t>(config.outputs * config.block)),
      kept_(static_cast<std::size_t>(config.cells * config.block)) {}

BoundedCells::Function BoundedCells::function(quant::Gate gate, const quant::Lines& lines) const {
  return {gate, quant::greatest_error(gate, lines, config_.rule.rounding)};
}

Real BoundedCells::through(const Function& function, Real x) {
  const double value = quant::value_of(function.gate, x.value);
  const double below = value - quant::value_of(function.gate, x.value - x.error);
  const double above = quant::value_of(function.gate, x.value + x.error) - value;
  return {value, std::max(below, above) + function.error};
}

// Of words with the answers' points, to words with `fraction`.
BoundedCells::Reals BoundedCells::product(const CirculantConfig& engine,
                                          const quant::Circulant& exact,
                                          const quant::SpectralWeights& words, const Reals& x,
                                          int fraction) const {
  const auto block = static_cast<std::size_t>(engine.block);
  std::vector<double> reach(static_cast<std::size_t>(engine.cols), 0.0);
  for (std::size_t i = 0; i < x.size(); ++i)
    reach[i / block] += std::ldexp(size_of(x[i]), config_.rule.out_fraction);
  // What a step of a weight's word is worth follows from what the sums are divided by.
  const quant::CirculantRule& rule = engine.rule;
  const double step =
      std::ldexp(1.0 / engine.block, rule.sum_shift + rule.halvings + rule.end_shift + fraction -
                                         config_.rule.out_fraction);
  quant::Circulant in_steps = exact;
  for (double& number : in_steps.columns) number *= step;
  const std::vector<double> own = error_bounds(engine, in_steps, words, reach);
  const Eigen::MatrixXd matrix = quant::dense(exact);
  Reals sums(own.size());
  for (std::size_t row = 0; row < sums.size(); ++row) {
    sums[row].error = std::ldexp(own[row], -fraction);
    for (std::size_t col = 0; col < x.size(); ++col) {
      const double weight = matrix(static_cast<Eigen::Index>(row), static_cast<Eigen::Index>(col));
      sums[row].value += weight * x[col].value;
      sums[row].error += std::abs(weight) * x[col].error;
    }
  }
  return sums;
}

Real BoundedCells::rounded(Real value, int fraction) const {
  const double step = config_.rule.rounding == quant::WordRounding::kDown ? 1.0 : 0.5;
  return {value.value, value.error + std::ldexp(step, -fraction)};
}

// What a word keeps ends where the word does.
Real BoundedCells::held(Real value, int fraction) const {
  const Real word = rounded(value, fraction);
  const double most = std::ldexp(1.0, config_.rule.bits - 1 - fraction);
  return {word.value, std::min(word.error, std::abs(word.value) + most)};
}

Real BoundedCells::parameter(std::size_t index, int fraction) const {
  const double exact = exact_.parameters[index];
  const double word = std::ldexp(static_cast<double>(weights_.parameters[index]), -fraction);
  return {exact, std::abs(exact - word)};
}

Real BoundedCells::peephole(std::size_t index, Real kept) const {
  if (!config_.rule.peepholes) return {};
  return rounded(parameter(index, config_.rule.peephole_fraction) * kept,
                 config_.rule.gate_fraction);
}

// m; `sums` have the biases.
Real BoundedCells::lstm(const Reals& sums, std::size_t first, Real& kept) const {
  const quant::CellRule& rule = config_.rule;
  const Real i = through(gate_, sums[0] + peephole(first + 4, kept));
  const Real f = through(gate_, sums[1] + peephole(first + 5, kept));
  const Real g = through(candidate_, sums[2]);
  const Real added = rounded(i * g, rule.unit_fraction + rule.state_fraction);
  kept = held(f * kept + added, rule.state_fraction);
  const Real o = through(gate_, sums[3] + peephole(first + 6, kept));
  return held(o * through(output_, kept), rule.out_fraction);
}

// candidate + z * (kept - candidate): what is common to both ways has one error.
Real BoundedCells::blend(Real z, Real candidate, Real kept) const {
  const Real rest{1 - z.value, z.error};
  const double apart = std::abs(kept.value - candidate.value) + kept.error + candidate.error;
  const Real sum{
      candidate.value + z.value * (kept.value - candidate.value),
      std::abs(rest.value) * candidate.error + std::abs(z.value) * kept.error + z.error * apart};
  return held(sum, config_.rule.out_fraction);
}

Real BoundedCells::gru(const Reals& sums, std::size_t, Real& kept) const {
  const quant::CellRule& rule = config_.rule;
  const Real z = through(gate_, sums[0]);
  const Real r = through(gate_, sums[1]);
  const Real reset = rounded(r * sums[3], rule.gate_fraction);
  kept = blend(z, rounded(through(candidate_, sums[2] + reset), rule.out_fraction), kept);
  return kept;
}

Real BoundedCells::gru_first(const Reals& sums, std::size_t, Real seen, Real& kept) const {
  const Real z = through(gate_, sums[0]);
  const Real n = rounded(through(candidate_, sums[2] + seen), config_.rule.out_fraction);
  kept = blend(z, n, kept);
  return kept;
}

BoundedCells::Reals BoundedCells::step(const std::vector<std::int64_t>& x) {
  const quant::CellRule& rule = config_.rule;
  Reals all;
  for (const std::int64_t word : x)
    all.push_back({std::ldexp(static_cast<double>(word), -rule.out_fraction), 0.0});
  all.insert(all.end(), y_.begin(), y_.end());
  const Reals sums =
      product(gates_config(config_), exact_.gates, weights_.gates, all, rule.gate_fraction);
  const auto k = static_cast<std::size_t>(config_.block);
  const auto gates = static_cast<std::size_t>(gates_of(rule.kind));
  const auto parameters = static_cast<std::size_t>(rule.parameters());
  const auto biased = [&](std::size_t i) {
    Reals own;
    for (std::size_t gate = 0; gate < gates; ++gate)
      own.push_back(sums[(i / k * gates + gate) * k + i % k] +
                    parameter(i * parameters + gate, rule.gate_fraction));
    return own;
  };
  const auto second = [&](const Reals& in, int fraction) {
    return product(projection_config(config_), exact_.second, weights_.projection, in, fraction);
  };
  Reals seen, m;
  if (rule.kind == quant::CellKind::kGruFirst) {
    for (std::size_t i = 0; i < kept_.size(); ++i)
      seen.push_back(rounded(through(gate_, biased(i)[1]) * kept_[i], rule.out_fraction));
    seen = second(seen, rule.gate_fraction);
  }
  for (std::size_t i = 0; i < kept_.size(); ++i) {
    const Reals own = biased(i);
    if (rule.kind == quant::CellKind::kLstm)
      m.push_back(lstm(own, i * parameters, kept_[i]));
    else if (rule.kind == quant::CellKind::kGru)
      m.push_back(gru(own, i * parameters, kept_[i]));
    else if (rule.kind == quant::CellKind::kGruFirst)
      m.push_back(gru_first(own, i * parameters, seen[i], kept_[i]));
    else
      m.push_back(rounded(through(candidate_, own[0]), rule.out_fraction));
  }
  y_ = rule.projection ? second(m, rule.out_fraction) : m;
  return y_;
}

}  // namespace units
