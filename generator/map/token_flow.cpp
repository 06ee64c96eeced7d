#include <algorithm>

#include "base/bits.hpp"
#include "map/design.hpp"
#include "map/replay.hpp"
#include "units/smb/unit.hpp"

namespace map {

namespace {

int parameter(const Instance& instance, const char* name) {
  const units::Parameters parameters = instance.unit->parameters();
  const auto found = std::ranges::find(parameters, name, [](const auto& set) { return set.first; });
  return static_cast<int>(std::get<std::int64_t>(found->second));
}

// An encoder or a decoder, whose train is at the phase that `edge.end` starts from.
TokenFlow::Edge edge_of(const Design& design, const Instance& instance) {
  return {.island = instance.island.index(),
          .end = instance.phase + design.island(instance.island).window - 1,
          .beats = static_cast<int>(
              base::ceil_div(parameter(instance, "Lanes"), parameter(instance, "BeatLanes"))),
          .slots = parameter(instance, "Depth")};
}

TokenFlow::Channel channel_of(const Design& design, const Channel& channel) {
  const Instance& buffer = design.instance(channel.buffer);
  const auto& config = dynamic_cast<const units::SmbUnit&>(*buffer.unit).config();
  return {.from = channel.from.index(),
          .to = channel.to.index(),
          .end = buffer.phase + design.island(channel.from).window - 1,
          .late = units::write_latency(config) - 1,
          .freed = units::holds_planes(config) ? design.island(channel.to).window - 1 : 0,
          .depth = config.depth};
}

}  // namespace

int depth_of(const Design& design, const Channel& channel) {
  return dynamic_cast<const units::SmbUnit&>(*design.instance(channel.buffer).unit).config().depth;
}

TokenFlow token_flow(const Design& design) {
  TokenFlow flow;
  for (const Island& island : design.islands)
    flow.islands.push_back({island.window, island.latency});
  for (const Channel& channel : design.channels)
    flow.channels.push_back(channel_of(design, channel));
  flow.input = edge_of(design, design.instance(design.encoder));
  flow.output = edge_of(design, design.instance(design.decoder));
  return flow;
}

}  // namespace map
