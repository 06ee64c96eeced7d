#include "units/sequencer/sequencer.hpp"

namespace units {

namespace {

Alone sequencer_alone(const Settings& settings, const config::Spec& spec) {
  const int ready = settings.at("units");
  const int period = settings.at("period");
  const int drain = settings.at("drain");
  return clocked_alone("sequencer", *sequencer(ready, period, drain), settings,
                       *emulate_sequencer(ready, period, drain), spec.simulate.seed);
}

}  // namespace

std::vector<Kind> sequencer_kinds() {
  return {{.name = "sequencer",
           .doc = "gives an island's ticks and starts its windows",
           .settings = {{"units", "whose readiness a tick waits for", 4, 1, 4096},
                        {"period", "ticks of a window", 6, 1, 4096},
                        {"drain", "ticks until a sample's result is complete", 14, 1, 65536}},
           .bench = "fpsa_tb_unit",
           .alone = sequencer_alone}};
}

}  // namespace units
