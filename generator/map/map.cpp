// From a program to the netlist of its islands between the streams of the host.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <tuple>
#include <utility>

#include "base/bits.hpp"
#include "base/text.hpp"
#include "map/islands.hpp"
#include "map/pes.hpp"
#include "units/delay/delay.hpp"
#include "units/table/unit.hpp"

namespace map {

namespace {

using units::Protocol;
using verilog::NetKind;

// Instances begin with u_, so the nets of a bus do not.
std::string stem_of(const core::Stream& bus, std::size_t index) {
  const std::string stem = base::stem_of(bus.name, kStemLength);
  if (stem.empty()) return fmt::format("layer{}", index);
  return stem == "u" || stem.starts_with("u_") ? "n_" + stem : stem;
}

std::vector<std::string> stems_of(const core::Program& program) {
  base::UniqueNames unique("_alt", true);
  std::vector<std::string> stems;
  for (const core::Stream& bus : program.streams)
    stems.push_back(unique.take(stem_of(bus, stems.size())));
  return stems;
}

// Wires of AXI4-Lite and of the load bus, with their widths.
using Signal = std::pair<std::string, int>;
const std::vector<Signal> kAxilInputs{{"awvalid", 1}, {"awaddr", 12}, {"awprot", 3}, {"wvalid", 1},
                                      {"wdata", 32},  {"wstrb", 4},   {"bready", 1}, {"arvalid", 1},
                                      {"araddr", 12}, {"arprot", 3},  {"rready", 1}};
const std::vector<Signal> kAxilOutputs{{"awready", 1}, {"wready", 1}, {"bvalid", 1}, {"bresp", 2},
                                       {"arready", 1}, {"rvalid", 1}, {"rdata", 32}, {"rresp", 2}};
const std::vector<Signal> kLoadBus{{"load_we", 1}, {"load_addr", 22}, {"load_data", 32}};

// Flip-flops of a delay above which it lies in memory.
constexpr int kDelayFlipFlops = 1024;

class Mapper : IslandSketch {
 public:
  Mapper(core::Program program, const config::Pe& spec, const Host& host, config::Islands islands,
         const units::CellsSpeed& cells)
      : IslandSketch(std::move(program), spec, host, islands, cells),
        has_memory_delays_(islands != config::Islands::kOne) {}

  Design run() {
    const std::vector<std::string> stems = stems_of(*program_);
    names_ = pe_names(*program_, stems);
    const std::vector<units::UnitPtr> pes =
        pe_units(*program_, cut_, spec_, names_, design_.host.preset_memories);
    const units::UnitPtr encoder = units::encoder(edge(program_->input_lanes()));
    schedule_ = schedule(*program_, cut_, encoder->latency(), spec_);
    ports();
    place_reset();
    islands(stems);
    load_bus();
    streams(stems);
    channels();
    for (std::size_t i = 0; i < parts_.size(); ++i) place_sequencer(IslandId{i});
    place("busy", units::busy_hold(static_cast<int>(parts_.size())),
          {{"busy_i", pin(network_busy_)}, {"busy_o", pin(busy_)}});
    place_encoder(encoder);
    for (std::size_t i = 0; i < design_.channels.size(); ++i) place_channel(ChannelId{i});
    mark_between();
    for (const core::StreamId id : program_->streams.ids())
      if (program_->streams[id].lookup) place_table(id);
    for (std::size_t i = 0; i < pes.size(); ++i) place_delays(core::OpId{i});
    for (std::size_t i = 0; i < pes.size(); ++i) place_pe(core::OpId{i}, pes[i]);
    for (std::size_t i = 0; i < design_.cells.size(); ++i) load_cells(i);
    place_decoder();
    place_counters();
    place_csr();
    size_channels();
    return std::move(design_);
  }

 private:
  // An AXI4-Stream of the design.
  struct Axis {
    LinkId valid, ready, data, last;
  };

