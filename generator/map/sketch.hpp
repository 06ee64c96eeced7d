// A design under construction: what all parts of the mapper share.
#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "map/cut.hpp"
#include "map/netlist.hpp"
#include "map/schedule.hpp"
#include "units/host/host.hpp"

namespace map {

// Marks of the windows that begin at one phase.
struct Marks {
  LinkId win;
  LinkId live;
};

// What the parts of an island share.
struct Part {
  std::string prefix;  // of its nets' names
  LinkId tick;
  LinkId window_start;
  Pin conditions;  // for a window to start
  LinkId fires;    // all of them
  Marks start;
  std::map<int, Marks> marks;  // by phase
};

/// Longest stem of a net's name; with what nets add to it, below verilog::kMaxNameLength.
inline constexpr std::size_t kStemLength = 24;

/// Names, links and instances of the island that is worked on.
class Sketch {
 protected:
  Sketch(core::Program program, const config::Pe& spec, const Host& host, config::Islands islands,
         const units::CellsSpeed& cells);
  ~Sketch() = default;

  // Links
  LinkId add(Link link) {
    if (!heading_.empty()) link.heading = std::exchange(heading_, {});
    return add_link(design_, std::move(link));
  }
  LinkId wire(const std::string& name, units::Protocol protocol, int width = 1,
              verilog::NetKind kind = verilog::NetKind::kWire) {
    return add({.name = name, .protocol = protocol, .bits = width, .kind = kind});
  }
  LinkId train(const std::string& name, int lanes, int phase) {
    return add({.name = name,
                .protocol = units::Protocol::kTrain,
                .lanes = lanes,
                .island = island_,
                .phase = phase});
  }
  LinkId mark(const std::string& name, int phase) {
    return add(
        {.name = name, .protocol = units::Protocol::kMark, .island = island_, .phase = phase});
  }
  Pin pin(LinkId link) const { return all(design_, link); }

  // Instances
  InstanceId place(const std::string& name, units::UnitPtr unit,
                   const std::vector<NamedPin>& pins) {
    return add_instance(design_, {.name = name, .unit = std::move(unit)}, pins);
  }
  InstanceId place_at(int phase, const std::string& name, units::UnitPtr unit,
                      const std::vector<NamedPin>& pins) {
    return add_instance(
        design_, {.name = name, .unit = std::move(unit), .island = island_, .phase = phase}, pins);
  }

  // What the program and the spec say
  const core::CoreOp& op(core::OpId id) const { return program_->ops[id]; }
  const std::string& name_of(core::OpId id) const { return names_[id.index()]; }
  Stream& stream(core::StreamId id) { return design_.streams[id.index()]; }
  /// Of a window of the bus where it is made.
  int bits_of(core::StreamId bus) const { return cut_.bits_of(cut_.of(bus)); }
  /// Of a stream of the host's at this island.
  units::StreamEdge edge(const std::vector<core::LaneRange>& frame) const {
    return {core::count_of(frame), cut_.bits_of(island_), spec_.train, beat_lanes(frame)};
  }
  /// Tokens a sample.
  int tokens_of(const std::vector<core::LaneRange>& frame) const {
    return program_->streams[frame.front().stream].tokens;
  }
  /// Lanes a beat of the host's streams; a token of many begins with a beat, and fills no more than
  /// its own lanes.
  int beat_lanes(const std::vector<core::LaneRange>& frame) const {
    const int most = design_.host.beat_lanes;
    return tokens_of(frame) > 1 ? std::min(most, core::count_of(frame)) : most;
  }

  Part& part_of(IslandId id) { return parts_[id.index()]; }
  Part& here() { return part_of(island_); }

  /// The marks of a phase, delayed from those of what comes in; made when first asked for.
  Marks marks(int phase);
  Marks declare_marks(int phase);

  std::shared_ptr<const core::Program> program_;
  config::Pe spec_;
  units::CellsSpeed cells_speed_;
  Cut cut_;
  Design design_;
  std::vector<std::string> names_;  // of PEs
  Schedule schedule_;
  std::vector<Part> parts_;  // by island
  IslandId island_{0};       // of what is placed
  std::string heading_;      // of the next link
};

}  // namespace map
