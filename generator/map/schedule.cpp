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
  for (const core::StreamId id : program.streams.ids())
    if (program.is_input(id) || program.streams[id].view) schedule.bus[id.index()] = input_phase;
  const std::span ops(program.ops);  // in topological order
  for (std::size_t i = 0; i < ops.size();) {
    std::size_t end = i;
    while (end < ops.size() && ops[end].output == ops[i].output) ++end;
    const std::span made = ops.subspan(i, end - i);
    const int phase = last_rows(made, schedule);
    for (const core::CoreOp& op : made)
      schedule.op.push_back(phase + op.row_tile - (op.row_tiles - 1));
    schedule.bus[ops[i].output.index()] =
        phase + units::neuron_latency(spec.neuron, spec.train,
                                      schedule.cut.bits_of(schedule.cut.of(ops[i])));
    i = end;
  }
  return schedule;
}

}  // namespace map
