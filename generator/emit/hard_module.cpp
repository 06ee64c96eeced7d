#include "emit/hard_module.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>
#include <variant>

#include "base/files.hpp"

namespace emit {

namespace {

// A hash of the unit's module, its own name apart, and of what instances set.
std::string content_of(const units::Unit& unit) {
  std::string text = unit.signature().name + "\n";
  for (const auto& [name, value] : unit.parameters())
    std::visit([&text, &key = name](const auto& set) { text += fmt::format("{}={}\n", key, set); },
               value);
  if (std::optional<verilog::Module> module = unit.structure()) {
    verilog::Design alone(module->name());
    alone.add(std::move(*module));
    const verilog::Design legal = legalize(alone);
    text += print(*legal.find(legal.top()), legal);
  }
  return base::sha256(text);
}

}  // namespace

fabric::HardTile hard_tile(const units::Unit& unit, std::string name, Sums sums) {
  fabric::HardTile tile{.name = std::move(name),
                        .clock = {},
                        .ports = {},
                        .columns = {},
                        .wanted = 0,
                        .content = content_of(unit)};
  for (const units::Port& port : unit.ports()) {
    if (port.name == "clk_i")
      tile.clock = port.name;
    else
      tile.ports.push_back({port.name, port.width(), port.is_input(),
                            sums == Sums::kLinked && port.protocol == units::Protocol::kSums});
  }
  std::stable_partition(tile.ports.begin(), tile.ports.end(),
                        [](const auto& port) { return !port.is_link; });
  return tile;
}

verilog::Instance& HardModule::add_to(verilog::Module& tile, const std::string& name) const {
  verilog::Instance& instance =
      module ? tile.instance(*module, name) : tile.instance(unit->signature(), name);
  for (const auto& [parameter, value] : unit->parameters())
    std::visit([&, &key = parameter](const auto& set) { instance.parameter(key, set); }, value);
  return instance;
}

std::vector<HardModule> add_hard_modules(verilog::Design& design,
                                         const std::vector<units::UnitPtr>& units) {
  std::vector<HardModule> modules;
  for (const units::UnitPtr& unit : units) {
    std::optional<verilog::Module> module = unit->structure();
    modules.push_back({unit, module ? &design.add(std::move(*module)) : nullptr});
  }
  return modules;
}

void connect_pins(verilog::Instance& instance, const fabric::HardTile& tile,
                  const verilog::Expr& clock, const std::vector<verilog::Expr>& inputs,
                  const std::vector<verilog::Expr>& outputs) {
  if (!tile.clock.empty()) instance.port(tile.clock, clock);
  auto next_in = inputs.begin(), next_out = outputs.begin();
  for (const fabric::HardPort& port : tile.ports) {
    auto& next = port.is_input ? next_in : next_out;
    const int pins = port.is_link ? 1 : port.width;
    const std::vector<verilog::Expr> wires(next, next + pins);
    next += pins;
    instance.port(port.name, verilog::concat({wires.rbegin(), wires.rend()}));
  }
}

}  // namespace emit
