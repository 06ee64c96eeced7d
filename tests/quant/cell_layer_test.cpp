// Layers of cells of a network: what their codes stand for, what is refused, and their file.
#include "quant/cell_layer.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "quant/network_io.hpp"
#include "random_cells.hpp"

namespace {

using nlohmann::json;
using quant::CellKind;
using quant::RealCells;

constexpr CellKind kKinds[] = {CellKind::kLstm, CellKind::kGru, CellKind::kRnn,
                               CellKind::kGruFirst};

double gate(quant::Gate which, double x) { return quant::value_of(which, x); }

// The equations of the models, in double precision.
class Reference {
 public:
  explicit Reference(const RealCells& real)
      : real_(real), h_(Eigen::VectorXd::Zero(real.cells())), c_(h_) {}

  Eigen::VectorXd step(const Eigen::VectorXd& x) {
    const Eigen::VectorXd wx = real_.of_input * x + real_.bias;
    const Eigen::VectorXd rh = real_.of_state * h_;
    const Eigen::Index n = real_.cells();
    const auto f = [&](quant::Gate which, const Eigen::VectorXd& sums) {
      return Eigen::VectorXd(sums.unaryExpr([=](double v) { return gate(which, v); }));
    };
    const auto part = [&](const Eigen::VectorXd& v, Eigen::Index i) -> Eigen::VectorXd {
      return v.segment(i * n, n);
    };
    const auto peep = [&](Eigen::Index i, const Eigen::VectorXd& c) -> Eigen::VectorXd {
      if (real_.peepholes.size() == 0) return Eigen::VectorXd::Zero(n);
      return part(real_.peepholes, i).cwiseProduct(c);
    };
    if (real_.kind == CellKind::kRnn) return h_ = f(real_.candidate, wx + rh);
    if (real_.kind == CellKind::kLstm) {
      const Eigen::VectorXd s = wx + rh;
      const Eigen::VectorXd i = f(real_.gate, part(s, 0) + peep(0, c_));
      const Eigen::VectorXd forget = f(real_.gate, part(s, 1) + peep(1, c_));
      c_ = forget.cwiseProduct(c_) + i.cwiseProduct(f(real_.candidate, part(s, 2)));
      return h_ = f(real_.gate, part(s, 3) + peep(2, c_)).cwiseProduct(f(real_.output, c_));
    }
    const Eigen::VectorXd z = f(real_.gate, part(wx, 0) + part(rh, 0));
    const Eigen::VectorXd r = f(real_.gate, part(wx, 1) + part(rh, 1));
    const Eigen::VectorXd seen =
        real_.kind == CellKind::kGru
            ? Eigen::VectorXd(r.cwiseProduct(part(rh, 2) + real_.of_state_bias))
            : Eigen::VectorXd(real_.of_state.bottomRows(n) * r.cwiseProduct(h_));
    const Eigen::VectorXd candidate = f(real_.candidate, part(wx, 2) + seen);
    return h_ = z.cwiseProduct(h_) + (Eigen::VectorXd::Ones(n) - z).cwiseProduct(candidate);
  }

 private:
  const RealCells& real_;
  Eigen::VectorXd h_, c_;
};

TEST(CellLayer, AnswersWhatTheModelDoes) {
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    base::Rng rng(seed);
    const int inputs = static_cast<int>(rng.between(1, 9));
    const RealCells real =
        test::random_cells(kKinds[seed % 4], inputs, static_cast<int>(rng.between(1, 9)), rng);
    const quant::Format from = quant::full_format(8, rng.below(2) != 0, 1.0 / 200);
    const quant::CellLayer layer = cell_layer(real, from, 12, {.block = 1, .bits = 18}, "test");
    const quant::Format to = answer_format(layer, 12);
    quant::IntegerBatch steps(6, inputs);
    for (Eigen::Index i = 0; i < steps.size(); ++i)
      steps(i) = static_cast<std::int32_t>(rng.between(from.low, from.high));
    quant::CellClips clips;
    const quant::IntegerBatch codes = answers(layer, to, steps, clips);
    Reference reference(real);
    for (Eigen::Index step = 0; step < steps.rows(); ++step) {
      const Eigen::VectorXd wanted =
          reference.step(from.scale * steps.row(step).transpose().cast<double>());
      for (Eigen::Index i = 0; i < codes.cols(); ++i)
        ASSERT_NEAR(to.scale * codes(step, i), wanted[i], 0.06) << "seed " << seed;
    }
  }
}

