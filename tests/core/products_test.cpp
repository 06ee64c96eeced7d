// Products of two signals: the integer level against the exact products of the factors' codes.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/rng.hpp"
#include "core/integer.hpp"
#include "nn/infer.hpp"
#include "nn/reference.hpp"
#include "quant/batch.hpp"
#include "quant/draft.hpp"
#include "quant/graph_builder.hpp"
#include "quant/network_io.hpp"
#include "quant/quantise.hpp"

namespace {

using nn::DType;
using test::GraphBuilder;
using Id = nn::ValueId;
using Values = std::vector<float>;

constexpr auto kN = nn::kUnknown;

// One element of each of two inputs, in codes of the model's.
nn::Graph of_codes(const std::string& op, DType type, float step) {
  GraphBuilder b;
  const Id x = b.q_dq(b.input({kN, 1}), 1, type, 0);
  const Id y = b.q_dq(b.input({kN, 1}), 1, type, 0);
  b.q_dq(b.node(op, {x, y}), step, type, 0);
  return b.done();
}

nn::Array column(const Values& values) {
  return nn::Array::of_floats({static_cast<std::int64_t>(values.size()), 1}, values);
}

std::vector<int> run(const quant::Network& network, const Values& x, const Values& y) {
  const quant::IntegerBatch out =
      core::run_integer(network, quant::encode_inputs(network, {column(x), column(y)})).outputs;
  return {out.data(), out.data() + out.size()};
}

const quant::Layer& last(const quant::Network& network) { return network.layers.back(); }

TEST(Products, OfFineOutputsAreExact) {
  const quant::Network network = quant::quantise(of_codes("Mul", DType::kUint8, 2), {}, {});
  EXPECT_EQ(run(network, {3, 255, 16, 254, 0, 129, 5}, {6, 255, 16, 1, 200, 3, 1}),
            (std::vector<int>{9, 255, 128, 127, 0, 194, 2}));  // 193.5 and 2.5 to even
  EXPECT_DOUBLE_EQ(last(network).error_bound, 0.5);
}

TEST(Products, OfSignedCodes) {
  const quant::Network network = quant::quantise(of_codes("Mul", DType::kInt8, 128), {}, {});
  EXPECT_EQ(run(network, {-128, -128, 127, 0, -3, 64}, {-128, 127, 127, 9, 50, -64}),
            (std::vector<int>{127, -127, 126, 0, -1, -32}));
}

// Codes of 8 bits have squares of 16: 12 bits have steps of 16.
TEST(Products, OfCodesInFewerBitsSayHowFarOffTheyAre) {
  const quant::Network network =
      quant::quantise(of_codes("Mul", DType::kUint8, 255), {}, {.most_activation_bits = 12});
  EXPECT_EQ(network.widest_bits(), 10);
  const double bound = last(network).error_bound;
  EXPECT_GT(bound, 0.5);
  EXPECT_LE(bound, 1.0);
  Values x, y;
  for (int i = 0; i < 256 * 37; ++i) {
    x.push_back(static_cast<float>(i % 256));
    y.push_back(static_cast<float>(i / 256 * 7));
  }
  const std::vector<int> got = run(network, x, y);
  for (std::size_t i = 0; i < got.size(); ++i)
    ASSERT_NEAR(got[i], x[i] * y[i] / 255.0, bound + 1e-9) << x[i] << " * " << y[i];
}

TEST(Products, TooFineForTables) {
  const auto refused = [](float step, int most) {
    return test::fault_of([&] {
      quant::quantise(of_codes("Mul", DType::kUint8, step), {}, {.most_activation_bits = most});
    });
  };
  const base::Fault fine = refused(16, 12);
  EXPECT_EQ(fine.code, base::Code::kCannotLower);
  EXPECT_NE(fine.what.find("could be off by 1 of it"), std::string::npos) << fine.what;
  EXPECT_NE(fine.cure.find("coarser scale"), std::string::npos) << fine.cure;
  EXPECT_NO_THROW(
      quant::quantise(of_codes("Mul", DType::kUint8, 64), {}, {.most_activation_bits = 12}));
  const base::Fault wide = refused(255, 8);
  EXPECT_EQ(wide.code, base::Code::kCannotLower);
  EXPECT_NE(wide.what.find("sums of codes from 0 to 510 have 9 bits"), std::string::npos)
      << wide.what;
}

TEST(Products, NeedNeuronsThatEndAnywhere) {
  const base::Fault fault = test::fault_of(
      [] { quant::quantise(of_codes("Mul", DType::kUint8, 255), {}, {.exact_neurons = false}); });
  EXPECT_EQ(fault.code, base::Code::kCannotLower);
  EXPECT_EQ(fault.cure, "set pe.neuron to \"exact\"");
}

struct Drawn {
  int bits;
  double low_x, low_y;  // of what is seen, the greatest is 1
  double share;         // of the factors' greatest product, the greatest that is seen
};

void PrintTo(const Drawn& drawn, std::ostream* out) {
  *out << drawn.bits << " bits, from " << drawn.low_x << " and " << drawn.low_y << ", share "
       << drawn.share;
}

class FloatProducts : public ::testing::TestWithParam<Drawn> {};

// All codes by all codes: within the bound that is stated, which is a step of the output.
TEST_P(FloatProducts, AreWithinAStepOfTheProductsOfTheirCodes) {
  const Drawn& drawn = GetParam();
  GraphBuilder b;
  const Id x = b.input({kN, 1});
  const Id y = b.input({kN, 1});
  b.node("Mul", {x, y});
  const Values seen_x{1, static_cast<float>(drawn.low_x), static_cast<float>(drawn.share)};
  const Values seen_y{static_cast<float>(drawn.share), static_cast<float>(drawn.low_y) / 2, 1};
  quant::Network network =
      quant::quantise(b.done(), {column(seen_x), column(seen_y)},
                      {.activation_bits = drawn.bits, .most_activation_bits = 12});
  const double bound = last(network).error_bound;
  EXPECT_LE(bound, 1.0);
  const quant::Format& a = network.format_of(network.inputs[0]);
  const quant::Format& c = network.format_of(network.inputs[1]);
  const quant::Format& out = network.format_of(network.outputs[0].tensor);
  quant::IntegerBatch pairs((a.high - a.low + 1) * (c.high - c.low + 1), 2);
  for (int i = 0; i < pairs.rows(); ++i)
    pairs.row(i) << a.low + i % (a.high - a.low + 1), c.low + i / (a.high - a.low + 1);
  const quant::IntegerBatch got = core::run_integer(network, pairs).outputs;
  for (int i = 0; i < pairs.rows(); ++i) {
    const double exact = a.scale * pairs(i, 0) * c.scale * pairs(i, 1) / out.scale;
    ASSERT_NEAR(got(i, 0), std::clamp<double>(exact, out.low, out.high), bound + 1e-9)
        << pairs.row(i);
  }
}

INSTANTIATE_TEST_SUITE_P(All, FloatProducts,
                         ::testing::Values(Drawn{6, 0, 0, 1}, Drawn{6, -1, 0, 1},
                                           Drawn{6, -1, -1, 1}, Drawn{6, -0.3, 0.1, 0.3},
                                           Drawn{6, 0, 0, 0.01}, Drawn{8, 0, 0, 1},
                                           Drawn{8, -1, 0, 0.5}, Drawn{8, -1, -1, 0.02},
                                           Drawn{10, 0, 0, 1}, Drawn{3, 0, -1, 0.7},
                                           Drawn{1, 0, 0, 1}, Drawn{2, -1, 0, 1}));

// Gains a channel, an offset, whole tensors of several signals, a sum and a Relu behind.
TEST(Products, AmongOtherNodes) {
  GraphBuilder b;
  const Id x = b.input({kN, 2, 2, 3});
  const Id a = b.node("Conv", {x, b.floats({2, 2, 1, 1}, {1, -1, 0.5F, 2})});
  const Id scaled = b.node("Mul", {a, b.floats({2, 1, 1}, {3, -0.5F})});
  const Id both = b.node("Concat", {b.node("Relu", {a}), x}, {{"axis", std::int64_t{1}}});
  const Id part = b.node("Conv", {both, b.floats({2, 4, 1, 1}, {1, 0, 2, 0, 0, 1, 0, -1})});
  const Id moved = b.node("Add", {part, b.floats({2, 1, 1}, {1, -2})});
  b.node("Relu", {b.node("Add", {b.node("Mul", {scaled, moved}), x})});
  const nn::Graph graph = b.done();
  base::Rng rng(4);
  Values values(40 * 12);
  for (float& value : values) value = static_cast<float>(rng.between(-100, 100)) / 50;
  const nn::Array samples = nn::Array::of_floats({40, 2, 2, 3}, values);
  const quant::Network network = quant::quantise(
      graph, {samples}, {.weight_bits = 16, .activation_bits = 10, .most_activation_bits = 12});
  const quant::IntegerBatch got =
      core::run_integer(network, quant::encode_inputs(network, {samples})).outputs;
  const nn::Array wanted = nn::run(graph, {samples})[0];
  const double step = network.format_of(network.outputs[0].tensor).scale;
  for (std::size_t i = 0; i < wanted.size(); ++i)
    ASSERT_NEAR(step * got(static_cast<Eigen::Index>(i)), wanted.at(i), 0.2) << i;
  EXPECT_EQ(quant::network_of(quant::network_json(network)).layers.size(), network.layers.size());
}

TEST(Products, ByReciprocals) {
  GraphBuilder b;
  const Id x = b.input({kN, 1});
  const Id y = b.input({kN, 1});
  b.node("Div",
         {x, b.node("Add", {b.node("Exp", {b.gemm(y, b.floats({1, 1}, {1}))}), b.scalar(1)})});
  const nn::Graph graph = b.done();
  Values seen_x, seen_y;
  for (int i = 0; i < 100; ++i) {
    seen_x.push_back(static_cast<float>(i % 10) - 4);
    seen_y.push_back(static_cast<float>(i / 10) / 4 - 1);
  }
  const quant::Network network = quant::quantise(graph, {column(seen_x), column(seen_y)},
                                                 {.weight_bits = 12, .activation_bits = 9});
  const std::vector<int> got = run(network, seen_x, seen_y);
  const nn::Array wanted = nn::run(graph, {column(seen_x), column(seen_y)})[0];
  const double step = network.format_of(network.outputs[0].tensor).scale;
  for (std::size_t i = 0; i < got.size(); ++i)
    EXPECT_NEAR(step * got[i], wanted.at(i), 0.03) << seen_x[i] << " / 1 + exp " << seen_y[i];
}

// Greatest difference from the model in parts of its greatest output.
double error_of(const nn::Graph& graph, const nn::Array& samples) {
  const quant::Network network = quant::quantise(
      graph, {samples}, {.weight_bits = 14, .activation_bits = 10, .most_activation_bits = 12});
  const quant::IntegerBatch got =
      core::run_integer(network, quant::encode_inputs(network, {samples})).outputs;
  const nn::Array wanted = nn::run(graph, {samples})[0];
  const double step = network.format_of(network.outputs[0].tensor).scale;
  double error = 0;
  double greatest = 0;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    error = std::max(error, std::abs(step * got(static_cast<Eigen::Index>(i)) - wanted.at(i)));
    greatest = std::max<double>(greatest, std::abs(wanted.at(i)));
  }
  return error / greatest;
}

