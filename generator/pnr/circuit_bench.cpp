#include "pnr/circuit_bench.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/rng.hpp"
#include "fabric/bitstream.hpp"
#include "fabric/grid.hpp"

namespace pnr {

namespace {

// A number in hexadecimal, bit 0 last.
std::string hex_line(const std::vector<bool>& bits) {
  std::string digits;
  for (std::size_t first = (bits.size() + 3) / 4 * 4; first > 0; first -= 4) {
    int digit = 0;
    for (std::size_t i = first - 4; i < std::min(first, bits.size()); ++i)
      digit |= static_cast<int>(bits[i]) << (i - (first - 4));
    digits += "0123456789abcdef"[digit];
  }
  return digits + "\n";
}

}  // namespace

std::map<std::string, std::string> circuit_bench(const Implementation& done, const Netlist& meaning,
                                                 const fabric::Configuration& configuration,
                                                 const BenchLength& length) {
  const auto pads = static_cast<std::size_t>(fabric::pads(done.architecture));
  const auto pad_of = [&](std::size_t block) {
    const Site& site = done.placement[block];
    return static_cast<std::size_t>(fabric::pad(done.architecture, site.x, site.y, site.slot));
  };
  const std::size_t first_input = done.packing.tiles.size();
  const std::size_t first_output = first_input + done.netlist.inputs.size();

  std::string inputs, expected;
  Evaluator evaluator(meaning);
  base::Rng rng(length.seed);
  for (int clock = 0; clock < length.clocks; ++clock) {
    std::vector<bool> values, enters(pads), leaves(pads, false);
    for (std::size_t pad = 0; pad < pads; ++pad) enters[pad] = rng.below(2) == 1;
    for (std::size_t i = 0; i < done.netlist.inputs.size(); ++i)
      values.push_back(enters[pad_of(first_input + i)]);
    const std::vector<bool> outputs = evaluator.outputs(values);
    for (std::size_t i = 0; i < outputs.size(); ++i) leaves[pad_of(first_output + i)] = outputs[i];
    evaluator.clock();
    inputs += hex_line(enters);
    expected += hex_line(leaves);
  }
  const std::string load = fabric::words_text(fabric::encode(configuration, done.architecture));
  return {{"tb_params.vh", fmt::format("`define PADS   {}\n`define LOADS  {}\n`define CLOCKS {}\n",
                                       pads, std::ranges::count(load, '\n'), length.clocks)},
          {"vectors/load.mem", load},
          {"vectors/inputs.mem", inputs},
          {"vectors/expected.mem", expected}};
}

}  // namespace pnr
