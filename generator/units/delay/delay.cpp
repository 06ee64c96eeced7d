#include "units/delay/delay.hpp"

#include "units/leaves.hpp"

namespace units {

namespace {

UnitPtr delay(const verilog::Signature& leaf, int lanes, int ticks) {
  return leaf_unit("delay", leaf, {{"Width", lanes}, {"Ticks", ticks}},
                   {{"clk_i", Protocol::kClock},
                    {"rst_ni", Protocol::kClock},
                    {"tick_i", Protocol::kTick},
                    {"data_i", Protocol::kTrain},
                    {"data_o", Protocol::kTrain}},
                   ticks);
}

}  // namespace

UnitPtr train_delay(int lanes, int ticks) { return delay(leaves::tick_delay(), lanes, ticks); }
UnitPtr memory_delay(int lanes, int ticks) { return delay(leaves::memory_delay(), lanes, ticks); }

UnitPtr mark_delay(int period, int ticks) {
  return leaf_unit("marks", leaves::window_delay(), {{"Period", period}, {"Ticks", ticks}},
                   {{"clk_i", Protocol::kClock},
                    {"rst_ni", Protocol::kClock},
                    {"tick_i", Protocol::kTick},
                    {"win_i", Protocol::kMark},
                    {"live_i", Protocol::kMark},
                    {"win_o", Protocol::kMark},
                    {"live_o", Protocol::kMark}},
                   ticks);
}

}  // namespace units
