#include "units/sequencer/sequencer.hpp"

#include "units/leaves.hpp"

namespace units {

UnitPtr sequencer(int ready, int period, int drain) {
  return leaf_unit("sequencer", leaves::sequencer(),
                   {{"Units", ready}, {"Period", period}, {"Drain", drain}},
                   {{"clk_i", Protocol::kClock},
                    {"rst_ni", Protocol::kClock},
                    {"ready_i", Protocol::kReady},
                    {"tick_o", Protocol::kTick},
                    {"win_o", Protocol::kMark},
                    {"live_o", Protocol::kMark},
                    {"sample_valid_i", Protocol::kStatus},
                    {"sample_pop_o", Protocol::kStatus},
                    {"busy_o", Protocol::kStatus}});
}

UnitPtr join(int inputs) {
  return leaf_unit("join", leaves::join(), {{"Inputs", inputs}},
                   {{"ready_i", Protocol::kStatus}, {"all_o", Protocol::kStatus}});
}

}  // namespace units
