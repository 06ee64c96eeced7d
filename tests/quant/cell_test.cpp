#include "quant/cell.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "base/rng.hpp"

namespace {

using quant::CellKind;
using quant::Gate;
using quant::Lines;
using quant::WordRounding;

TEST(Lines, AreWithinAPercentOfTheirFunctions) {
  // Of segments of 1/2 (sigmoid) and 1/4 (tanh), of which 22 bend.
  const auto error = [](Gate gate, int in_fraction, int out_fraction) {
    return greatest_error(gate, lines_of(gate, in_fraction, 5, out_fraction),
                          WordRounding::kHalfUp);
  };
  EXPECT_LT(error(Gate::kSigmoid, 11, 14), 0.0042);
  EXPECT_LT(error(Gate::kTanh, 12, 14), 0.0077);
  EXPECT_LT(error(Gate::kSigmoid, 7, 10), 0.006);
  EXPECT_LT(error(Gate::kTanh, 8, 10), 0.0095);
}

TEST(Lines, AreNearerTheMoreThereAre) {
  for (const Gate gate : {Gate::kSigmoid, Gate::kTanh}) {
    double before = 1;
    for (const int segment_bits : {3, 4, 5, 6, 7}) {
      const double error =
          greatest_error(gate, lines_of(gate, 12, segment_bits, 16), WordRounding::kHalfUp);
      EXPECT_LT(error, before);
      before = error;
    }
  }
}

TEST(Lines, KeepHardFunctionsToTheLastBit) {
  for (const Gate gate : {Gate::kHardSigmoid, Gate::kHardTanh})
    EXPECT_LT(greatest_error(gate, lines_of(gate, 11, 5, 14), WordRounding::kHalfUp),
              std::ldexp(8.0, -14))
        << to_string(gate);
}

TEST(Lines, GoOnBeyondTheirReach) {
  const Lines lines = lines_of(Gate::kSigmoid, 11, 5, 14);
  EXPECT_EQ(evaluate(lines, 1 << 20, WordRounding::kHalfUp),
            evaluate(lines, (8 << 11) - 1, WordRounding::kHalfUp));
  EXPECT_EQ(evaluate(lines, -(1 << 20), WordRounding::kHalfUp),
            evaluate(lines, -(8 << 11), WordRounding::kHalfUp));
}

// Cells in double precision, beside the same in words.
class FloatCell {
 public:
  FloatCell(const quant::CellRule& rule, const Eigen::MatrixXd& gates,
            const Eigen::MatrixXd& projection, std::vector<double> parameters)
      : rule_(rule), gates_(gates), projection_(projection), parameters_(std::move(parameters)) {
    kept_ =
        Eigen::VectorXd::Zero(static_cast<Eigen::Index>(parameters_.size()) / rule.parameters());
    y_ = Eigen::VectorXd::Zero(rule.projection ? projection.rows() : kept_.size());
  }

  const Eigen::VectorXd& step(const Eigen::VectorXd& x, int block) {
    Eigen::VectorXd all(x.size() + y_.size());
    all << x, y_;
    const Eigen::VectorXd sums = gates_ * all;
    Eigen::VectorXd m(kept_.size());
    const int gates = gates_of(rule_.kind);
    for (Eigen::Index i = 0; i < kept_.size(); ++i) {
      const auto sum = [&](int gate) {
        return sums((i / block * gates + gate) * block + i % block) + parameter(i, gate);
      };
      double& c = kept_(i);
      const auto seen = [&](int peephole) {
        return rule_.peepholes ? parameter(i, 4 + peephole) * c : 0.0;
      };
      if (rule_.kind == CellKind::kLstm) {
        const double in = sigmoid(sum(0) + seen(0));
        c = sigmoid(sum(1) + seen(1)) * c + in * std::tanh(sum(2));
        m(i) = sigmoid(sum(3) + seen(2)) * std::tanh(c);
      } else if (rule_.kind == CellKind::kGru) {
        const double z = sigmoid(sum(0));
        c = z * c + (1 - z) * std::tanh(sum(2) + sigmoid(sum(1)) * sum(3));
        m(i) = c;
      } else if (rule_.kind == CellKind::kGruFirst) {
        m(i) = sigmoid(sum(1)) * c;
      } else {
        m(i) = std::tanh(sum(0));
      }
    }
    if (rule_.kind == CellKind::kGruFirst) {
      const Eigen::VectorXd seen = projection_ * m;
      for (Eigen::Index i = 0; i < kept_.size(); ++i) {
        const auto sum = [&](int gate) {
          return sums((i / block * 3 + gate) * block + i % block) + parameter(i, gate);
        };
        const double z = sigmoid(sum(0));
        kept_(i) = z * kept_(i) + (1 - z) * std::tanh(sum(2) + seen(i));
      }
      m = kept_;
    }
    y_ = rule_.projection ? Eigen::VectorXd(projection_ * m) : m;
    return y_;
  }

