#include "map/islands.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/layout.hpp"
#include "map/replay.hpp"
#include "units/line/unit.hpp"
#include "units/sequencer/sequencer.hpp"
#include "units/smb/unit.hpp"

namespace map {

using units::Protocol;

void IslandSketch::islands(const std::vector<std::string>& stems) {
  const bool alone = cut_.count() == 1;
  for (const int bits : cut_.bits) {
    design_.islands.push_back({.name = design_.name,
                               .activation_bits = bits,
                               .train = spec_.train,
                               .window = units::window_ticks(spec_.train, bits)});
    parts_.emplace_back();
  }
  for (const core::StreamId id : program_->streams.ids()) {
    Island& island = design_.islands[cut_.of(id).index()];
    island.latency = std::max(island.latency, schedule_.of(id) + island.window);
    if (alone || program_->is_input(id)) continue;
    island.name = stems[id.index()];
    part_of(cut_.of(id)).prefix = island.name + "_";
  }
  heading_ = "Tick";
  for (std::size_t i = 0; i < cut_.count(); ++i) {
    parts_[i].tick = wire(parts_[i].prefix + "tick", Protocol::kTick);
    design_.islands[i].tick = parts_[i].tick;
  }
  network_busy_ = wire("network_busy", Protocol::kStatus, static_cast<int>(cut_.count()));
  busy_ = wire("busy", Protocol::kStatus);
  sample_valid_ = wire("sample_valid", Protocol::kStatus);
  pe_ready_ = wire("pe_ready", Protocol::kReady, static_cast<int>(names_.size()));
  out_ready_ = wire("out_ready", Protocol::kReady);
  load_ready_ = wire("load_ready", Protocol::kReady);
}

IslandId IslandSketch::output_island() const {
  IslandId last{0};
  for (const core::LaneRange& lanes : program_->outputs)
    last = std::max(last, cut_.of(lanes.stream));
  return last;
}

void IslandSketch::arrive(const std::vector<core::LaneRange>& lanes, IslandId to,
                          std::vector<Arrival>& order) {
  for (const core::LaneRange& range : lanes) {
    if (cut_.of(range.stream) == to) continue;
    const Arrival arrival{range.stream, to};
    if (!arrivals_.contains(arrival)) order.push_back(arrival);
    arrivals_[arrival].lanes.push_back(range);
  }
}

void IslandSketch::channels() {
  if (cut_.count() > 1) heading_ = "Channels";
  std::vector<Arrival> order;
  for (const core::CoreOp& op : program_->ops) arrive(op.inputs, cut_.of(op), order);
  arrive(program_->outputs, output_island(), order);
  for (const core::StreamId id : program_->streams.ids()) {
    if (program_->streams[id].is_between()) order.emplace_back(id, cut_.of(id));
    if (program_->streams[id].lookup)
      arrive(program_->streams[id].lookup->inputs, cut_.of(id), order);
  }
  // What comes into an island brings the marks of what leaves it.
  std::ranges::stable_sort(order, {}, &Arrival::second);
  for (const Arrival& arrival : order)
    if (cut_.of(arrival.first) == arrival.second)
      add_between(arrival.first);
    else
      add_arrival(arrival);
}

std::vector<core::LaneRange> IslandSketch::united(std::vector<core::LaneRange> lanes) {
  std::ranges::sort(lanes, {}, &core::LaneRange::first);
  std::vector<core::LaneRange> ranges{lanes.front()};
  for (const core::LaneRange& next : lanes) {
    core::LaneRange& last = ranges.back();
    const int end = last.first + last.count;
    if (next.first > end)
      ranges.push_back(next);
    else
      last.count = std::max(end, next.first + next.count) - last.first;
  }
  return ranges;
}

void IslandSketch::add_arrival(const Arrival& arrival) {
  const auto [id, to] = arrival;
  Arrived& arrived = arrivals_.at(arrival);
  arrived.lanes = united(std::move(arrived.lanes));
  int lanes = 0;
  for (const core::LaneRange& range : arrived.lanes) lanes += range.count;
  island_ = to;
  arrived.spikes =
      train(stream(id).stem + "_to_" + design_.island(to).name, lanes, schedule_.input_phase);
  add_channel({.stream = id, .from = cut_.of(id), .to = to, .spikes = arrived.spikes});
}

void IslandSketch::add_between(core::StreamId made) {
  const core::StreamId of = program_->streams[made].made_of();
  if (program_->streams[made].answers) design_.cells.push_back(ChannelId{design_.channels.size()});
  add_channel({.stream = of,
               .view = made,
               .from = cut_.of(of),
               .to = cut_.of(made),
               .spikes = stream(made).spikes});
}

void IslandSketch::add_channel(const Channel& channel) {
  design_.channels.push_back(channel);
  const std::string& name = design_.link(channel.spikes).name;
  const LinkId room = wire(name + "_room", Protocol::kStatus);
  const LinkId valid = wire(name + "_valid", Protocol::kStatus);
  rooms_.push_back(room);
  valids_.push_back(valid);
  Part& from = part_of(channel.from);
  Part& to = part_of(channel.to);
  from.conditions = join(std::move(from.conditions), pin(room));
  to.conditions = join(std::move(to.conditions), pin(valid));
}

Pin IslandSketch::ready_of(IslandId id) const {
  Pin ready;
  for (const core::OpId op : program_->ops.ids()) {
    if (cut_.of(program_->ops[op]) != id) continue;
    const int index = static_cast<int>(op.index());
    if (!ready.empty() && ready.back().first + ready.back().count == index)
      ++ready.back().count;
    else
      ready = join(std::move(ready), part(pe_ready_, index, 1));
  }
  if (id == output_island()) ready = join(std::move(ready), pin(out_ready_));
  return join(std::move(ready), pin(load_ready_));
}

int IslandSketch::width_of(const Pin& pin) {
  int width = 0;
  for (const Wires& wires : pin) width += wires.count;
  return width;
}

Pin IslandSketch::start_condition() {
  Part& own = here();
  if (island_ == input_island()) own.conditions = join(pin(sample_valid_), own.conditions);
  const int inputs = width_of(own.conditions);
  if (inputs == 1) return own.conditions;
  own.fires = wire(own.prefix + "may_start", Protocol::kStatus);
  place(own.prefix + "join", units::join(inputs),
        {{"ready_i", own.conditions}, {"all_o", pin(own.fires)}});
  return pin(own.fires);
}

void IslandSketch::place_sequencer(IslandId id) {
  island_ = id;
  Part& own = here();
  const Pin condition = start_condition();
  const Pin ready = ready_of(id);
  Island& island = design_.islands[id.index()];
  own.start = {mark(own.prefix + "start_win", 0), mark(own.prefix + "start_live", 0)};
  own.window_start = wire(own.prefix + "window_start", Protocol::kStatus);
  island.sequencer = place_at(0, own.prefix + "sequencer",
                              units::sequencer(width_of(ready), island.window, island.latency),
                              {{"ready_i", ready},
                               {"tick_o", pin(own.tick)},
                               {"win_o", pin(own.start.win)},
                               {"live_o", pin(own.start.live)},
                               {"sample_valid_i", condition},
                               {"sample_pop_o", pin(own.window_start)},
                               {"busy_o", part(network_busy_, static_cast<int>(id.index()), 1)}});
}

void IslandSketch::place_channel(ChannelId id) {
  const Channel& channel = design_.channels[id.index()];
  island_ = channel.from;
  const Marks written = marks(schedule_.of(channel.stream));
  island_ = channel.to;
  const Marks begun = here().start;
  // The first channel of an island brings its marks.
  const bool brings = !here().marks.contains(schedule_.input_phase);
  const Marks read = brings ? declare_marks(schedule_.input_phase) : Marks{};
  const std::string name = design_.link(channel.spikes).name;
  const InstanceId buffer = add_instance(design_,
                                         {.name = name,
                                          .unit = buffer_of(channel, 1),
                                          .island = channel.from,
                                          .phase = schedule_.of(channel.stream),
                                          .reader = channel.to},
                                         {{"write_room_o", pin(rooms_[id.index()])},
                                          {"write_fire_i", pin(part_of(channel.from).window_start)},
                                          {"write_win_i", pin(written.win)},
                                          {"write_live_i", pin(written.live)},
                                          {"write_spike_i", written_lanes(channel)},
                                          {"read_valid_o", pin(valids_[id.index()])},
                                          {"read_win_i", pin(begun.win)},
                                          {"read_live_i", pin(begun.live)},
                                          {"read_spike_o", pin(channel.spikes)}});
  design_.channels[id.index()].buffer = buffer;
  if (!brings) return;
  connect(design_, buffer, "read_win_o", pin(read.win));
  connect(design_, buffer, "read_live_o", pin(read.live));
}

std::vector<core::LaneRange> IslandSketch::shown_lanes(const core::View& view) const {
  const core::Stream& shown = program_->streams[view.stream()];
  std::vector<core::LaneRange> lanes;
  for (int n = 0; n < shown.beside; ++n)
    for (core::LaneRange half : view.shown) {
      half.first += n * shown.position_lanes();
      lanes.push_back(half);
    }
  return lanes;
}

Pin IslandSketch::written_lanes(const Channel& channel) {
  std::vector<core::LaneRange> written;
  if (!channel.view.valid())
    written = arrivals_.at({channel.stream, channel.to}).lanes;
  else if (const core::Stream& made = program_->streams[channel.view]; made.answers)
    written = made.answers->inputs;
  else
    written = shown_lanes(*made.view);
  Pin pins;
  for (const core::LaneRange& lanes : written)
    pins = join(std::move(pins), part(stream(lanes.stream).spikes, lanes.first, lanes.count));
  return pins;
}

units::SmbSide IslandSketch::side_of(IslandId id) const {
  const Island& island = design_.island(id);
  const bool rate = island.train == config::Train::kRate;
  return {rate ? units::BusCode::kRate : units::BusCode::kBinary, island.activation_bits};
}

namespace {

// How the maps of a stream's tensor are seen along one axis.
struct SightAxis {
  int extent, repeat, step, begin;
};

// The lines of a stream's maps, and which of them are the tensor's. None are apart if repeated.
struct Lines {
  int size, own, at, apart;
};

// `axis`, of what is seen, as one of the stream's lines: steps become strides, and what lies before
// the tensor's lines and behind them becomes padding.
units::LineAxis seen_through(const SightAxis& sight, const Lines& lines, units::LineAxis axis) {
  const int step = sight.step * lines.apart;
  const int first = lines.at * sight.repeat;  // of the tensor's, as they are seen
  const int last = first + (lines.own * sight.repeat - 1) * lines.apart;
  const int begin = first + sight.begin * lines.apart;
  const int span = (axis.pad_begin + axis.size + axis.pad_end - 1) * step + 1;
  axis.stride *= step;
  axis.dilation *= step;
  axis.size = lines.size;
  axis.repeat = sight.repeat;
  axis.crop_begin = std::max(begin, first);
  axis.crop_end = axis.lines() - 1 - std::min(begin + (sight.extent - 1) * step, last);
  axis.pad_begin = axis.pad_begin * step + std::max(first - begin, 0);
  axis.pad_end = span - axis.pad_begin - axis.seen();
  return axis;
}

// Memory need not take the lines behind the last that windows see; `least` are left.
void skip_unseen(units::LineAxis& axis, int least) {
  axis.skipped = std::clamp(axis.crop_end / axis.repeat, 0, axis.size - least);
  axis.size -= axis.skipped;
  axis.crop_end -= axis.skipped * axis.repeat;
}

// Windows of `view` over the maps of `shown`.
units::LineShape shape_of(const core::View& view, const core::Stream& shown, int neighbours) {
  const quant::Window& window = view.window;
  units::LineShape shape{{window.map.y, window.kernel.y, window.stride.y, window.dilation.y,
                          window.pad_begin.y, window.pad_end.y},
                         {window.map.x, window.kernel.x, window.stride.x, window.dilation.x,
                          window.pad_begin.x, window.pad_end.x},
                         neighbours,
                         shown.beside,
                         view.sight.parts() > 1};
  const core::Inset& own = shown.own;
  quant::Sight sight = view.sight;
  if (sight.is_plain()) sight.extent = own.map;
  shape.rows = seen_through({sight.extent.y, sight.repeat.y, sight.step.y, sight.begin.y},
                            {shown.map.y, own.map.y, own.at.y, own.apart.y}, shape.rows);
  shape.cols = seen_through({sight.extent.x, sight.repeat.x, sight.step.x, sight.begin.x},
                            {shown.map.x, own.map.x, own.at.x, own.apart.x}, shape.cols);
  if (own == core::Inset{shown.map}) return shape;
  skip_unseen(shape.rows, 1);
  skip_unseen(shape.cols, shown.beside);
  return shape;
}

}  // namespace

bool IslandSketch::runs_ahead(core::StreamId view) const {
  const auto& outputs = program_->outputs;
  return program_->streams[view].is_copy() &&
         std::ranges::find(outputs, view, &core::LaneRange::stream) != outputs.end() &&
         std::ranges::any_of(outputs, [this](const core::LaneRange& lanes) {
           return !program_->streams[lanes.stream].is_copy();
         });
}

std::shared_ptr<const units::MemoryUnit> IslandSketch::buffer_of(const Channel& channel,
                                                                 int depth) const {
  const units::SmbSide write = side_of(channel.from);
  const units::SmbSide read = side_of(channel.to);
  const int bits = program_->streams[channel.stream].format.bits;
  if (!channel.view.valid())
    return std::make_shared<units::SmbUnit>(units::SmbConfig{
        design_.link(channel.spikes).lanes, depth, bits, write, read, units::Merge::kStore});
  const core::Stream& shows = program_->streams[channel.view];
  if (shows.answers) return cells_between(channel, write, read);
  const core::View& view = *shows.view;
  const int lanes = view.lanes();
  units::LineConfig line{.channels = lanes,
                         .value_bits = bits,
                         .write = write,
                         .read = read,
                         .shape = shape_of(view, program_->streams[channel.stream], shows.beside),
                         .most = view.most,
                         .least = view.most && shows.format.is_signed ? lanes / 2 : 0};
  line.shape.ahead = runs_ahead(channel.view);
  line.rows = std::max(units::least_rows(line.shape),
                       static_cast<int>(base::ceil_div(depth, line.shape.tokens_a_row())));
  return std::make_shared<units::LineUnit>(line);
}

std::shared_ptr<const units::MemoryUnit> IslandSketch::cells_between(
    const Channel& channel, const units::SmbSide& write, const units::SmbSide& read) const {
  const core::Stream& from = program_->streams[channel.stream];
  const core::Stream& made = program_->streams[channel.view];
  const quant::CellLayer& cells = *made.answers->cells;
  return std::make_shared<units::CellsUnit>(
      units::CellsConfig{.layer = units::layer_config(cells, cells_speed_.of(made.name),
                                                      "layer " + base::quoted_name(made.name)),
                         .inputs = cells.inputs,
                         .cells = cells.cells,
                         .signed_input = from.format.is_signed,
                         .signed_output = made.format.is_signed,
                         .in_shift = cells.in_shift,
                         .out_shift = cells.out_shift,
                         .in_bits = from.format.bits,
                         .out_bits = made.format.bits,
                         .steps = cells.is_dense() ? cells.taps : from.tokens,
                         .last_alone = !cells.is_dense() && made.tokens < from.tokens,
                         .write = write,
                         .read = read});
}

Pin IslandSketch::lanes_of(const core::LaneRange& lanes) {
  if (cut_.of(lanes.stream) == island_)
    return part(stream(lanes.stream).spikes, lanes.first, lanes.count);
  const Arrived& arrived = arrivals_.at({lanes.stream, island_});
  int before = 0;
  for (const core::LaneRange& range : arrived.lanes) {
    if (lanes.first < range.first + range.count) {
      before += lanes.first - range.first;
      break;
    }
    before += range.count;
  }
  return part(arrived.spikes, before, lanes.count);
}

constexpr std::int64_t kSamplesOfReplay = 4;

void IslandSketch::size_channels() {
  TokenFlow flow = token_flow(design_);
  if (!choose_depths(flow)) base::fail(base::Code::kInternal, "channels end in a deadlock");
  std::map<std::string, units::UnitPtr> buffers;
  for (std::size_t c = 0; c < design_.channels.size(); ++c) {
    const Channel& channel = design_.channels[c];
    const auto buffer = buffer_of(channel, flow.channels[c].depth);
    units::UnitPtr& unit = buffers[buffer->signature().name];
    if (!unit) unit = buffer;
    design_.instances[channel.buffer.index()].unit = unit;
  }
  // Cells hold as many tokens as they hold, whatever their channel would have liked.
  if (!design_.cells.empty() && replay(token_flow(design_), kSamplesOfReplay).deadlock)
    base::fail(base::Code::kCannotMap, "recurrent cells would wait for what waits for them",
               "network", "let no path lead past a recurrent layer");
}

}  // namespace map
