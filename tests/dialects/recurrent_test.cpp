// Recurrent models as PyTorch, Keras and tf2onnx write them: which are taken, what their integers
// are worth, and what is refused.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "base/error.hpp"
#include "core/integer.hpp"
#include "core/lower.hpp"
#include "nn/import.hpp"
#include "nn/passes/passes.hpp"
#include "nn/reference.hpp"
#include "quant/batch.hpp"
#include "quant/draft.hpp"
#include "quant/graph_builder.hpp"
#include "quant/quantise.hpp"
#include "random_cells.hpp"

namespace {

using nn::kUnknown;
using test::GraphBuilder;
using Id = GraphBuilder::Id;

constexpr int kSamples = 8;

/// How an exporter brings steps to the front, and which answer it takes.
enum class Form {
  kTorch,       ///< batch_first: Transpose, layer, Squeeze, Transpose, Gather of the last step
  kTorchState,  ///< the same, Gather of Y_h
  kKeras,       ///< tf2onnx: Transpose, layer, Y_h squeezed
  kKerasSteps,  ///< all steps, flattened
  kLayout,      ///< layout 1, Slice and Squeeze
};

struct Draw {
  quant::CellKind kind = quant::CellKind::kLstm;
  Form form = Form::kTorch;
  std::int64_t batch = kUnknown;
  int steps = 4;
  int features = 3;
  int cells = 4;
  int layers = 1;
};

Draw drawn(base::Rng& rng) {
  Draw draw;
  draw.kind = static_cast<quant::CellKind>(rng.below(4));
  draw.form = static_cast<Form>(rng.below(5));
  const std::int64_t batches[] = {kUnknown, 1, 3};
  draw.batch = batches[rng.below(3)];
  draw.steps = static_cast<int>(rng.between(1, 6));
  draw.features = static_cast<int>(rng.between(1, 6));
  draw.cells = static_cast<int>(rng.between(1, 6));
  draw.layers = draw.form == Form::kLayout ? 1 : static_cast<int>(rng.between(1, 2));
  return draw;
}

std::string op_of(quant::CellKind kind) {
  if (kind == quant::CellKind::kLstm) return "LSTM";
  return kind == quant::CellKind::kRnn ? "RNN" : "GRU";
}

/// Writes a model of recurrent layers and a product.
class Writer {
 public:
  Writer(const Draw& draw, base::Rng& rng) : draw_(draw), rng_(rng), builder_(14) {}

  nn::Graph write(const GraphBuilder::Attributes& more = {}) {
    Id at = builder_.input({draw_.batch, draw_.steps, draw_.features});
    if (draw_.form != Form::kLayout) at = transposed(at);
    int width = draw_.features;
    for (int i = 0; i < draw_.layers; ++i) {
      const bool last = i + 1 == draw_.layers;
      const auto [y, state] = layer(at, width, more);
      width = draw_.cells;
      if (!last)
        at = squeezed(y, 1);
      else
        at = answer(y, state);
    }
    const int rows = draw_.form == Form::kKerasSteps ? width * draw_.steps : width;
    builder_.gemm(at, floats({rows, 3}, 1.0 / std::sqrt(rows)), floats({3}, 0.5));
    return builder_.done();
  }

  GraphBuilder& builder() { return builder_; }

  std::pair<Id, Id> layer(Id x, int width, GraphBuilder::Attributes attributes = {}) {
    const std::int64_t gates = quant::gates_of(draw_.kind) == 1       ? 1
                               : draw_.kind == quant::CellKind::kLstm ? 4
                                                                      : 3;
    const std::int64_t n = draw_.cells;
    attributes.emplace("hidden_size", n);
    if (draw_.kind == quant::CellKind::kGru)
      attributes.emplace("linear_before_reset", std::int64_t{1});
    if (draw_.form == Form::kLayout) attributes.emplace("layout", std::int64_t{1});
    std::vector<Id> inputs{x, floats({1, gates * n, width}, 2 / std::sqrt(width)),
                           floats({1, gates * n, n}, 2 / std::sqrt(n)),
                           floats({1, 2 * gates * n}, 0.5)};
    if (draw_.kind == quant::CellKind::kLstm && rng_.below(3) == 0) {
      inputs.resize(7);
      inputs.push_back(floats({1, 3 * n}, 0.5));
    }
    const Id y = builder_.node(op_of(draw_.kind), inputs, attributes);
    return {y, builder_.output()};
  }

