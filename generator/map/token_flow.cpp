#include "map/netlist.hpp"
#include "map/replay.hpp"
#include "units/line/unit.hpp"
#include "units/line/walk.hpp"

namespace map {

namespace {

// An encoder or a decoder, whose train is at the phase that `edge.end` starts from.
TokenFlow::Edge edge_of(const Design& design, const Instance& instance, const Frame& frame) {
  return {.island = instance.island.index(),
          .end = instance.phase + design.island(instance.island).window - 1,
          .beats = frame.beats(),
          .slots = parameter(instance, "Depth"),
          .tokens = frame.tokens};
}

// What the firings of a map want and free.
void set_walk(const units::LineShape& shape, TokenFlow::Channel& channel) {
  channel.line = shape.tokens_a_row();
  if (!shape.takes_all()) channel.takes.clear();
  for (std::int64_t token = 0; !shape.takes_all() && token < shape.sent(); ++token)
    channel.takes.push_back(shape.takes(token) ? 1 : 0);
  channel.need.clear();
  channel.frees.clear();
  for (std::int64_t firing = 0; firing < shape.firings(); ++firing) {
    channel.need.push_back(static_cast<int>(units::need(shape, firing)));
    channel.frees.push_back(static_cast<int>(units::frees(shape, firing)));
  }
}

const units::MemoryUnit& memory_of(const Design& design, const Channel& channel) {
  return dynamic_cast<const units::MemoryUnit&>(*design.instance(channel.buffer).unit);
}

TokenFlow::Channel channel_of(const Design& design, const Channel& channel) {
  const units::MemoryUnit& unit = memory_of(design, channel);
  const units::MemoryFacts& memory = unit.memory();
  TokenFlow::Channel flow{
      .from = channel.from.index(),
      .to = channel.to.index(),
      .end = design.instance(channel.buffer).phase + design.island(channel.from).window - 1,
      .late = memory.write_latency - 1,
      .freed = memory.holds_planes ? design.island(channel.to).window - 1 : 0,
      .depth = memory.depth};
  // Of several steps there is one answer, which shows itself with the last.
  if (const auto* cells = dynamic_cast<const units::CellsUnit*>(&unit);
      cells && (cells->config().last_alone || cells->config().is_dense())) {
    flow.takes.assign(static_cast<std::size_t>(cells->config().steps), 0);
    flow.takes.back() = 1;
  }
  if (const auto* line = dynamic_cast<const units::LineUnit*>(&unit))
    set_walk(line->config().shape, flow);
  return flow;
}

}  // namespace

int depth_of(const Design& design, const Channel& channel) {
  return memory_of(design, channel).memory().depth;
}

TokenFlow token_flow(const Design& design) {
  TokenFlow flow;
  for (const Island& island : design.islands)
    flow.islands.push_back({island.window, island.latency});
  for (const Channel& channel : design.channels)
    flow.channels.push_back(channel_of(design, channel));
  flow.input = edge_of(design, design.instance(design.encoder), input_frame(design));
  flow.output = edge_of(design, design.instance(design.decoder), output_frame(design));
  return flow;
}

}  // namespace map
