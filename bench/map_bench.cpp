// Time of mapping networks over maps, of the replay of their tokens, and of the golden levels.
#include <benchmark/benchmark.h>

#include <ctime>
#include <filesystem>
#include <string>

#include "base/rng.hpp"
#include "core/integer.hpp"
#include "core/lower.hpp"
#include "map/clock_replay.hpp"
#include "map/design.hpp"
#include "map/replay.hpp"
#include "nn/import.hpp"
#include "nn/passes/passes.hpp"
#include "quant/quantise.hpp"
#include "random_network.hpp"

namespace {

namespace fs = std::filesystem;

const fs::path kExamples = fs::path(FPSA_SOURCE_DIR) / "examples";

map::Design design_of(const quant::Network& network) {
  const config::Pe pe;
  return map::map(core::lower(network, {pe.rows, pe.cols}), pe);
}

// Convolutions of 3 x 3 one after the other, 8 channels of extent x extent.
quant::Network chain(int layers, int extent) {
  base::Rng rng(1);
  const quant::Format plain = quant::full_format(6, false);
  quant::Network network;
  network.name = "chain";
  quant::Source at = test::add_input(network, "x", {8, extent, extent}, plain);
  for (int i = 0; i < layers; ++i) {
    quant::Product product = test::random_product({{{}, 0, 72}}, 8, {127, 1000, 5000}, rng);
    product.inputs = {at};
    product.window = {{3, 3}, {1, 1}, {1, 1}, {1, 1}, {1, 1}, {extent, extent}};
    at = test::add_layer(network, "conv" + std::to_string(i), std::move(product), plain);
  }
  network.outputs = {at};
  return network;
}

nn::Graph shapes(const std::string& name) {
  return nn::simplify(nn::import_shapes(kExamples / "shapes" / (name + ".onnx")).graph);
}

// From a network's shapes to its design with depths.
void Shapes(benchmark::State& state, const std::string& name) {
  const nn::Graph graph = shapes(name);
  std::size_t pes = 0;
  for (auto _ : state) pes = design_of(quant::shapes_of(graph, {})).pes.size();
  state.counters["PEs"] = static_cast<double>(pes);
}
BENCHMARK_CAPTURE(Shapes, lenet, "lenet")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(Shapes, cifar_vgg17, "cifar_vgg17")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(Shapes, vgg16, "vgg16")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(Shapes, googlenet, "googlenet")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(Shapes, resnet152, "resnet152")->Unit(benchmark::kMillisecond);

// Lowering and mapping; each: a layer's window.
void Map(benchmark::State& state) {
  const int layers = static_cast<int>(state.range(0));
  const int extent = static_cast<int>(state.range(1));
  const quant::Network network = chain(layers, extent);
  for (auto _ : state) benchmark::DoNotOptimize(design_of(network));
  const double windows = static_cast<double>(layers) * extent * extent;
  state.counters["each"] =
      benchmark::Counter(windows * static_cast<double>(state.iterations()),
                         benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}
BENCHMARK(Map)
    ->Args({4, 64})
    ->Args({16, 64})
    ->Args({64, 64})
    ->Args({256, 64})
    ->Args({16, 16})
    ->Args({16, 32})
    ->Args({16, 128})
    ->Args({16, 256})
    ->Unit(benchmark::kMillisecond);

// CPU time of f() in seconds.
template <class F>
double seconds_of(F&& f) {
  const std::clock_t start = std::clock();
  f();
  return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
}

// Three samples; against: times as fast as the replay that looks at all islands in every clock.
void replay(benchmark::State& state, const map::TokenFlow& flow) {
  const double events = seconds_of([&] {
    for (auto _ : state) benchmark::DoNotOptimize(map::replay(flow, 3));
  });
  const double clocks = seconds_of([&] { benchmark::DoNotOptimize(test::clock_replay(flow, 3)); });
  state.counters["against"] = clocks / (events / static_cast<double>(state.iterations()));
}

void ReplayChain(benchmark::State& state) {
  replay(state, map::token_flow(design_of(chain(static_cast<int>(state.range(0)), 32))));
}
BENCHMARK(ReplayChain)->RangeMultiplier(4)->Range(4, 256)->Unit(benchmark::kMillisecond);

void ReplayShapes(benchmark::State& state, const std::string& name) {
  replay(state, map::token_flow(design_of(quant::shapes_of(shapes(name), {}))));
}
BENCHMARK_CAPTURE(ReplayShapes, vgg16, "vgg16")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(ReplayShapes, resnet152, "resnet152")->Unit(benchmark::kMillisecond);

// LeNet as the example has it, of weights from its file and formats from random images.
quant::Network lenet() {
  const nn::Graph graph =
      nn::simplify(nn::import_onnx(kExamples / "fashion_lenet" / "fashion_lenet.onnx"));
  base::Rng rng(1);
  std::vector<float> pixels(64 * 784);
  for (float& pixel : pixels) pixel = static_cast<float>(rng.uniform());
  return quant::quantise(graph, {nn::Array::of_floats({64, 1, 28, 28}, pixels)}, {});
}

void count_images(benchmark::State& state, int images) {
  state.counters["images"] = benchmark::Counter(static_cast<double>(state.iterations()) * images,
                                                benchmark::Counter::kIsRate);
}

void LenetInteger(benchmark::State& state) {
  const quant::Network network = lenet();
  const int images = static_cast<int>(state.range(0));
  const quant::IntegerBatch inputs = test::random_inputs(network, images, 1);
  for (auto _ : state) benchmark::DoNotOptimize(core::run_integer(network, inputs));
  count_images(state, images);
}
BENCHMARK(LenetInteger)->Arg(16)->Arg(64)->Arg(256)->Unit(benchmark::kMillisecond);

void LenetEmulate(benchmark::State& state) {
  const quant::Network network = lenet();
  const map::Design design = design_of(network);
  const int images = static_cast<int>(state.range(0));
  const quant::IntegerBatch inputs = test::random_inputs(network, images, 1);
  for (auto _ : state) benchmark::DoNotOptimize(map::emulate(design, inputs));
  count_images(state, images);
}
BENCHMARK(LenetEmulate)->Arg(16)->Arg(64)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