 private:
  Id floats(nn::Shape shape, double most) {
    std::vector<float> values;
    for (std::int64_t i = 0; i < nn::element_count(shape); ++i)
      values.push_back(
          static_cast<float>(most * static_cast<double>(rng_.between(-100, 100)) / 100));
    return builder_.floats(std::move(shape), std::move(values));
  }
  Id axes(std::vector<std::int64_t> values) {
    const auto count = static_cast<std::int64_t>(values.size());
    return builder_.ints(nn::DType::kInt64, {count}, std::move(values));
  }
  Id transposed(Id x) {
    return builder_.node("Transpose", {x}, {{"perm", std::vector<std::int64_t>{1, 0, 2}}});
  }
  Id squeezed(Id x, std::int64_t axis) { return builder_.node("Squeeze", {x, axes({axis})}); }

  Id answer(Id y, Id state) {
    switch (draw_.form) {
      case Form::kTorch: {
        const Id last = builder_.ints(nn::DType::kInt64, {}, {-1});
        return builder_.node("Gather", {transposed(squeezed(y, 1)), last},
                             {{"axis", std::int64_t{1}}});
      }
      case Form::kTorchState:
        return builder_.node("Gather", {state, builder_.ints(nn::DType::kInt64, {}, {0})},
                             {{"axis", std::int64_t{0}}});
      case Form::kKeras:
        return squeezed(state, 0);
      case Form::kKerasSteps:
        return builder_.node("Flatten", {transposed(squeezed(y, 1))}, {{"axis", std::int64_t{1}}});
      case Form::kLayout:
        break;
    }
    const Id last =
        builder_.node("Slice", {y, axes({draw_.steps - 1}), axes({draw_.steps}), axes({1})});
    return builder_.node("Squeeze", {last, axes({1, 2})});
  }