  void ports() {
    const auto input = [&](const char* name, Protocol protocol, int width = 1) {
      return wire(name, protocol, width, NetKind::kInput);
    };
    const auto output = [&](const char* name, Protocol protocol, int width = 1) {
      return wire(name, protocol, width, NetKind::kOutput);
    };
    const auto data = [&](IslandId island, const std::vector<core::LaneRange>& frame) {
      return beat_lanes(frame) * 8 * static_cast<int>(base::ceil_div(cut_.bits_of(island), 8));
    };
    heading_ = "Clock";
    design_.clock = input("clk_i", Protocol::kClock);
    design_.reset = input("rst_ni", Protocol::kClock);
    heading_ = "Values in: AXI4-Stream";
    in_ = {input("s_axis_tvalid", Protocol::kWords), output("s_axis_tready", Protocol::kWords),
           input("s_axis_tdata", Protocol::kWords, data(input_island(), program_->input_lanes())),
           input("s_axis_tlast", Protocol::kWords)};
    heading_ = "Values out: AXI4-Stream";
    out_ = {output("m_axis_tvalid", Protocol::kWords), input("m_axis_tready", Protocol::kWords),
            output("m_axis_tdata", Protocol::kWords, data(output_island(), program_->outputs)),
            output("m_axis_tlast", Protocol::kWords)};
    heading_ = "Configuration: AXI4-Lite";
    for (const Signal& signal : kAxilInputs)
      axil_.push_back(input(("s_axil_" + signal.first).c_str(), Protocol::kAxil, signal.second));
    for (const Signal& signal : kAxilOutputs)
      axil_.push_back(output(("s_axil_" + signal.first).c_str(), Protocol::kAxil, signal.second));
  }

  // What is placed from here on has the synchroniser's reset.
  void place_reset() {
    if (!design_.host.asynchronous_reset) return;
    heading_ = "Reset";
    const LinkId synchronised = wire("rst_n", Protocol::kClock);
    place("reset", units::reset_sync(), {{"rst_no", pin(synchronised)}});
    design_.reset = synchronised;
  }

  void load_bus() {
    heading_ = "Load bus";
    load_ = {wire("load_we", Protocol::kLoad, load_units()), wire("load_addr", Protocol::kLoad, 22),
             wire("load_data", Protocol::kLoad, 32)};
  }

  int load_units() const {
    const auto cells = std::ranges::count_if(
        program_->streams, [](const core::Stream& stream) { return stream.answers.has_value(); });
    return static_cast<int>(names_.size()) + static_cast<int>(cells);
  }

  void load_cells(std::size_t i) {
    const Channel& channel = design_.channels[design_.cells[i].index()];
    place_load_rank(channel.buffer, static_cast<int>(names_.size() + i), stream(channel.view).stem);
  }

  void streams(const std::vector<std::string>& stems) {
    heading_ = "Spike buses";
    for (const core::StreamId id : program_->streams.ids()) {
      island_ = cut_.of(id);
      const std::string& stem = stems[id.index()];
      const int lanes = program_->streams[id].lanes;
      design_.streams.push_back({.stem = stem,
                                 .spikes = train(stem + "_spike", lanes, schedule_.of(id)),
                                 .win = {},
                                 .live = {}});
    }
  }

  void place_encoder(const units::UnitPtr& encoder) {
    island_ = input_island();
    const Marks start = here().start;
    const Marks marks = declare_marks(encoder->latency());
    frame_error_ = wire("frame_error", Protocol::kStatus);
    range_error_ = wire("range_error", Protocol::kStatus);
    Pin spikes;
    for (const core::LaneRange& lanes : program_->input_lanes())
      spikes = join(std::move(spikes), lanes_of(lanes));
    const bool whole = tokens_of(program_->input_lanes()) == 1;
    const Axis in = whole ? in_ : place_split();
    design_.encoder = place_at(0, "encoder", encoder,
                               {{"s_valid_i", pin(in.valid)},
                                {"s_ready_o", pin(in.ready)},
                                {"s_data_i", pin(in.data)},
                                {"s_last_i", pin(in.last)},
                                {"win_i", pin(start.win)},
                                {"live_i", pin(start.live)},
                                {"sample_valid_o", pin(sample_valid_)},
                                {"win_o", pin(marks.win)},
                                {"live_o", pin(marks.live)},
                                {"spike_o", std::move(spikes)},
                                {"range_error_o", pin(range_error_)}});
    if (whole) connect(design_, design_.encoder, "frame_error_o", pin(frame_error_));
    for (const core::StreamId input : program_->inputs) set_marks(input, marks);
  }

