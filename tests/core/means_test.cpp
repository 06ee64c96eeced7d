// Means of windows of which those at the edge have fewer elements than others.
#include <gtest/gtest.h>

#include <cmath>

#include "base/rng.hpp"
#include "core/integer.hpp"
#include "nn/infer.hpp"
#include "nn/reference.hpp"
#include "quant/batch.hpp"
#include "quant/graph_builder.hpp"
#include "quant/quantise.hpp"

namespace {

using nn::DType;
using test::GraphBuilder;
using Id = nn::ValueId;
using Ints = std::vector<std::int64_t>;

nn::Graph mean_of(nn::Shape shape, DType type, const GraphBuilder::Attributes& attributes) {
  GraphBuilder b(19);
  b.q_dq(b.node("AveragePool", {b.q_dq(b.input(std::move(shape)), 1, type, 0)}, attributes), 1,
         type, 0);
  return b.done();
}

std::vector<int> run(const nn::Graph& graph, const nn::Array& sample, int weight_bits = 8) {
  const quant::Network network = quant::quantise(graph, {}, {.weight_bits = weight_bits});
  const quant::IntegerBatch y =
      core::run_integer(network, quant::encode_inputs(network, {sample})).outputs;
  return {y.data(), y.data() + y.size()};
}

// 1 2 3 / 4 5 6 / 7 8 10 by 2 x 2 windows two apart, the last ones half beside the map.
TEST(Means, OfWindowsBeyondTheMap) {
  const nn::Graph graph = mean_of(
      {nn::kUnknown, 1, 3, 3}, DType::kUint8,
      {{"kernel_shape", Ints{2, 2}}, {"strides", Ints{2, 2}}, {"ceil_mode", std::int64_t{1}}});
  const nn::Array sample = nn::Array::of_floats({1, 1, 3, 3}, {1, 2, 3, 4, 5, 6, 7, 8, 10});
  EXPECT_EQ(run(graph, sample), (std::vector<int>{3, 4, 8, 10}));  // 12 / 4, 9 / 2, 15 / 2 to even
}

// -3 -1 4 / 4 1 -2: of the corners four elements, between them six.
TEST(Means, OfSignedElementsBesidePadding) {
  const nn::Graph graph = mean_of({nn::kUnknown, 1, 2, 3}, DType::kInt8,
                                  {{"kernel_shape", Ints{3, 3}}, {"pads", Ints{1, 1, 1, 1}}});
  const nn::Array sample = nn::Array::of_floats({1, 1, 2, 3}, {-30, -10, 40, 40, 10, -20});
  EXPECT_EQ(run(graph, sample), (std::vector<int>{2, 5, 5, 2, 5, 5}));  // 10 / 4, 30 / 6, 20 / 4
}

struct Walk {
  nn::Shape shape;
  GraphBuilder::Attributes attributes;
};

// All codes are those of the model, ties to even among them.
TEST(Means, AreTheModelsBitForBit) {
  const std::int64_t one = 1;
  const std::vector<Walk> walks = {
      {{6, 2, 5, 5}, {{"kernel_shape", Ints{2, 3}}, {"strides", Ints{2, 2}}, {"ceil_mode", one}}},
      {{6, 3, 4, 5}, {{"kernel_shape", Ints{3, 3}}, {"pads", Ints{1, 1, 1, 1}}}},
      {{6, 1, 4, 6}, {{"kernel_shape", Ints{3, 2}}, {"auto_pad", std::string("SAME_UPPER")}}},
      {{6, 2, 1, 7}, {{"kernel_shape", Ints{1, 4}}, {"pads", Ints{0, 3, 0, 2}}}},
      {{6, 1, 6, 6},
       {{"kernel_shape", Ints{3, 3}},
        {"pads", Ints{1, 0, 1, 1}},
        {"strides", Ints{2, 2}},
        {"count_include_pad", one},
        {"ceil_mode", one}}},
      {{6, 2, 8}, {{"kernel_shape", Ints{3}}, {"pads", Ints{2, 2}}, {"dilations", Ints{2}}}}};
  base::Rng rng(8);
  for (const Walk& walk : walks)
    for (const DType type : {DType::kUint8, DType::kInt8}) {
      const nn::Graph graph = mean_of(walk.shape, type, walk.attributes);
      std::vector<float> values;
      for (std::int64_t i = 0; i < nn::element_count(walk.shape); ++i)
        values.push_back(static_cast<float>(rng.between(type == DType::kInt8 ? -128 : 0, 127)));
      const nn::Array samples = nn::Array::of_floats(walk.shape, values);
      const nn::Array wanted = nn::run(graph, {samples})[0];
      const std::vector<int> got = run(graph, samples);
      ASSERT_EQ(got.size(), wanted.size());
      for (std::size_t i = 0; i < got.size(); ++i)
        ASSERT_EQ(got[i], wanted.at(i)) << nn::to_string(walk.shape) << ", " << i;
    }
}

// At -3, 1, 5, 9 and at -1, 3, 7, 11: of the last one neither padding nor the map tells.
TEST(Means, OfWindowsThatMeetTheMapAlike) {
  const nn::Graph graph = mean_of({nn::kUnknown, 1, 8}, DType::kUint8,
                                  {{"kernel_shape", Ints{4}},
                                   {"strides", Ints{2}},
                                   {"dilations", Ints{4}},
                                   {"pads", Ints{3, 3}},
                                   {"ceil_mode", std::int64_t{1}},
                                   {"count_include_pad", std::int64_t{1}}});
  const base::Fault fault = test::fault_of([&] { quant::quantise(graph, {}, {}); });
  EXPECT_EQ(fault.code, base::Code::kCannotLower);
  EXPECT_NE(fault.what.find("meet the map alike"), std::string::npos) << fault.what;
}

TEST(Means, NeedTheBitsOfTheirWeights) {
  const nn::Graph graph = mean_of({nn::kUnknown, 1, 5, 5}, DType::kUint8,
                                  {{"kernel_shape", Ints{3, 3}}, {"pads", Ints{1, 1, 1, 1}}});
  const nn::Array sample = nn::Array::of_floats({1, 1, 5, 5}, std::vector<float>(25, 9));
  const base::Fault fault = test::fault_of([&] { run(graph, sample, 2); });
  EXPECT_EQ(fault.code, base::Code::kWeightBits);
  EXPECT_EQ(fault.cure, "set pe.weight_bits to 3 or more");
  EXPECT_EQ(run(graph, sample, 3), std::vector<int>(25, 9));
}

}  // namespace