// A map by a value a channel, a row, a column, a position of all channels; by one value.
TEST(Products, OfMapsByWhatIsRepeated) {
  base::Rng rng(6);
  Values values(20 * 24);
  for (float& value : values) value = static_cast<float>(rng.between(-100, 100)) / 50;
  const nn::Array samples = nn::Array::of_floats({20, 2, 3, 4}, values);
  struct Mean {
    const char* op;
    std::vector<std::int64_t> axes, kernel;
    std::int64_t channels;
  };
  const std::vector<Mean> means = {{"squeezed", {3, 4}, {3, 4}, 2},
                                   {"columns", {3}, {3, 1}, 2},
                                   {"rows", {4}, {1, 4}, 2},
                                   {"channels", {1}, {1, 1}, 1},
                                   {"all", {}, {3, 4}, 1}};
  for (const Mean& mean : means)
    for (const bool turned : {false, true}) {
      GraphBuilder b;
      const Id x = b.input({kN, 2, 3, 4});
      const Id a = b.node("Conv", {x, b.floats({2, 2, 1, 1}, {1, -1, 0.5F, 2})});
      const Id pooled = b.node("MaxPool", {x}, {{"kernel_shape", mean.kernel}});
      const Id gate = b.node(
          "Conv", {pooled, b.floats({mean.channels, 2, 1, 1},
                                    Values(static_cast<std::size_t>(2 * mean.channels), -0.7F))});
      b.node("Mul", turned ? std::vector<Id>{gate, a} : std::vector<Id>{a, gate});
      EXPECT_LT(error_of(b.done(), samples), 0.006) << mean.op << turned;
    }
}

