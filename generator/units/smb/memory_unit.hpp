// What lies between two islands as a unit of a netlist: windows of trains in, windows of trains
// out.
#pragma once

#include "units/smb/smb.hpp"
#include "units/unit.hpp"

namespace units {

/// What who counts its tokens wants to know of a memory.
struct MemoryFacts {
  int value_bits = 6;  ///< of what is stored
  SmbSide write;
  SmbSide read;
  int depth = 1;  ///< tokens, reserved ones included
  bool holds_planes =
      true;               ///< a window that is read frees tokens with its last tick, not its first
  int write_latency = 1;  ///< cycles from a token's last write tick until it can be read
};

/// Its write ports are of side 0, its read ports of side 1; the latter's windows begin a tick after
/// the reader's start.
class MemoryUnit : public Unit {
 public:
  const MemoryFacts& memory() const { return facts_; }

 protected:
  /// `more` ports come after those of both sides.
  MemoryUnit(std::string kind, int write_lanes, int read_lanes, const MemoryFacts& facts,
             const std::vector<Port>& more = {});

 private:
  MemoryFacts facts_;
};

/// A memory that only stores and shows.
class StoringUnit : public MemoryUnit {
 public:
  /// What the reader's windows carry when `written` are the writer's, window after window.
  virtual Trains through(const Trains& written) const = 0;

 protected:
  using MemoryUnit::MemoryUnit;
};

}  // namespace units
