// Split-merge, facts and batches.
#include "quant/split.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "quant/batch.hpp"
#include "quant/facts.hpp"
#include "quant/graph_builder.hpp"
#include "random_network.hpp"

namespace {

using base::Code;
using quant::IntegerBatch;
using quant::LayerId;
using quant::Network;
using test::fault_of;

Network random_chain(std::vector<int> sizes, bool signed_input = false) {
  return test::random_network(
      {.sizes = std::move(sizes), .signed_input = signed_input, .seed = 11});
}

void expect_fits(const Network& network, int rows) {
  for (const quant::Dense& layer : network.layers) {
    EXPECT_LE(quant::input_lanes(network, layer), rows) << layer.name;
    int count = 0;
    for (const quant::Slice& slice : layer.inputs) {
      const auto size =
          slice.source.valid() ? network.layer(slice.source).weights.cols() : network.input_count;
      EXPECT_LE(slice.first + slice.count, size);
      count += slice.count;
    }
    EXPECT_EQ(count, layer.weights.rows()) << layer.name;
    EXPECT_GE(layer.threshold.minCoeff(), 1);
  }
}

TEST(Split, LayersThatFitStayAsTheyAre) {
  const Network network = random_chain({16, 8, 4});
  const Network same = quant::split_tall_layers(network, 16, test::random_inputs(network, 5, 1));
  ASSERT_EQ(same.layers.size(), 2U);
  EXPECT_EQ(same.layers[0].weights, network.layers[0].weights);
  EXPECT_EQ(same.layers[1].inputs[0].source, LayerId(0));
}

TEST(Split, TallLayerBecomesPartsAndAMerge) {
  const Network network = random_chain({20, 3});
  const Network split = quant::split_tall_layers(network, 16, test::random_inputs(network, 50, 1));
  expect_fits(split, 16);
  ASSERT_EQ(split.layers.size(), 3U);
  EXPECT_EQ(split.layers[0].name, "fc1.part0");
  EXPECT_EQ(split.layers[0].weights.matrix(), network.layers[0].weights.matrix().topRows(16));
  EXPECT_EQ(split.layers[1].weights.matrix(), network.layers[0].weights.matrix().bottomRows(4));
  EXPECT_EQ(split.layers[0].threshold, split.layers[1].threshold);
  EXPECT_TRUE(split.layers[0].output.is_signed);
  const quant::Dense& merge = split.layers[2];
  EXPECT_EQ(merge.name, "fc1");
  quant::WeightMatrix wanted = quant::WeightMatrix::Zero(6, 3);
  wanted.topRows(3).diagonal().setConstant(127);
  wanted.bottomRows(3).diagonal().setConstant(127);
  EXPECT_EQ(merge.weights.matrix(), wanted);
  for (int c = 0; c < 3; ++c) {
    const double unit = static_cast<double>(split.layers[0].threshold[c]);
    const double old = static_cast<double>(network.layers[0].threshold[c]);
    EXPECT_NEAR(static_cast<double>(merge.threshold[c]), old * 127 / unit, 0.5);
    EXPECT_NEAR(static_cast<double>(merge.bias[c]),
                static_cast<double>(network.layers[0].bias[c]) * 127 / unit, 0.5);
  }
}

TEST(Split, SignedInputsTakeTwoLanes) {
  const Network network = random_chain({10, 2}, true);
  const Network split = quant::split_tall_layers(network, 8, test::random_inputs(network, 20, 1));
  expect_fits(split, 8);
  EXPECT_EQ(split.layers[0].weights.rows(), 4);
  EXPECT_EQ(split.layers.size(), 3U + 2U + 1U);  // parts, merges of one column each, the join
}

TEST(Split, MergesOfMergesAndSplitColumns) {
  const Network network = random_chain({40, 12, 3});
  for (const int rows : {4, 6, 7, 13, 24}) {
    if (rows < 6) continue;  // three outputs cannot be joined
    const Network split =
        quant::split_tall_layers(network, rows, test::random_inputs(network, 30, 2));
    expect_fits(split, rows);
    EXPECT_EQ(split.layers.back().weights.cols(), 3) << rows;
  }
}

TEST(Split, TooFewRows) {
  const Network network = random_chain({40, 12, 3});
  const IntegerBatch data = test::random_inputs(network, 3, 2);
  const auto with = [&](int rows) {
    return fault_of([&] { quant::split_tall_layers(network, rows, data); });
  };
  EXPECT_EQ(with(3).code, Code::kTooFewRows);
  EXPECT_EQ(with(4).code, Code::kTooFewRows);
  EXPECT_NE(with(4).what.find("3 outputs"), std::string::npos);
  const auto none = [&] { quant::split_tall_layers(network, 16, IntegerBatch(0, 40)); };
  EXPECT_EQ(fault_of(none).code, Code::kInternal);
}

TEST(Split, PartsFarGreaterThanTheSumAreAnError) {
  Network network = random_chain({8, 1});
  network.layers[0].weights.edit().topRows(4).setConstant(127);
  network.layers[0].weights.edit().bottomRows(4).setConstant(-127);
  network.layers[0].threshold.setOnes();
  IntegerBatch full = IntegerBatch::Constant(1, 8, 63);
  const auto split = [&] { quant::split_tall_layers(network, 4, full); };
  EXPECT_EQ(fault_of(split).code, Code::kThresholdTooSmall);
}

TEST(Facts, HandComputed) {
  Network network = random_chain({2, 2}, true);
  quant::Dense& layer = network.layers[0];
  layer.weights.edit() << 3, 0, -5, 1;
  layer.bias << 10, -7;
  layer.threshold << 4, 9;
  layer.weight_scale = {0.5, 0.25};
  const auto range = quant::column_range(network, LayerId(0), 0);
  EXPECT_EQ(range.low, 10 - 8 * 63);
  EXPECT_EQ(range.high, 10 + 8 * 63);
  EXPECT_EQ(quant::column_range(layer, 0, false, 63).low, 10 - 5 * 63);
  EXPECT_EQ(quant::column_range(layer, 0, false, 63).high, 10 + 3 * 63);
  EXPECT_EQ(quant::sum_bound(network, LayerId(0)), 10 + 8 * 63);
  const auto facts = quant::facts_of(network, LayerId(0));
  EXPECT_EQ(facts.lanes, 4);
  EXPECT_EQ(facts.threshold_min, 4);
  EXPECT_EQ(facts.threshold_max, 9);
  EXPECT_EQ(facts.bias_min, -7);
  EXPECT_EQ(facts.weight_scale_min, 0.25);
  EXPECT_EQ(facts.sum.high, 10 + 8 * 63);
  EXPECT_EQ(facts.accumulator_bits, 11);  // 516 needs ten bits and a sign
  EXPECT_DOUBLE_EQ(facts.zero_weights, 0.25);
}

TEST(Facts, SumsPast62BitsAreAnInternalError) {
  Network network = random_chain({2, 2});
  network.layers[0].bias[0] = std::int64_t{1} << 62;
  network.layers[0].weights.edit()(0, 0) = 1;
  EXPECT_EQ(fault_of([&] { quant::sum_bound(network, LayerId(0)); }).code, Code::kInternal);
  EXPECT_EQ(fault_of([&] { quant::facts_of(network, LayerId(1)); }).code, Code::kInternal);
}

TEST(Batch, EncodesRoundsAndSaturates) {
  Network network = random_chain({2, 2});
  network.input.scale = 0.5;
  const auto q = quant::encode_inputs(
      network, nn::Array::of_floats({3, 1, 2}, {0.25F, 0.75F, -1, 100, INFINITY, 10}));
  EXPECT_EQ(q, (IntegerBatch(3, 2) << 0, 2, 0, 63, 63, 20).finished());
  const auto ints =
      quant::encode_inputs(network, nn::Array::of_ints(nn::DType::kUint8, {1, 2}, {3, 200}));
  EXPECT_EQ(ints, (IntegerBatch(1, 2) << 6, 63).finished());
}

TEST(Batch, BadDataAreErrors) {
  const Network network = random_chain({2, 2});
  const auto encode = [&](nn::Array data) {
    return fault_of([&] { quant::encode_inputs(network, data); }).code;
  };
  EXPECT_EQ(encode(nn::Array::of_floats({1, 3}, {1, 2, 3})), Code::kCalibrationShape);
  EXPECT_EQ(encode(nn::Array::of_floats({1, 2}, {NAN, 2})), Code::kNotFinite);
}

TEST(Batch, PicksTheLowestOfEquals) {
  const IntegerBatch outputs = (IntegerBatch(2, 3) << -3, 7, 7, 0, 0, 0).finished();
  EXPECT_EQ(quant::argmax(outputs), (std::vector<int>{1, 0}));
}

}  // namespace
