// What a fabric's hard tiles hold, as instances name it.
#pragma once

#include <string>
#include <vector>

#include "fabric/architecture.hpp"
#include "units/unit.hpp"
#include "verilog/netlist.hpp"

namespace emit {

struct HardModule {
  units::UnitPtr unit;
  const verilog::Module* module = nullptr;  ///< null: a leaf

  /// An instance with the unit's parameters, nothing connected.
  verilog::Instance& add_to(verilog::Module& tile, const std::string& name) const;
};

/// Adds the modules of `units` to `design`.
std::vector<HardModule> add_hard_modules(verilog::Design& design,
                                         const std::vector<units::UnitPtr>& units);

/// Connects the clock and all pins of `tile`: `inputs` and `outputs` in their order.
void connect_pins(verilog::Instance& instance, const fabric::HardTile& tile,
                  const verilog::Expr& clock, const std::vector<verilog::Expr>& inputs,
                  const std::vector<verilog::Expr>& outputs);

}  // namespace emit
