// Maxima and functions as products.
#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "core/integer.hpp"
#include "quant/graph_builder.hpp"
#include "quant/in_products.hpp"
#include "quant/network_io.hpp"
#include "quant/quantise.hpp"
#include "random_maps.hpp"

namespace {

using quant::Format;
using quant::full_format;
using quant::Merge;
using quant::Network;
using quant::Table;

template <class Rule>
int count(const Network& network) {
  return static_cast<int>(std::ranges::count_if(network.layers, [](const quant::Layer& layer) {
    return std::holds_alternative<Rule>(layer.rule);
  }));
}

// The greatest of windows of 2 x 3 elements of one channel each.
Network greatest(const Format& format, quant::Pair pad = {0, 0}) {
  Network network;
  network.name = "greatest";
  const quant::Source x = test::add_input(network, "x", {2, 3, 4}, format);
  const Merge merge{{x}, {{2, 3}, {1, 1}, {1, 1}, pad, {0, 0}, {3, 4}}};
  network.outputs = {test::add_layer(network, "pool", merge, 2, format)};
  return network;
}

// A function of the codes of one element.
Network function(const Format& from, const Format& to, std::vector<std::int32_t> values) {
  Network network;
  network.name = "function";
  const quant::Source x = test::add_input(network, "x", {1, 1, 1}, from);
  network.outputs = {test::add_layer(network, "table", Table{{x}, std::move(values)}, 1, to)};
  return network;
}

quant::IntegerBatch all_codes(const Format& format) {
  return Eigen::VectorXi::LinSpaced(format.high - format.low + 1, format.low, format.high);
}

TEST(Forms, MaximaAreTheSameAsTrees) {
  for (const bool is_signed : {false, true}) {
    const Network network = greatest(full_format(4, is_signed));
    const Network trees = quant::in_products(network, {.maxima = true});
    EXPECT_EQ(count<Merge>(trees), 0);
    EXPECT_EQ(trees.layers.size(), 7U) << "two a level for six, three and two, and the sum";
    const quant::IntegerBatch inputs = test::random_inputs(network, 200, 1);
    EXPECT_EQ(core::run_integer(trees, inputs).outputs, core::run_integer(network, inputs).outputs);
  }
}

TEST(Forms, MaximaOfRandomNetworks) {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    const Network network = test::map_network({.seed = seed});
    const Network trees = quant::in_products(network, {.maxima = true});
    EXPECT_LE(count<Merge>(trees), count<Merge>(network));
    const quant::IntegerBatch inputs = test::random_inputs(network, 3, seed);
    ASSERT_EQ(core::run_integer(trees, inputs).outputs, core::run_integer(network, inputs).outputs)
        << seed;
  }
}

TEST(Forms, SignedMaximaBesidePaddingStay) {
  const auto merges = [](bool is_signed) {
    const Network network = greatest(full_format(4, is_signed), {1, 1});
    return count<Merge>(quant::in_products(network, {.maxima = true}));
  };
  EXPECT_EQ(merges(true), 1);
  EXPECT_EQ(merges(false), 0);
}

TEST(Forms, DifferencesNeedABit) {
  const auto fault_of = [](const quant::ProductForms& forms) {
    return test::fault_of([&] { quant::in_products(greatest(full_format(6, true)), forms); });
  };
  const base::Fault few = fault_of({.maxima = true, .most_bits = 6});
  EXPECT_EQ(few.code, base::Code::kCannotLower);
  EXPECT_EQ(few.what, "differences of its codes have 7 bits; there are at most 6");
  EXPECT_EQ(fault_of({.maxima = true, .exact_neurons = false}).what, few.what);
}

// 7 - (x + 7) + 2 Relu(x): two neurons.
TEST(Forms, WhatIsOfTwoPiecesIsExact) {
  const Format from = full_format(3, true);
  const Network network =
      function(from, full_format(3, false), {7, 6, 5, 4, 3, 2, 1, 0, 1, 2, 3, 4, 5, 6, 7});
  const Network fitted = quant::in_products(network, {.table_neurons = 2});
  EXPECT_EQ(core::run_integer(fitted, all_codes(from)).outputs,
            core::run_integer(network, all_codes(from)).outputs);
  EXPECT_EQ(fitted.layers.back().fit->most, 0);
  EXPECT_EQ(fitted.layers.size(), 2U);
}

TEST(Forms, TheErrorIsWhatIsReported) {
  const Format from = full_format(6, true);
  const Format to = full_format(6, false);
  std::vector<std::int32_t> values;
  for (int x = from.low; x <= from.high; ++x)
    values.push_back(static_cast<std::int32_t>(std::lround(63 / (1 + std::exp(-x / 12.0)))));
  const Network network = function(from, to, values);
  double before = 64;
  for (const int neurons : {1, 2, 4, 8}) {
    const Network fitted = quant::in_products(network, {.table_neurons = neurons});
    const quant::IntegerBatch lost = core::run_integer(fitted, all_codes(from)).outputs -
                                     core::run_integer(network, all_codes(from)).outputs;
    const quant::Fit fit = fitted.layers.back().fit.value();
    EXPECT_EQ(fit.most, lost.cwiseAbs().maxCoeff());
    EXPECT_NEAR(fit.rms, std::sqrt(lost.cast<double>().squaredNorm() / double(lost.size())), 1e-9);
    EXPECT_LT(fit.rms, before) << neurons;
    before = fit.rms;
    const Network read = quant::network_of(quant::network_json(fitted));
    EXPECT_EQ(read.layers.back().fit->rms, fit.rms);
  }
  EXPECT_LT(before, 0.7);
}

TEST(Forms, TablesOfSquaresStay) {
  test::GraphBuilder b;
  const nn::ValueId x = b.input({nn::kUnknown, 1});
  const nn::ValueId gate = b.node("Sigmoid", {b.gemm(x, b.floats({1, 1}, {2}))});
  b.node("Mul", {x, gate});
  const nn::Array samples = nn::Array::of_floats({3, 1}, {-1, 0.5F, 1});
  const Network network = quant::quantise(b.done(), {samples}, {});
  EXPECT_EQ(count<Table>(network), 3);
  EXPECT_EQ(count<Table>(quant::in_products(network, {.table_neurons = 4})), 2);
}

}  // namespace
