// What LSTM, GRU and RNN refuse, and that every refusal says what helps.
#include <gtest/gtest.h>

#include <limits>

#include "nn/expect_error.hpp"
#include "nn/model_builder.hpp"
#include "nn/reference.hpp"

namespace nn {
namespace {

using base::Code;
using testing::ModelBuilder;
using Names = std::vector<std::string>;
using Floats = std::vector<float>;

// An LSTM of 5 steps, a batch of 2, 4 inputs and 3 hidden elements, but for what a test changes.
struct Sketch {
  std::string op = "LSTM";
  std::int64_t opset = 14;
  int type = onnx::TensorProto::FLOAT;
  Shape x{5, 2, 4}, w{1, 12, 4}, r{1, 12, 3}, b{1, 24}, lens{2}, h{1, 2, 3}, c{1, 2, 3}, p{1, 9};
  Floats w_data = {};
  std::vector<int> lens_data{5, 4};
  bool lens_at_run_time = false;
  int lens_type = onnx::TensorProto::INT32;
  std::int64_t hidden = 3;  // -1: not said
  Names inputs{"x", "w", "r", "b", "lens", "h", "c", "p"};
  Names outputs{"y", "y_h", "y_c"};
};

Floats zeros(const Shape& shape) {
  return Floats(static_cast<std::size_t>(element_count(shape)), 0.0F);
}

ModelBuilder model_of(const Sketch& s) {
  ModelBuilder builder(s.opset);
  builder.input("x", s.x, s.type);
  builder.floats("w", s.w, s.w_data.empty() ? zeros(s.w) : s.w_data).floats("r", s.r, zeros(s.r));
  builder.floats("b", s.b, zeros(s.b)).floats("h", s.h, zeros(s.h)).floats("c", s.c, zeros(s.c));
  builder.floats("p", s.p, zeros(s.p));
  if (s.lens_at_run_time)
    builder.input("lens", s.lens, s.lens_type);
  else if (s.lens_type == onnx::TensorProto::INT64)
    builder.longs("lens", s.lens, {s.lens_data.begin(), s.lens_data.end()});
  else
    builder.ints("lens", s.lens, s.lens_data, s.lens_type);
  builder.node(s.op, s.inputs, s.outputs, "cell");
  if (s.hidden >= 0) builder.with("hidden_size", s.hidden);
  for (const std::string& name : s.outputs)
    if (!name.empty()) builder.output(name);
  return builder;
}

void refuse(Code code, const std::string& part, const ModelBuilder& builder) {
  testing::expect_error(code, part, [&] {
    try {
      builder.import();
    } catch (const base::Error& error) {
      EXPECT_FALSE(error.faults().front().cure.empty()) << part;
      EXPECT_NE(error.faults().front().where.find("cell"), std::string::npos) << part;
      throw;
    }
  });
}

TEST(RecurrentErrors, NothingIsWrongWithTheSketch) { EXPECT_NO_THROW(model_of({}).import()); }

TEST(RecurrentErrors, Shapes) {
  refuse(
      Code::kBadShape,
      "W is [1, 9, 4]; with X of [5, 2, 4], hidden_size 3, one direction and layout 0 it must be "
      "[1, 12, 4]",
      model_of({.w = {1, 9, 4}}));
  refuse(Code::kBadShape, "W is [1, 12, 5]", model_of({.w = {1, 12, 5}}));
  refuse(Code::kBadShape, "W is [12, 4]", model_of({.w = {12, 4}}));
  refuse(Code::kBadShape, "R is [1, 12, 4]", model_of({.r = {1, 12, 4}}));
  refuse(Code::kBadShape, "B is [1, 12]", model_of({.b = {1, 12}}));
  refuse(Code::kBadShape, "it must be [2]", model_of({.lens = {3}, .lens_data = {5, 5, 5}}));
  refuse(Code::kBadShape, "initial_h is [2, 1, 3]", model_of({.h = {2, 1, 3}}));
  refuse(Code::kBadShape, "initial_c is [1, 2, 4]", model_of({.c = {1, 2, 4}}));
  refuse(Code::kBadShape, "P is [1, 12]", model_of({.p = {1, 12}}));
  refuse(Code::kBadShape, "X is [5, 8]; it must have three axes", model_of({.x = {5, 8}}));
  refuse(Code::kBadShape, "X is [0, 2, 4]: the sequences have no steps",
         model_of({.x = {0, 2, 4}}));
  refuse(Code::kBadShape, "X is [5, 2, 0]: a step has no inputs", model_of({.x = {5, 2, 0}}));
  refuse(Code::kBadShape, "two directions and layout 0 it must be [2, 12, 4]",
         model_of({}).with("direction", std::string("bidirectional")));
  refuse(Code::kBadShape, "layout 1 it must be [5]", model_of({}).with("layout", std::int64_t{1}));
}

TEST(RecurrentErrors, HiddenSize) {
  refuse(Code::kBadAttribute, "\"hidden_size\" is missing", model_of({.hidden = -1}));
  refuse(Code::kBadAttribute, "hidden_size is 0", model_of({.hidden = 0}));
  refuse(Code::kBadAttribute, "hidden_size is 9223372036854775807",
         model_of({.hidden = std::numeric_limits<std::int64_t>::max()}));
  refuse(Code::kBadShape, "hidden_size 4, one direction", model_of({.hidden = 4}));
}

TEST(RecurrentErrors, Activations) {
  const auto with = [](const Names& names) { return model_of({}).with("activations", names); };
  refuse(Code::kBadAttribute, "there is no activation \"Swish\"", with({"Swish", "Tanh", "Tanh"}));
  refuse(Code::kBadAttribute, "names 2 activations; LSTM takes 3", with({"Sigmoid", "Tanh"}));
  refuse(Code::kBadAttribute, "names 6 activations; LSTM takes 3", with(Names(6, "Tanh")));
  refuse(Code::kBadAttribute, "activation_alpha lacks a number for Affine",
         with({"Affine", "Tanh", "Tanh"}));
  refuse(Code::kBadAttribute, "activation_beta lacks a number for ScaledTanh",
         with({"Affine", "ScaledTanh", "Tanh"})
             .with("activation_alpha", Floats{1, 1})
             .with("activation_beta", Floats{1}));
  refuse(Code::kBadAttribute, "activation_alpha has 3 numbers; the activations take 1",
         with({"Sigmoid", "LeakyRelu", "Tanh"}).with("activation_alpha", Floats{1, 1, 1}));
  refuse(Code::kBadAttribute, "activation_beta has 1 numbers; the activations take 0",
         model_of({}).with("activation_beta", Floats{1}));
  refuse(Code::kBadAttribute, "\"activations\" must be of type strings",
         model_of({}).with("activations", std::string("Tanh")));
}

TEST(RecurrentErrors, OtherAttributes) {
  refuse(Code::kBadAttribute, "\"direction\" is sideways; supported: forward, reverse",
         model_of({}).with("direction", std::string("sideways")));
  refuse(Code::kBadAttribute, "\"layout\" is unknown for LSTM in opset 13",
         model_of({.opset = 13}).with("layout", std::int64_t{1}));
  refuse(Code::kBadAttribute, "\"layout\" is 2", model_of({}).with("layout", std::int64_t{2}));
  refuse(Code::kBadAttribute, "clip is 0", model_of({}).with("clip", 0.0F));
  refuse(Code::kBadAttribute, "clip is -1", model_of({}).with("clip", -1.0F));
  refuse(Code::kBadAttribute, "\"linear_before_reset\" is unknown for LSTM",
         model_of({}).with("linear_before_reset", std::int64_t{1}));
}

TEST(RecurrentErrors, Lengths) {
  refuse(Code::kBadShape, "sequence_lens has 6 for sequence 1 of 5 steps",
         model_of({.lens_data = {5, 6}}));
  refuse(Code::kBadShape, "sequence_lens has 0 for sequence 0", model_of({.lens_data = {0, 1}}));
  refuse(Code::kBadShape, "sequence_lens has -2 for sequence 0 of ? steps",
         model_of({.x = {kUnknown, kUnknown, 4}, .lens_data = {-2, 1}}));
  refuse(Code::kBadType, "it must be int32", model_of({.lens_type = onnx::TensorProto::INT64}));
}

TEST(RecurrentErrors, LengthsAtRunTime) {
  const Graph graph = model_of({.lens_at_run_time = true}).import();
  const Array x = Array::of_floats({5, 2, 4}, zeros({5, 2, 4}));
  const auto with = [&](std::int64_t first) {
    return [&graph, &x, first] { run(graph, {x, Array::of_ints(DType::kInt32, {2}, {first, 5})}); };
  };
  EXPECT_NO_THROW(with(1)());
  testing::expect_error(Code::kBadShape, "sequence_lens has 6 for sequence 0 of 5 steps", with(6));
  testing::expect_error(Code::kBadShape, "sequence_lens has -1", with(-1));
  testing::expect_error(Code::kBadShape, "lengths go from 1", with(0));
}

// Only the run tells how long sequences are.
TEST(RecurrentErrors, NoStepsAtRunTime) {
  const Graph graph = model_of({.x = {kUnknown, 2, 4}, .inputs = {"x", "w", "r"}}).import();
  testing::expect_error(Code::kBadShape, "the sequences have no steps", [&] {
    run(graph, {Array::of_floats({0, 2, 4}, {})});
  });
}

// States of a batch of 2, whatever the batch is.
TEST(RecurrentErrors, StatesOfAnotherBatchAtRunTime) {
  const Graph graph =
      model_of({.x = {5, kUnknown, 4}, .inputs = {"x", "w", "r", "b", "", "h"}}).import();
  testing::expect_error(Code::kBadShape, "initial_h is [1, 2, 3]; with X of [5, 3, 4]", [&] {
    run(graph, {Array::of_floats({5, 3, 4}, zeros({5, 3, 4}))});
  });
}

TEST(RecurrentErrors, TypesAndWeights) {
  refuse(Code::kBadType, "it must be float or double",
         model_of({.type = onnx::TensorProto::INT32}));
  refuse(Code::kBadType, "it must be double as input 0 is",
         model_of({.type = onnx::TensorProto::DOUBLE}));
  Floats broken = zeros({1, 12, 4});
  broken[7] = std::numeric_limits<float>::quiet_NaN();
  refuse(Code::kBadWeights, "nan", model_of({.w_data = broken}));
}

TEST(RecurrentErrors, InputsAndOutputs) {
  refuse(Code::kBadGraph, "has 2 inputs; LSTM takes 3 to 8", model_of({.inputs = {"x", "w"}}));
  refuse(Code::kBadGraph, "has 3 inputs; LSTM takes 3 to 8", model_of({.inputs = {"x", "", "r"}}));
  refuse(Code::kBadGraph, "GRU takes 3 to 6", model_of({.op = "GRU"}));
  refuse(Code::kBadGraph, "has 3 outputs; RNN gives 1 to 2",
         model_of({.op = "RNN", .inputs = {"x", "w", "r"}}));
  ModelBuilder none = model_of({.outputs = {"", "", ""}});
  none.node("Identity", {"x"}, {"same"}).output("same");
  refuse(Code::kBadGraph, "has 3 outputs; LSTM gives 1 to 3", none);
}

}  // namespace
}  // namespace nn