  // Samples become tokens, each a frame to the encoder.
  Axis place_split() {
    const Axis tokens{wire("token_valid", Protocol::kWords), wire("token_ready", Protocol::kWords),
                      wire("token_data", Protocol::kWords, design_.link(in_.data).width()),
                      wire("token_last", Protocol::kWords)};
    const std::vector<core::LaneRange> frame = program_->input_lanes();
    place("token_split", units::token_split(edge(frame), tokens_of(frame)),
          {{"s_valid_i", pin(in_.valid)},
           {"s_ready_o", pin(in_.ready)},
           {"s_data_i", pin(in_.data)},
           {"s_last_i", pin(in_.last)},
           {"m_valid_o", pin(tokens.valid)},
           {"m_ready_i", pin(tokens.ready)},
           {"m_data_o", pin(tokens.data)},
           {"m_last_o", pin(tokens.last)},
           {"frame_error_o", pin(frame_error_)}});
    return tokens;
  }

  void set_marks(core::StreamId bus, const Marks& marks) {
    stream(bus).win = marks.win;
    stream(bus).live = marks.live;
  }

  // Memory and cells show what they make with the marks of what comes in.
  void mark_between() {
    for (const core::StreamId id : program_->streams.ids()) {
      if (!program_->streams[id].is_between()) continue;
      island_ = cut_.of(id);
      set_marks(id, marks(schedule_.input_phase));
    }
  }

  // A table for each position of a token.
  void place_table(core::StreamId id) {
    const core::Stream& stream = program_->streams[id];
    const std::vector<core::LaneRange>& inputs = stream.lookup->inputs;
    const core::Stream& from = program_->streams[inputs.front().stream];
    island_ = cut_.of(id);
    const units::TableConfig config{.channels = inputs.front().count,
                                    .train = spec_.train,
                                    .activation_bits = cut_.bits_of(island_),
                                    .input_bits = from.format.bits,
                                    .output_bits = stream.format.bits,
                                    .signed_input = from.format.is_signed,
                                    .signed_output = stream.format.is_signed,
                                    .values = stream.lookup->values};
    units::UnitPtr& unit = tables_[units::module_name(config)];
    if (!unit) unit = std::make_shared<units::TableUnit>(config);
    const int phase = schedule_.arrival(inputs.front().stream, island_);
    const std::size_t halves = from.format.is_signed ? 2 : 1;
    for (int n = 0; n < stream.beside; ++n) {
      const auto row = inputs.begin() + static_cast<std::ptrdiff_t>(std::size_t(n) * halves);
      const std::string copy = stream.beside > 1 ? fmt::format("_n{}", n) : "";
      place_at(phase, "table_" + this->stream(id).stem + copy, unit,
               {{"win_i", pin(marks(phase).win)},
                {"spike_i", row_at({row, row + static_cast<std::ptrdiff_t>(halves)}, phase)},
                {"spike_o", part(this->stream(id).spikes, n * stream.position_lanes(),
                                 stream.position_lanes())}});
    }
    set_marks(id, marks(schedule_.of(id)));
  }

  // Lanes of a bus as a core-op takes them, `ticks` after they come to its island.
  using Late = std::tuple<std::size_t, int, int, int>;
  Late late(const core::LaneRange& lanes, int ticks) {
    const Wires wires = lanes_of(lanes).front();
    return {wires.link.index(), wires.first, wires.count, ticks};
  }
  int wait(const core::LaneRange& lanes, int phase) const {
    return phase - schedule_.arrival(lanes.stream, island_);
  }
  units::UnitPtr delay(int lanes, int ticks) const {
    const bool is_long = has_memory_delays_ && ticks > 1 && lanes * ticks > kDelayFlipFlops;
    return is_long ? units::memory_delay(lanes, ticks) : units::train_delay(lanes, ticks);
  }

  // Those delays of `row`, which is read at `phase`, that no other has asked for.
  void place_delays(const std::vector<core::LaneRange>& row, int phase) {
    for (const core::LaneRange& lanes : row) {
      const int ticks = wait(lanes, phase);
      if (ticks == 0 || delays_.contains(late(lanes, ticks))) continue;
      const std::string name =
          fmt::format("{}{}_{}to{}_late{}", here().prefix, stream(lanes.stream).stem, lanes.first,
                      lanes.first + lanes.count - 1, ticks);
      const LinkId delayed = train(name, lanes.count, phase);
      delays_.emplace(late(lanes, ticks), delayed);
      place_at(phase - ticks, name, delay(lanes.count, ticks),
               {{"data_i", lanes_of(lanes)}, {"data_o", pin(delayed)}});
    }
  }

