// What draft_of() makes of graphs, what it refuses, and how it says so.
#include <gtest/gtest.h>

#include <limits>

#include "quant/draft.hpp"
#include "quant/graph_builder.hpp"

namespace {

using base::Code;
using nn::DType;
using quant::draft_of;
using quant::Signal;
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
  const base::Fault fault = fault_of([&] { draft_of(graph); });
  EXPECT_EQ(fault.code, Code::kCannotLower) << fault.what;
  EXPECT_NE(fault.where.find(node), std::string::npos) << fault.where;
  EXPECT_NE(fault.what.find(reason), std::string::npos) << fault.what;
  EXPECT_FALSE(fault.cure.empty());
}

// The layers of a graph, in order.
std::vector<Signal> layers_of(const nn::Graph& graph) {
  std::vector<Signal> layers;
  for (const Signal& signal : draft_of(graph).signals)
    if (!signal.is_input() && !signal.dissolved) layers.push_back(signal);
  return layers;
}

TEST(Structure, SignalsMeetingSignals) {
  expect_refused([](auto& b, Id x) { b.node("MatMul", {x, x}); }, "MatMul", "two signals");
}

// Sum, difference, a table of each, and their difference, which takes the factors' factors.
TEST(Structure, AProductOfSignalsIsOfSquares) {
  const auto layers = layers_of(after_layer([](auto& b, Id x) {
    b.node("Mul", {x, b.node("Relu", {b.node("Neg", {x})})});
  }));
  ASSERT_EQ(layers.size(), 7U);
  EXPECT_TRUE(layers[2].product->of_codes);
  EXPECT_EQ(layers[2].product->terms.at(0).weights, Eigen::Matrix2d({{1, 1}, {1, 1}}));
  EXPECT_EQ(layers[4].product->terms.at(0).weights, Eigen::Matrix2d({{1, 1}, {-1, -1}}));
  EXPECT_EQ(layers[5].table->function(Eigen::Array2d(3, -4)).matrix(), Eigen::Vector2d(2.25, 4));
  EXPECT_EQ(layers[6].product->groups, 2);
  EXPECT_EQ(layers[6].product->terms.at(0).weights, Eigen::Matrix2d({{1, 1}, {-1, -1}}));
}

// Kernels 1 2 3 and 4 5 6 of a channel each, over rows of two elements and a zero at either end.
TEST(Structure, AKernelOverFeaturesIsAMatrix) {
  GraphBuilder b;
  const Id x = b.input({kN, 1});
  const Id features = b.gemm(x, b.floats({1, 4}, {1, 2, 3, 4}));
  const Id rows = b.node("Reshape", {features, b.ints(DType::kInt64, {3}, {-1, 2, 2})});
  b.node("Conv", {rows, b.floats({2, 1, 3}, {1, 2, 3, 4, 5, 6}), b.floats({2}, {7, 8})},
         {{"pads", std::vector<std::int64_t>{1, 1}}, {"group", std::int64_t{2}}});
  const auto layers = layers_of(b.done());
  ASSERT_EQ(layers.size(), 2U);
  EXPECT_EQ(layers[1].product->terms.at(0).weights,
            Eigen::Matrix4d({{2, 1, 0, 0}, {3, 2, 0, 0}, {0, 0, 5, 4}, {0, 0, 6, 5}}));
  EXPECT_EQ(layers[1].product->offset, Eigen::Vector4d(7, 7, 8, 8));
}

TEST(Structure, AKernelOverTooManyFeatures) {
  GraphBuilder b;
  const Id x = b.input({kN, 1});
  const Id features = b.gemm(x, b.floats({1, 4096}, std::vector<float>(4096, 1)));
  b.node("Conv", {b.node("Reshape", {features, b.ints(DType::kInt64, {4}, {-1, 1, 64, 64})}),
                  b.floats({1, 1, 1, 1}, {1})});
  const base::Fault fault = fault_of([&] { draft_of(b.done()); });
  EXPECT_EQ(fault.what, "walks over maps that come as features");
}

