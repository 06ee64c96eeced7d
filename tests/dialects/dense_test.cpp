// Dense layers that a spec takes from the crossbars, as exporters write them: which are taken, what
// their integers are worth, and what is refused.
#include <gtest/gtest.h>

#include <cmath>

#include "base/error.hpp"
#include "base/rng.hpp"
#include "core/integer.hpp"
#include "core/lower.hpp"
#include "nn/reference.hpp"
#include "quant/batch.hpp"
#include "quant/graph_builder.hpp"
#include "quant/quantise.hpp"
#include "random_cells.hpp"

namespace {

using test::GraphBuilder;
using Id = GraphBuilder::Id;

constexpr int kSamples = 12;

/// How an exporter writes a layer, and what lies before it.
enum class Form {
  kGemm,          ///< of features
  kMatMul,        ///< with an Add behind it, as Keras writes it
  kAfterWindows,  ///< Flatten of maps
  kPointwise,     ///< a convolution of one tap
  kConvolution,   ///< of nine, with padding
};

struct Draw {
  Form form = Form::kGemm;
  int block = 1;
  bool relu = false;  ///< behind it
};

/// Writes models of a product, the layer in question, and a product.
class Writer {
 public:
  explicit Writer(std::uint64_t seed) : rng_(seed) {}

  nn::Graph write(const Draw& draw) {
    Id at = builder_.input({nn::kUnknown, 3, 4, 5});
    const bool maps = draw.form >= Form::kAfterWindows;
    const int channels = draw.form == Form::kConvolution ? 8 : 6;
    at = maps ? convolution(at, channels, 3, 3) : gemm(flat(at), 60, 12, 1);
    at = builder_.node("Relu", {at});
    at = layer(at, draw);
    if (draw.relu) at = builder_.node("Relu", {at});
    if (draw.form >= Form::kPointwise) at = flat(at);
    gemm(at, draw.form >= Form::kPointwise ? 7 * 6 : 7, 4, 1);
    return builder_.done();
  }

  const std::string& layer_name() const { return name_; }
  GraphBuilder& builder() { return builder_; }

  nn::Array samples() {
    std::vector<float> values;
    for (int i = 0; i < kSamples * 60; ++i)
      values.push_back(static_cast<float>(rng_.between(-100, 100)) / 100);
    return nn::Array::of_floats({kSamples, 3, 4, 5}, std::move(values));
  }

 private:
  // Rows are outputs, and circulant in blocks.
  std::vector<float> blocks(int rows, int cols, int taps, int block) {
    const quant::Circulant made = quant::nearest_circulant(
        test::random_matrix((rows + block - 1) / block * block,
                            (cols + block - 1) / block * block * taps, 1, rng_),
        block);
    const Eigen::MatrixXd whole = quant::dense(made);
    const Eigen::Index apart = whole.cols() / taps;
    std::vector<float> values;
    const double size = std::sqrt(static_cast<double>(cols * taps) / block);
    for (int row = 0; row < rows; ++row)
      for (int col = 0; col < cols; ++col)
        for (int tap = 0; tap < taps; ++tap)
          values.push_back(static_cast<float>(2 * whole(row, tap * apart + col) / size));
    return values;
  }
  std::vector<float> bias(int count) { return blocks(count, 1, 1, 1); }

  Id flat(Id x) { return builder_.node("Flatten", {x}, {{"axis", std::int64_t{1}}}); }

  Id gemm(Id x, int cols, int rows, int block, int taps = 1) {
    return builder_.node("Gemm",
                         {x, builder_.floats({rows, cols * taps}, blocks(rows, cols, taps, block)),
                          builder_.floats({rows}, bias(rows))},
                         {{"transB", std::int64_t{1}}});
  }
  Id convolution(Id x, int rows, int cols, std::int64_t kernel, int block = 1,
                 std::int64_t pad = 0) {
    const int taps = static_cast<int>(kernel * kernel);
    return builder_.node(
        "Conv",
        {x, builder_.floats({rows, cols, kernel, kernel}, blocks(rows, cols, taps, block)),
         builder_.floats({rows}, bias(rows))},
        {{"pads", std::vector<std::int64_t>{pad, pad, pad, pad}}});
  }

