// The checker of mapping, written without any of the mapper's helpers.
#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"
#include "map/design.hpp"
#include "units/line/unit.hpp"
#include "units/smb/unit.hpp"
#include "units/table/unit.hpp"

namespace map {

namespace {

using verilog::NetKind;

// Along one axis, windows over a map of `size` lines, as a view says it.
struct Along {
  int size, kernel, stride, dilation, pad, windows;
  int extent, repeat, step, begin;  // of the sight
  int own, at, apart;               // of the lines that are the tensor's
};

// Whether each tap of each window meets the line that it should, and in its phase.
bool alike(const units::LineAxis& axis, const Along& along) {
  if (axis.size + axis.skipped != along.size || axis.kernel != along.kernel ||
      axis.repeat != along.repeat || axis.windows() != along.windows)
    return false;
  for (int at = 0; at < along.windows; ++at)
    for (int tap = 0; tap < along.kernel; ++tap) {
      const int seen = at * along.stride + tap * along.dilation - along.pad;
      const int line = seen * along.step + along.begin;  // of the tensor
      const bool met =
          seen >= 0 && seen < along.extent && line >= 0 && line < along.own * along.repeat;
      const int own = line / along.repeat * along.apart + along.at;
      const int there = axis.start(at) + tap * axis.dilation;
      if (axis.sees(there) != met || (met && there != own * along.repeat + line % along.repeat))
        return false;
    }
  return true;
}

class Checker {
 public:
  explicit Checker(const Design& design) : design_(design), driven_(design.links.size()) {}

  void run() {
    for (const Instance& instance : design_.instances) check_pins(instance);
    for (std::size_t l = 0; l < design_.links.size(); ++l) check_drivers(LinkId{l});
    faults_.throw_if_any();  // what follows walks from link to link
    check_contents();
    check_lanes(design_.instance(design_.encoder), "spike_o", design_.program->input_lanes());
    check_lanes(design_.instance(design_.decoder), "spike_i", design_.program->outputs);
    for (const Island& island : design_.islands) check_island(island);
    for (const Instance& instance : design_.instances)
      if (dynamic_cast<const units::MemoryUnit*>(instance.unit.get())) check_channel(instance);
    for (const core::StreamId id : design_.program->streams.ids()) check_stream(id);
    faults_.throw_if_any();
  }

 private:
  struct Range {
    int first, count;
    std::size_t instance;
    auto operator<=>(const Range&) const = default;
  };

  void fault(const std::string& where, const std::string& what) {
    faults_.add(base::Code::kInternal, "mapping is wrong: " + what, where);
  }

  // Pins
  void check_pins(const Instance& instance) {
    const std::vector<units::Port>& ports = instance.unit->ports();
    if (instance.pins.size() != ports.size())
      return fault(instance.name, "it has another number of pins than its unit of ports");
    for (std::size_t p = 0; p < ports.size(); ++p) check_pin(instance, ports[p], instance.pins[p]);
  }

  void check_pin(const Instance& instance, const units::Port& port, const Pin& pin) {
    const std::string where = instance.name + ", port " + port.name;
    if (pin.empty() && !port.is_input()) return;
    int width = 0;
    for (const Wires& wires : pin) {
      width += wires.count;
      if (wires.link.valid())
        check_wires(where, instance, port, wires);
      else if (!port.is_input())
        fault(where, "it drives a constant");
    }
    if (width != port.width())
      fault(where, fmt::format("{} wires at {} of the port", width, port.width()));
  }

  void check_wires(const std::string& where, const Instance& instance, const units::Port& port,
                   const Wires& wires) {
    const Link& link = design_.link(wires.link);
    if (wires.first < 0 || wires.count < 1 || wires.first + wires.count > link.width())
      return fault(where, "wires outside of " + link.name);
    if (link.protocol != port.protocol) fault(where, link.name + " speaks another protocol");
    if (units::is_timed(port.protocol)) check_time(where, instance, port, link);
    if (port.protocol == units::Protocol::kTick && port.is_input() &&
        design_.island(instance.island_of(port)).tick != wires.link)
      fault(where, link.name + " is not the tick of its island");
    if (!port.is_input())
      driven_[wires.link.index()].push_back({wires.first, wires.count, index_of(instance)});
  }