TEST(Structure, ProductsOfSignalsThatDoNotFit) {
  GraphBuilder b;
  const Id x = b.input({kN, 1, 2, 2});
  const Id maps = b.node("Conv", {x, b.floats({2, 1, 1, 1}, {1, 1})});
  const Id rows =
      b.node("Reshape",
             {b.node("Gemm", {b.node("Flatten", {x}), b.floats({4, 8}, std::vector<float>(32, 1))}),
              b.ints(DType::kInt64, {4}, {-1, 2, 2, 2})});
  b.node("Mul", {maps, rows});
  const base::Fault fault = fault_of([&] { draft_of(b.done()); });
  EXPECT_EQ(fault.code, Code::kCannotLower);
  EXPECT_NE(fault.what.find("no such map"), std::string::npos) << fault.what;
}

TEST(Structure, Activations) {
  const auto clip = [](float low, float high) {
    return after_layer([=](auto& b, Id x) { b.node("Clip", {x, b.scalar(low), b.scalar(high)}); });
  };
  expect_refused(
      [](auto& b, Id x) {
        b.node("Clip", {x, b.scalar(0.5), b.scalar(2)});
      },
      "Clip", "clips to [0.5, 2]");
  expect_refused(
      [](auto& b, Id x) {
        b.node("Clip", {x, b.scalar(-2), b.scalar(0)});
      },
      "Clip", "clips to [-2, 0]");
  EXPECT_EQ(layers_of(clip(0, 6)).at(0).low, 0);
  const Signal both = layers_of(clip(-1, 6)).at(0);
  EXPECT_EQ(both.low, -1);
  EXPECT_EQ(both.high, 6);
}

TEST(Structure, AnActivationThatCannotJoinIsALayer) {
  const auto layers = layers_of(after_layer([](auto& b, Id x) {
    b.node("Relu", {b.node("Add", {b.node("Relu", {x}), b.scalar(-1)})});
  }));
  ASSERT_EQ(layers.size(), 2U);
  EXPECT_TRUE(layers[1].product->terms.at(0).weights.isIdentity(0));
  EXPECT_EQ(layers[1].product->offset, Eigen::Vector2d(-1, -1));
  EXPECT_EQ(layers[1].low, 0);
}

TEST(Structure, WhatTwoNodesReadKeepsItsValues) {
  // Relu must not change what Neg reads.
  const auto layers = layers_of(after_layer([](auto& b, Id x) {
    b.node("Add", {b.node("Relu", {x}), b.node("Neg", {x})});
  }));
  ASSERT_EQ(layers.size(), 3U);
  EXPECT_FALSE(layers[0].is_bounded());
  EXPECT_EQ(layers[1].low, 0);
  EXPECT_EQ(layers[2].product->terms.at(1).gain, Eigen::Vector2d(-1, -1));
}

TEST(Structure, ASumJoinsTheProductBeforeIt) {
  GraphBuilder b;
  const Id x = b.input({kN, 2});
  const Id sum = b.node("Add", {b.gemm(x, b.floats({2, 2}, {1, 2, 3, 4})), x});
  b.node("Relu", {sum});
  const auto layers = layers_of(b.done());
  ASSERT_EQ(layers.size(), 1U);
  EXPECT_EQ(layers[0].name, "Gemm0");
  EXPECT_EQ(layers[0].product->terms.size(), 2U);
  EXPECT_EQ(layers[0].low, 0);
}

TEST(Structure, ReluThenClipAndClipTwice) {
  const auto layers = layers_of(after_layer([](auto& b, Id x) {
    const Id relu = b.node("Relu", {x});
    b.node("Clip", {b.node("Clip", {relu, b.scalar(-6), b.scalar(6)}), Id(), b.scalar(4)});
  }));
  ASSERT_EQ(layers.size(), 1U);
  EXPECT_EQ(layers[0].low, 0);
  EXPECT_EQ(layers[0].high, 4);
}

