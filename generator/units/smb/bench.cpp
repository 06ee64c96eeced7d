#include "units/smb/bench.hpp"

#include <fmt/format.h>

#include "base/rng.hpp"
#include "verilog/mem_file.hpp"

namespace units {

namespace {

// Wires high with a density of the window's own. A binary window carries value_bits behind zeros.
BusWindow random_window(const SmbConfig& config, base::Rng& rng) {
  const SmbSide& side = config.write;
  const auto width = static_cast<std::size_t>(bus_width(config, side));
  const std::uint64_t density = rng.below(5);
  BusWindow window(static_cast<std::size_t>(window_ticks(side)), base::Bits(width));
  const int zeros = side.code == BusCode::kBinary ? side.bits - config.value_bits : 0;
  for (std::size_t t = static_cast<std::size_t>(zeros); t < window.size(); ++t)
    for (std::size_t i = 0; i < width; ++i) window[t].set(i, rng.below(4) < density);
  return window;
}

struct Marks {
  bool live, first, done;
};

void add_lines(const BusWindow& window, const Marks& marks, std::vector<base::Bits>& lines) {
  for (std::size_t t = 0; t < window.size(); ++t) {
    const std::size_t width = window[t].size();
    base::Bits line(width + 4);
    window[t].for_each_set([&line](std::size_t i) { line.set(i, true); });
    line.set(width, marks.done);
    line.set(width + 1, marks.first);
    line.set(width + 2, marks.live);
    line.set(width + 3, t == 0);
    lines.push_back(line);
  }
}

std::string parameters(const SmbConfig& config, const std::string& module, std::size_t write_ticks,
                       std::size_t read_ticks) {
  std::string text = fmt::format(
      "`define DUT {}\n`define WRITE_WIDTH {}\n`define READ_WIDTH {}\n`define READ_PERIOD {}\n"
      "`define WRITE_TICKS {}\n`define READ_TICKS {}\n",
      module, bus_width(config, config.write), bus_width(config, config.read),
      window_ticks(config.read), write_ticks, read_ticks);
  if (config.merge != Merge::kStore) text += "`define MERGES\n";
  if (config.write.code == BusCode::kWords) text += "`define WRITES_WORDS\n";
  if (config.read.code == BusCode::kWords) text += "`define READS_WORDS\n";
  return text;
}

}  // namespace

SmbBench make_bench(const SmbConfig& config, const std::string& module, int tokens,
                    std::uint64_t seed) {
  base::Rng rng(seed);
  SmbEmulator emulator(config);
  std::vector<base::Bits> write, read;
  for (int token = 0; token < tokens; ++token) {
    for (bool first = true, done = false; !done;) {
      const BusWindow window = random_window(config, rng);
      const Marks marks{rng.below(4) != 0, first,
                        config.merge == Merge::kStore || rng.below(2) == 0};
      add_lines(window, marks, write);
      if (!marks.live) continue;
      emulator.write(window, marks.first, marks.done);
      done = marks.done;
      first = false;
    }
    const BusWindow window = emulator.read();
    read.insert(read.end(), window.begin(), window.end());
  }
  return {parameters(config, module, write.size(), read.size()), verilog::mem_image(write),
          verilog::mem_image(read)};
}

}  // namespace units