  void check_time(const std::string& where, const Instance& instance, const units::Port& port,
                  const Link& link) {
    const int due = instance.phase_of(port);
    if (link.island != instance.island_of(port)) fault(where, link.name + " is of another island");
    if (link.phase != due)
      fault(where, fmt::format("{} is at tick {}, the port at {}", link.name, link.phase, due));
  }

  std::size_t index_of(const Instance& instance) const {
    return static_cast<std::size_t>(&instance - design_.instances.data());
  }

  // Each wire has one driver; those of the design's inputs have theirs outside.
  void check_drivers(LinkId id) {
    std::vector<Range>& ranges = driven_[id.index()];
    std::ranges::sort(ranges);
    const Link& link = design_.link(id);
    const int end = link.kind == NetKind::kInput ? 0 : link.width();
    int next = 0;
    for (const Range& range : ranges) {
      if (range.first < next || next >= end)
        return fault(link.name, fmt::format("wire {} is driven twice", range.first));
      if (range.first > next) break;
      next += range.count;
    }
    if (next < end) fault(link.name, fmt::format("wire {} has no driver", next));
  }

  // Contents
  void check_contents() {
    std::vector<int> holders(design_.program->ops.size(), 0);
    for (const Instance& instance : design_.instances) {
      if (!instance.content.valid()) continue;
      ++holders[instance.content.index()];
      check_lanes(instance, "spike_i", op_of(instance).inputs);
      check_results(instance);
    }
    for (std::size_t i = 0; i < holders.size(); ++i)
      if (holders[i] != 1)
        fault(design_.program->ops[core::OpId{i}].name,
              fmt::format("it sits in {} PEs", holders[i]));
  }

  const core::CoreOp& op_of(const Instance& instance) const {
    return design_.program->ops[instance.content];
  }

  // The instance that drives wire `wire` of `link`.
  const Instance& driver(LinkId link, int wire) const {
    const auto after = std::ranges::upper_bound(driven_[link.index()], wire, {}, &Range::first);
    return design_.instances[std::prev(after)->instance];
  }

  // Wire `index` of a pin.
  static Wires wire(const Pin& pin, int index) {
    for (const Wires& wires : pin) {
      if (index < wires.count) return {wires.link, wires.first + index, 1};
      index -= wires.count;
    }
    return {};
  }

  // Where a wire of a train comes from: back through delays and channels.
  Wires origin(Wires at) const {
    while (at.link.valid()) {
      const Instance& from = driver(at.link, at.first);
      if (from.unit->kind() == "delay")
        at = wire(from.pin("data_i"), at.first);
      else if (from.unit->kind() == "smb")
        at = wire(from.pin("write_spike_i"), at.first);
      else
        break;
    }
    return at;
  }

  // The wires of a train are the lanes that `ranges` name.
  void check_lanes(const Instance& instance, const char* port,
                   const std::vector<core::LaneRange>& ranges) {
    const Pin& pin = instance.pin(port);
    int row = 0;
    for (const core::LaneRange& lanes : ranges) {
      const LinkId stream = design_.streams[lanes.stream.index()].spikes;
      for (int lane = lanes.first; lane < lanes.first + lanes.count; ++lane, ++row)
        if (origin(wire(pin, row)) != Wires{stream, lane, 1})
          return fault(instance.name, fmt::format("row {} is not lane {} of {}", row, lane,
                                                  design_.link(stream).name));
    }
  }

  // Sums come from the core-op before and go on, or end in neurons, which drive the op's lanes.
  void check_results(const Instance& pe) {
    const core::CoreOp& op = op_of(pe);
    if (!op.is_first()) {
      const Wires sums = wire(pe.pin("sum_i"), 0);
      if (!sums.link.valid() || driver(sums.link, 0).content != core::OpId{pe.content.index() - 1})
        fault(pe.name, "its sums are not those of the tile above");
    }
    if (!op.is_last()) return;
    const Pin lanes{{design_.streams[op.output.index()].spikes, op.first_lane, op.cols()}};
    if (pe.pin("spike_o") != lanes) fault(pe.name, "it drives other lanes than its own");
  }