TEST(Structure, WiringIsNoLayer) {
  GraphBuilder b;
  const Id x = b.input({kN, 4});
  const Id tail =
      b.node("Slice", {x, b.ints(DType::kInt64, {1}, {1}), b.ints(DType::kInt64, {1}, {4}),
                       b.ints(DType::kInt64, {1}, {1})});
  const Id both = b.node("Concat", {tail, x}, {{"axis", kOne}});
  b.gemm(both, b.floats({7, 1}, {1, 2, 3, 4, 5, 6, 7}));
  const auto layers = layers_of(b.done());
  ASSERT_EQ(layers.size(), 1U);
  const auto& inputs = layers[0].product->terms.at(0).inputs;
  ASSERT_EQ(inputs.size(), 2U);
  EXPECT_EQ(inputs[0], (quant::Piece{inputs[1].signal, 1, 3}));
  EXPECT_EQ(inputs[1].count, 4);
}

TEST(Structure, WiringWithinASampleOnly) {
  GraphBuilder b;
  const Id x = b.input({kN, 2});
  b.gemm(b.node("Transpose", {x}, {{"perm", std::vector<std::int64_t>{1, 0}}}),
         b.floats({2, 1}, {1, 2}));
  const auto graph = b.done();
  EXPECT_NE(fault_of([&] { draft_of(graph); }).what.find("samples do not lie along the first axis"),
            std::string::npos);
  expect_refused(
      [](auto& c, Id y) {
        c.node("Gather", {y, c.ints(DType::kInt64, {2}, {1, 0})}, {{"axis", std::int64_t{0}}});
      },
      "Gather", "one sample to another");
  expect_refused(
      [](auto& c, Id y) {
        c.node("Concat", {y, c.floats({1, 2}, {1, 2})}, {{"axis", kOne}});
      },
      "Concat", "joins a constant");
}

// Both pieces are the same signal: what scales it does so once.
TEST(Structure, WhatIsThereTwiceIsScaledOnce) {
  const auto layers = layers_of(after_layer([](auto& b, Id x) {
    const Id first =
        b.node("Slice", {x, b.ints(DType::kInt64, {1}, {0}), b.ints(DType::kInt64, {1}, {1}),
                         b.ints(DType::kInt64, {1}, {1})});
    const Id one = b.gemm(first, b.floats({1, 1}, {3}));
    const Id twice = b.node("Gather", {one, b.ints(DType::kInt64, {2}, {0, 0})}, {{"axis", kOne}});
    b.gemm(b.node("Mul", {twice, b.scalar(2)}), b.floats({2, 1}, {1, 1}));
  }));
  ASSERT_EQ(layers.size(), 3U);
  EXPECT_EQ(layers[1].product->terms.at(0).gain[0], 1);
  EXPECT_EQ(layers[2].product->terms.at(0).gain[0], 2);
}

// Maps of two channels and two positions, channels last: rows change places, elements stay.
TEST(Structure, AProductBehindMovedMapsHasItsRowsMoved) {
  GraphBuilder b;
  const Id x = b.input({kN, 2, 1, 2});
  const Id last = b.node("Transpose", {x}, {{"perm", std::vector<std::int64_t>{0, 2, 3, 1}}});
  b.gemm(b.node("Flatten", {last}), b.floats({4, 1}, {1, 2, 3, 4}));
  const auto layers = layers_of(b.done());
  ASSERT_EQ(layers.size(), 1U);
  const quant::Term& term = layers[0].product->terms.at(0);
  EXPECT_EQ(term.inputs.size(), 1U);
  EXPECT_EQ(term.weights, (Eigen::MatrixXd(4, 1) << 1, 3, 2, 4).finished());
}

