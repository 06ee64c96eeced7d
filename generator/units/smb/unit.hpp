// The memory block as a unit of a netlist: the buffer of a channel that stores trains.
#pragma once

#include "units/smb/memory_unit.hpp"

namespace units {

class SmbUnit final : public StoringUnit {
 public:
  /// A block that stores: each window is a token.
  explicit SmbUnit(const SmbConfig& config);

  const SmbConfig& config() const { return config_; }

  Trains through(const Trains& written) const override { return units::through(config_, written); }
  verilog::Signature signature() const override { return structure()->signature(); }
  std::optional<verilog::Module> structure() const override { return units::structure(config_); }

 private:
  SmbConfig config_;
};

}  // namespace units
