#include "units/line/unit.hpp"

namespace units {

namespace {

MemoryFacts facts_of(const LineConfig& config) {
  return {config.value_bits, config.write,         config.read,
          depth(config),     holds_planes(config), write_latency(config)};
}

}  // namespace

LineUnit::LineUnit(const LineConfig& config)
    : StoringUnit("line", write_lanes(config), read_lanes(config), facts_of(config)),
      config_(config) {}

}  // namespace units
