// The design as a netlist: every piece of hardware is an instance of a unit, every wire between
// two of them belongs to a link. What follows prints it, checks it, emulates it; nothing adds to
// it.
//
// Time inside an island is counted in ticks. The phase of a link is the number of ticks from the
// moment the island's sequencer starts a window to the first tick of that window on the link. A
// unit that reads several trains waits for the latest; the others pass through delays. Windows
// follow each other without a gap: a new sample enters every window.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/strong_id.hpp"
#include "config/spec.hpp"
#include "core/program.hpp"
#include "units/cells/cells.hpp"
#include "units/pe/unit.hpp"
#include "units/unit.hpp"

namespace map {

using LinkId = base::StrongId<struct LinkTag>;
using InstanceId = base::StrongId<struct InstanceTag>;
using IslandId = base::StrongId<struct IslandTag>;
using ChannelId = base::StrongId<struct ChannelTag>;

/// Wires of one protocol that belong together: a train, a sum, a part of a bus. Each wire has one
/// driver; several instances may drive a link, each a range of its wires, as the PEs of a layer's
/// column tiles do.
struct Link {
  std::string name;  ///< unique; fit for nets
  units::Protocol protocol = units::Protocol::kStatus;
  int lanes = 1;
  int bits = 1;       ///< a lane
  IslandId island{};  ///< whose ticks it moves with; invalid: it knows no tick
  int phase = 0;      ///< of trains, sums and marks
  verilog::NetKind kind = verilog::NetKind::kWire;  ///< inputs and outputs are the design's ports
  std::string heading{};                            ///< printed above it and those that follow

  int width() const { return lanes * bits; }
};

/// Wires [first, first + count) of a link; without a link the constant `first` in `count` bits.
struct Wires {
  LinkId link;
  int first = 0;
  int count = 0;
  bool operator==(const Wires&) const = default;
};

/// What a port is connected to, lowest wire first; nothing: an output that is left open.
using Pin = std::vector<Wires>;

struct Instance {
  std::string name;  ///< unique; fit for nets
  units::UnitPtr unit;
  IslandId island{};     ///< invalid: it knows no tick
  int phase = 0;         ///< of its trains, sums and marks in; those out are unit->latency() later
  IslandId reader{};     ///< of the ports of side 1, whose windows begin with the island's
  core::OpId content{};  ///< whose weights it is loaded with; invalid: nothing is loaded
  std::vector<Pin> pins{};  ///< one a port of the unit

  /// Where in time a port stands.
  IslandId island_of(const units::Port& port) const { return port.side == 0 ? island : reader; }
  int phase_of(const units::Port& port) const {
    return (port.side == 0 ? phase : 0) + (port.is_input() ? 0 : unit->latency());
  }
  /// What the port `port` is connected to.
  const Pin& pin(const std::string& port) const { return pins[unit->port(port)]; }
};

/// What shares a tick: one sequencer and all that it starts.
struct Island {
  std::string name;
  int activation_bits = 6;  ///< n: its values lie in 0 .. 2^n - 1
  config::Train train = config::Train::kBinary;
  int window = 0;  ///< ticks
  LinkId tick{};
  InstanceId sequencer{};
  int latency = 0;  ///< ticks from a window's start until its last result is complete
};

/// Where tokens of a stream wait between two islands.
struct Channel {
  core::StreamId stream;
  core::StreamId view{};  ///< which its reader has instead: a view of them, or what cells answer;
                          ///< invalid: it has the stream itself
  IslandId from;
  IslandId to;
  InstanceId buffer{};
  LinkId spikes{};  ///< as the reader has them
};

/// A bus of the program, as the netlist holds it.
struct Stream {
  std::string stem;  ///< of the layer's name, for files and nets: base::stem_of, unique in any case
  LinkId spikes;
  LinkId win;  ///< marks of the same phase
  LinkId live;
};

/// What the design is to its host.
struct Host {
  int beat_lanes = 64;              ///< values a beat of the streams
  std::uint32_t spec_hash = 0;      ///< first 32 bits of the spec's hash, readable at CSR 0x08
  bool preset_memories = false;     ///< PEs read mem/<pe>_*.mem at time 0 instead of being loaded
  bool asynchronous_reset = false;  ///< rst_ni may change at any time; the design synchronises it
};

/// Of several outputs one.
struct Output {
  std::string name;  ///< for people
  int lanes = 0;     ///< of a token
};

struct Design {
  std::string name;  ///< in headers; a stem of the network's until the spec's takes its place
  std::shared_ptr<const core::Program> program;  ///< of whose ops instances are the content
  std::vector<Output> outputs;  ///< several: a token's parts in program->outputs; else none
  Host host;
  LinkId clock;
  LinkId reset;  ///< of all instances but its synchroniser
  std::vector<Link> links;
  std::vector<Instance> instances;
  std::vector<Island> islands;
  std::vector<Channel> channels;
  std::vector<Stream> streams;   ///< as program->streams
  std::vector<InstanceId> pes;   ///< as program->ops; PE i is unit i of the load bus
  std::vector<ChannelId> cells;  ///< whose buffers are cells; those of i are unit pes.size() + i of
                                 ///< the load bus
  InstanceId encoder;            ///< of what the host sends
  InstanceId decoder;            ///< of what it receives