// Codes of the products in double precision: halves may fall to either side.
TEST(DenseLayer, AnswersWhatTheModelDoes) {
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    base::Rng rng(seed);
    const int inputs = static_cast<int>(rng.between(1, 9));
    const int taps = static_cast<int>(rng.between(1, 4));
    const quant::Format from = quant::full_format(8, rng.below(2) != 0, 1.0 / 200);
    const quant::Format to = quant::full_format(6, rng.below(2) != 0, 1.0 / 30);
    const RealCells real =
        test::random_dense(inputs * taps, static_cast<int>(rng.between(1, 9)), from, to, rng);
    const quant::CellLayer layer =
        dense_layer(real, taps, from, to, {.block = 1, .bits = 18}, "test");
    quant::IntegerBatch steps(3 * taps, inputs);
    for (Eigen::Index i = 0; i < steps.size(); ++i)
      steps(i) = static_cast<std::int32_t>(rng.between(from.low, from.high));
    quant::CellClips clips;
    const quant::IntegerBatch codes = answers(layer, to, steps, clips);
    ASSERT_EQ(codes.rows(), 3);
    for (Eigen::Index answer = 0; answer < codes.rows(); ++answer) {
      const Eigen::VectorXd x =
          steps.middleRows(answer * taps, taps).reshaped<Eigen::RowMajor>().cast<double>();
      const Eigen::VectorXd sums = (real.of_input * x * from.scale + real.bias) / to.scale;
      for (Eigen::Index i = 0; i < codes.cols(); ++i)
        ASSERT_NEAR(codes(answer, i), std::clamp<double>(sums[i], to.low, to.high), 0.51)
            << "seed " << seed;
    }
  }
}

// Rows and columns that fill blocks up do not count: the blocks of what is there are kept.
TEST(DenseLayer, KeepsWeightsThatAreBlocks) {
  base::Rng rng(4);
  const quant::Format code = quant::full_format(6, true, 1.0 / 32);
  const quant::Circulant blocks = quant::nearest_circulant(test::random_matrix(12, 16, 1, rng), 4);
  const Eigen::MatrixXd whole = quant::dense(blocks);
  RealCells real = test::random_dense(2 * 6, 10, code, code, rng);
  for (Eigen::Index tap = 0; tap < 2; ++tap)
    real.of_input.middleCols(tap * 6, 6) = whole.block(0, tap * 8, 10, 6);
  const auto error = [&](int block) {
    return dense_layer(real, 2, code, code, {.block = block}, "test").circulant_error;
  };
  EXPECT_LT(error(1), 1e-12);
  EXPECT_LT(error(4), 1e-12);
  EXPECT_GT(error(8), 0.1);
}

TEST(DenseLayer, NeedsWordsThatHoldItsCodes) {
  base::Rng rng(6);
  const quant::Format code = quant::full_format(6, true, 1.0 / 32);
  const RealCells real = test::random_dense(3, 4, code, code, rng);
  const auto refusal_of = [&](int from, int to) {
    try {
      dense_layer(real, 1, quant::full_format(from, true), quant::full_format(to, true),
                  {.bits = 8}, "layer \"x\"");
    } catch (const base::Error& error) {
      EXPECT_EQ(error.faults().front().where, "layer \"x\"");
      return error.faults().front();
    }
    return base::Fault{};
  };
  EXPECT_TRUE(refusal_of(7, 5).what.empty());
  EXPECT_EQ(refusal_of(8, 5).code, base::Code::kActivationBits);
  EXPECT_EQ(refusal_of(7, 6).code, base::Code::kActivationBits);
}

// A matrix of blocks is kept, its last block's missing columns whatever they are.
TEST(CellLayer, KeepsWeightsThatAreBlocks) {
  base::Rng rng(4);
  RealCells real = test::random_cells(CellKind::kLstm, 6, 8, rng);
  const auto blocks = [](Eigen::MatrixXd& matrix) {
    for (Eigen::Index i = 0; i < matrix.rows(); ++i)
      for (Eigen::Index j = 0; j < matrix.cols(); ++j)
        matrix(i, j) = matrix(i / 4 * 4 + (i - j % 4 + 4) % 4, j / 4 * 4);
  };
  blocks(real.of_input);
  blocks(real.of_state);
  const quant::Format from = quant::full_format(8, true, 1.0 / 256);
  EXPECT_LT(cell_layer(real, from, 8, {.block = 4}, "test").circulant_error, 1e-12);
  EXPECT_GT(cell_layer(real, from, 8, {.block = 8}, "test").circulant_error, 0.1);
  EXPECT_EQ(cell_layer(real, from, 8, {.block = 64}, "test").block, 8) << "as great as divides 8";
}

