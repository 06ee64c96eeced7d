// Time of building routing graphs, and of placing and routing random neighbours on fabrics of
// several sizes.
#include <benchmark/benchmark.h>

#include "pnr/place.hpp"
#include "pnr/route.hpp"
#include "random_placement.hpp"

namespace {

fabric::Architecture square(const benchmark::State& state) {
  fabric::Architecture architecture;
  architecture.columns = architecture.rows = static_cast<int>(state.range(0));
  return architecture;
}

void Build(benchmark::State& state) {
  for (auto _ : state) {
    const fabric::Graph graph(square(state));
    state.counters["nodes"] = static_cast<double>(graph.size());
    state.counters["edges"] = static_cast<double>(graph.edges());
  }
}
BENCHMARK(Build)->Arg(8)->Arg(32)->Arg(100)->Unit(benchmark::kMillisecond);

// From random sites, wires alone; each of the blocks^(4/3) moves of a temperature once.
void Place(benchmark::State& state) {
  base::Rng rng(1);
  const test::Placed placed = test::random_placement(square(state), {}, rng);
  for (auto _ : state)
    benchmark::DoNotOptimize(pnr::place(placed.packed, square(state), {.effort = 1}));
  const auto blocks = static_cast<double>(placed.packed.blocks.size());
  state.counters["blocks"] = blocks;
  state.counters["each"] =
      benchmark::Counter(blocks * static_cast<double>(state.iterations()),
                         benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}
BENCHMARK(Place)->Arg(8)->Arg(16)->Arg(32)->Arg(64)->Unit(benchmark::kMillisecond);

void Route(benchmark::State& state) {
  const fabric::Graph graph(square(state));
  base::Rng rng(1);
  const test::Placed placed = test::random_placement(graph.architecture(), {}, rng);
  for (auto _ : state) benchmark::DoNotOptimize(pnr::route(placed.packed, placed.placement, graph));
  const auto nets = static_cast<double>(placed.packed.nets.size());
  state.counters["nets"] = nets;
  state.counters["each"] =
      benchmark::Counter(nets * static_cast<double>(state.iterations()),
                         benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}
BENCHMARK(Route)->Arg(8)->Arg(16)->Arg(32)->Arg(64)->Arg(100)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