// A gate of what a convolution makes along the channels, as ECA has it, and an Expand before it.
TEST(Products, ByWhatWalksAlongTheChannels) {
  base::Rng rng(9);
  Values values(20 * 36);
  for (float& value : values) value = static_cast<float>(rng.between(-100, 100)) / 50;
  GraphBuilder b;
  const std::vector<std::int64_t> turned{0, 2, 1};
  const Id x = b.input({kN, 3, 3, 4});
  const Id mean = b.node("GlobalAveragePool", {x});
  const auto shaped = [&](Id id, std::vector<std::int64_t> shape) {
    const auto rank = static_cast<std::int64_t>(shape.size());
    return b.node("Reshape", {id, b.ints(DType::kInt64, {rank}, std::move(shape))});
  };
  const Id row = b.node("Transpose", {shaped(mean, {-1, 3, 1})}, {{"perm", turned}});
  const Id along = b.node("Conv", {row, b.floats({1, 1, 3}, {1, 2, -1})},
                          {{"pads", std::vector<std::int64_t>{1, 1}}});
  const Id back = shaped(b.node("Transpose", {along}, {{"perm", turned}}), {-1, 3, 1, 1});
  const Id gate =
      b.node("Expand", {b.node("Sigmoid", {back}), b.ints(DType::kInt64, {4}, {1, 3, 3, 4})});
  b.node("Mul", {x, gate});
  EXPECT_LT(error_of(b.done(), nn::Array::of_floats({20, 3, 3, 4}, values)), 0.01);
}