  void place_delays(core::OpId id) {
    island_ = cut_.of(op(id));
    place_delays(op(id).inputs, schedule_.op[id.index()]);
  }

  // Lanes side by side, as they stand at `phase`; their delays are placed.
  Pin row_at(const std::vector<core::LaneRange>& row, int phase) {
    Pin pins;
    for (const core::LaneRange& lanes : row) {
      const int ticks = wait(lanes, phase);
      pins =
          join(std::move(pins), ticks == 0 ? lanes_of(lanes) : pin(delays_.at(late(lanes, ticks))));
    }
    return pins;
  }

  void place_pe(core::OpId id, const units::UnitPtr& unit) {
    island_ = cut_.of(op(id));
    const int index = static_cast<int>(id.index());
    const int phase = schedule_.op[id.index()];
    const InstanceId pe = place_at(
        phase, "pe_" + name_of(id), unit,
        {{"ready_o", part(pe_ready_, index, 1)}, {"spike_i", row_at(op(id).inputs, phase)}});
    design_.instances[pe.index()].content = id;
    design_.pes.push_back(pe);
    place_load_rank(pe, index, name_of(id));
    if (!op(id).is_first()) connect(design_, pe, "sum_i", pin(sums_));
    if (op(id).is_last())
      connect_neurons(pe);
    else
      connect_sums(pe);
  }

  // A unit's part of the load bus, behind its own rank of registers.
  void place_load_rank(InstanceId unit, int index, const std::string& name) {
    std::vector<Pin> at_unit;
    for (const auto& [signal, width] : kLoadBus)
      at_unit.push_back(pin(wire(name + "_" + signal, Protocol::kLoad, width)));
    connect(design_, unit, "load_we_i", at_unit[0]);
    connect(design_, unit, "load_addr_i", at_unit[1]);
    connect(design_, unit, "load_data_i", at_unit[2]);
    place("load_" + name, units::load_rank(),
          {{"load_we_i", part(load_[0], index, 1)},
           {"load_addr_i", pin(load_[1])},
           {"load_data_i", pin(load_[2])},
           {"load_we_o", at_unit[0]},
           {"load_addr_o", at_unit[1]},
           {"load_data_o", at_unit[2]}});
  }

  // To the PE below, which is the next.
  void connect_sums(InstanceId pe) {
    const Instance& instance = design_.instance(pe);
    const units::Port& port = instance.unit->ports()[instance.unit->port("sum_o")];
    sums_ = add({.name = name_of(instance.content) + "_sum",
                 .protocol = Protocol::kSums,
                 .lanes = port.lanes,
                 .bits = port.bits,
                 .island = island_,
                 .phase = instance.phase + instance.unit->latency()});
    connect(design_, pe, "sum_o", pin(sums_));
  }

  void connect_neurons(InstanceId pe) {
    const core::CoreOp& last = op(design_.instance(pe).content);
    connect(design_, pe, "win_i", pin(marks(design_.instance(pe).phase).win));
    connect(design_, pe, "spike_o", part(stream(last.output).spikes, last.first_lane, last.cols()));
  }

  // The outputs' lanes, neighbours together: x+ and x- are one range.
  std::vector<core::LaneRange> output_row() const {
    std::vector<core::LaneRange> row;
    for (const core::LaneRange& lanes : program_->outputs) {
      const bool continues = !row.empty() && row.back().stream == lanes.stream &&
                             row.back().first + row.back().count == lanes.first;
      if (continues)
        row.back().count += lanes.count;
      else
        row.push_back(lanes);
    }
    return row;
  }

  // A result is whole with the latest of the outputs; the others wait for it.
  void place_decoder() {
    island_ = output_island();
    const std::vector<core::LaneRange> row = output_row();
    int phase = 0;
    for (const core::LaneRange& lanes : row)
      phase = std::max(phase, schedule_.arrival(lanes.stream, island_));
    place_delays(row, phase);
    const Marks at = marks(phase);
    captured_ = wire("captured", Protocol::kStatus);
    design_.decoder = place_at(phase, "decoder", units::decoder(edge(row)),
                               {{"ready_o", pin(out_ready_)},
                                {"win_i", pin(at.win)},
                                {"live_i", pin(at.live)},
                                {"spike_i", row_at(row, phase)},
                                {"m_valid_o", pin(out_.valid)},
                                {"m_ready_i", pin(out_.ready)},
                                {"m_data_o", pin(out_.data)},
                                {"captured_o", pin(captured_)}});
    const LinkId last = tokens_of(row) == 1 ? out_.last : place_join(tokens_of(row));
    connect(design_, design_.decoder, "m_last_o", pin(last));
  }