// Two channels of one row and two positions, channels last: the host brings a channel at a time.
TEST(Structure, AnInputOfChannelsLastIsTheHostsToOrder) {
  const auto draft = [](bool shared) {
    GraphBuilder b;
    const Id x = b.input({kN, 1, 2, 2});
    const Id first = b.node("Transpose", {x}, {{"perm", std::vector<std::int64_t>{0, 3, 1, 2}}});
    const Id conv = b.node("Conv", {first, b.floats({1, 2, 1, 1}, {1, 2})});
    const Id flat = b.node("Flatten", {conv});
    b.node("Concat", {flat, shared ? b.node("Flatten", {x}) : flat}, {{"axis", kOne}});
    return b.done();
  };
  const quant::Draft made = draft_of(draft(false));
  EXPECT_EQ(made.signals[made.inputs[0]].order, (std::vector<int>{0, 2, 1, 3}));
  const quant::Draft shared = draft_of(draft(true));
  EXPECT_TRUE(shared.signals[shared.inputs[0]].order.empty());
  const auto moved =
      std::ranges::find_if(shared.signals, [](const auto& one) { return one.move.has_value(); });
  ASSERT_NE(moved, shared.signals.end()) << "of features that two read, maps are dealt";
  EXPECT_EQ(moved->move->sight.deal, quant::Deal::kPartsFirst);
}

TEST(Structure, NeighboursAndBlocksAreWiring) {
  for (const std::int64_t batch : {kN, std::int64_t{1}, std::int64_t{3}}) {
    GraphBuilder b;
    const Id x = b.input({batch, 1, 1, 4});
    // A shape computed of the input's, as exporters write a size.
    const Id shape = b.node("Shape", {x});
    const Id samples = b.node("Gather", {shape, b.ints(DType::kInt64, {1}, {0})});
    const Id sizes = b.node("Concat", {samples, b.ints(DType::kInt64, {3}, {1, 2, 2})},
                            {{"axis", std::int64_t{0}}});
    const Id half = b.node("Resize", {x, Id(), Id(), sizes});
    const Id deep = b.node("SpaceToDepth", {half}, {{"blocksize", std::int64_t{2}}});
    b.gemm(b.node("Flatten", {deep}), b.floats({4, 1}, {1, 2, 3, 4}));
    const auto layers = layers_of(b.done());
    ASSERT_EQ(layers.size(), 1U);
    // Positions 0 and 2 of the four, twice.
    const quant::Signal& only = layers[0];
    std::vector<int> firsts;
    for (const quant::Piece& piece : only.product->terms.at(0).inputs)
      firsts.push_back(piece.first);
    EXPECT_EQ(firsts, (std::vector<int>{0, 2, 0, 2}));
  }
}

// Whatever stands between an input and the first walk over it leaves its elements where they are.
TEST(Structure, AnInputThatIsWalkedOverBehindARelu) {
  for (const bool walks : {true, false}) {
    GraphBuilder b;
    const Id x = b.input({kN, 1, 3, 4});
    const Id y = b.node("Relu", {x});
    if (walks)
      b.node("Conv", {y, b.floats({2, 1, 2, 2}, std::vector<float>(8, 1))});
    else
      b.gemm(b.node("Flatten", {y}), b.floats({12, 2}, std::vector<float>(24, 1)));
    const quant::Draft draft = draft_of(b.done());
    EXPECT_EQ(draft.signals[draft.inputs[0]].map, (walks ? quant::Pair{3, 4} : quant::Pair{}));
  }
}

TEST(Structure, PaddingThatNoWindowTakesIsRefused) {
  expect_refused(
      [](auto& b, Id y) {
        b.node("Pad", {y, b.ints(DType::kInt64, {4}, {0, 1, 0, 0}), b.scalar(3)});
      },
      "Pad", "pads by 3 where 0 is zero");
  expect_refused(
      [](auto& b, Id y) {
        b.node("Pad", {y, b.ints(DType::kInt64, {4}, {0, 1, 0, 0})});
      },
      "Pad", "puts constants between the elements");
}

TEST(Structure, CuttingByANegativePadIsWiring) {
  const auto layers = layers_of(after_layer([](auto& b, Id y) {
    b.node("Pad", {y, b.ints(DType::kInt64, {4}, {0, -1, 0, 0})});
  }));
  EXPECT_EQ(layers.back().count, 1);
}

