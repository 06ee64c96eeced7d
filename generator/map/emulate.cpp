#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "base/interrupt.hpp"
#include "map/design.hpp"
#include "units/smb/memory_unit.hpp"
#include "units/table/unit.hpp"

namespace map {

namespace {

// Follows wires back to what drives them.
class Netlist {
 public:
  explicit Netlist(const Design& design) : design_(design), drivers_(design.links.size()) {
    for (std::size_t i = 0; i < design.instances.size(); ++i) {
      const Instance& instance = design.instances[i];
      for (std::size_t p = 0; p < instance.pins.size(); ++p)
        if (!instance.unit->ports()[p].is_input())
          for (const Wires& wires : instance.pins[p]) drivers_[wires.link.index()] = InstanceId{i};
    }
    streams_.resize(design.links.size());
    for (std::size_t b = 0; b < design.streams.size(); ++b)
      streams_[design.streams[b].spikes.index()] = core::StreamId{b};
    shows_.resize(design.streams.size());
    for (const Instance& instance : design.instances)
      if (instance.unit->kind() == "table")
        tables_[stream(instance.pin("spike_o").front().link)].push_back(&instance);
    for (std::size_t c = 0; c < design.channels.size(); ++c) {
      const ChannelId channel{c};
      if (const core::StreamId view = design.channels[c].view; view.valid())
        shows_[view.index()] = channel;
      else
        streams_[design.channels[c].spikes.index()] = behind(channel);
    }
  }

  const Design& design() const { return design_; }

  /// What a channel gives its reader, if it is no view, has an id behind those of the streams.
  core::StreamId behind(ChannelId id) const {
    return core::StreamId{design_.streams.size() + id.index()};
  }
  /// The channel that gives `id`; invalid if core-ops make it.
  ChannelId channel(core::StreamId id) const {
    const std::size_t streams = design_.streams.size();
    return id.index() < streams ? shows_[id.index()] : ChannelId{id.index() - streams};
  }

  /// The tables that make `id`, each some lanes of it.
  std::vector<const Instance*> tables(core::StreamId id) const {
    const auto found = tables_.find(id);
    return found == tables_.end() ? std::vector<const Instance*>{} : found->second;
  }

  /// The instance that drives all of `pin`, a link of one driver.
  InstanceId driver(const Pin& pin) const { return drivers_[pin.front().link.index()]; }

  /// The stream whose spikes `link` is; invalid if it is none.
  core::StreamId stream(LinkId link) const { return streams_[link.index()]; }

  /// The lanes of streams that arrive at `pin`; delays are looked through.
  std::vector<core::LaneRange> lanes(const Pin& pin) const {
    std::vector<core::LaneRange> found;
    for (const Wires& wires : pin) {
      if (const core::StreamId bus = stream(wires.link); bus.valid()) {
        found.push_back({bus, wires.first, wires.count});
        continue;
      }
      const Instance& delay = design_.instance(drivers_[wires.link.index()]);
      for (const core::LaneRange& range :
           within(lanes(delay.pin("data_i")), wires.first, wires.count))
        found.push_back(range);
    }
    return found;
  }

 private:
  // Lanes [first, first + count) of a row of ranges.
  static std::vector<core::LaneRange> within(const std::vector<core::LaneRange>& row, int first,
                                             int count) {
    std::vector<core::LaneRange> found;
    int start = 0;
    for (const core::LaneRange& range : row) {
      const int from = std::max(first, start);
      const int to = std::min(first + count, start + range.count);
      if (from < to) found.push_back({range.stream, range.first + from - start, to - from});
      start += range.count;
    }
    return found;
  }

