// Time of placing and routing networks of PEs, memory blocks and control at the scale of large
// CNNs, every bus a bundle with one pin at each end.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <array>

#include "base/rng.hpp"
#include "pnr/extent.hpp"
#include "pnr/place.hpp"
#include "pnr/route.hpp"

namespace {

// Share of the PEs that each layer of VGG16 takes when all are copied until they take equally long:
// that of its multiplications.
constexpr std::array kShares = {0.006, 0.12, 0.06, 0.12, 0.06, 0.12,   0.12,  0.06,
                                0.12,  0.12, 0.03, 0.03, 0.03, 0.0066, 0.001, 0.001};
constexpr int kPe = 0, kMemory = 1;
constexpr int kWriters = 16;  // PEs whose results a memory block takes

fabric::Architecture bundles() {
  fabric::Architecture architecture;
  architecture.columns = architecture.rows = 0;
  architecture.channel_width = 48;
  architecture.luts = 4;  // outputs of a control block
  architecture.clb_inputs = 8;
  architecture.fc_in_percent = architecture.fc_out_percent = 50;
  architecture.hard = {{"pe", {}, {{"spikes"}, {"marks"}, {"out", 1, false}}, {}},
                       {"memory", {}, {{"marks"}, {"written", kWriters}, {"read", 1, false}}, {}}};
  return architecture;
}

// A layer's PEs read the memory blocks before it and write its own; a control block gives both
// their marks.
class Network {
 public:
  explicit Network(int pes) {
    std::vector<int> before = {add(pnr::BlockKind::kInput, 0)};
    for (const double share : kShares)
      before = layer(std::max(1, static_cast<int>(pes * share)), before);
    const int out = add(pnr::BlockKind::kOutput, 0);
    drive({before.front(), 0}, {{out, pnr::kAnyPin}});
  }

  pnr::Packed packed;

 private:
  int add(pnr::BlockKind kind, int hard) {
    packed.blocks.push_back({"b" + std::to_string(packed.blocks.size()), kind, hard});
    return static_cast<int>(packed.blocks.size()) - 1;
  }

  void drive(const pnr::Terminal& driver, std::vector<pnr::Terminal> sinks) {
    if (sinks.empty()) return;
    std::ranges::sort(sinks);
    packed.nets.push_back({"n" + std::to_string(packed.nets.size()), driver, std::move(sinks)});
  }

  std::vector<int> layer(int count, const std::vector<int>& before) {
    const int control = add(pnr::BlockKind::kLogic, 0);
    std::vector<int> pes, memories;
    for (int i = 0; i < count; ++i) pes.push_back(add(pnr::BlockKind::kHard, kPe));
    for (int i = 0; i < (count + kWriters - 1) / kWriters; ++i)
      memories.push_back(add(pnr::BlockKind::kHard, kMemory));
    std::vector<std::vector<pnr::Terminal>> read(before.size());
    std::vector<pnr::Terminal> marked;
    for (std::size_t i = 0; i < pes.size(); ++i) {
      read[i * before.size() / pes.size()].push_back({pes[i], 0});
      marked.push_back({pes[i], 1});
    }
    for (const int memory : memories) marked.push_back({memory, 0});
    for (std::size_t i = 0; i < before.size(); ++i) drive({before[i], 0}, read[i]);
    for (int i = 0; i < count; ++i)
      drive({pes[static_cast<std::size_t>(i)], 0},
            {{memories[static_cast<std::size_t>(i / kWriters)], 1 + i % kWriters}});
    drive({control, 0}, marked);
    return memories;
  }
};

void Vgg16(benchmark::State& state) {
  const Network network(static_cast<int>(state.range(0)));
  const fabric::Architecture architecture = pnr::sized_for(network.packed, bundles());
  for (auto _ : state) {
    const pnr::Placement placement = pnr::place(network.packed, architecture);
    const fabric::Graph graph(architecture);
    const pnr::Routing routing = pnr::route(network.packed, placement, graph);
    state.counters["wires"] = static_cast<double>(routing.wirelength);
    state.counters["iterations"] = routing.iterations;
  }
  state.counters["blocks"] = static_cast<double>(network.packed.blocks.size());
  state.counters["nets"] = static_cast<double>(network.packed.nets.size());
  state.counters["tiles"] = architecture.columns;
}
BENCHMARK(Vgg16)->Arg(160)->Arg(325)->Arg(650)->Arg(1300)->Arg(2600)->Arg(5200)->Unit(benchmark::kSecond);

}  // namespace

BENCHMARK_MAIN();
