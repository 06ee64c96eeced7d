// What calibration sees of samples, and what it makes of it.
#include "quant/calibrate.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "base/rng.hpp"
#include "quant/columns.hpp"
#include "quant/graph_builder.hpp"
#include "quant/rescale.hpp"

namespace {

using nn::Array;
using quant::Histogram;
using test::GraphBuilder;

constexpr auto kN = nn::kUnknown;

Histogram histogram_of(const std::vector<double>& values) {
  Histogram histogram;
  for (const double x : values) histogram.add(std::abs(x));
  return histogram;
}

TEST(Calibrate, Percentile) {
  std::vector<double> values(1000);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<double>(i + 1) / 1000;
  const Histogram histogram = histogram_of(values);
  EXPECT_EQ(histogram.count(), 1000);
  EXPECT_GE(histogram.width(), 1.0 / Histogram::kBins);  // it grew from 0.001 on
  EXPECT_LE(histogram.width(), 2.0 / Histogram::kBins);
  EXPECT_NEAR(histogram.percentile(50), 0.5, histogram.width());
  EXPECT_NEAR(histogram.percentile(99.9), 0.999, histogram.width());
  EXPECT_NEAR(histogram.percentile(100), 1.0, histogram.width());
  // Zeros count: a value in four differs from 0.
  EXPECT_EQ(histogram_of({0, 0, 0, -4}).percentile(75), 0.0);
  EXPECT_NEAR(histogram_of({0, 0, 0, -4}).percentile(76), 4.0, 4.0 / (Histogram::kBins - 1));
  EXPECT_EQ(histogram_of({0, 0, 0, -4}).zeros(), 3);
}

TEST(Calibrate, LeastSquareClip) {
  // Three steps: a lone 1 among 99,999 values of 0.01 is worth clipping at 0.03, where the others
  // are exact and it loses 0.97; at 1 the others would lose 0.01 each. Clips are whole hundredths.
  std::vector<double> many(100000, 0.01);
  many[5] = 1.0;
  EXPECT_NEAR(histogram_of(many).least_square_clip(1, 3), 0.03, 1e-9);
  // Evenly spread values are not worth clipping.
  std::vector<double> even(1000);
  for (std::size_t i = 0; i < even.size(); ++i) even[i] = static_cast<double>(i + 1) / 1000;
  EXPECT_GT(histogram_of(even).least_square_clip(1, 63), 0.98);
}

// More samples than run at once, and not a whole number of times as many.
TEST(Calibrate, RangesAndMomentsOfEachElement) {
  GraphBuilder b;
  const auto x = b.input({kN, 2});
  b.node("Relu", {x});
  const nn::Graph graph = b.done();
  std::vector<float> values;
  for (int i = 0; i < 1100; ++i) {
    values.push_back(static_cast<float>(i));
    values.push_back(i % 2 == 0 ? -1.0F : 3.0F);
  }
  const Array data = Array::of_floats({1100, 2}, values);
  const auto seen =
      quant::observe(graph, {data}, {{{x, 0, 2}}, {{x, 1, 1}, Eigen::VectorXd::Constant(1, 2.0)}});
  const quant::Ranges& ranges = seen[0].ranges;
  EXPECT_EQ(ranges.low, Eigen::Vector2d(0, -1));
  EXPECT_EQ(ranges.high, Eigen::Vector2d(1099, 3));
  EXPECT_TRUE(ranges.mean.isApprox(Eigen::Vector2d(549.5, 1)));
  EXPECT_TRUE(ranges.variance.isApprox(Eigen::Vector2d((1100.0 * 1100.0 - 1) / 12, 4)));
  EXPECT_EQ(ranges.greatest(), 1099);
  // Divided by their units, half of the values are -1/2 and half of them 3/2.
  EXPECT_EQ(seen[1].ranges.low[0], -0.5);
  EXPECT_EQ(seen[1].ranges.high[0], 1.5);
  EXPECT_NEAR(seen[1].histogram.percentile(50), 0.5, seen[1].histogram.width());
  EXPECT_NEAR(seen[1].histogram.percentile(51), 1.5, seen[1].histogram.width());
}

TEST(Calibrate, FixedBatchRunsBatchByBatch) {
  GraphBuilder b;
  const auto x = b.input({2, 3});
  b.node("Relu", {x});
  const nn::Graph graph = b.done();
  const Array data = Array::of_floats({5, 3}, std::vector<float>(15, 0.0F));
  const auto seen = quant::observe(graph, {data}, {{{x, 0, 3}}});
  EXPECT_EQ(seen.at(0).histogram.zeros(), 15);  // the filling of the third batch is not seen
}

TEST(Calibrate, BiasTakesTheMeanThatRoundingAdds) {
  // Steps of 0.1 of 7 at most; 0.34 becomes 0.3 and 0.7 stays. Inputs are 5 on average.
  const quant::LayerScales scales{1.0, 1.0, 63, 63, 7, false, false};
  const Eigen::Vector2d weights(0.34, 0.7);
  const quant::Moments moments{Eigen::Vector2d(5, 0), Eigen::Vector2d(1, 1e6)};
  const auto column = quant::float_column(weights, 2.0, scales, "here", moments);
  ASSERT_EQ(column.threshold, 10);
  EXPECT_EQ(column.weights, Eigen::Vector2i(3, 7));
  EXPECT_EQ(column.bias, 22);  // (2 + 5 * 0.04) / 0.1
  EXPECT_EQ(quant::float_column(weights, 2.0, scales, "here").bias, 20);
}

TEST(Calibrate, WeightsAreClippedWhereTheirInputsHardlyMatter) {
  // The greatest weight meets inputs that are nearly always 0: half of its step makes 0.25 exact.
  const quant::LayerScales scales{1.0, 1.0, 63, 63, 1, false, false};
  const Eigen::Vector2d weights(0.5, 0.25);
  const quant::Moments rare{Eigen::Vector2d::Zero(), Eigen::Vector2d(1e-6, 1)};
  const auto clipped = quant::float_column(weights, 0, scales, "here", rare);
  EXPECT_EQ(clipped.threshold, 4);
  EXPECT_EQ(clipped.weights, Eigen::Vector2i(1, 1));
  const quant::Moments often{Eigen::Vector2d::Zero(), Eigen::Vector2d(1, 1e-6)};
  EXPECT_EQ(quant::float_column(weights, 0, scales, "here", often).threshold, 2);
}

TEST(Calibrate, ThresholdsHaveNoMoreBitsThanTheOutputShows) {
  // A weight of 1e-6 could have a threshold of 127e6. Inputs of 4 + 1 (one step more as a floor)
  // squared steps: 16 * sqrt(5) = 35.8, which has 6 bits.
  const quant::LayerScales scales{1.0, 1.0, 1 << 20, 63, 127, false, false};
  const Eigen::VectorXd weights = Eigen::VectorXd::Constant(1, 1e-6);
  const quant::Moments moments{Eigen::VectorXd::Zero(1), Eigen::VectorXd::Constant(1, 4)};
  EXPECT_EQ(quant::float_column(weights, 0, scales, "here", moments).threshold, 63);
  EXPECT_EQ(quant::float_column(weights, 0, scales, "here").threshold, 127000000);
  // A mean adds to the power, here 16 * sqrt(105) = 164; and a finer input step does.
  const quant::Moments far{Eigen::VectorXd::Constant(1, 10), Eigen::VectorXd::Constant(1, 4)};
  EXPECT_EQ(quant::float_column(weights, 0, scales, "here", far).threshold, 255);
}

// Signals of a draft for one sample, as real numbers.
std::vector<Eigen::VectorXd> evaluated(const quant::Draft& draft, const Eigen::VectorXd& input) {
  std::vector<Eigen::VectorXd> values;
  for (const quant::Signal& signal : draft.signals) {
    if (signal.is_input()) {
      values.push_back(signal.encoding.gain_of(signal.count).cwiseProduct(input) +
                       signal.encoding.offset_of(signal.count));
      continue;
    }
    Eigen::VectorXd sum = signal.product->offset;
    for (const quant::Term& term : signal.product->terms) {
      Eigen::VectorXd x(term.weights.rows());
      Eigen::Index row = 0;
      for (const quant::Piece& piece : term.inputs) {
        x.segment(row, piece.count) =
            values[piece.signal.index()].segment(piece.first, piece.count);
        row += piece.count;
      }
      Eigen::VectorXd part = term.weights.transpose() * x;
      if (term.is_integer()) part.array() *= term.step.array();
      sum += term.gain.cwiseProduct(part);
    }
    values.push_back(sum.cwiseMax(signal.low).cwiseMin(signal.high));
  }
  return values;
}

std::vector<float> draws(base::Rng& rng, std::size_t count, double scale = 1.0) {
  std::vector<float> values(count);
  for (float& x : values) x = static_cast<float>(scale * rng.normal());
  return values;
}

// Two layers of ReLU, one without, and a clip, over features of very different ranges; unit 0 of
// the first layer never fires.
TEST(Calibrate, RescalingLeavesTheFunctionAsItIs) {
  base::Rng rng(11);
  GraphBuilder b;
  std::vector<float> bias = draws(rng, 6);
  bias[0] = -1e6F;
  const auto x = b.input({kN, 4});
  std::vector<float> weights = draws(rng, 24);
  for (std::size_t i = 0; i < 6; ++i) weights[i] /= 1000;
  const auto first = b.node("Relu", {b.gemm(x, b.floats({4, 6}, weights), b.floats({6}, bias))});
  const auto second = b.gemm(first, b.floats({6, 5}, draws(rng, 30)), b.floats({5}, draws(rng, 5)));
  const auto third = b.node("Relu", {b.gemm(second, b.floats({5, 3}, draws(rng, 15, 9.0)))});
  const auto clipped =
      b.node("Clip", {b.gemm(third, b.floats({3, 3}, draws(rng, 9))), b.scalar(-1), b.scalar(20)});
  b.gemm(clipped, b.floats({3, 2}, draws(rng, 6)));
  const nn::Graph graph = b.done();
  std::vector<float> samples = draws(rng, 80);
  for (std::size_t i = 0; i < samples.size(); i += 4) samples[i] *= 1000;
  const quant::Draft before = quant::draft_of(graph);
  quant::Draft after = before;
  quant::Observations seen =
      quant::observe_floats(graph, before, {Array::of_floats({20, 4}, samples)});
  quant::rescale(after, seen, {});
  EXPECT_GT(after.signals.front().encoding.gain.size(), 1);
  EXPECT_EQ(seen[quant::SignalId(3)].unit.size(), 3);
  EXPECT_EQ(seen[quant::SignalId(4)].unit.size(), 0);  // its bound is one for all
  for (int s = 0; s < 20; ++s) {
    Eigen::VectorXd sample(4);
    for (int i = 0; i < 4; ++i) sample[i] = samples[static_cast<std::size_t>(4 * s + i)];
    const auto was = evaluated(before, sample);
    const auto is = evaluated(after, sample);
    for (const std::size_t layer : {1U, 2U, 3U}) {
      Eigen::VectorXd unit = seen[quant::SignalId(layer)].unit;
      if (unit.size() == 0) unit.setOnes(was[layer].size());
      ASSERT_EQ(unit.size(), was[layer].size());
      EXPECT_LT((is[layer].cwiseProduct(unit) - was[layer]).norm(), 1e-6 * (1 + was[layer].norm()));
    }
    EXPECT_LT((is.back() - was.back()).norm(), 1e-6 * (1 + was.back().norm()));
  }
}

// Units of a hidden tensor that an even or, beside it, a skip of `skip` is added to.
Eigen::VectorXd hidden_units(double skip) {
  GraphBuilder b;
  const auto x = b.input({kN, 2});
  const auto relu = b.node("Relu", {b.gemm(x, b.floats({2, 2}, {1, 0, 0, 1}))});
  const auto sum = b.gemm(relu, b.floats({2, 2}, {1, 0, 0, 9}));
  if (skip > 0) b.node("Add", {sum, b.node("Mul", {x, b.scalar(static_cast<float>(skip))})});
  const nn::Graph graph = b.done();
  quant::Draft draft = quant::draft_of(graph);
  quant::Observations seen =
      quant::observe_floats(graph, draft, {Array::of_floats({3, 2}, {4, 0, 0, 1, 1, 0.5})});
  quant::rescale(draft, seen, {});
  return seen[quant::SignalId(1)].unit;
}

TEST(Calibrate, UnitsStayAwayWhereASkipSetsTheWeightStep) {
  EXPECT_EQ(hidden_units(0).size(), 2);
  EXPECT_EQ(hidden_units(1000).size(), 0);
}

// The same where `read` makes something else of the tensor, which becomes a second output.
template <class F>
Eigen::Index hidden_units_beside(F&& read) {
  GraphBuilder b;
  const auto x = b.input({kN, 2});
  const auto relu = b.node("Relu", {b.gemm(x, b.floats({2, 2}, {1, 0, 0, 1}))});
  const auto other = read(b, relu);
  b.gemm(relu, b.floats({2, 2}, {1, 0, 0, 9}));
  nn::Graph graph = b.done();
  graph.outputs.push_back(other);
  quant::Draft draft = quant::draft_of(graph);
  quant::Observations seen =
      quant::observe_floats(graph, draft, {Array::of_floats({3, 2}, {4, 0, 0, 1, 1, 0.5})});
  quant::rescale(draft, seen, {});
  return seen[quant::SignalId(1)].unit.size();
}

TEST(Calibrate, UnitsStayAwayFromTablesSumsAndResults) {
  EXPECT_EQ(hidden_units_beside([](GraphBuilder& b, nn::ValueId hidden) {
              return b.gemm(hidden, b.floats({2, 1}, {1, 3}));
            }),
            2);
  EXPECT_EQ(hidden_units_beside([](GraphBuilder&, nn::ValueId hidden) { return hidden; }), 0);
  EXPECT_EQ(hidden_units_beside([](GraphBuilder& b, nn::ValueId hidden) {
              return b.gemm(b.node("Tanh", {hidden}), b.floats({2, 1}, {1, 3}));
            }),
            0);
  EXPECT_EQ(hidden_units_beside([](GraphBuilder& b, nn::ValueId hidden) {
              return b.node("Add", {hidden, b.node("Neg", {hidden})});
            }),
            0);
}

TEST(Calibrate, TablesAreSeenAsWell) {
  GraphBuilder b;
  const auto x = b.gemm(b.input({kN, 1}), b.floats({1, 1}, {1}));
  b.gemm(b.node("Abs", {x}), b.floats({1, 1}, {3}));
  const nn::Graph graph = b.done();
  const quant::Draft draft = quant::draft_of(graph);
  ASSERT_TRUE(draft.signals[quant::SignalId(2)].table);
  const auto seen = quant::observe_floats(graph, draft, {Array::of_floats({2, 1}, {-1, 3})});
  EXPECT_EQ(seen[quant::SignalId(2)].ranges.mean[0], 2);
  EXPECT_EQ(seen[quant::SignalId(2)].ranges.variance[0], 1);
}

TEST(Calibrate, ReachAndWeightsMeetHalfWay) {
  // Elements go to 4 and 1 and are read by weights of 1 and 9: units 2 and 1/3, both sides 2 and 3.
  GraphBuilder b;
  const auto relu = b.node("Relu", {b.gemm(b.input({kN, 2}), b.floats({2, 2}, {1, 0, 0, 1}))});
  b.gemm(relu, b.floats({2, 1}, {1, -9}));
  const nn::Graph graph = b.done();
  quant::Draft draft = quant::draft_of(graph);
  quant::Observations seen =
      quant::observe_floats(graph, draft, {Array::of_floats({2, 2}, {4, 0, 0, 1})});
  quant::rescale(draft, seen, {});
  const quant::SignalId hidden(1);
  EXPECT_TRUE(seen[hidden].unit.isApprox(Eigen::Vector2d(2, 1.0 / 3)));
  EXPECT_TRUE(seen[hidden].ranges.high.isApprox(Eigen::Vector2d(2, 3)));
  EXPECT_TRUE(seen[hidden].ranges.variance.isApprox(Eigen::Vector2d(1, 2.25)));
  const quant::Term& reader = draft.signals.back().product->terms.front();
  EXPECT_TRUE(reader.weights.isApprox(Eigen::Vector2d(2, -3)));
}

}  // namespace
