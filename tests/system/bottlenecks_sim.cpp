// Blocks of well-known networks at 32 x 32 x 16, from their ONNX to the RTL.
#include <gtest/gtest.h>

#include <cmath>

#include "base/rng.hpp"
#include "flow/verilator.hpp"
#include "map/replay.hpp"
#include "nn/graph.hpp"
#include "nn/model_builder.hpp"
#include "nn/passes/passes.hpp"
#include "quant/quantise.hpp"
#include "rig.hpp"

namespace {

using nn::Shape;
using nn::testing::ModelBuilder;
using Ints = std::vector<std::int64_t>;

constexpr std::int64_t kExtent = 32;
constexpr std::int64_t kChannels = 16;

// Writes a chain of convolutions; a value is its name.
class Blocks {
 public:
  Blocks() { model_.input("image", {nn::kUnknown, kChannels, kExtent, kExtent}); }

  // A convolution with `same` padding and the function behind it: Relu, Clip (to 6), or nothing.
  std::string conv(const std::string& of, std::int64_t from, std::int64_t to, std::int64_t kernel,
                   std::int64_t groups, const std::string& function) {
    const std::string name = "conv" + std::to_string(++count_);
    const std::int64_t fan_in = from / groups * kernel * kernel;
    model_.floats(name + ".weight", {to, from / groups, kernel, kernel},
                  drawn(to * fan_in, 1.7 / std::sqrt(static_cast<double>(fan_in))));
    model_.floats(name + ".bias", {to}, drawn(to, 0.1));
    model_.node("Conv", {of, name + ".weight", name + ".bias"}, {name + "_out"}, "/" + name)
        .with("kernel_shape", Ints{kernel, kernel})
        .with("pads", Ints(4, kernel / 2))
        .with("group", groups);
    return function.empty() ? name + "_out" : applied(function, name + "_out");
  }

  std::string sum(const std::string& a, const std::string& b) {
    model_.node("Add", {a, b}, {"sum"}, "/add");
    return "sum";
  }

  std::string applied(const std::string& function, const std::string& of) {
    const std::string result = of + "_" + function;
    if (function == "Clip") {
      if (!bounds_) model_.floats("zero", {}, {0}).floats("six", {}, {6});
      bounds_ = true;
      model_.node("Clip", {of, "zero", "six"}, {result}, "/" + result);
    } else {
      model_.node(function, {of}, {result}, "/" + result);
    }
    return result;
  }

  quant::Network network(const std::string& result) {
    model_.output(result);
    const Shape shape{2, kChannels, kExtent, kExtent};
    std::vector<float> values = drawn(2 * kChannels * kExtent * kExtent, 1.0);
    for (float& value : values) value = std::abs(value);
    return quant::quantise(nn::simplify(model_.import()), {nn::Array::of_floats(shape, values)},
                           {});
  }

 private:
  std::vector<float> drawn(std::int64_t count, double most) {
    std::vector<float> values;
    for (std::int64_t i = 0; i < count; ++i)
      values.push_back(static_cast<float>(most * (2 * rng_.uniform() - 1)));
    return values;
  }

  ModelBuilder model_;
  base::Rng rng_{7};
  int count_ = 0;
  bool bounds_ = false;
};

// MobileNetV2: wide, a channel at a time, narrow without a function, and the way past all three.
quant::Network inverted_residual() {
  Blocks blocks;
  const std::string wide = blocks.conv("image", kChannels, 6 * kChannels, 1, 1, "Clip");
  const std::string deep =
      blocks.conv(wide, 6 * kChannels, 6 * kChannels, 3, 6 * kChannels, "Clip");
  const std::string narrow = blocks.conv(deep, 6 * kChannels, kChannels, 1, 1, "");
  return blocks.network(blocks.sum("image", narrow));
}

// ResNet: narrow, 3 x 3, wide, and the way past all three.
quant::Network residual() {
  Blocks blocks;
  const std::string narrow = blocks.conv("image", kChannels, kChannels / 4, 1, 1, "Relu");
  const std::string middle = blocks.conv(narrow, kChannels / 4, kChannels / 4, 3, 1, "Relu");
  const std::string wide = blocks.conv(middle, kChannels / 4, kChannels, 1, 1, "");
  return blocks.network(blocks.applied("Relu", blocks.sum("image", wide)));
}

struct Bottleneck {
  const char* name;
  quant::Network (*network)();
};

class BottleneckRtl : public ::testing::TestWithParam<Bottleneck> {};

TEST_P(BottleneckRtl, EqualsItsEmulationAndItsReplay) {
  const quant::Network network = GetParam().network();
  constexpr int kSamples = 2;
  const test::Rig rig =
      test::build_rig(network, {.rows = 128, .cols = 128, .crossbar = config::Crossbar::kMacro}, {},
                      test::fresh_folder(GetParam().name), kSamples);
  flow::SimulationRequest request;
  request.directory = rig.folder;
  const flow::SimulationResult free = flow::simulate_verilator(request);
  EXPECT_NO_THROW(flow::require_match(free));
  EXPECT_EQ(free.counters.value().cycles,
            static_cast<std::uint64_t>(map::replay(map::token_flow(rig.design), kSamples).cycles));
  request.backpressure = request.idle = 0.2;
  EXPECT_NO_THROW(flow::require_match(flow::simulate_verilator(request)));
}

INSTANTIATE_TEST_SUITE_P(At32x32x16, BottleneckRtl,
                         ::testing::Values(Bottleneck{"inverted_residual", inverted_residual},
                                           Bottleneck{"residual", residual}),
                         [](const auto& tested) { return std::string(tested.param.name); });

}  // namespace