  // The decoder's frames, a token each, are samples to the host.
  LinkId place_join(int tokens) {
    const LinkId last = wire("token_out_last", Protocol::kWords);
    place("token_join", units::token_join(tokens),
          {{"s_valid_i", pin(out_.valid)},
           {"s_ready_i", pin(out_.ready)},
           {"s_last_i", pin(last)},
           {"m_last_o", pin(out_.last)}});
    return last;
  }

  // Outputs at the ceiling 2^n - 1, counted a layer and added up.
  void place_counters() {
    std::vector<LinkId> counts;
    int widest = 1;
    for (const core::StreamId id : program_->streams.ids()) {
      if (program_->is_input(id) || !program_->streams[id].is_product()) continue;
      counts.push_back(place_counter(id));
      widest = std::max(widest, design_.link(counts.back()).width());
    }
    Pin terms;
    for (const LinkId count : counts) {
      terms = join(std::move(terms), pin(count));
      const int padding = widest - design_.link(count).width();
      if (padding > 0) terms = join(std::move(terms), constant(0, padding));
    }
    const units::UnitPtr sum = units::sum_pipe(static_cast<int>(counts.size()), widest);
    ceilings_ = wire("ceilings", Protocol::kStatus, sum->ports()[sum->port("sum_o")].width());
    place("ceilings", sum,
          {{"valid_i", constant(1, 1)}, {"terms_i", terms}, {"sum_o", pin(ceilings_)}});
  }

  LinkId place_counter(core::StreamId bus) {
    island_ = cut_.of(bus);
    const Marks at = marks(schedule_.of(bus));
    set_marks(bus, at);
    const units::UnitPtr counter =
        units::ceiling_counter(program_->streams[bus].lanes, bits_of(bus), spec_.train);
    const std::string name = stream(bus).stem + "_ceilings";
    const LinkId count =
        wire(name, Protocol::kStatus, counter->ports()[counter->port("count_o")].width());
    place_at(schedule_.of(bus), name, counter,
             {{"win_i", pin(at.win)},
              {"live_i", pin(at.live)},
              {"spike_i", pin(stream(bus).spikes)},
              {"count_o", pin(count)}});
    return count;
  }

  void place_csr() {
    const InstanceId csr = place("csr",
                                 units::csr({.spec_hash = design_.host.spec_hash,
                                             .in_lanes = core::count_of(program_->input_lanes()),
                                             .out_lanes = core::count_of(program_->outputs),
                                             .units = load_units(),
                                             .ceiling_bits = design_.link(ceilings_).width()}),
                                 {{"busy_i", pin(busy_)},
                                  {"window_i", pin(part_of(input_island()).window_start)},
                                  {"captured_i", pin(captured_)},
                                  {"ceilings_i", pin(ceilings_)},
                                  {"frame_error_i", pin(frame_error_)},
                                  {"range_error_i", pin(range_error_)},
                                  {"ready_o", pin(load_ready_)},
                                  {"load_we_o", pin(load_[0])},
                                  {"load_addr_o", pin(load_[1])},
                                  {"load_data_o", pin(load_[2])}});
    // s_axil_awvalid of the design is s_awvalid_i of the unit.
    std::size_t link = 0;
    for (const auto& [name, width] : kAxilInputs)
      connect(design_, csr, "s_" + name + "_i", pin(axil_[link++]));
    for (const auto& [name, width] : kAxilOutputs)
      connect(design_, csr, "s_" + name + "_o", pin(axil_[link++]));
  }

  bool has_memory_delays_;
  Axis in_, out_;
  std::vector<LinkId> axil_;  // kAxilInputs, then kAxilOutputs
  std::array<LinkId, 3> load_;
  LinkId frame_error_, range_error_, captured_, ceilings_;
  std::map<Late, LinkId> delays_;
  std::map<std::string, units::UnitPtr> tables_;  // by module
  LinkId sums_;                                   // of the PE placed last, if it has no neurons
};

}  // namespace

Design map(core::Program program, const config::Pe& spec, const Host& host, config::Islands islands,
           const units::CellsSpeed& cells) {
  return Mapper(std::move(program), spec, host, islands, cells).run();
}

}  // namespace map