  const Design& design_;
  std::vector<InstanceId> drivers_;      // of links that have one
  std::vector<core::StreamId> streams_;  // by link
  std::vector<ChannelId> shows_;         // by stream
  std::map<core::StreamId, std::vector<const Instance*>> tables_;
};

// Lanes of streams side by side, tick by tick.
units::Trains gather(const StreamTrains& streams, const std::vector<core::LaneRange>& lanes,
                     std::size_t ticks) {
  int count = 0;
  for (const core::LaneRange& range : lanes) count += range.count;
  units::Trains gathered(count, ticks);
  for (std::size_t t = 0; t < ticks; ++t) {
    int at = 0;
    for (const core::LaneRange& range : lanes) {
      gathered.merge(t, at, streams[range.stream], t, range.first, range.count);
      at += range.count;
    }
  }
  return gathered;
}

// A PE of a cascade, with the lanes that are its rows.
struct Stage {
  units::PeEmulator emulator;
  std::vector<core::LaneRange> rows;
};

// The PEs whose sums end in the neurons of one. Sums meet tick for tick; the neurons answer up to a
// window later, so they run that much past the last window.
class Cascade {
 public:
  /// `last` is the place of the PE with the neurons in design.pes.
  Cascade(const Netlist& netlist, std::size_t last)
      : design_(netlist.design()), config_(design_.pe(last)) {
    for (std::size_t unit = last;; unit = above(netlist, unit)) {
      stages_.push_back({units::PeEmulator(design_.pe(unit), content_of(design_, unit)),
                         netlist.lanes(pe(unit).pin("spike_i"))});
      if (!design_.pe(unit).has_above) break;
    }
    std::ranges::reverse(stages_);
    const Wires& out = pe(last).pin("spike_o").front();
    output_ = {netlist.stream(out.link), out.first, out.count};
  }

  /// Calls `read` with each row of lanes' stream.
  template <class F>
  void for_each_read(F&& read) const {
    for (const Stage& stage : stages_)
      for (const core::LaneRange& lanes : stage.rows) read(lanes.stream);
  }

  void run(StreamTrains& streams) {
    const auto window =
        static_cast<std::size_t>(units::window_ticks(config_.train, config_.activation_bits));
    const std::size_t ticks = streams[output_.stream].ticks();
    std::vector<units::Trains> rows;
    for (const Stage& stage : stages_) rows.push_back(gather(streams, stage.rows, ticks));
    const std::size_t lag = config_.neuron == config::Neuron::kExact ? window : 0;
    units::Trains out(config_.cols, 1);
    units::Trains& stream = streams[output_.stream];
    std::vector<std::int32_t> sums = silence();
    for (std::size_t t = 0; t < ticks + lag; ++t) {
      base::interruption_point();
      sums = t < ticks ? total(rows, t) : silence();
      stages_.back().emulator.step(sums, t % window == 0, out.tick(0));
      if (t >= lag) stream.merge(t - lag, output_.first, out, 0, 0, output_.count);
    }
  }

 private:
  const Instance& pe(std::size_t unit) const { return design_.instance(design_.pes[unit]); }
  std::size_t above(const Netlist& netlist, std::size_t unit) const {
    const InstanceId id = netlist.driver(pe(unit).pin("sum_i"));
    return static_cast<std::size_t>(std::ranges::find(design_.pes, id) - design_.pes.begin());
  }
  std::vector<std::int32_t> silence() const {
    return std::vector<std::int32_t>(static_cast<std::size_t>(config_.crossbar_cols()), 0);
  }
  std::vector<std::int32_t> total(const std::vector<units::Trains>& rows, std::size_t tick) const {
    std::vector<std::int32_t> sums;
    for (std::size_t i = 0; i < stages_.size(); ++i)
      sums = stages_[i].emulator.sums(rows[i].tick(tick), sums);
    return sums;
  }

  const Design& design_;
  const units::PeConfig& config_;  // of the neurons
  std::vector<Stage> stages_;      // the first of the cascade first
  core::LaneRange output_;
};

// What channels and tables give their readers, made when it is first read.
class Channels {
 public:
  explicit Channels(const Netlist& netlist)
      : netlist_(netlist), filled_(netlist.design().channels.size(), false) {}

