#include "units/line/bench.hpp"

#include "units/line/walk.hpp"

namespace units {

SmbBench make_bench(const LineConfig& config, const std::string& module, int maps,
                    std::uint64_t seed) {
  const LineShape& shape = config.shape;
  base::Rng rng(seed);
  LineEmulator emulator(config);
  SmbScript script;
  for (int map = 0; map < maps; ++map) {
    for (std::int64_t token = 0; token < shape.tokens();) {
      const BusWindow window =
          random_window(config.write, write_lanes(config), config.value_bits, rng);
      const bool live = rng.below(4) != 0;
      script.write(window, live);
      if (!live) continue;
      emulator.write(window);
      ++token;
    }
    for (std::int64_t firing = 0; firing < shape.firings(); ++firing)
      script.read(emulator.read(), need(shape, firing), frees(shape, firing));
  }
  return script.bench({.module = module,
                       .read = config.read,
                       .depth = depth(config),
                       .late = write_latency(config) > 1,
                       .early = !holds_planes(config)});
}

}  // namespace units
