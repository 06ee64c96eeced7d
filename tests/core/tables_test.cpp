// Functions of single elements: the integer level's tables against the model's float semantics.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "core/integer.hpp"
#include "nn/infer.hpp"
#include "nn/passes/passes.hpp"
#include "nn/reference.hpp"
#include "quant/batch.hpp"
#include "quant/graph_builder.hpp"
#include "quant/network_io.hpp"
#include "quant/quantise.hpp"
#include "random_network.hpp"

namespace {

using test::GraphBuilder;
using Id = nn::ValueId;
using Step = std::function<Id(GraphBuilder&, Id)>;

constexpr int kFeatures = 4;

// A matrix product, the function, a matrix product.
nn::Graph around(const Step& step) {
  base::Rng rng(3);
  const auto weights = [&] {
    std::vector<float> values(kFeatures * kFeatures);
    for (float& value : values) value = static_cast<float>(rng.between(-100, 100)) / 60;
    return values;
  };
  GraphBuilder b(20);
  const Id x = b.input({nn::kUnknown, kFeatures});
  const Id before = b.node("MatMul", {x, b.floats({kFeatures, kFeatures}, weights())});
  b.node("MatMul", {step(b, before), b.floats({kFeatures, kFeatures}, weights())});
  return b.done();
}

nn::Array samples() {
  base::Rng rng(5);
  std::vector<float> values(400 * kFeatures);
  for (float& value : values) value = static_cast<float>(rng.between(-1000, 1000)) / 1000;
  return nn::Array::of_floats({400, kFeatures}, values);
}

quant::Network quantised(const nn::Graph& graph) {
  return quant::quantise(
      graph, {samples()},
      {.weight_bits = 14, .activation_bits = 10, .method = quant::Method::kMax, .output_bits = 12});
}

// Greatest difference of the integer level from float, in parts of the greatest output.
double error_of(const nn::Graph& graph) {
  const quant::Network network = quantised(graph);
  const quant::IntegerBatch y =
      core::run_integer(network, quant::encode_inputs(network, {samples()})).outputs;
  const nn::Array real = nn::run(graph, {samples()})[0];
  const double scale = network.format_of(network.outputs[0].tensor).scale;
  double error = 0;
  double greatest = 0;
  for (Eigen::Index i = 0; i < y.size(); ++i) {
    const double wanted = real.at(static_cast<std::size_t>(i));
    error = std::max(error, std::abs(scale * y(i) - wanted));
    greatest = std::max(greatest, std::abs(wanted));
  }
  return error / greatest;
}

Step op(const std::string& name, GraphBuilder::Attributes attributes = {}) {
  return [=](GraphBuilder& b, Id x) { return b.node(name, {x}, attributes); };
}

TEST(Tables, AreTheModelsFunctions) {
  for (const char* name : {"Sigmoid", "Tanh", "LeakyRelu", "Elu", "Selu", "Softplus", "Softsign",
                           "HardSigmoid", "HardSwish", "Mish", "Gelu", "Erf", "Exp", "Abs"})
    EXPECT_LT(error_of(around(op(name))), 0.01) << name;
}

TEST(Tables, OfAnElementTimesAFunctionOfIt) {
  const Step silu = [](GraphBuilder& b, Id x) {
    return b.node("Mul", {x, b.node("Sigmoid", {x})});
  };
  const Step mish = [](GraphBuilder& b, Id x) {
    return b.node("Mul", {b.node("Tanh", {b.node("Softplus", {x})}), x});
  };
  const Step gelu = [](GraphBuilder& b, Id x) {
    const Id erf = b.node("Erf", {b.node("Div", {x, b.scalar(1.41421356F)})});
    return b.node("Mul", {b.node("Mul", {x, b.node("Add", {erf, b.scalar(1)})}), b.scalar(0.5F)});
  };
  for (const Step& step : {silu, mish, gelu}) {
    const nn::Graph graph = around(step);
    EXPECT_LT(error_of(graph), 0.01);
    EXPECT_EQ(quantised(graph).layers.size(), 3U) << "one table";
  }
}

TEST(Tables, TakeOneSlopeForAllChannels) {
  const auto prelu = [](std::vector<float> slopes) {
    return [=](GraphBuilder& b, Id x) {
      return b.node("PRelu", {x, b.floats({static_cast<std::int64_t>(slopes.size())}, slopes)});
    };
  };
  EXPECT_LT(error_of(around(prelu({0.25F}))), 0.01);
  EXPECT_LT(error_of(around(prelu({0.5F, 0.5F, 0.5F, 0.5F}))), 0.01);
  const nn::Graph several = around(prelu({0.1F, -0.2F, 0.3F, 4.0F}));
  EXPECT_THAT(test::fault_of([&] { quantised(several); }).what,
              ::testing::HasSubstr("is another function of every channel"));
  EXPECT_LT(error_of(nn::split_slopes(several)), 0.01);
}

TEST(Tables, RefuseWhatIsNoNumber) {
  const Step steep = [](GraphBuilder& b, Id x) {
    return b.node("Exp", {b.node("Mul", {x, b.scalar(1000)})});
  };
  // |x| / x, of which a Relu behind it must not make 0 where x is.
  const Step sign = [](GraphBuilder& b, Id x) {
    const Id tanh = b.node("Tanh", {x});
    return b.node("Relu", {b.node("Div", {b.node("Abs", {tanh}), tanh})});
  };
  for (const Step& step : {steep, sign}) {
    const nn::Graph graph = around(step);
    EXPECT_EQ(test::fault_of([&] { quantised(graph); }).code, base::Code::kNotFinite);
  }
}

TEST(Tables, OfTablesAreOne) {
  const nn::Graph graph =
      around([](GraphBuilder& b, Id x) { return b.node("Abs", {b.node("Tanh", {x})}); });
  const quant::Network network = quantised(graph);
  EXPECT_EQ(network.layers.size(), 3U);
  EXPECT_FALSE(network.format_of(network.layers.begin()[1].output).is_signed);
}

// As deep as a stranger likes: functions in one another have a limit, and none is computed twice.
TEST(Tables, OfManyFunctionsInOneAnother) {
  const nn::Graph chain = around([](GraphBuilder& b, Id x) {
    for (int i = 0; i < 300; ++i) x = b.node(i % 2 ? "Neg" : "Softsign", {x});
    return x;
  });
  EXPECT_GT(quantised(chain).layers.size(), 4U);
  const nn::Graph swish = around([](GraphBuilder& b, Id x) {
    for (int i = 0; i < 60; ++i) x = b.node("Mul", {x, b.node("Sigmoid", {x})});
    return x;
  });
  EXPECT_EQ(quantised(swish).layers.size(), 62U);
}

TEST(Tables, AreStoredAndReadBack) {
  const quant::Network network = quantised(around(op("Tanh")));
  const auto document = quant::network_json(network);
  EXPECT_EQ(quant::network_json(quant::network_of(document)), document);
  const quant::IntegerBatch x = test::random_inputs(network, 5, 1);
  EXPECT_EQ(core::run_integer(quant::network_of(document), x).outputs,
            core::run_integer(network, x).outputs);
  auto damaged = document;
  for (auto& layer : damaged["layers"])
    if (layer.contains("table")) layer["table"].erase(layer["table"].begin());
  EXPECT_THROW(quant::network_of(damaged), base::Error);
}

TEST(Tables, WhatEndsTheModelIsTheHosts) {
  GraphBuilder b;
  const Id x = b.input({nn::kUnknown, 2});
  b.node("Sigmoid", {b.node("MatMul", {x, b.floats({2, 2}, {1, -1, 2, 3})})});
  const nn::Array data = nn::Array::of_floats({2, 2}, {1, 2, 3, 4});
  EXPECT_EQ(quant::quantise(b.done(), {data}, {}).layers.size(), 1U);
}

}  // namespace