  Id layer(Id x, const Draw& draw) {
    Id made;
    switch (draw.form) {
      case Form::kGemm:
        made = gemm(x, 12, 7, draw.block);
        break;
      case Form::kMatMul: {
        const std::vector<float> rows = blocks(7, 12, 1, draw.block);
        std::vector<float> columns;
        for (std::size_t col = 0; col < 12; ++col)
          for (std::size_t row = 0; row < 7; ++row) columns.push_back(rows[row * 12 + col]);
        made = builder_.node("MatMul", {x, builder_.floats({12, 7}, columns)});
        name_ = builder_.last_name();
        return builder_.node("Add", {made, builder_.floats({7}, bias(7))});
      }
      case Form::kAfterWindows:
        made = gemm(flat(x), 6, 7, draw.block, 6);
        break;
      case Form::kPointwise:
        made = convolution(x, 7, 6, 1, draw.block);
        break;
      case Form::kConvolution:
        made = convolution(x, 7, 8, 3, draw.block, 1);
        break;
    }
    name_ = builder_.last_name();
    return made;
  }
  base::Rng rng_;
  GraphBuilder builder_;
  std::string name_;
};

quant::Options options_with(const std::string& name, int block) {
  quant::Options options{.weight_bits = 16, .activation_bits = 10, .output_bits = 12};
  options.cells = {.bits = 18, .blocks = {{name, block}}};
  return options;
}

TEST(DenseDialects, IntegersStandForWhatTheModelComputes) {
  for (std::uint64_t seed = 1; seed <= 96; ++seed) {
    const Draw draw{static_cast<Form>(seed % 5), 1 << seed / 5 % 4, seed % 3 == 0};
    SCOPED_TRACE(testing::Message() << "seed " << seed << " form " << static_cast<int>(draw.form));
    Writer writer(seed);
    const nn::Graph graph = writer.write(draw);
    const nn::Array samples = writer.samples();
    const quant::Network network =
        quant::quantise(graph, {samples}, options_with(writer.layer_name(), draw.block));
    int dense = 0;
    for (const quant::Layer& layer : network.layers)
      if (const auto* words = std::get_if<quant::Recurrent>(&layer.rule)) {
        ++dense;
        EXPECT_TRUE(words->cells->is_dense());
        EXPECT_LT(words->cells->circulant_error, 1e-6) << "its weights are such blocks";
        EXPECT_EQ(network.format_of(layer.output).is_signed, !draw.relu);
      }
    EXPECT_EQ(dense, 1);
    core::check(core::lower(network, {256, 64}), network, {256, 64});
    const auto result = core::run_integer(network, quant::encode_inputs(network, {samples}));
    const double scale = network.format_of(network.outputs.back().tensor).scale;
    const nn::Array wanted = nn::run(graph, {samples}).at(0);
    for (std::size_t i = 0; i < wanted.size(); ++i)
      ASSERT_NEAR(scale * result.outputs(static_cast<Eigen::Index>(i)), wanted.at(i), 0.03);
  }
}

base::Fault refusal(const nn::Graph& graph, const std::string& name) {
  return test::fault_of([&] { quant::shapes_of(graph, options_with(name, 4)); });
}

void expect_refused(const nn::Graph& graph, const std::string& name, const std::string& why) {
  const base::Fault fault = refusal(graph, name);
  EXPECT_EQ(fault.code, base::Code::kCannotLower);
  EXPECT_NE(fault.what.find(why), std::string::npos) << fault.what;
}

TEST(RefusedDense, AreThoseOfOtherSums) {
  const auto floats = [](GraphBuilder& builder, nn::Shape shape) {
    const auto count = static_cast<std::size_t>(nn::element_count(shape));
    return builder.floats(std::move(shape), std::vector<float>(count, 0.25F));
  };
  {
    GraphBuilder builder;
    builder.node("Conv", {builder.input({1, 2, 5, 5}), floats(builder, {2, 1, 1, 1})},
                 {{"group", std::int64_t{2}}});
    expect_refused(builder.done(), "Conv0", "has groups");
  }
  {
    GraphBuilder builder;
    const Id x = builder.gemm(builder.input({1, 4}), floats(builder, {4, 4}));
    builder.node("Clip", {x, builder.scalar(0), builder.scalar(6)});
    expect_refused(builder.done(), "Gemm0", "clipped elsewhere");
  }
  {
    GraphBuilder builder;
    const Id x = builder.input({1, 4});
    builder.node(
        "Concat",
        {builder.gemm(x, floats(builder, {4, 4})), builder.gemm(x, floats(builder, {4, 2}))},
        {{"axis", std::int64_t{1}}});
    builder.gemm(builder.last(), floats(builder, {6, 3}));
    expect_refused(builder.done(), "Gemm3", "several tensors");
  }
  {
    GraphBuilder builder;
    const Id x = builder.quant(builder.input({1, 4}), 0.125F, 4, 1);
    builder.quant(builder.gemm(x, builder.quant(floats(builder, {4, 4}), 0.125F, 4, 1)), 0.25F, 4,
                  1);
    expect_refused(builder.done(), "Gemm2", "integers");
  }
}

TEST(RefusedDense, IsANameThatNoLayerHas) {
  GraphBuilder builder;
  builder.gemm(builder.input({1, 2}), builder.floats({2, 2}, {1, 2, 3, 4}));
  const base::Fault fault = refusal(builder.done(), "Gem0");
  EXPECT_EQ(fault.code, base::Code::kUnknownKey);
  EXPECT_EQ(fault.where, "recurrent.block");
  EXPECT_NE(fault.cure.find("Gemm0"), std::string::npos) << fault.cure;
}

}  // namespace