  // Islands
  void check_island(const Island& island) {
    const Instance& sequencer = design_.instance(island.sequencer);
    const Pin& ready = sequencer.pin("ready_i");
    const IslandId id{static_cast<std::size_t>(&island - design_.islands.data())};
    for (const Instance& instance : design_.instances)
      if (instance.island == id || !instance.island.valid()) check_ready(instance, ready);
    int end = 0;
    for (const Stream& stream : design_.streams)
      if (design_.link(stream.spikes).island == id)
        end = std::max(end, design_.link(stream.spikes).phase + island.window);
    if (island.latency < end)
      fault(island.name,
            fmt::format("its last window ends at tick {}, not {}", end, island.latency));
    hold(sequencer, {{"Drain", island.latency}});
    check_windows(island, id);
  }

  // What `instance` sets of `wanted` has to be so.
  void hold(const Instance& instance, const units::Parameters& wanted) {
    for (const auto& parameter : instance.unit->parameters())
      for (const auto& [name, value] : wanted)
        if (parameter.first == name && parameter.second != value)
          fault(instance.name, "it counts another " + name);
  }

  // Windows
  int bits_of(core::StreamId id) const { return design_.program->streams[id].format.bits; }

  // Bits of the widest stream that the island's PEs read or make, that the host sends to it or has
  // from it.
  int widest_of(IslandId id) const {
    int bits = 0;
    for (const Instance& pe : design_.instances)
      if (pe.content.valid() && pe.island == id)
        for (const core::LaneRange& lanes : op_of(pe).inputs)
          bits = std::max(bits, bits_of(lanes.stream));
    for (std::size_t s = 0; s < design_.streams.size(); ++s) {
      if (design_.link(design_.streams[s].spikes).island != id) continue;
      bits = std::max(bits, bits_of(core::StreamId{s}));
      if (const auto& lookup = design_.program->streams[core::StreamId{s}].lookup)
        bits = std::max(bits, bits_of(lookup->inputs.front().stream));
    }
    if (design_.instance(design_.decoder).island == id)
      for (const core::LaneRange& lanes : design_.program->outputs)
        bits = std::max(bits, bits_of(lanes.stream));
    return bits;
  }

  // An island's windows have room for its widest stream and no more, and all of it counts them.
  void check_windows(const Island& island, IslandId id) {
    const int bits = widest_of(id);
    const bool rate = island.train == config::Train::kRate;
    if (island.activation_bits != bits || island.window != (rate ? 1 << bits : bits))
      fault(island.name, fmt::format("its windows have {} ticks for {} bits, its widest stream {}",
                                     island.window, island.activation_bits, bits));
    for (const Instance& instance : design_.instances) {
      if (instance.island != id) continue;
      hold(instance, {{"Period", island.window}, {"ActBits", bits}, {"Train", rate ? 1 : 0}});
      if (const auto* pe = dynamic_cast<const units::PeUnit*>(instance.unit.get()))
        if (pe->config().activation_bits != bits || pe->config().train != island.train)
          fault(instance.name, "it computes in other windows than its island's");
    }
  }

  // A memory's sides have the windows of their islands; it stores the stream's own bits.
  void check_memory(const Instance& buffer) {
    const units::MemoryFacts& config =
        dynamic_cast<const units::MemoryUnit&>(*buffer.unit).memory();
    const auto fits = [this](const units::SmbSide& side, IslandId id) {
      const Island& island = design_.island(id);
      const auto code =
          island.train == config::Train::kRate ? units::BusCode::kRate : units::BusCode::kBinary;
      return side == units::SmbSide{code, island.activation_bits};
    };
    if (!fits(config.write, buffer.island)) fault(buffer.name, "its writer has other windows");
    if (!fits(config.read, buffer.reader)) fault(buffer.name, "its reader has other windows");
    const Wires lane = origin(wire(buffer.pin("write_spike_i"), 0));
    for (std::size_t s = 0; s < design_.streams.size(); ++s)
      if (design_.streams[s].spikes == lane.link && bits_of(core::StreamId{s}) != config.value_bits)
        fault(buffer.name, "it stores another number of bits than its stream has");
  }