TEST(Structure, AllFaultsAtOnceAndNotWhatFollowsThem) {
  GraphBuilder b;
  const Id x = b.input({kN, 2});
  const Id one = b.node("MatMul", {x, x});
  const Id two =
      b.node("Clip", {b.gemm(x, b.floats({2, 2}, {1, 2, 3, 4})), b.scalar(1), b.scalar(2)});
  b.node("Add", {one, two});
  const quant::Survey survey = quant::survey_of(b.done());
  ASSERT_EQ(survey.faults.size(), 2U);
  EXPECT_NE(survey.faults[0].where.find("MatMul"), std::string::npos);
  EXPECT_NE(survey.faults[1].where.find("Clip"), std::string::npos);
  EXPECT_EQ(survey.nodes[nn::NodeId(1)].becomes, "a layer, 2 x 2");
  EXPECT_EQ(survey.nodes[nn::NodeId(3)].verdict, quant::NodeReport::Verdict::kOpen);
}

// An operator without a lowering is refused behind what is refused as well; what leads to nothing
// but it is not.
TEST(Structure, OperatorsWithoutALoweringAreRefusedWhereverTheyStand) {
  GraphBuilder b;
  const Id x = b.input({kN, 2, 2});
  const Id turned =
      b.node("Gather", {x, b.ints(DType::kInt64, {2}, {1, 0})}, {{"axis", std::int64_t{0}}});
  const Id y = b.node("Max", {turned, turned});
  b.node("Max", {b.node("Neg", {y}), y});
  const quant::Survey survey = quant::survey_of(b.done());
  ASSERT_EQ(survey.faults.size(), 2U);
  EXPECT_NE(survey.faults[0].where.find("Max1"), std::string::npos);
  EXPECT_NE(survey.faults[1].where.find("Max3"), std::string::npos);
  EXPECT_EQ(survey.nodes[nn::NodeId(0)].verdict, quant::NodeReport::Verdict::kOpen);
  EXPECT_EQ(survey.nodes[nn::NodeId(2)].verdict, quant::NodeReport::Verdict::kOpen);
}

TEST(Structure, AnOutputMayBeGivenTwice) {
  auto two = after_layer([](auto&, Id) {});
  two.outputs.push_back(two.outputs[0]);
  const auto results = draft_of(two).results;
  ASSERT_EQ(results.size(), 2U);
  EXPECT_EQ(results[0].piece, results[1].piece);
}

TEST(Structure, APartOfATensorIsAResultByALayer) {
  const auto layers = layers_of(after_layer([](auto& b, Id x) {
    b.node("Slice", {x, b.ints(DType::kInt64, {1}, {1}), b.ints(DType::kInt64, {1}, {2}),
                     b.ints(DType::kInt64, {1}, {1})});
  }));
  ASSERT_EQ(layers.size(), 2U);
  EXPECT_EQ(layers[1].product->terms.at(0).inputs.at(0).first, 1);
}

TEST(Structure, ClipAttributesOfOldOpsets) {
  const auto graph = after_layer(
      [](auto& b, Id x) {
        b.node("Clip", {x}, {{"min", 0.0F}, {"max", 3.0F}});
      },
      9);
  EXPECT_EQ(layers_of(graph).at(0).high, 3);
}

TEST(Structure, Affine) {
  expect_refused(
      [](auto& b, Id x) {
        b.node("Div", {b.scalar(1), x});
      },
      "Div", "divides by a signal");
  const auto by_zero = after_layer([](auto& b, Id x) { b.node("Div", {x, b.scalar(0)}); });
  EXPECT_EQ(fault_of([&] { draft_of(by_zero); }).code, Code::kNotFinite);
  // Factors that no result's scale holds are a layer.
  EXPECT_EQ(layers_of(after_layer([](auto& b, Id x) {
              b.node("Mul", {b.node("Relu", {x}), b.floats({2}, {1, 2})});
            })).size(),
            2U);
}

