// The table as a unit of a netlist.
#pragma once

#include "units/table/table.hpp"
#include "units/unit.hpp"

namespace units {

/// It answers in the next window, as exact neurons do.
class TableUnit final : public Unit {
 public:
  /// Throws what check() throws.
  explicit TableUnit(const TableConfig& config);

  const TableConfig& config() const { return config_; }

  verilog::Signature signature() const override { return structure()->signature(); }
  std::optional<verilog::Module> structure() const override { return units::structure(config_); }

 private:
  TableConfig config_;
};

}  // namespace units