  // An island has as many windows a sample as each of its streams tokens, and memory shows views.
  void check_stream(core::StreamId id) {
    const core::Stream& stream = design_.program->streams[id];
    const Link& spikes = design_.spikes(id);
    for (const core::StreamId other : design_.program->streams.ids())
      if (design_.spikes(other).island == spikes.island &&
          design_.program->streams[other].tokens != stream.tokens)
        fault(stream.name, "it has another number of tokens than the streams of its island");
    const Instance& from = driver(design_.streams[id.index()].spikes, 0);
    const auto* line = dynamic_cast<const units::LineUnit*>(from.unit.get());
    if (stream.lookup)
      check_tables(stream, id);
    else if (dynamic_cast<const units::TableUnit*>(from.unit.get()))
      fault(stream.name, "a table makes it that nobody asked for");
    const auto* cells = dynamic_cast<const units::CellsUnit*>(from.unit.get());
    if (stream.answers && cells)
      check_cells(stream, from, cells->config());
    else if (stream.answers || cells)
      fault(stream.name, "cells answer that nobody asked for, or the other way round");
    if (stream.view && line)
      check_view(stream, from, *line);
    else if (stream.view || line)
      fault(stream.name, "it is a view without memory, or the other way round");
  }

  // Whether so many answers to so many steps are what a layer of cells gives, or a dense one.
  static bool keeps_count(const units::CellsConfig& config, const quant::CellLayer& cells,
                          int steps, int answers) {
    if (config.is_dense()) return config.steps == cells.taps && answers * cells.taps == steps;
    return config.steps == steps && answers == (config.last_alone ? 1 : steps);
  }

  // Cells read what the program says and have its numbers.
  void check_cells(const core::Stream& stream, const Instance& at,
                   const units::CellsConfig& config) {
    const quant::CellLayer& cells = *stream.answers->cells;
    const core::Stream& from = design_.program->streams[stream.answers->stream()];
    check_lanes(at, "write_spike_i", stream.answers->inputs);
    if (config.inputs != cells.inputs || config.cells != cells.cells ||
        config.in_shift != cells.in_shift || config.out_shift != cells.out_shift ||
        config.in_bits != from.format.bits || config.out_bits != stream.format.bits ||
        config.signed_input != from.format.is_signed ||
        config.signed_output != stream.format.is_signed || config.is_dense() != cells.is_dense() ||
        config.block() != cells.block || config.step_blocks() * cells.block < cells.inputs ||
        config.answer_blocks() * cells.block < cells.cells ||
        !keeps_count(config, cells, from.tokens, stream.tokens))
      fault(stream.name, "its cells are of another layer");
  }

  // Of a stream of several positions a token each has a table of its own, which reads its part of
  // the inputs.
  void check_tables(const core::Stream& stream, core::StreamId id) {
    const std::vector<core::LaneRange>& inputs = stream.lookup->inputs;
    const auto beside = static_cast<std::size_t>(stream.beside);
    const int lanes = stream.lanes / stream.beside;
    for (std::size_t n = 0; n < beside; ++n) {
      const Wires made{design_.streams[id.index()].spikes, static_cast<int>(n) * lanes, lanes};
      const Instance& from = driver(made.link, made.first);
      const auto* table = dynamic_cast<const units::TableUnit*>(from.unit.get());
      if (!table || from.pin("spike_o") != Pin{made}) {
        fault(stream.name, "no table makes a position of its tokens");
        continue;
      }
      std::vector<core::LaneRange> row;
      for (std::size_t i = 0; i < inputs.size(); ++i)
        if (i * beside / inputs.size() == n) row.push_back(inputs[i]);
      check_lanes(from, "spike_i", row);
      check_table(stream, from, *table);
    }
  }

  void check_table(const core::Stream& stream, const Instance& at, const units::TableUnit& table) {
    const units::TableConfig& config = table.config();
    const core::Stream& from = design_.program->streams[stream.lookup->inputs.front().stream];
    if (config.values != stream.lookup->values || config.input_bits != from.format.bits ||
        config.output_bits != stream.format.bits || config.signed_input != from.format.is_signed ||
        config.signed_output != stream.format.is_signed ||
        config.activation_bits != design_.island(at.island).activation_bits)
      fault(stream.name, "its table is another function");
  }