TEST(Structure, WideningConstant) {
  GraphBuilder b;
  const Id x = b.input({1, 2});
  b.node("Add", {b.gemm(x, b.floats({2, 2}, {1, 2, 3, 4})), b.floats({2, 1}, {1, 2})});
  const auto graph = b.done();
  const base::Fault fault = fault_of([&] { draft_of(graph); });
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
  EXPECT_EQ(fault_of([&] { draft_of(graph); }).code, Code::kCannotLower);
}

TEST(Structure, UnsupportedOpIsNamed) {
  expect_refused([](auto& b, Id x) { b.node("Ceil", {x}); }, "Ceil", "no counterpart");
}

TEST(Structure, NoProductAndNoPath) {
  GraphBuilder b;
  b.node("Identity", {b.input({kN, 2})});
  const auto graph = b.done();
  EXPECT_NE(fault_of([&] { draft_of(graph); }).what.find("no matrix product"), std::string::npos);
  auto cut = after_layer([](auto&, Id) {});
  cut.outputs = {cut.inputs[0]};
  EXPECT_NE(fault_of([&] { draft_of(cut); }).what.find("no matrix product"), std::string::npos);
}

TEST(Structure, QuantisersAfterQuantisers) {
  const auto twice = [](float second) {
    return layers_of(after_layer(
        [=](auto& b, Id x) { b.q_dq(b.q_dq(x, 1, DType::kUint8, 3), second, DType::kUint8, 3); }));
  };
  ASSERT_EQ(twice(1).size(), 1U);
  EXPECT_EQ(twice(1)[0].quantiser->zero, 3);
  ASSERT_EQ(twice(2).size(), 2U);  // another format: a layer
  EXPECT_EQ(twice(2)[1].quantiser->step, 2);
  // DequantizeLinear may read the codes as it likes.
  const auto layers = layers_of(after_layer([](auto& b, Id x) {
    const Id q = b.node("QuantizeLinear", {x, b.scalar(1), b.ints(DType::kUint8, {}, {0})});
    b.gemm(b.node("DequantizeLinear", {q, b.scalar(2), b.ints(DType::kUint8, {}, {1})}),
           b.floats({2, 1}, {1, 1}));
  }));
  EXPECT_EQ(layers.at(1).product->terms.at(0).gain[0], 2);
  EXPECT_EQ(layers.at(1).product->offset[0], -4);
  // What an offset follows is quantised by a layer of its own.
  EXPECT_EQ(layers_of(after_layer([](auto& b, Id x) {
              b.quant(b.node("Sub", {b.node("Relu", {x}), b.scalar(1)}), 1, 4, 0);
            })).size(),
            2U);
}

TEST(Structure, ReluBetweenQuantisersOfOneScaleNarrowsTheCodes) {
  const auto layers = layers_of(after_layer([](auto& b, Id x) {
    b.q_dq(b.node("Relu", {b.q_dq(x, 1, DType::kInt8, -7)}), 1, DType::kInt8, -7);
  }));
  ASSERT_EQ(layers.size(), 1U);
  EXPECT_EQ(layers[0].quantiser->low, -7);
  EXPECT_EQ(layers[0].quantiser->high, 127);
}

TEST(Structure, FactorBeforeTheQuantiserJoinsTheProduct) {
  const auto layers = layers_of(after_layer([](auto& b, Id x) {
    b.quant(b.node("Mul", {b.node("Relu", {x}), b.floats({2}, {2, 4})}), 1, 4, 0);
  }));
  ASSERT_EQ(layers.size(), 1U);
  EXPECT_EQ(layers[0].product->terms.at(0).gain, Eigen::Vector2d(2, 4));
  EXPECT_DOUBLE_EQ(layers[0].product->offset[1], 4);
}

TEST(Structure, NotFiniteWeights) {
  GraphBuilder b;
  b.gemm(b.input({kN, 1}), b.floats({1, 1}, {std::numeric_limits<float>::infinity()}));
  const auto graph = b.done();
  EXPECT_EQ(fault_of([&] { draft_of(graph); }).code, Code::kNotFinite);
}

}  // namespace