// A sum of maps and of what has one row, one column or one channel, on either side.
TEST(Sums, RepeatWhatHasOneRowColumnOrChannel) {
  base::Rng rng(9);
  Values values(20 * 24);
  for (float& value : values) value = static_cast<float>(rng.between(-100, 100)) / 50;
  const nn::Array samples = nn::Array::of_floats({20, 2, 3, 4}, values);
  struct Mean {
    int channels;
    std::vector<std::int64_t> kernel;
  };
  for (const auto& [channels, kernel] :
       {Mean{2, {3, 4}}, Mean{2, {3, 1}}, Mean{2, {1, 4}}, Mean{1, {1, 1}}, Mean{1, {3, 4}}})
    for (const std::string op : {"Add", "Sub", "turned"}) {
      GraphBuilder b;
      const Id x = b.input({kN, 2, 3, 4});
      const Id a = b.node("Conv", {x, b.floats({2, 2, 1, 1}, {1, -1, 0.5F, 2})});
      const Id pooled = b.node("MaxPool", {x}, {{"kernel_shape", kernel}});
      const Id few =
          b.node("Conv",
                 {pooled, b.floats({channels, 2, 1, 1}, Values(std::size_t(2 * channels), -0.7F))});
      b.node("Relu", {op == "turned" ? b.node("Sub", {few, a}) : b.node(op, {a, few})});
      EXPECT_LT(error_of(b.done(), samples), 0.006) << op << channels << kernel[0] << kernel[1];
    }
}

