#include "units/clocked.hpp"

#include <fmt/format.h>

#include "verilog/mem_file.hpp"

namespace units {

namespace {

bool is_clock(const Port& port) { return port.name == "clk_i" || port.name == "rst_ni"; }

// A module that holds the leaf with its parameters set, under the leaf's own port names.
verilog::Module wrapper(const std::string& kind, const Unit& unit, const Settings& settings) {
  std::string line = fmt::format("{} by itself:", unit.signature().name);
  for (const auto& [name, value] : settings) line += fmt::format(" {} {}", name, value);
  verilog::Module module("fpsa_unit_" + kind, {line});
  verilog::Instance& leaf = module.instance(unit.signature(), "u_" + kind);
  for (const auto& [name, value] : unit.parameters())
    std::visit([&, &name = name](const auto& set) { leaf.parameter(name, set); }, value);
  for (const Port& port : unit.ports())
    leaf.port(port.name, port.is_input() ? module.input(port.name, port.width())
                                         : module.output(port.name, port.width()));
  return module;
}

// The ports of one direction side by side, the first in the lowest bits.
class Row {
 public:
  Row(const Unit& unit, bool inputs) {
    for (const Port& port : unit.ports())
      if (port.is_input() == inputs && !is_clock(port)) ports_.push_back(port);
  }

  std::size_t width() const {
    std::size_t width = 0;
    for (const Port& port : ports_) width += static_cast<std::size_t>(port.width());
    return width;
  }

  // The bits of all ports; `defined` those of the ports that have values.
  base::Bits pack(const Values& values, bool defined = false) const {
    base::Bits row(width());
    std::size_t at = 0;
    for (const Port& port : ports_) {
      const auto found = values.find(port.name);
      for (int i = 0; i < port.width(); ++i, ++at)
        if (found != values.end())
          row.set(at, defined || found->second.get(static_cast<std::size_t>(i)));
    }
    return row;
  }

  // Connections of an instance to the slices of `net`.
  std::string connections(const std::string& net) const {
    std::string text;
    int at = 0;
    for (const Port& port : ports_) {
      text += fmt::format(", .{}({}[{}:{}])", port.name, net, at + port.width() - 1, at);
      at += port.width();
    }
    return text;
  }

 private:
  std::vector<Port> ports_;
};

}  // namespace

base::Bits bits_of(std::uint64_t value, int width) {
  base::Bits bits(static_cast<std::size_t>(width));
  for (int i = 0; i < width; ++i) bits.set(static_cast<std::size_t>(i), (value >> i) & 1);
  return bits;
}

std::uint64_t number_of(const base::Bits& bits) {
  return bits.words().empty() ? 0 : bits.words()[0];
}

base::Bits random_bits(int width, base::Rng& rng) {
  base::Bits bits(static_cast<std::size_t>(width));
  for (std::size_t i = 0; i < bits.size(); ++i) bits.set(i, rng.below(2) != 0);
  return bits;
}

Alone clocked_alone(const std::string& kind, const Unit& unit, const Settings& settings,
                    Clocked& model, std::uint64_t seed, int clocks) {
  const Row inputs(unit, true);
  const Row outputs(unit, false);
  base::Rng rng(seed);
  std::vector<base::Bits> stimulus, expected, defined;
  for (int i = 0; i < clocks; ++i) {
    const Values in = model.stimulate(rng);
    const Values out = model.clock(in);
    stimulus.push_back(inputs.pack(in));
    expected.push_back(outputs.pack(out));
    defined.push_back(outputs.pack(out, true));
  }
  std::optional<verilog::Module> generated = unit.structure();
  Alone alone{generated ? *std::move(generated) : wrapper(kind, unit, settings), {}, {}};
  alone.bench["tb_params.vh"] = fmt::format(
      "`define DUT {}\n`define IN_BITS {}\n`define OUT_BITS {}\n`define CLOCKS {}\n"
      "`define PORTS .clk_i(clk), .rst_ni(rst_n){}{}\n",
      alone.module.name(), inputs.width(), outputs.width(), clocks, inputs.connections("in"),
      outputs.connections("out"));
  alone.bench["vectors/stimulus.mem"] = verilog::mem_image(stimulus);
  alone.bench["vectors/expected.mem"] = verilog::mem_image(expected);
  alone.bench["vectors/defined.mem"] = verilog::mem_image(defined);
  for (const auto& [name, value] : settings) alone.facts.emplace_back(name, value);
  return alone;
}

}  // namespace units
