// A piece of hardware with all its choices made, as designs are netlists of: its ports, the module
// that instances name, its time. Units are immutable; instances that share a unit share its module.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "verilog/netlist.hpp"
#include "verilog/signature.hpp"

namespace units {

/// What a port's wires say to each other. Trains, sums and marks have a place in time (a phase);
/// the others do not.
enum class Protocol {
  kClock,   ///< clock and reset
  kTick,    ///< high in a clock that is a tick
  kReady,   ///< low: no tick yet
  kMark,    ///< of windows: win at the first tick, live through those of a sample
  kTrain,   ///< a bit a lane and tick
  kSums,    ///< a number a column and tick, between the PEs of a cascade
  kWords,   ///< values of a stream with valid and ready
  kLoad,    ///< the load bus: enable, address, data
  kAxil,    ///< AXI4-Lite of the host
  kStatus,  ///< events, levels and counts, by the clock
};

/// Whether wires of `protocol` carry windows, which begin at a phase.
constexpr bool is_timed(Protocol protocol) {
  return protocol == Protocol::kMark || protocol == Protocol::kTrain || protocol == Protocol::kSums;
}

struct Port {
  std::string name;
  verilog::Direction direction = verilog::Direction::kInput;
  Protocol protocol = Protocol::kStatus;
  int lanes = 1;
  int bits = 1;  ///< a lane
  int side = 0;  ///< of units between two islands: 0 the writer's, 1 the reader's

  int width() const { return lanes * bits; }
  bool is_input() const { return direction == verilog::Direction::kInput; }
  bool operator==(const Port&) const = default;
};

using Parameters = std::vector<std::pair<std::string, verilog::ParameterValue>>;

class Unit {
 public:
  virtual ~Unit() = default;
  Unit(const Unit&) = delete;
  Unit& operator=(const Unit&) = delete;

  /// What it is, in a word: "pe", "delay", "sequencer", ...
  const std::string& kind() const { return kind_; }
  /// Ports, in the order in which instances list them.
  const std::vector<Port>& ports() const { return ports_; }
  /// Place of the port `name` in ports(). Throws kInternal if there is none.
  std::size_t port(const std::string& name) const;
  /// Ticks from the first tick of a window on its inputs to that of the window on its outputs.
  int latency() const { return latency_; }

  /// Whether what it computes equals the integer network bit for bit.
  virtual bool is_exact() const { return true; }
  /// Outside of the module that instances name.
  virtual verilog::Signature signature() const = 0;
  /// What instances set of its parameters.
  virtual Parameters parameters() const { return {}; }
  /// The module, if it is generated; without one it is a leaf of rtl/.
  virtual std::optional<verilog::Module> structure() const { return {}; }
  /// The generated modules below that one, each behind those that it uses.
  virtual std::vector<verilog::Module> below() const { return {}; }

 protected:
  Unit(std::string kind, std::vector<Port> ports, int latency)
      : kind_(std::move(kind)), ports_(std::move(ports)), latency_(latency) {}

 private:
  std::string kind_;
  std::vector<Port> ports_;
  int latency_;
};

using UnitPtr = std::shared_ptr<const Unit>;

/// What a leaf's signature does not say of a port: how its wires are to be taken, and how many
/// lanes they are (1 if not given; the wires of a train are a lane each).
struct LeafPort {
  std::string name;
  Protocol protocol;
  int lanes = 1;
};

/// A unit that is one leaf of rtl/. `ports` are those of the signature, in any order.
UnitPtr leaf_unit(std::string kind, const verilog::Signature& leaf, Parameters parameters,
                  const std::vector<LeafPort>& ports, int latency = 0);

}  // namespace units