  /// Makes the trains of `id`, if it is what a channel or a table gives. What core-ops write is
  /// complete.
  void fill(StreamTrains& streams, core::StreamId id) {
    if (const std::vector<const Instance*> tables = netlist_.tables(id); !tables.empty()) {
      if (!looked_up_.insert(id).second) return;
      for (const Instance* table : tables) look_up(streams, id, *table);
      return;
    }
    const ChannelId channel = netlist_.channel(id);
    if (!channel.valid() || filled_[channel.index()]) return;
    base::interruption_point();
    const Design& design = netlist_.design();
    const Channel& from = design.channels[channel.index()];
    fill(streams, from.stream);
    while (!streams.contains(id)) streams.push_back({});
    const Instance& buffer = design.instance(from.buffer);
    const units::Trains written =
        gather(streams, netlist_.lanes(buffer.pin("write_spike_i")), streams[from.stream].ticks());
    if (const auto* cells = dynamic_cast<const units::CellsUnit*>(buffer.unit.get()))
      streams[id] = units::through(cells->config(),
                                   design.program->streams[id].answers->cells->weights, written);
    else
      streams[id] = dynamic_cast<const units::StoringUnit&>(*buffer.unit).through(written);
    filled_[channel.index()] = true;
  }

  /// The streams alone.
  StreamTrains without(StreamTrains streams) const {
    if (filled_.empty()) return streams;
    StreamTrains made;
    for (const core::StreamId id : netlist_.design().program->streams.ids())
      made.push_back(std::move(streams[id]));
    return made;
  }

 private:
  // The lanes of `id` that `table` makes.
  void look_up(StreamTrains& streams, core::StreamId id, const Instance& table) {
    const std::vector<core::LaneRange> lanes = netlist_.lanes(table.pin("spike_i"));
    fill(streams, lanes.front().stream);
    const std::size_t ticks = streams[lanes.front().stream].ticks();
    const units::Trains made = units::through(
        dynamic_cast<const units::TableUnit&>(*table.unit).config(), gather(streams, lanes, ticks));
    if (streams[id].ticks() == 0)
      streams[id] = units::Trains(netlist_.design().program->streams[id].lanes, ticks);
    const Wires& out = table.pin("spike_o").front();
    for (std::size_t t = 0; t < ticks; ++t) streams[id].merge(t, out.first, made, t, 0, out.count);
  }

  const Netlist& netlist_;
  std::vector<bool> filled_;
  std::set<core::StreamId> looked_up_;
};

}  // namespace

StreamTrains emulate(const Design& design, const quant::IntegerBatch& inputs) {
  const Netlist netlist(design);
  StreamTrains streams;
  for (const core::StreamId id : design.program->streams.ids()) {
    const core::Stream& stream = design.program->streams[id];
    const auto ticks = static_cast<std::size_t>(inputs.rows()) *
                       static_cast<std::size_t>(stream.tokens * design.island_of(id).window);
    streams.push_back(stream.is_product() ? units::Trains(stream.lanes, ticks) : units::Trains());
  }
  Eigen::Index column = 0;
  for (const core::StreamId id : design.program->inputs) {
    const core::Stream& stream = design.program->streams[id];
    const Island& island = design.island_of(id);
    streams[id] = units::encode(core::lanes_of(stream, inputs.middleCols(column, stream.count())),
                                island.train, island.activation_bits);
    column += stream.count();
  }
  Channels channels(netlist);
  for (std::size_t unit = 0; unit < design.pes.size(); ++unit) {  // in topological order
    if (!design.pe(unit).has_neurons) continue;
    Cascade cascade(netlist, unit);
    cascade.for_each_read([&](core::StreamId id) { channels.fill(streams, id); });
    cascade.run(streams);
  }
  for (const core::StreamId id : design.program->streams.ids()) channels.fill(streams, id);
  return channels.without(std::move(streams));
}

quant::IntegerBatch lanes_of(const Design& design, core::StreamId stream,
                             const units::Trains& trains) {
  const Island& island = design.island_of(stream);
  return units::decode(trains, island.train, island.activation_bits);
}

}  // namespace map
