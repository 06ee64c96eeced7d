// The line walk as a unit of a netlist: the buffer of a channel that shows windows of maps.
#pragma once

#include "units/line/line.hpp"
#include "units/smb/memory_unit.hpp"

namespace units {

class LineUnit final : public StoringUnit {
 public:
  explicit LineUnit(const LineConfig& config);

  const LineConfig& config() const { return config_; }

  Trains through(const Trains& written) const override { return units::through(config_, written); }
  verilog::Signature signature() const override { return structure()->signature(); }
  std::optional<verilog::Module> structure() const override { return units::structure(config_); }

 private:
  LineConfig config_;
};

}  // namespace units
