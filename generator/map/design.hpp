// The hardwired design: one PE a core-op, spike buses wired directly, every bus aligned to the
// tick.
//
// Time is counted in ticks. The phase of a bus is the number of ticks from the moment the sequencer
// starts a sample's window to the first tick of that sample's window on the bus. A consumer of
// several buses waits for the latest; the others pass through delays. Layers overlap: a new sample
// enters every window.
#pragma once

#include <string>
#include <vector>

#include "base/strong_id.hpp"
#include "config/spec.hpp"
#include "core/program.hpp"
#include "units/pe/pe.hpp"

namespace map {

using PeId = base::StrongId<struct PeTag>;
using DelayId = base::StrongId<struct DelayTag>;

/// Lanes of a bus, `ticks` later.
struct Delay {
  core::LaneRange lanes;
  int ticks = 0;
  bool operator==(const Delay&) const = default;
};

/// One PE of the design.
struct Pe {
  std::string name;  ///< stem of its bus, row and column tile: "fc1_r0_c0"; fit for files and nets
  core::OpId op;
  units::PeConfig config;
  int phase = 0;                        ///< of its spike inputs
  std::vector<core::LaneRange> inputs;  ///< the rows, as lanes of buses
  std::vector<DelayId> delays;          ///< one an input; invalid: taken undelayed
  PeId above;                           ///< whose sums it adds; invalid: first of its cascade
};

/// A bus with its place in time.
struct TimedBus {
  core::Bus bus;
  std::string stem;  ///< of the layer's name, for files and nets: base::stem_of, unique in any case
  int phase = 0;
};

struct Design {
  std::string name;  ///< in headers; a stem of the network's until the spec's takes its place
  core::Program program;
  config::Train train = config::Train::kBinary;
  config::Neuron neuron = config::Neuron::kExact;
  int window = 0;               ///< ticks of a window
  std::vector<TimedBus> buses;  ///< as program.buses
  std::vector<Pe> pes;          ///< as program.ops
  std::vector<Delay> delays;

  const TimedBus& bus(core::BusId id) const { return buses[id.index()]; }
  const TimedBus& output() const { return buses.back(); }
  /// Ticks from a window's start at the sequencer until its output value is complete.
  int latency() const { return output().phase + window; }
};

/// Gives every core-op a PE of the spec's kind, chooses the widths that its weights, offsets and
/// thresholds need (the same for all PEs of a role, so that equal PEs are one module), and computes
/// phases and delays. Throws kDoesNotFit if a width exceeds the PE's, kWeightRange if a paired
/// neuron's weight is -2^(weight_bits - 1).
Design map(const core::Program& program, const config::Pe& spec);

/// What PE `pe` is loaded with: weights of its core-op and offsets (units::offset_of) and
/// thresholds.
units::PeContent content_of(const Design& design, const Pe& pe);

/// Checks phases from the other side: walks every row of every PE back to its bus and adds up the
/// ticks. Throws kInternal at the first row that is not aligned, or cascade that is not in step.
void check(const Design& design);

/// Golden level 2 for the whole design: trains of every bus for a batch of input integers (one row
/// a sample), each window of Γ ticks in sample order. Phases are taken out: window k of every bus
/// belongs to sample k.
std::vector<units::Trains> emulate(const Design& design, const quant::IntegerBatch& inputs);

}  // namespace map