  const Link& link(LinkId id) const { return links[id.index()]; }
  const Instance& instance(InstanceId id) const { return instances[id.index()]; }
  const Island& island(IslandId id) const { return islands[id.index()]; }
  const Link& spikes(core::StreamId id) const { return link(streams[id.index()].spikes); }
  const Island& island_of(core::StreamId id) const { return island(spikes(id).island); }
  /// Parameters of PE `unit` of the load bus.
  const units::PeConfig& pe(std::size_t unit) const {
    return dynamic_cast<const units::PeUnit&>(*instance(pes[unit]).unit).config();
  }
};

/// Gives every core-op a PE of the spec's kind, chooses the widths that its weights, offsets and
/// thresholds need (the same for all PEs of a role, so that equal PEs are one module), computes
/// phases and delays, and puts sequencer, streams, counters and registers around them. Throws
/// kDoesNotFit if a width exceeds the PE's, kWeightRange if a paired neuron's weight is
/// -2^(weight_bits - 1).
/// `islands` says which layers share a tick; channels between them are as deep as full speed takes.
/// `cells` says how fast recurrent cells are.
Design map(core::Program program, const config::Pe& spec, const Host& host = {},
           config::Islands islands = config::Islands::kAuto, const units::CellsSpeed& cells = {});

/// A sample on one of the host's streams: token after token, of each lane after lane, tensor after
/// tensor. A token begins with a beat.
struct Frame {
  std::vector<core::LaneRange> lanes;  ///< of a token
  int tokens = 1;
  int lane_bytes = 1;  ///< a lane
  int beat_lanes = 1;  ///< lanes a beat

  int beats() const;  ///< a token
};
/// What the host sends: the program's inputs.
Frame input_frame(const Design& design);
/// What it receives: the program's outputs.
Frame output_frame(const Design& design);

/// Tokens that a channel's buffer holds.
int depth_of(const Design& design, const Channel& channel);

/// Path of the memory files of a unit of the load bus from the run directory, without what tells
/// them apart and their ending: "mem/03_fc1_r0_c0". The number is the unit's on the load bus.
std::string memory_path(const Design& design, std::size_t unit);

/// The cells that are unit pes.size() + i of the load bus, and what they are loaded with.
const units::CellsUnit& cells_of(const Design& design, std::size_t i);
const quant::CellLayer& cell_layer_of(const Design& design, std::size_t i);

/// What PE `unit` of the load bus is loaded with: weights of its core-op and offsets
/// (units::offset_of) and thresholds.
units::PeContent content_of(const Design& design, std::size_t unit);

/// Whether the design computes the integer network bit for bit: exact units, ideal devices.
bool is_exact(const Design& design);

/// Checks the netlist from the other side, with none of the mapper's helpers: every wire has one
/// driver, what it joins speaks the same protocol in the same phase and island, every core-op sits
/// in one PE, whose rows lead back to the lanes that it asks for, and the host's frames hold the
/// program's inputs and outputs. Throws kInternal with all faults.
void check(const Design& design);

/// What every stream carries, tick by tick.
using StreamTrains = base::IdVector<core::StreamId, units::Trains>;

/// Golden level 2 for the whole design: trains of every stream for a batch of input integers (one
/// row a sample, the inputs one after the other), each window of Γ ticks in the order of samples
/// and their tokens. Phases are taken out: window k of a stream of t tokens belongs to sample k /
/// t.
StreamTrains emulate(const Design& design, const quant::IntegerBatch& inputs);

/// Values of a stream's lanes, one row a window of its trains.
quant::IntegerBatch lanes_of(const Design& design, core::StreamId stream,
                             const units::Trains& trains);

}  // namespace map
