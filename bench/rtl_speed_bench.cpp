// How fast Verilator runs a 256 x 256 processing element: synaptic operations (rows that spike x
// 256 columns) per second of CPU time, neurons and spike buses included. A quarter of the rows
// spike. Before it is timed, each model's spikes are held to those of the plain triple loop.
#include <benchmark/benchmark.h>
#include <verilated.h>

#include <array>
#include <bit>
#include <cstdint>
#include <memory>
#include <random>
#include <vector>

#include "Vspeed_loop_binary.h"
#include "Vspeed_loop_rate.h"
#include "Vspeed_macro_binary.h"
#include "Vspeed_macro_rate.h"
#include "Vspeed_parallel_binary.h"
#include "Vspeed_parallel_rate.h"
#include "Vspeed_serial_binary.h"
#include "Vspeed_serial_rate.h"

namespace {

constexpr int kRows = 256;
constexpr int kCols = 256;
constexpr int kWords = kRows * kCols / 4;  ///< load words of four weights
constexpr int kCheckedTicks = 256;

using Bus = std::array<std::uint32_t, kRows / 32>;

/// Spike patterns, each row with a chance of a quarter.
std::vector<Bus> make_patterns() {
  std::mt19937 random(7);
  std::vector<Bus> patterns(256);
  for (Bus& pattern : patterns)
    for (std::uint32_t& word : pattern) word = std::uint32_t(random() & random());
  return patterns;
}

std::int64_t count_spikes(const Bus& bus) {
  std::int64_t spikes = 0;
  for (const std::uint32_t word : bus) spikes += std::popcount(word);
  return spikes;
}

/// A model with random weights, offsets and thresholds.
template <typename Model>
class Element {
 public:
  explicit Element(int period) : period_(period), model_(std::make_unique<Model>(&context_)) {
    model_->rst_ni = 0;
    model_->tick_i = 0;
    model_->win_i = 0;
    model_->load_we_i = 0;
    model_->spike_i = {};
    clock();
    clock();
    model_->rst_ni = 1;
    load_all();
  }

  ~Element() { model_->final(); }
  Element(const Element&) = delete;
  Element& operator=(const Element&) = delete;

  /// One tick, after as many clocks as the crossbar needs; returns the spikes put out.
  const Bus& tick(const Bus& spikes) {
    for (std::size_t i = 0; i < spikes.size(); ++i) model_->spike_i[i] = spikes[i];
    model_->win_i = ticks_++ % period_ == 0;
    while (settle(), !model_->ready_o) clock();
    model_->tick_i = 1;
    clock();
    model_->tick_i = 0;
    for (std::size_t i = 0; i < output_.size(); ++i) output_[i] = model_->spike_o[i];
    return output_;
  }

 private:
  void settle() {
    model_->clk_i = 0;
    model_->eval();
  }

  void clock() {
    settle();
    model_->clk_i = 1;
    model_->eval();
  }

  void load(std::uint32_t address, std::uint32_t data) {
    model_->load_addr_i = address;
    model_->load_data_i = data;
    clock();
  }

  void load_all() {
    std::mt19937 random(1);
    model_->load_we_i = 1;
    for (std::uint32_t word = 0; word < kWords; ++word) load(word, std::uint32_t(random()));
    for (std::uint32_t col = 0; col < kCols; ++col) {
      load(1U << 20 | 2 * col, std::uint32_t(random() % 2001) - 1000);
      load(2U << 20 | 2 * col, 1 + std::uint32_t(random() % 200));
    }
    model_->load_we_i = 0;
  }

  int period_;
  int ticks_ = 0;
  Bus output_{};
  VerilatedContext context_;
  std::unique_ptr<Model> model_;
};

/// The spikes of the first ticks.
template <typename Model>
std::vector<Bus> first_spikes(int period, const std::vector<Bus>& patterns) {
  Element<Model> element(period);
  std::vector<Bus> spikes;
  for (int t = 0; t < kCheckedTicks; ++t)
    spikes.push_back(element.tick(patterns[std::size_t(t) % patterns.size()]));
  return spikes;
}

template <typename Model, typename Reference>
void run(benchmark::State& state, int period) {
  const std::vector<Bus> patterns = make_patterns();
  if (first_spikes<Model>(period, patterns) != first_spikes<Reference>(period, patterns)) {
    state.SkipWithError("spikes differ from the triple loop's");
    return;
  }
  Element<Model> element(period);
  std::size_t next = 0;
  std::int64_t spikes = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(element.tick(patterns[next]));
    spikes += count_spikes(patterns[next]);
    next = (next + 1) % patterns.size();
  }
  state.SetItemsProcessed(spikes * kCols);
}

template <typename Model, typename Reference>
void add(const char* name, int period) {
  benchmark::RegisterBenchmark(name, run<Model, Reference>, period);
}

}  // namespace

int main(int argc, char** argv) {
  constexpr int kBinary = 6;  // ticks a window, six-bit values
  constexpr int kRate = 64;
  add<Vspeed_loop_binary, Vspeed_loop_binary>("loop_binary", kBinary);
  add<Vspeed_serial_binary, Vspeed_loop_binary>("serial_binary", kBinary);
  add<Vspeed_parallel_binary, Vspeed_loop_binary>("parallel_binary", kBinary);
  add<Vspeed_macro_binary, Vspeed_loop_binary>("macro_binary", kBinary);
  add<Vspeed_loop_rate, Vspeed_loop_rate>("loop_rate", kRate);
  add<Vspeed_serial_rate, Vspeed_loop_rate>("serial_rate", kRate);
  add<Vspeed_parallel_rate, Vspeed_loop_rate>("parallel_rate", kRate);
  add<Vspeed_macro_rate, Vspeed_loop_rate>("macro_rate", kRate);
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
