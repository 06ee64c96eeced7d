#include "map/cut.hpp"

#include <algorithm>
#include <compare>
#include <limits>
#include <span>
#include <utility>

#include "units/trains.hpp"

namespace map {

namespace {

// What makes one stream: core-ops, a table, cells, or memory that shows the greatest of windows.
struct Layer {
  core::StreamId output;
  std::span<const core::CoreOp> ops;
  core::StreamId of{};                // which a table is of
  std::vector<core::StreamId> views;  // that are for it alone
  int bits = 0;                       // of the widest stream that passes its island's edges or it
  bool is_of_cells = false;           // which lie before its island
};

// Views behind the last layer: outputs as the host receives them.
std::vector<core::StreamId> received(const core::Program& program) {
  std::vector<core::StreamId> views;
  for (const core::StreamId id : program.streams.ids()) {
    if (!program.streams[id].is_copy()) views.clear();
    if (program.streams[id].is_copy()) views.push_back(id);
  }
  return views;
}

// All inputs come to the first layer, unless they are an island by themselves, and all outputs to
// the last that makes one, unless they need one.
void widen_for_host(const core::Program& program, bool inputs_alone, std::vector<Layer>& layers) {
  const auto widen = [&program](Layer& layer, const std::vector<core::LaneRange>& frame) {
    for (const core::LaneRange& lanes : frame)
      layer.bits = std::max(layer.bits, program.streams[lanes.stream].format.bits);
  };
  const auto makes_output = [&program](const Layer& layer) {
    return std::ranges::find(program.outputs, layer.output, &core::LaneRange::stream) !=
           program.outputs.end();
  };
  if (!inputs_alone) widen(layers.front(), program.input_lanes());
  if (!received(program).empty()) return;
  const auto last = std::find_if(layers.rbegin(), layers.rend(), makes_output);
  widen(last == layers.rend() ? layers.front() : *last, program.outputs);
}

// The ops, from `first` on, that make `output`.
std::span<const core::CoreOp> ops_of(std::span<const core::CoreOp> ops, core::StreamId output) {
  std::size_t count = 0;
  while (count < ops.size() && ops[count].output == output) ++count;
  return ops.first(count);
}

// Whether a view is for cells, which lie behind an island of theirs: one with nothing but windows.
bool is_for_cells(const core::Program& program, core::StreamId view) {
  return std::ranges::any_of(program.streams, [view](const core::Stream& stream) {
    return stream.answers && stream.answers->stream() == view;
  });
}

std::vector<Layer> layers_of(const core::Program& program) {
  std::span<const core::CoreOp> ops(program.ops);
  std::vector<Layer> layers;
  std::vector<core::StreamId> views;
  for (const core::StreamId id : program.streams.ids()) {
    if (program.is_input(id)) continue;
    if (program.streams[id].view) views.push_back(id);
    if (program.streams[id].is_copy() && !is_for_cells(program, id)) continue;
    Layer layer{.output = id,
                .ops = ops_of(ops, id),
                .views = std::exchange(views, {}),
                .bits = program.streams[id].format.bits,
                .is_of_cells = program.streams[id].answers.has_value()};
    ops = ops.subspan(layer.ops.size());
    if (const auto& lookup = program.streams[id].lookup) {
      layer.of = lookup->inputs.front().stream;
      layer.bits = std::max(layer.bits, program.streams[layer.of].format.bits);
    }
    for (const core::CoreOp& op : layer.ops)
      for (const core::LaneRange& lanes : op.inputs)
        layer.bits = std::max(layer.bits, program.streams[lanes.stream].format.bits);
    layers.push_back(std::move(layer));
  }
  return layers;
}

// Layers before which an island has to end: those of another number of windows a sample, cells, and
// those that walk over what the island itself makes, since a walk needs memory. In layers; 0 is
// among them if what comes from the host is an island by itself.
std::vector<std::size_t> forced_ends(const core::Program& program,
                                     const std::vector<Layer>& layers) {
  std::vector<std::size_t> ends;
  base::IdVector<core::StreamId, std::size_t> made(program.streams.size(), 0);  // after which ends
  int tokens = program.streams[program.inputs.front()].tokens;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const core::Stream& output = program.streams[layers[i].output];
    const bool walks_here = std::ranges::any_of(layers[i].views, [&](core::StreamId view) {
      return made[program.streams[view].view->stream()] == ends.size();
    });
    if (walks_here || layers[i].is_of_cells || output.tokens != tokens) ends.push_back(i);
    tokens = output.tokens;
    made[layers[i].output] = ends.size();
  }
  ends.push_back(layers.size());
  return ends;
}

// The latency of an island as layer after layer comes into it. A wider one makes all windows
// longer.
class GrowingIsland {
 public:
  GrowingIsland(const core::Program& program, const config::Pe& spec, std::span<const Layer> all)
      : spec_(spec), all_(all), phase_(program.streams.size(), kInputPhase) {}

  /// With the first `count` of the layers.
  int latency(std::size_t count) {
    for (; placed_ < count; ++placed_) {
      if (all_[placed_].bits > bits_) widen(all_[placed_].bits);
      place(all_[placed_]);
    }
    return last_ + units::window_ticks(spec_.train, bits_);
  }

 private:
  static constexpr int kInputPhase = 1;  // encoders and memories register what comes in

