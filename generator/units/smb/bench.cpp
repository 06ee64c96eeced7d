#include "units/smb/bench.hpp"

#include <fmt/format.h>

#include "verilog/mem_file.hpp"

namespace units {

std::map<std::string, std::string> SmbBench::files() const {
  return {{"tb_params.vh", parameters},
          {"vectors/write.mem", write},
          {"vectors/read.mem", read},
          {"vectors/amounts.mem", amounts}};
}

void SmbScript::write(const BusWindow& window, bool live, bool first, bool done) {
  for (std::size_t t = 0; t < window.size(); ++t) {
    const std::size_t width = window[t].size();
    base::Bits line(width + 4);
    window[t].for_each_set([&line](std::size_t i) { line.set(i, true); });
    line.set(width, done);
    line.set(width + 1, first);
    line.set(width + 2, live);
    line.set(width + 3, t == 0);
    write_.push_back(line);
  }
}

void SmbScript::read(const BusWindow& window, std::int64_t need, std::int64_t frees) {
  read_.insert(read_.end(), window.begin(), window.end());
  base::Bits line(64);
  line.words()[0] = static_cast<std::uint64_t>(need) << 32 | static_cast<std::uint64_t>(frees);
  amounts_.push_back(line);
}

SmbBench SmbScript::bench(const SmbFacts& facts) const {
  std::string text = fmt::format(
      "`define DUT {}\n`define WRITE_WIDTH {}\n`define READ_WIDTH {}\n`define READ_PERIOD {}\n"
      "`define WRITE_TICKS {}\n`define READ_TICKS {}\n`define DEPTH {}\n`define LATE {}\n"
      "`define EARLY {}\n",
      facts.module, write_.front().size() - 4, read_.front().size(), window_ticks(facts.read),
      write_.size(), read_.size(), facts.depth, facts.late ? 1 : 0, facts.early ? 1 : 0);
  if (facts.merges) text += "`define MERGES\n";
  if (facts.writes_words) text += "`define WRITES_WORDS\n";
  if (facts.read.code == BusCode::kWords) text += "`define READS_WORDS\n";
  return {text, verilog::mem_image(write_), verilog::mem_image(read_),
          verilog::mem_image(amounts_)};
}

BusWindow random_window(const SmbSide& side, int width, int value_bits, base::Rng& rng) {
  const auto wires = static_cast<std::size_t>(width);
  const std::uint64_t density = rng.below(5);
  BusWindow window(static_cast<std::size_t>(window_ticks(side)), base::Bits(wires));
  const int zeros = side.code == BusCode::kBinary ? side.bits - value_bits : 0;
  for (std::size_t t = static_cast<std::size_t>(zeros); t < window.size(); ++t)
    for (std::size_t i = 0; i < wires; ++i) window[t].set(i, rng.below(4) < density);
  return window;
}

SmbBench make_bench(const SmbConfig& config, const std::string& module, int tokens,
                    std::uint64_t seed) {
  const bool stores = config.merge == Merge::kStore;
  base::Rng rng(seed);
  SmbEmulator emulator(config);
  SmbScript script;
  for (int token = 0; token < tokens; ++token) {
    for (bool first = true, done = false; !done;) {
      const BusWindow window =
          random_window(config.write, bus_width(config, config.write), config.value_bits, rng);
      const bool live = rng.below(4) != 0;
      const bool last = stores || rng.below(2) == 0;
      script.write(window, live, first, last);
      if (!live) continue;
      emulator.write(window, first, last);
      done = last;
      first = false;
    }
    script.read(emulator.read());
  }
  return script.bench({.module = module,
                       .read = config.read,
                       .depth = config.depth,
                       .late = write_latency(config) > 1,
                       .early = !holds_planes(config),
                       .merges = !stores,
                       .writes_words = config.write.code == BusCode::kWords});
}

}  // namespace units