  static bool walks_alike(const core::View& view, const core::Stream& shown,
                          const units::LineShape& shape) {
    const quant::Window& window = view.window;
    quant::Sight sight = view.sight;
    if (sight.is_plain()) sight.extent = window.map;
    const quant::Pair windows = window.windows();
    const auto& [map, at, apart] = shown.own;
    return alike(shape.rows, {shown.map.y, window.kernel.y, window.stride.y, window.dilation.y,
                              window.pad_begin.y, windows.y, sight.extent.y, sight.repeat.y,
                              sight.step.y, sight.begin.y, map.y, at.y, apart.y}) &&
           alike(shape.cols, {shown.map.x, window.kernel.x, window.stride.x, window.dilation.x,
                              window.pad_begin.x, windows.x, sight.extent.x, sight.repeat.x,
                              sight.step.x, sight.begin.x, map.x, at.x, apart.x});
  }

  void check_view(const core::Stream& stream, const Instance& memory, const units::LineUnit& line) {
    const core::StreamId id = stream.view->shown.front().stream;
    const core::Stream& shown = design_.program->streams[id];
    std::vector<core::LaneRange> written;  // of a token's positions
    int channels = 0;
    for (int first = 0; first < shown.lanes; first += shown.lanes / shown.beside)
      for (const core::LaneRange& lanes : stream.view->shown) {
        written.push_back({id, first + lanes.first, lanes.count});
        if (first == 0) channels += lanes.count;
      }
    check_lanes(memory, "write_spike_i", written);
    const int parts = stream.view->sight.parts();
    channels /= parts;
    const units::LineShape& shape = line.config().shape;
    if (!walks_alike(*stream.view, shown, shape) || shape.neighbours != stream.beside ||
        shape.beside != shown.beside || shape.parts() != parts ||
        line.config().channels != channels || line.config().most != stream.view->most ||
        line.config().least != (stream.view->most && stream.format.is_signed ? channels / 2 : 0))
      fault(stream.name, "its memory walks in other windows");
    if (shape.ahead && !reads_tokens(memory.reader))
      fault(stream.name, "nothing keeps its windows from running ahead of their samples");
  }

  // Whether each of an island's windows waits for a token of some channel.
  bool reads_tokens(IslandId id) const {
    return std::ranges::any_of(design_.instances, [id](const Instance& one) {
      return (one.unit->kind() == "smb" || one.unit->kind() == "cells") && one.reader == id;
    });
  }

  // Channels: a window reserves room when it starts, and starts only with room and tokens.
  void check_channel(const Instance& buffer) {
    const Instance& writer = design_.instance(design_.island(buffer.island).sequencer);
    const Instance& reader = design_.instance(design_.island(buffer.reader).sequencer);
    if (buffer.pin("write_fire_i") != writer.pin("sample_pop_o"))
      fault(buffer.name, "no window of its writer reserves");
    if (!waits_for(writer, buffer.pin("write_room_o")))
      fault(buffer.name, "its writer does not wait for room");
    if (!waits_for(reader, buffer.pin("read_valid_o")))
      fault(buffer.name, "its reader does not wait for tokens");
    check_memory(buffer);
  }

  // Whether a sequencer's windows need the condition, alone or joined with others.
  bool waits_for(const Instance& sequencer, const Pin& condition) const {
    const Pin& pin = sequencer.pin("sample_valid_i");
    if (contains(pin, condition.front())) return true;
    const Instance& from = driver(pin.front().link, pin.front().first);
    return from.unit->kind() == "join" && contains(from.pin("ready_i"), condition.front());
  }

  // A tick waits for whoever may not be ready.
  void check_ready(const Instance& instance, const Pin& ready) {
    const std::vector<units::Port>& ports = instance.unit->ports();
    for (std::size_t p = 0; p < ports.size(); ++p)
      if (ports[p].protocol == units::Protocol::kReady && !ports[p].is_input())
        for (const Wires& one : instance.pins[p])
          if (!contains(ready, one)) fault(instance.name, "no tick waits for it");
  }

  static bool contains(const Pin& pin, const Wires& part) {
    return std::ranges::any_of(pin, [&](const Wires& wires) {
      return wires.link == part.link && wires.first <= part.first &&
             part.first + part.count <= wires.first + wires.count;
    });
  }

  const Design& design_;
  base::Diagnostics faults_;
  std::vector<std::vector<Range>> driven_;  // by link
};

}  // namespace

void check(const Design& design) { Checker(design).run(); }

}  // namespace map