TEST(Products, OfWhatIsExpandedOtherwise) {
  const auto refused = [](std::vector<std::int64_t> before, std::vector<std::int64_t> after) {
    GraphBuilder b;
    const auto shape = [&](std::vector<std::int64_t> extents) {
      const auto rank = static_cast<std::int64_t>(extents.size());
      return b.ints(DType::kInt64, {rank}, std::move(extents));
    };
    const Id x = b.input({1, 2, 1, 2});
    const Id a = b.node("Conv", {x, b.floats({2, 2, 1, 1}, {1, 1, 1, 1})});
    b.node("Expand", {b.node("Reshape", {a, shape(std::move(before))}), shape(std::move(after))});
    return test::fault_of([&] { quant::draft_of(b.done()); }).what;
  };
  EXPECT_EQ(refused({-1, 4, 1}, {1, 1, 4, 3}), "gives a signal more axes");
  EXPECT_EQ(refused({-1, 2, 2, 1}, {1, 2, 2, 3}), "repeats elements that are no such map");
}

// As MobileNetV3 has it: what a map's means say of each channel scales it.
TEST(Products, SqueezeAndExcite) {
  base::Rng rng(7);
  Values values(20 * 60);
  for (float& value : values) value = static_cast<float>(rng.between(-100, 100)) / 50;
  GraphBuilder b;
  const Id x = b.input({kN, 3, 4, 5});
  const Id a =
      b.node("Conv", {x, b.floats({4, 3, 1, 1}, {1, -1, 0.5F, 2, 1, 0, 0, 1, 1, -1, 0, 1})});
  const Id relu = b.node("Relu", {a});
  const Id mean = b.node("GlobalAveragePool", {relu});
  const Id fewer =
      b.node("Relu", {b.node("Conv", {mean, b.floats({2, 4, 1, 1}, Values(8, 0.4F))})});
  const Id more = b.node("Conv", {fewer, b.floats({4, 2, 1, 1}, {1, -1, 2, -2, 0.5F, 1, 1, 1})});
  b.node("Mul", {b.node("HardSigmoid", {more}), relu});
  EXPECT_LT(error_of(b.done(), nn::Array::of_floats({20, 3, 4, 5}, values)), 0.01);
}

// x / (1 + 2 / 3 sum x^2)^0.5 of channels 3, 4 and 0, in maps of two positions.
TEST(Products, BySquaresOfNeighbours) {
  GraphBuilder b;
  const Id x = b.input({kN, 3, 1, 2});
  const Id a = b.node("Conv", {x, b.floats({3, 3, 1, 1}, {1, 0, 0, 0, 1, 0, 0, 0, 1})});
  b.node("LRN", {a}, {{"size", std::int64_t{3}}, {"alpha", 2.0F}, {"beta", 0.5F}, {"bias", 1.0F}});
  const nn::Array sample = nn::Array::of_floats({1, 3, 1, 2}, {3, 1, 4, 0, 0, 0});
  const quant::Network network = quant::quantise(
      b.done(), {sample}, {.weight_bits = 12, .activation_bits = 9, .most_activation_bits = 12});
  const quant::IntegerBatch got =
      core::run_integer(network, quant::encode_inputs(network, {sample})).outputs;
  const double step = network.format_of(network.outputs[0].tensor).scale;
  const double all = std::sqrt(1 + 2.0 / 3 * 25);
  const double wanted[] = {3 / all, 1 / std::sqrt(1 + 2.0 / 3), 4 / all, 0, 0, 0};
  for (int i = 0; i < 6; ++i) EXPECT_NEAR(step * got(0, i), wanted[i], 0.01) << i;
  EXPECT_LE(last(network).error_bound, 1.0);
}

TEST(Products, OfWhatMayBeNothing) {
  GraphBuilder b;
  const Id x = b.input({kN, 1});
  b.node("Div", {x, b.node("Relu", {b.gemm(b.input({kN, 1}), b.floats({1, 1}, {1}))})});
  const base::Fault fault = test::fault_of([&] {
    quant::quantise(b.done(), {column({1, 2}), column({1, 2})}, {});
  });
  EXPECT_EQ(fault.code, base::Code::kNotFinite) << fault.what;
}

}  // namespace
