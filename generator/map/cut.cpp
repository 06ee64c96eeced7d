#include "map/cut.hpp"

#include <algorithm>
#include <compare>
#include <limits>
#include <span>

#include "units/trains.hpp"

namespace map {

namespace {

// The core-ops that make one stream, and the bits of the widest that passes their island's edges or
// them.
struct Layer {
  std::span<const core::CoreOp> ops;
  int bits = 0;
};

// All inputs come to the first layer, all outputs to the last that makes one.
void widen_for_host(const core::Program& program, std::vector<Layer>& layers) {
  const auto widen = [&program](Layer& layer, const std::vector<core::LaneRange>& frame) {
    for (const core::LaneRange& lanes : frame)
      layer.bits = std::max(layer.bits, program.streams[lanes.stream].format.bits);
  };
  const auto makes_output = [&program](const Layer& layer) {
    return std::ranges::find(program.outputs, layer.ops.front().output, &core::LaneRange::stream) !=
           program.outputs.end();
  };
  widen(layers.front(), program.input_lanes());
  const auto last = std::find_if(layers.rbegin(), layers.rend(), makes_output);
  widen(last == layers.rend() ? layers.front() : *last, program.outputs);
}

std::vector<Layer> layers_of(const core::Program& program) {
  const std::span<const core::CoreOp> ops(program.ops);
  std::vector<Layer> layers;
  for (std::size_t first = 0, i = 0; i < ops.size(); ++i) {
    if (i + 1 < ops.size() && ops[i + 1].output == ops[first].output) continue;
    Layer layer{ops.subspan(first, i + 1 - first), program.streams[ops[i].output].format.bits};
    for (const core::CoreOp& op : layer.ops)
      for (const core::LaneRange& lanes : op.inputs)
        layer.bits = std::max(layer.bits, program.streams[lanes.stream].format.bits);
    layers.push_back(layer);
    first = i + 1;
  }
  widen_for_host(program, layers);
  return layers;
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
    int start = kInputPhase;
    for (const core::CoreOp& op : layer.ops)
      for (const core::LaneRange& lanes : op.inputs) start = std::max(start, phase_[lanes.stream]);
    const core::CoreOp& last = layer.ops.back();
    phase_[last.output] =
        start + last.row_tile + units::neuron_latency(spec_.neuron, spec_.train, bits_);
    last_ = std::max(last_, phase_[last.output]);
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
std::vector<std::size_t> changes_of(const std::vector<Layer>& layers) {
  std::vector<std::size_t> changes{0};
  for (std::size_t i = 1; i < layers.size(); ++i)
    if (layers[i].bits != layers[i - 1].bits) changes.push_back(i);
  changes.push_back(layers.size());
  return changes;
}

// Ends of the islands that are the fastest one after the other.
std::vector<std::size_t> fastest(const core::Program& program, const config::Pe& spec,
                                 const std::vector<Layer>& layers) {
  const std::vector<std::size_t> changes = changes_of(layers);
  std::vector<Best> best(changes.size());  // of the layers before a change
  best[0].latency = 0;
  for (std::size_t i = 0; i + 1 < changes.size(); ++i) {
    GrowingIsland island(program, spec, std::span(layers).subspan(changes[i]));
    for (std::size_t j = i + 1; j < changes.size(); ++j)
      best[j] = std::min(best[j], {best[i].latency + island.latency(changes[j] - changes[i]),
                                   best[i].islands + 1, i});
  }
  std::vector<std::size_t> ends;
  for (std::size_t j = changes.size() - 1; j > 0; j = best[j].start) ends.push_back(changes[j]);
  std::ranges::reverse(ends);
  return ends;
}

// Ends of the islands, in layers.
std::vector<std::size_t> ends_of(const core::Program& program, const config::Pe& spec,
                                 config::Islands how, const std::vector<Layer>& layers) {
  if (how == config::Islands::kAuto) return fastest(program, spec, layers);
  std::vector<std::size_t> ends;
  if (how == config::Islands::kLayer)
    for (std::size_t i = 1; i < layers.size(); ++i) ends.push_back(i);
  ends.push_back(layers.size());
  return ends;
}

}  // namespace

bool Cut::is_mixed() const {
  return std::ranges::any_of(bits, [this](int one) { return one != bits.front(); });
}

Cut cut(const core::Program& program, const config::Pe& spec, config::Islands how) {
  const std::vector<Layer> layers = layers_of(program);
  Cut cut{base::IdVector<core::StreamId, IslandId>(program.streams.size(), IslandId{0}), {}};
  std::size_t next = 0;
  for (const std::size_t end : ends_of(program, spec, how, layers)) {
    const IslandId island{cut.bits.size()};
    cut.bits.push_back(0);
    for (; next < end; ++next) {
      cut.bits.back() = std::max(cut.bits.back(), layers[next].bits);
      cut.island[layers[next].ops.front().output] = island;
    }
  }
  return cut;
}

}  // namespace map
