#include "map/schedule.hpp"

#include <algorithm>
#include <span>
#include <utility>

#include "units/trains.hpp"

namespace map {

namespace {

int latest(std::span<const core::CoreOp> cascade, const Schedule& schedule) {
  int phase = 0;
  for (const core::CoreOp& op : cascade)
    for (const core::LaneRange& lanes : op.inputs)
      phase = std::max(phase, schedule.arrival(lanes.stream, schedule.cut.of(op)));
  return phase;
}

// Calls f(cascade) for each of `ops`, whole cascades.
template <class F>
void for_each_cascade(std::span<const core::CoreOp> ops, F&& f) {
  while (!ops.empty()) {
    const auto tiles = static_cast<std::size_t>(ops.front().row_tiles);
    f(ops.first(tiles));
    ops = ops.subspan(tiles);
  }
}

// Phase of the rows of the last tiles of all cascades of a stream.
int last_rows(std::span<const core::CoreOp> ops, const Schedule& schedule) {
  int phase = 0;
  for_each_cascade(ops, [&](std::span<const core::CoreOp> cascade) {
    phase = std::max(phase, latest(cascade, schedule) + cascade.front().row_tiles - 1);
  });
  return phase;
}

}  // namespace

Schedule schedule(const core::Program& program, Cut cut, int input_phase, const config::Pe& spec) {
  Schedule schedule{std::move(cut), input_phase, std::vector<int>(program.streams.size(), 0), {}};
  std::span<const core::CoreOp> ops(program.ops);
  for (const core::StreamId id : program.streams.ids()) {  // in topological order
    const core::Stream& stream = program.streams[id];
    int& phase = schedule.bus[id.index()];
    if (program.is_input(id) || stream.is_between()) {
      phase = input_phase;
      continue;
    }
    const IslandId island = schedule.cut.of(id);
    const auto latency = [&](config::Neuron neuron) {
      return units::neuron_latency(neuron, spec.train, schedule.cut.bits_of(island));
    };
    if (stream.lookup) {
      phase = schedule.arrival(stream.lookup->inputs.front().stream, island) +
              latency(config::Neuron::kExact);
      continue;
    }
    std::size_t count = 0;
    while (count < ops.size() && ops[count].output == id) ++count;
    const int rows = last_rows(ops.first(count), schedule);
    for (const core::CoreOp& op : ops.first(count))
      schedule.op.push_back(rows + op.row_tile - (op.row_tiles - 1));
    ops = ops.subspan(count);
    phase = rows + latency(spec.neuron);
  }
  return schedule;
}

}  // namespace map