  void widen(int bits) {
    bits_ = bits;
    last_ = kInputPhase;
    for (const Layer& layer : all_.first(placed_)) place(layer);
  }

  void place(const Layer& layer) {
    const bool is_table = layer.of.valid();
    if (layer.ops.empty() && !is_table) return;  // memory shows it as it shows what comes in
    int rows = is_table ? phase_[layer.of] : kInputPhase;  // of the last tiles
    for (const core::CoreOp& op : layer.ops)
      for (const core::LaneRange& lanes : op.inputs)
        rows = std::max(rows, phase_[lanes.stream] + op.row_tiles - 1);
    const config::Neuron neuron = is_table ? config::Neuron::kExact : spec_.neuron;
    phase_[layer.output] = rows + units::neuron_latency(neuron, spec_.train, bits_);
    last_ = std::max(last_, phase_[layer.output]);
  }

  const config::Pe& spec_;
  std::span<const Layer> all_;
  base::IdVector<core::StreamId, int> phase_;
  std::size_t placed_ = 0;
  int bits_ = 0;
  int last_ = kInputPhase;
};

// What a cut costs, and where its last island begins.
struct Best {
  int latency = std::numeric_limits<int>::max();
  int islands = 0;
  std::size_t start = 0;
  auto operator<=>(const Best&) const = default;
};

// Places between layers at which the length of the window changes, the ends included. Within a row
// of equal windows a cut costs a window and gains nothing.
std::vector<std::size_t> changes_of(std::span<const Layer> layers) {
  std::vector<std::size_t> changes{0};
  for (std::size_t i = 1; i < layers.size(); ++i)
    if (layers[i].bits != layers[i - 1].bits) changes.push_back(i);
  changes.push_back(layers.size());
  return changes;
}

// Ends of the islands that are the fastest one after the other.
std::vector<std::size_t> fastest(const core::Program& program, const config::Pe& spec,
                                 std::span<const Layer> layers) {
  const std::vector<std::size_t> changes = changes_of(layers);
  std::vector<Best> best(changes.size());  // of the layers before a change
  best[0].latency = 0;
  for (std::size_t i = 0; i + 1 < changes.size(); ++i) {
    GrowingIsland island(program, spec, layers.subspan(changes[i]));
    for (std::size_t j = i + 1; j < changes.size(); ++j)
      best[j] = std::min(best[j], {best[i].latency + island.latency(changes[j] - changes[i]),
                                   best[i].islands + 1, i});
  }
  std::vector<std::size_t> ends;
  for (std::size_t j = changes.size() - 1; j > 0; j = best[j].start) ends.push_back(changes[j]);
  std::ranges::reverse(ends);
  return ends;
}

// Ends of the islands among layers that may share one, in layers.
std::vector<std::size_t> ends_of(const core::Program& program, const config::Pe& spec,
                                 config::Islands how, std::span<const Layer> layers) {
  if (how == config::Islands::kAuto && !layers.empty()) return fastest(program, spec, layers);
  std::vector<std::size_t> ends;
  if (how == config::Islands::kLayer)
    for (std::size_t i = 1; i < layers.size(); ++i) ends.push_back(i);
  ends.push_back(layers.size());
  return ends;
}

// The island of layers [first, end).
void add_island(const core::Program& program, std::span<const Layer> layers, Cut& cut) {
  const IslandId island{cut.bits.size()};
  int bits = 0;
  for (const Layer& layer : layers) {
    bits = std::max(bits, layer.bits);
    cut.island[layer.output] = island;
    for (const core::StreamId view : layer.views) cut.island[view] = island;
  }
  if (layers.empty())  // what the host sends
    for (const core::StreamId input : program.inputs)
      bits = std::max(bits, program.streams[input].format.bits);
  cut.bits.push_back(bits);
}

// Where memory shows outputs as the host receives them, and all outputs come together.
void add_output_island(const core::Program& program, const std::vector<core::StreamId>& views,
                       Cut& cut) {
  for (const core::StreamId view : views) cut.island[view] = IslandId{cut.bits.size()};
  int bits = 0;
  for (const core::LaneRange& lanes : program.outputs)
    bits = std::max(bits, program.streams[lanes.stream].format.bits);
  cut.bits.push_back(bits);
}

}  // namespace

bool Cut::is_mixed() const {
  return std::ranges::any_of(bits, [this](int one) { return one != bits.front(); });
}

Cut cut(const core::Program& program, const config::Pe& spec, config::Islands how) {
  std::vector<Layer> layers = layers_of(program);
  const std::vector<std::size_t> forced = forced_ends(program, layers);
  widen_for_host(program, forced.front() == 0, layers);
  Cut cut{base::IdVector<core::StreamId, IslandId>(program.streams.size(), IslandId{0}), {}};
  std::size_t first = 0;
  for (const std::size_t end : forced) {
    const std::span<const Layer> together = std::span(layers).subspan(first, end - first);
    std::size_t next = 0;
    for (const std::size_t stop : ends_of(program, spec, how, together)) {
      add_island(program, together.subspan(next, stop - next), cut);
      next = stop;
    }
    first = end;
  }
  if (const std::vector<core::StreamId> views = received(program); !views.empty())
    add_output_island(program, views, cut);
  return cut;
}

}  // namespace map
