#include "units/delay/delay.hpp"

namespace units {

namespace {

Alone delay_alone(const Settings& settings, const config::Spec& spec) {
  const int lanes = settings.at("lanes");
  const int ticks = settings.at("ticks");
  return clocked_alone("delay", *train_delay(lanes, ticks), settings,
                       *emulate_train_delay(lanes, ticks), spec.simulate.seed);
}

Alone marks_alone(const Settings& settings, const config::Spec& spec) {
  const int period = settings.at("period");
  const int ticks = settings.at("ticks");
  return clocked_alone("marks", *mark_delay(period, ticks), settings,
                       *emulate_mark_delay(period, ticks), spec.simulate.seed);
}

}  // namespace

std::vector<Kind> delay_kinds() {
  const Setting ticks{"ticks", "how long they wait", 3, 1, 256};
  return {{.name = "delay",
           .doc = "lanes of a train, some ticks later",
           .settings = {{"lanes", "wires", 16, 1, 1024}, ticks},
           .bench = "fpsa_tb_unit",
           .alone = delay_alone},
          {.name = "marks",
           .doc = "the marks of windows, some ticks later",
           .settings = {{"period", "ticks of a window", 6, 1, 4096}, ticks},
           .bench = "fpsa_tb_unit",
           .alone = marks_alone}};
}

}  // namespace units
