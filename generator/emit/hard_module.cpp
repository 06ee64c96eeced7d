#include "emit/hard_module.hpp"

#include <optional>
#include <utility>
#include <variant>

namespace emit {

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
    const std::vector<verilog::Expr> wires(next, next + port.width);
    next += port.width;
    instance.port(port.name, verilog::concat({wires.rbegin(), wires.rend()}));
  }
}

}  // namespace emit