  Draw draw_;
  base::Rng& rng_;
  GraphBuilder builder_;
};

nn::Array samples_for(const Draw& draw, base::Rng& rng) {
  std::vector<float> values;
  const std::int64_t samples = draw.batch == 3 ? 6 : kSamples;
  for (std::int64_t i = 0; i < samples * draw.steps * draw.features; ++i)
    values.push_back(static_cast<float>(rng.between(-100, 100)) / 100);
  return nn::Array::of_floats({samples, draw.steps, draw.features}, std::move(values));
}

// What a model computes of samples, batch by batch.
std::vector<double> outputs_of(const nn::Graph& graph, const Draw& draw, const nn::Array& samples) {
  std::vector<double> all;
  const std::int64_t batch = draw.batch == kUnknown ? samples.shape[0] : draw.batch;
  const std::int64_t each = draw.steps * draw.features;
  for (std::int64_t first = 0; first < samples.shape[0]; first += batch) {
    const auto begin = samples.floats().begin() + first * each;
    const nn::Array part =
        nn::Array::of_floats({batch, draw.steps, draw.features}, {begin, begin + batch * each});
    const nn::Array y = nn::run(graph, {part}).at(0);
    for (std::size_t i = 0; i < y.size(); ++i) all.push_back(y.at(i));
  }
  return all;
}

// Words of 16 bits, answers of ten, weights of the product of sixteen: what is left is what lines
// are from functions.
TEST(RecurrentDialects, IntegersStandForWhatTheModelComputes) {
  for (std::uint64_t seed = 1; seed <= 150; ++seed) {
    base::Rng rng(seed);
    const Draw draw = drawn(rng);
    SCOPED_TRACE(testing::Message() << "seed " << seed << " form " << static_cast<int>(draw.form));
    const nn::Graph graph = Writer(draw, rng).write();
    const nn::Array samples = samples_for(draw, rng);
    const quant::Network network =
        quant::quantise(nn::simplify(graph), {samples},
                        {.weight_bits = 16, .activation_bits = 10, .output_bits = 12});
    int products = 0;
    for (const quant::Layer& layer : network.layers) products += layer.if_product() ? 1 : 0;
    EXPECT_EQ(products, 1) << "exporters' views are no layers";
    const quant::Tensor& answers = network.tensors[network.layers.back().inputs()[0].tensor];
    EXPECT_EQ(answers.shape.positions(), draw.form == Form::kKerasSteps ? draw.steps : 1)
        << "of answers that nobody reads";
    core::lower(network, {256, 64});
    const auto result = core::run_integer(network, quant::encode_inputs(network, {samples}));
    const double scale = network.format_of(network.outputs.back().tensor).scale;
    const std::vector<double> wanted = outputs_of(graph, draw, samples);
    for (std::size_t i = 0; i < wanted.size(); ++i)
      ASSERT_NEAR(scale * result.outputs(static_cast<Eigen::Index>(i)), wanted[i], 0.05);
  }
}

// Blocks that the weights are not made of: the error is reported.
TEST(RecurrentDialects, WeightsOfNoBlocksAreNotMadeOfThemForNothing) {
  base::Rng rng(7);
  const Draw draw{.steps = 3, .features = 4, .cells = 8};
  const nn::Graph graph = Writer(draw, rng).write();
  const nn::Array samples = samples_for(draw, rng);
  for (const int block : {1, 4, 16}) {
    const quant::Network network =
        quant::quantise(graph, {samples}, {.cells = {.block = block, .bits = 16}});
    const auto& cells = *std::get<quant::Recurrent>(network.layers.front().rule).cells;
    EXPECT_EQ(cells.block, std::min(block, 8));
    EXPECT_EQ(cells.circulant_error > 0.1, block > 1) << cells.circulant_error;
  }
}

nn::Graph torch_model(const std::string& name) {
  return nn::simplify(
      nn::import_onnx(std::string(FPSA_SOURCE_DIR) + "/tests/nn/torch/" + name + "/model.onnx"));
}

TEST(RecurrentDialects, TorchsOwnFilesAreTaken) {
  base::Rng rng(3);
  for (const char* name : {"lstm_last_step", "lstm_last_step_fixed", "gru_last_state_fixed"}) {
    const nn::Graph graph = torch_model(name);
    const Draw draw{.batch = 3, .steps = 5, .features = 4};
    const quant::Network network = quant::quantise(graph, {samples_for(draw, rng)}, {});
    EXPECT_EQ(network.layers.size(), 2u) << name;
  }
}

void expect_refused(const nn::Graph& graph, const std::string& why) {
  try {
    quant::draft_of(graph);
    ADD_FAILURE() << "taken, not refused: " << why;
  } catch (const base::Error& error) {
    EXPECT_EQ(error.faults().front().code, base::Code::kCannotLower);
    EXPECT_NE(std::string(error.what()).find(why), std::string::npos) << error.what();
  }
}

nn::Graph lstm_with(const GraphBuilder::Attributes& attributes) {
  base::Rng rng(1);
  return Writer({}, rng).write(attributes);
}

TEST(RefusedCells, AreThoseOfOtherSums) {
  expect_refused(torch_model("lstm_two_layers_both_ways"), "in direction bidirectional");
  expect_refused(torch_model("rnn_tanh_given_state"), "state that is not known to be zero");
  expect_refused(lstm_with({{"direction", std::string("reverse")}}), "in direction reverse");
  expect_refused(lstm_with({{"clip", 3.0F}}), "it clips sums at 3");
  expect_refused(lstm_with({{"input_forget", std::int64_t{1}}}), "what its forget gate leaves");
  expect_refused(
      lstm_with({{"activations", std::vector<std::string>{"Sigmoid", "Softsign", "Tanh"}}}),
      "its cells compute Softsign");
}

// A layer alone, with more inputs, and what is read of it.
nn::Graph single(const std::function<void(GraphBuilder&, std::vector<Id>&)>& add,
                 nn::Shape shape = {1, 4, 3}, std::size_t output = 1, std::int64_t layout = 1) {
  GraphBuilder builder(14);
  std::vector<Id> inputs{builder.input(std::move(shape)),
                         builder.floats({1, 8, 3}, std::vector<float>(24, 0.5F)),
                         builder.floats({1, 8, 2}, std::vector<float>(16, 0.5F))};
  add(builder, inputs);
  std::vector<Id> outputs{
      builder.node("LSTM", inputs, {{"hidden_size", std::int64_t{2}}, {"layout", layout}})};
  for (std::size_t i = 1; i <= output; ++i) outputs.push_back(builder.output());
  const Id axis = builder.ints(nn::DType::kInt64, {1}, {layout});
  builder.gemm(builder.node("Squeeze", {outputs[output], axis}),
               builder.floats({2, 2}, {1, 2, 3, 4}));
  return builder.done();
}

TEST(RefusedCells, AreThoseThatBeginOrEndElsewhere) {
  const auto plain = [](GraphBuilder&, std::vector<Id>&) {};
  EXPECT_NO_THROW(quant::draft_of(single(plain)));
  expect_refused(single([](GraphBuilder& builder, std::vector<Id>& inputs) {
                   inputs.resize(5);
                   inputs.push_back(builder.floats({1, 1, 2}, {0, 0.5}));
                 }),
                 "a state that is not known to be zero");
  EXPECT_NO_THROW(quant::draft_of(single([](GraphBuilder& builder, std::vector<Id>& inputs) {
    inputs.resize(5);
    inputs.push_back(builder.floats({1, 1, 2}, {0, 0}));
  })));
  expect_refused(single([](GraphBuilder& builder, std::vector<Id>& inputs) {
                   inputs.resize(4);
                   inputs.push_back(builder.ints(nn::DType::kInt32, {1}, {3}));
                 }),
                 "its sequences end at different steps");
  expect_refused(single(plain, {1, 4, 3}, 2), "its cells' own state is read");
  expect_refused(single(plain, {1, kUnknown, 3}), "fixed");
  expect_refused(single(plain, {4, 3, 3}, 1, 0), "reads samples as steps");
}

}  // namespace
