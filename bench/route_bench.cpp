// Time of routing random neighbours on fabrics of five sizes.
#include <benchmark/benchmark.h>

#include "pnr/route.hpp"
#include "random_placement.hpp"

namespace {

void Route(benchmark::State& state) {
  fabric::Architecture architecture;
  architecture.columns = architecture.rows = static_cast<int>(state.range(0));
  const fabric::Graph graph(architecture);
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
