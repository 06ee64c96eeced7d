#include "units/smb/unit.hpp"

namespace units {

namespace {

MemoryFacts facts_of(const SmbConfig& config) {
  return {config.value_bits, config.write,         config.read,
          config.depth,      holds_planes(config), write_latency(config)};
}

}  // namespace

SmbUnit::SmbUnit(const SmbConfig& config)
    : StoringUnit("smb", config.lanes, config.lanes, facts_of(config)), config_(config) {}

}  // namespace units
