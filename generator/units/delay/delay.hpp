// What waits inside an island: lanes of a bus, and the marks of its windows.
#pragma once

#include "units/unit.hpp"

namespace units {

/// fpsa_tick_delay: `lanes` lanes of a train, `ticks` ticks later.
UnitPtr train_delay(int lanes, int ticks);

/// fpsa_window_delay: the marks of windows of `period` ticks, `ticks` ticks later.
UnitPtr mark_delay(int period, int ticks);

}  // namespace units