TEST(CellLayer, HasTheBlockOfItsName) {
  const quant::CellOptions options{.block = 8, .bits = 12, .blocks = {{"b", 2}}};
  EXPECT_EQ(options.of("a").block, 8);
  EXPECT_EQ(options.of("b").block, 2);
  EXPECT_EQ(options.of("b").bits, 12);
}

base::Fault refusal(const RealCells& real, const quant::Format& from) {
  try {
    cell_layer(real, from, 8, {.bits = 12}, "layer \"x\"");
  } catch (const base::Error& error) {
    return error.faults().front();
  }
  ADD_FAILURE() << "taken";
  return {};
}

TEST(CellLayer, NeedsWordsThatHoldWhatComes) {
  base::Rng rng(5);
  RealCells real = test::random_cells(CellKind::kGru, 3, 4, rng);
  EXPECT_EQ(refusal(real, quant::full_format(12, true, 1)).code, base::Code::kActivationBits);
  real.of_state *= 1e6;
  const base::Fault fault = refusal(real, quant::full_format(8, true, 1.0 / 256));
  EXPECT_EQ(fault.code, base::Code::kWeightRange);
  EXPECT_EQ(fault.where, "layer \"x\"");
}

// Cells that forget nothing and let everything in count up until their words end.
TEST(CellLayer, CountsWordsThatItClips) {
  RealCells real;
  real.of_input = Eigen::MatrixXd::Zero(4, 1);
  real.of_state = Eigen::MatrixXd::Zero(4, 1);
  real.bias = Eigen::VectorXd::Constant(4, 7.9);
  const quant::Format from = quant::full_format(8, true, 1.0 / 256);
  const quant::CellLayer layer = cell_layer(real, from, 8, {.bits = 16}, "test");
  const auto clipped = [&](int steps) {
    quant::CellClips clips;
    answers(layer, answer_format(layer, 8), quant::IntegerBatch::Zero(steps, 1), clips);
    EXPECT_EQ(clips.all(), clips.cell);
    return clips.cell;
  };
  EXPECT_EQ(clipped(7), 0);
  EXPECT_GT(clipped(20), 5) << "a state ends below 8";
}

TEST(CellLayer, IsKeptByItsFile) {
  for (const std::uint64_t seed : {1, 2, 3, 4, 5, 6, 7, 8}) {
    const quant::Network network = test::cell_network(seed, 6);
    const json document = quant::network_json(network);
    const quant::Network copy = quant::network_of(json::parse(document.dump()));
    EXPECT_EQ(quant::network_json(copy), document);
  }
}

TEST(CellLayer, OfADamagedFileIsRefused) {
  const json whole = quant::network_json(test::cell_network(5, 6));
  const auto refused = [&](const std::function<void(json&)>& damage) {
    json document = whole;
    for (json& layer : document["layers"])
      if (layer.contains("cells")) damage(layer["cells"]);
    EXPECT_THROW(quant::network_of(document), base::Error);
  };
  refused([](json& cells) { cells["rule"]["kind"] = "gru3"; });
  refused([](json& cells) { cells["rule"]["bits"] = 40; });
  refused([](json& cells) { cells["rule"]["segment_bits"] = 0; });
  refused([](json& cells) { cells["rule"]["gates"] = {1, 2, 3}; });
  refused([](json& cells) { cells["rule"]["gates"][2] = 99; });
  refused([](json& cells) { cells["block"] = 3; });
  refused([](json& cells) { cells["cells"] = cells["cells"].get<int>() + 1; });
  refused([](json& cells) { cells["inputs"] = 1000; });
  refused([](json& cells) { cells["in_shift"] = 17; });
  refused([](json& cells) { cells["out_shift"] = -1; });
  refused([](json& cells) { cells["parameters"].push_back(0); });
  refused([](json& cells) { cells["gates"]["words"].push_back(0); });
  refused([](json& cells) { cells["gates"]["rows"] = -1; });
  refused([](json& cells) { cells.erase("rule"); });
}

}  // namespace
