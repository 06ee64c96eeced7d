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

}  // namespace

Schedule schedule(const core::Program& program, Cut cut, int input_phase, const config::Pe& spec) {
  Schedule schedule{std::move(cut), input_phase, std::vector<int>(program.streams.size(), 0), {}};
  for (const core::StreamId input : program.inputs) schedule.bus[input.index()] = input_phase;
  const std::span ops(program.ops);  // in topological order
  for (std::size_t i = 0; i < ops.size();) {
    const std::span cascade = ops.subspan(i, static_cast<std::size_t>(ops[i].row_tiles));
    const int first = latest(cascade, schedule);
    for (const core::CoreOp& op : cascade) schedule.op.push_back(first + op.row_tile);
    schedule.bus[cascade.back().output.index()] =
        schedule.op.back() + units::neuron_latency(spec.neuron, spec.train,
                                                   schedule.cut.bits_of(schedule.cut.of(ops[i])));
    i += cascade.size();
  }
  return schedule;
}

}  // namespace map
