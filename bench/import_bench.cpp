// Time and memory of reading and simplifying a model, for a weight and for a node.
#include <benchmark/benchmark.h>

#include <filesystem>
#include <fstream>

#include "mlp_model.hpp"
#include "nn/import.hpp"
#include "nn/passes/passes.hpp"

namespace {

namespace fs = std::filesystem;

// A model's file, for as long as the benchmark runs.
class File {
 public:
  explicit File(const bench::Model& model)
      : path_(fs::temp_directory_path() / ("import_bench_" + std::to_string(getpid()) + ".onnx")) {
    std::ofstream stream(path_, std::ios::binary);
    model.proto().SerializeToOstream(&stream);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() { fs::remove(path_); }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

// Bytes that /proc says of this process: VmRSS now, VmHWM at most since forget_peak().
double memory(const std::string& key) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with(key + ":")) return 1024 * std::stod(line.substr(key.size() + 1));
  return 0;
}
void forget_peak() { std::ofstream("/proc/self/clear_refs") << 5; }

// Imports and simplifies the model; `units` are what time and memory are counted for.
void measure(benchmark::State& state, const bench::Model& model, double units) {
  const File file(model);
  const double before = memory("VmRSS");
  forget_peak();
  for (auto _ : state) benchmark::DoNotOptimize(nn::simplify(nn::import_onnx(file.path())));
  state.counters["peak_bytes"] = (memory("VmHWM") - before) / units;
  state.counters["each"] =
      benchmark::Counter(units * static_cast<double>(state.iterations()),
                         benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

// Three layers of n x n.
void Weights(benchmark::State& state) {
  const std::int64_t n = state.range(0);
  measure(state, bench::mlp({n, n, n, n}), 3.0 * static_cast<double>(n * n));
}
BENCHMARK(Weights)->RangeMultiplier(2)->Range(512, 4096)->Unit(benchmark::kMillisecond);

void Layers(benchmark::State& state) {
  const std::int64_t n = state.range(0);
  measure(state, bench::mlp(std::vector<std::int64_t>(static_cast<std::size_t>(n) + 1, 16)),
          static_cast<double>(n));
}
BENCHMARK(Layers)->RangeMultiplier(4)->Range(125, 8000)->Unit(benchmark::kMillisecond);

void Identities(benchmark::State& state) {
  measure(state, bench::identities(static_cast<int>(state.range(0))),
          static_cast<double>(state.range(0)));
}
BENCHMARK(Identities)->RangeMultiplier(10)->Range(1000, 100000)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
