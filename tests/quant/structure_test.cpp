// What chain_of() refuses, and how it says so.
#include <gtest/gtest.h>

#include <limits>

#include "quant/chain.hpp"
#include "quant/graph_builder.hpp"

namespace {

using base::Code;
using nn::DType;
using quant::chain_of;
using test::fault_of;
using test::GraphBuilder;
using Id = nn::ValueId;

constexpr auto kN = nn::kUnknown;
constexpr std::int64_t kOne = 1;

// Builds a graph by `make`, which gets the builder and the output of a first layer of 2 outputs.
template <class F>
nn::Graph after_layer(F&& make, std::int64_t opset = 13) {
  GraphBuilder b(opset);
  const Id x = b.input({kN, 2});
  make(b, b.gemm(x, b.floats({2, 2}, {1, 2, 3, 4}), b.floats({2}, {0, 1})));
  return b.done();
}

template <class F>
void expect_refused(F&& make, const std::string& node, const std::string& reason) {
  const nn::Graph graph = after_layer(make);
  const base::Fault fault = fault_of([&] { chain_of(graph); });
  EXPECT_EQ(fault.code, Code::kCannotLower) << fault.what;
  EXPECT_NE(fault.where.find(node), std::string::npos) << fault.where;
  EXPECT_NE(fault.what.find(reason), std::string::npos) << fault.what;
  EXPECT_FALSE(fault.cure.empty());
}

TEST(Structure, SignalsMeetingSignals) {
  expect_refused(
      [](auto& b, Id x) {
        b.node("Add", {x, b.node("Relu", {x})});
      },
      "Add", "which node");
  expect_refused([](auto& b, Id x) { b.node("Mul", {x, x}); }, "Mul", "computed, not constant");
}

TEST(Structure, Activations) {
  const auto clip = [](float low, float high) {
    return [=](auto& b, Id x) { b.node("Clip", {x, b.scalar(low), b.scalar(high)}); };
  };
  expect_refused(clip(-1, 2), "Clip", "clips to [-1, 2]");
  expect_refused(clip(0.5, 2), "Clip", "clips to");
  EXPECT_TRUE(chain_of(after_layer(clip(0, 6))).products[0].relu);
  EXPECT_FALSE(chain_of(after_layer(clip(-6, 6))).products[0].relu);
  EXPECT_EQ(chain_of(after_layer(clip(-6, 6))).products[0].clip, 6);
  expect_refused(
      [](auto& b, Id x) {
        b.node("Relu", {b.node("Add", {b.node("Relu", {x}), b.scalar(-1)})});
      },
      "Relu", "follows no product");
  expect_refused(
      [](auto& b, Id x) {
        b.node("Add", {b.node("Relu", {x}), b.scalar(-1)});
        b.node("Identity", {Id(0)});
      },
      "Identity", "reads");
}

TEST(Structure, ReluThenClipAndClipTwice) {
  const auto graph = after_layer([](auto& b, Id x) {
    const Id relu = b.node("Relu", {x});
    b.node("Clip", {b.node("Clip", {relu, b.scalar(-6), b.scalar(6)}), Id(), b.scalar(4)});
  });
  const auto chain = chain_of(graph);
  EXPECT_TRUE(chain.products[0].relu);
  EXPECT_EQ(chain.products[0].clip, 4);
}

TEST(Structure, ClipAttributesOfOldOpsets) {
  const auto graph = after_layer(
      [](auto& b, Id x) {
        b.node("Clip", {x}, {{"min", 0.0F}, {"max", 3.0F}});
      },
      9);
  EXPECT_EQ(chain_of(graph).products[0].clip, 3);
}

TEST(Structure, Affine) {
  expect_refused(
      [](auto& b, Id x) {
        b.node("Div", {b.scalar(1), x});
      },
      "Div", "divides by a signal");
  const auto by_zero = after_layer([](auto& b, Id x) { b.node("Div", {x, b.scalar(0)}); });
  EXPECT_EQ(fault_of([&] { chain_of(by_zero); }).code, Code::kNotFinite);
  const auto tail = [](auto& b, Id x) {
    b.node("Mul", {b.node("Relu", {x}), b.floats({2}, {1, 2})});
  };
  EXPECT_EQ(fault_of([&] { chain_of(after_layer(tail)); }).code, Code::kCannotLower);
}

TEST(Structure, WideningConstant) {
  GraphBuilder b;
  const Id x = b.input({1, 2});
  b.node("Add", {b.gemm(x, b.floats({2, 2}, {1, 2, 3, 4})), b.floats({2, 1}, {1, 2})});
  const auto graph = b.done();
  const base::Fault fault = fault_of([&] { chain_of(graph); });
  EXPECT_EQ(fault.code, Code::kCannotLower);
  EXPECT_NE(fault.what.find("turns [1, 2] into [2, 2]"), std::string::npos) << fault.what;
}

TEST(Structure, Products) {
  expect_refused(
      [](auto& b, Id x) {
        b.node("MatMul", {b.node("Reshape", {x, b.ints(DType::kInt64, {2}, {-1, 1})}),
                          b.floats({1, 3}, {1, 2, 3})});
      },
      "MatMul", "wants 1 inputs and gets 2");
  expect_refused(
      [](auto& b, Id x) {
        b.node("MatMul", {b.floats({2, 2}, {1, 2, 3, 4}), x});
      },
      "MatMul", "from the left");
  expect_refused(
      [](auto& b, Id x) {
        b.node("MatMul", {x, b.floats({1, 2, 2}, {1, 2, 3, 4})});
      },
      "MatMul", "weights of shape");
}

TEST(Structure, HostOps) {
  expect_refused(
      [](auto& b, Id x) {
        b.node("Relu", {b.node("Softmax", {x}, {{"axis", std::int64_t{-1}}})});
      },
      "Relu", "follows what the host computes");
  expect_refused(
      [](auto& b, Id x) {
        b.node("ArgMax", {x}, {{"axis", std::int64_t{0}}});
      },
      "ArgMax", "axis 0");
  GraphBuilder b;
  b.node("Softmax", {b.input({kN, 2})}, {{"axis", kOne}});
  const auto graph = b.done();
  EXPECT_EQ(fault_of([&] { chain_of(graph); }).code, Code::kCannotLower);
}

TEST(Structure, UnsupportedOpIsNamed) {
  expect_refused(
      [](auto& b, Id x) {
        b.node("BipolarQuant", {x, b.scalar(1)}, {}, "qonnx.custom_op.general");
      },
      "BipolarQuant", "no counterpart");
}

TEST(Structure, NoProductAndNoPath) {
  GraphBuilder b;
  b.node("Identity", {b.input({kN, 2})});
  const auto graph = b.done();
  EXPECT_NE(fault_of([&] { chain_of(graph); }).what.find("no matrix product"), std::string::npos);
  auto two = after_layer([](auto&, Id) {});
  two.outputs.push_back(two.outputs[0]);
  EXPECT_NE(fault_of([&] { chain_of(two); }).what.find("2 outputs"), std::string::npos);
  auto cut = after_layer([](auto&, Id) {});
  cut.outputs = {cut.inputs[0]};
  EXPECT_NE(fault_of([&] { chain_of(cut); }).what.find("reads the network's output"),
            std::string::npos);
}

TEST(Structure, QuantisersOutOfPlace) {
  expect_refused([](auto& b, Id x) { b.q_dq(b.q_dq(x, 1, DType::kUint8, 0), 2, DType::kUint8, 0); },
                 "QuantizeLinear", "quantised twice");
  const auto same = after_layer(
      [](auto& b, Id x) { b.q_dq(b.q_dq(x, 1, DType::kUint8, 3), 1, DType::kUint8, 3); });
  EXPECT_EQ(chain_of(same).products[0].quantiser->zero, 3);
  expect_refused(
      [](auto& b, Id x) {
        const Id z = b.ints(DType::kUint8, {}, {0});
        const Id q = b.node("QuantizeLinear", {x, b.scalar(1), z});
        b.node("DequantizeLinear", {q, b.scalar(2), z});
      },
      "DequantizeLinear", "differs");
  expect_refused(
      [](auto& b, Id x) {
        b.quant(b.node("Sub", {b.node("Relu", {x}), b.scalar(1)}), 1, 4, 0);
      },
      "Quant", "after an offset");
}

TEST(Structure, FactorBeforeTheQuantiserJoinsTheProduct) {
  const auto chain = chain_of(after_layer([](auto& b, Id x) {
    b.quant(b.node("Mul", {b.node("Relu", {x}), b.floats({2}, {2, 4})}), 1, 4, 0);
  }));
  EXPECT_DOUBLE_EQ(chain.products[0].gain[0], 2);
  EXPECT_DOUBLE_EQ(chain.products[0].gain[1], 4);
  EXPECT_DOUBLE_EQ(chain.products[0].offset[1], 4);
}

TEST(Structure, NotFiniteWeights) {
  GraphBuilder b;
  b.gemm(b.input({kN, 1}), b.floats({1, 1}, {std::numeric_limits<float>::infinity()}));
  const auto graph = b.done();
  EXPECT_EQ(fault_of([&] { chain_of(graph); }).code, Code::kNotFinite);
}

}  // namespace