 private:
  static double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }
  double parameter(Eigen::Index i, int which) const {
    return parameters_[static_cast<std::size_t>(i * rule_.parameters() + which)];
  }

  const quant::CellRule& rule_;
  Eigen::MatrixXd gates_, projection_;
  std::vector<double> parameters_;
  Eigen::VectorXd kept_, y_;
};

class AnyCell : public testing::TestWithParam<std::tuple<CellKind, bool, int>> {};

// Words of 16 bits follow the cell in double precision as near as the functions' lines allow.
TEST_P(AnyCell, FollowsTheCellInDoublePrecision) {
  const auto [kind, extras, block] = GetParam();
  base::Rng rng(5);
  const int inputs = 16 / block, cells = 32 / block, outputs = extras ? 16 / block : cells;
  const auto random_matrix = [&rng, block = block](int rows, int cols) {
    Eigen::MatrixXd matrix(rows * block, cols * block);
    for (Eigen::Index i = 0; i < matrix.size(); ++i)
      matrix(i) = static_cast<double>(rng.between(-1000, 1000)) / 3000;
    return quant::nearest_circulant(matrix, block);
  };
  quant::CellRule rule;
  rule.kind = kind;
  rule.peepholes = rule.projection = extras;
  rule.segment_bits = 7;
  const quant::Circulant gates = random_matrix(gates_of(kind) * cells, inputs + outputs);
  const quant::Circulant projection = random_matrix(outputs, cells);
  const int weight = std::min(spectral_fraction(gates, 16), spectral_fraction(projection, 16));
  rule.gates = rule_with({14, weight, rule.gate_fraction}, block, 16, 16, rule.rounding);
  const int second = kind == CellKind::kGruFirst ? rule.gate_fraction : 14;
  rule.projected = rule_with({14, weight, second}, block, 16, 16, rule.rounding);
  quant::CellWeights weights{
      spectral_weights(gates, 16, weight), spectral_weights(projection, 16, weight), {}};
  std::vector<double> parameters;
  for (int i = 0; i < 32 * rule.parameters(); ++i) {
    const bool is_bias = i % rule.parameters() < gates_of(kind);
    const int fraction = is_bias ? rule.gate_fraction : rule.peephole_fraction;
    weights.parameters.push_back(
        static_cast<std::int32_t>(rng.between(-(1 << (fraction - 1)), 1 << (fraction - 1))));
    parameters.push_back(std::ldexp(weights.parameters.back(), -fraction));
  }
  const quant::Cell cell(rule, weights);
  quant::CellState state = cell.initial_state();
  FloatCell exact(rule, dense(gates), dense(projection), parameters);
  double most = 0;
  for (int step = 0; step < 40; ++step) {
    std::vector<std::int64_t> x;
    Eigen::VectorXd real(16);
    for (Eigen::Index i = 0; i < 16; ++i) {
      x.push_back(rng.between(-(1 << 14), 1 << 14));
      real(i) = std::ldexp(static_cast<double>(x.back()), -14);
    }
    const std::vector<std::int64_t> y = cell.step(x, state);
    const Eigen::VectorXd& wanted = exact.step(real, block);
    for (std::size_t i = 0; i < y.size(); ++i)
      most = std::max(most, std::abs(std::ldexp(static_cast<double>(y[i]), -14) -
                                     wanted(static_cast<Eigen::Index>(i))));
  }
  EXPECT_LT(most, 0.01);
  EXPECT_EQ(state.clipped_gates + state.clipped_cell + state.clipped_projection, 0);
}

std::vector<std::tuple<CellKind, bool, int>> all_cells() {
  std::vector<std::tuple<CellKind, bool, int>> all;
  for (const int block : {1, 4, 8}) {
    all.emplace_back(CellKind::kLstm, false, block);
    all.emplace_back(CellKind::kLstm, true, block);
    all.emplace_back(CellKind::kGru, false, block);
    all.emplace_back(CellKind::kGruFirst, false, block);
    all.emplace_back(CellKind::kRnn, false, block);
  }
  return all;
}

INSTANTIATE_TEST_SUITE_P(Cells, AnyCell, testing::ValuesIn(all_cells()));

}  // namespace
