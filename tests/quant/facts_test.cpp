// Facts and batches.
#include "quant/facts.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "quant/batch.hpp"
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

TEST(Facts, HandComputed) {
  Network network = random_chain({2, 2}, true);
  quant::Layer& layer = network.layers.front();
  quant::Product& product = layer.product();
  product.weights.edit() << 3, 0, -5, 1;
  product.bias << 10, -7;
  product.threshold << 4, 9;
  layer.weight_scale = {0.5, 0.25};
  const auto range = quant::column_range(network, product, 0);
  EXPECT_EQ(range.low, 10 - 8 * 63);
  EXPECT_EQ(range.high, 10 + 8 * 63);
  quant::Network ended = network;
  ended.tensors.front().format = {6, true, 1.0, 0, 63};
  EXPECT_EQ(quant::column_range(ended, product, 0).low, 10 - 5 * 63);
  EXPECT_EQ(quant::column_range(ended, product, 0).high, 10 + 3 * 63);
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
  network.layers.front().product().bias[0] = std::int64_t{1} << 62;
  network.layers.front().product().weights.edit()(0, 0) = 1;
  EXPECT_EQ(fault_of([&] { quant::facts_of(network, LayerId(0)); }).code, Code::kInternal);
  EXPECT_EQ(fault_of([&] { quant::facts_of(network, LayerId(1)); }).code, Code::kInternal);
}

TEST(Batch, EncodesRoundsAndSaturates) {
  Network network = random_chain({2, 2});
  network.tensors.front().format.scale = 0.5;
  const auto q = quant::encode_inputs(
      network, {nn::Array::of_floats({3, 1, 2}, {0.25F, 0.75F, -1, 100, INFINITY, 10})});
  EXPECT_EQ(q, (IntegerBatch(3, 2) << 0, 2, 0, 63, 63, 20).finished());
  const auto ints =
      quant::encode_inputs(network, {nn::Array::of_ints(nn::DType::kUint8, {1, 2}, {3, 200})});
  EXPECT_EQ(ints, (IntegerBatch(1, 2) << 6, 63).finished());
}

TEST(Batch, BadDataAreErrors) {
  const Network network = random_chain({2, 2});
  const auto encode = [&](nn::Array data) {
    return fault_of([&] { quant::encode_inputs(network, {std::move(data)}); }).code;
  };
  EXPECT_EQ(encode(nn::Array::of_floats({1, 3}, {1, 2, 3})), Code::kCalibrationShape);
  EXPECT_EQ(encode(nn::Array::of_floats({1, 2}, {NAN, 2})), Code::kNotFinite);
}

TEST(Batch, PicksTheLowestOfEquals) {
  const IntegerBatch outputs = (IntegerBatch(2, 3) << -3, 7, 7, 0, 0, 0).finished();
  EXPECT_EQ(quant::argmax(outputs), (std::vector<int>{1, 0}));
}

}  // namespace
