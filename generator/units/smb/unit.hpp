// The memory block as a unit of a netlist: the buffer of a channel that stores trains.
#pragma once

#include "units/smb/smb.hpp"
#include "units/unit.hpp"

namespace units {

/// Its write ports are of side 0, its read ports of side 1; the latter's windows begin a tick after
/// the reader's start.
class SmbUnit final : public Unit {
 public:
  /// A block that stores: each window is a token.
  explicit SmbUnit(const SmbConfig& config);

  const SmbConfig& config() const { return config_; }

  verilog::Signature signature() const override { return structure()->signature(); }
  std::optional<verilog::Module> structure() const override { return units::structure(config_); }

 private:
  SmbConfig config_;
};

}  // namespace units
