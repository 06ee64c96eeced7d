// What a fabric's hard tiles hold, as instances name it.
#pragma once

#include <string>
#include <vector>

#include "fabric/architecture.hpp"
#include "units/unit.hpp"
#include "verilog/netlist.hpp"

namespace emit {

/// How sums between the PEs of a cascade travel: over the wires of the channels, or by the link of
/// neighbours in a column.
enum class Sums { kRouted, kLinked };

/// The tile that holds `unit`: its port clk_i takes the fabric's clock, all others are pins, the
/// reset too, which is on (0) until the fabric is configured; ports of sums may be its link.
fabric::HardTile hard_tile(const units::Unit& unit, std::string name, Sums sums = Sums::kRouted);

struct HardModule {
  units::UnitPtr unit;
  const verilog::Module* module = nullptr;  ///< null: a leaf

  /// An instance with the unit's parameters, nothing connected.
  verilog::Instance& add_to(verilog::Module& tile, const std::string& name) const;
};

/// Adds the modules of `units` to `design`.
std::vector<HardModule> add_hard_modules(verilog::Design& design,
                                         const std::vector<units::UnitPtr>& units);

/// Connects the clock and all pins of `tile`: `inputs` and `outputs` in their order, the ends of a
/// link as wide as it is.
void connect_pins(verilog::Instance& instance, const fabric::HardTile& tile,
                  const verilog::Expr& clock, const std::vector<verilog::Expr>& inputs,
                  const std::vector<verilog::Expr>& outputs);

}  // namespace emit
