#include "core/split.hpp"

#include <gtest/gtest.h>

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
  for (const quant::Layer& layer : network.layers) {
    EXPECT_LE(quant::input_lanes(network, layer.product()), rows) << layer.name;
    int count = 0;
    for (const quant::Source& source : layer.product().inputs) {
      EXPECT_LE(source.first + source.count, network.tensors[source.tensor].count());
      count += source.count;
    }
    EXPECT_EQ(count, layer.rows()) << layer.name;
    EXPECT_GE(layer.product().threshold.minCoeff(), 1);
  }
}

TEST(Split, LayersThatFitStayAsTheyAre) {
  const Network network = random_chain({16, 8, 4});
  const Network same = core::split_tall_layers(network, 16, test::random_inputs(network, 5, 1));
  ASSERT_EQ(same.layers.size(), 2U);
  EXPECT_EQ(same.layers[LayerId(0)].product().weights,
            network.layers[LayerId(0)].product().weights);
  EXPECT_EQ(same.layers[LayerId(1)].product().inputs[0].tensor, same.layers[LayerId(0)].output);
}

TEST(Split, TallLayerBecomesPartsAndAMerge) {
  const Network network = random_chain({20, 3});
  const Network split = core::split_tall_layers(network, 16, test::random_inputs(network, 50, 1));
  expect_fits(split, 16);
  ASSERT_EQ(split.layers.size(), 3U);
  EXPECT_EQ(split.layers[LayerId(0)].name, "fc1.part0");
  EXPECT_EQ(split.layers[LayerId(0)].product().weights.matrix(),
            network.layers[LayerId(0)].product().weights.matrix().topRows(16));
  EXPECT_EQ(split.layers[LayerId(1)].product().weights.matrix(),
            network.layers[LayerId(0)].product().weights.matrix().bottomRows(4));
  EXPECT_EQ(split.layers[LayerId(0)].product().threshold,
            split.layers[LayerId(1)].product().threshold);
  EXPECT_TRUE(split.format_of(split.layers[LayerId(0)].output).is_signed);
  EXPECT_EQ(split.layers[LayerId(2)].name, "fc1");
  const quant::Product& merge = split.layers[LayerId(2)].product();
  quant::WeightMatrix wanted = quant::WeightMatrix::Zero(6, 3);
  wanted.topRows(3).diagonal().setConstant(127);
  wanted.bottomRows(3).diagonal().setConstant(127);
  EXPECT_EQ(merge.weights.matrix(), wanted);
  for (int c = 0; c < 3; ++c) {
    const double unit = static_cast<double>(split.layers[LayerId(0)].product().threshold[c]);
    const double old = static_cast<double>(network.layers[LayerId(0)].product().threshold[c]);
    EXPECT_NEAR(static_cast<double>(merge.threshold[c]), old * 127 / unit, 0.5);
    EXPECT_NEAR(static_cast<double>(merge.bias[c]),
                static_cast<double>(network.layers[LayerId(0)].product().bias[c]) * 127 / unit,
                0.5);
  }
}

TEST(Split, SignedInputsTakeTwoLanes) {
  const Network network = random_chain({10, 2}, true);
  const Network split = core::split_tall_layers(network, 8, test::random_inputs(network, 20, 1));
  expect_fits(split, 8);
  EXPECT_EQ(split.layers[LayerId(0)].rows(), 4);
  EXPECT_EQ(split.layers.size(), 3U + 2U + 1U);  // parts, merges of one column each, the join
}

TEST(Split, MergesOfMergesAndSplitColumns) {
  const Network network = random_chain({40, 12, 3});
  for (const int rows : {4, 6, 7, 13, 24}) {
    if (rows < 6) continue;  // three outputs cannot be joined
    const Network split =
        core::split_tall_layers(network, rows, test::random_inputs(network, 30, 2));
    expect_fits(split, rows);
    EXPECT_EQ(split.layers.back().cols(), 3) << rows;
  }
}

// What an element is worth goes with it, whichever layer makes it.
TEST(Split, UnitsGoWithTheirElements) {
  Network network = random_chain({20, 9, 3});
  const quant::TensorId hidden = network.layers[LayerId(0)].output;
  network.tensors[hidden].unit = {1, 2, 3, 4, 5, 6, 7, 8, 9};
  const Network split = core::split_tall_layers(network, 16, test::random_inputs(network, 50, 1));
  std::vector<double> units;
  for (const quant::Layer& layer : split.layers)
    if (layer.name.starts_with("fc1.cols")) {
      const std::vector<double>& part = split.tensors[layer.output].unit;
      EXPECT_EQ(std::ssize(part), layer.cols());
      units.insert(units.end(), part.begin(), part.end());
    }
  EXPECT_EQ(units, network.tensors[hidden].unit);
  const Network same = core::split_tall_layers(network, 40, test::random_inputs(network, 50, 1));
  EXPECT_EQ(same.tensors[same.layers[LayerId(0)].output].unit, network.tensors[hidden].unit);
}

TEST(Split, TooFewRows) {
  const Network network = random_chain({40, 12, 3});
  const IntegerBatch data = test::random_inputs(network, 3, 2);
  const auto with = [&](int rows) {
    return fault_of([&] { core::split_tall_layers(network, rows, data); });
  };
  EXPECT_EQ(with(3).code, Code::kTooFewRows);
  EXPECT_EQ(with(4).code, Code::kTooFewRows);
  EXPECT_NE(with(4).what.find("3 outputs"), std::string::npos);
  const auto none = [&] { core::split_tall_layers(network, 16, IntegerBatch(0, 40)); };
  EXPECT_EQ(fault_of(none).code, Code::kInternal);
}

TEST(Split, PartsFarGreaterThanTheSumAreAnError) {
  Network network = random_chain({8, 1});
  network.layers[LayerId(0)].product().weights.edit().topRows(4).setConstant(127);
  network.layers[LayerId(0)].product().weights.edit().bottomRows(4).setConstant(-127);
  network.layers[LayerId(0)].product().threshold.setOnes();
  IntegerBatch full = IntegerBatch::Constant(1, 8, 63);
  const auto split = [&] { core::split_tall_layers(network, 4, full); };
  EXPECT_EQ(fault_of(split).code, Code::kThresholdTooSmall);
}

}  // namespace
