// What waits inside an island: lanes of a bus, and the marks of its windows.
#pragma once

#include <memory>

#include "units/clocked.hpp"
#include "units/unit.hpp"

namespace units {

/// fpsa_tick_delay: `lanes` lanes of a train, `ticks` ticks later.
UnitPtr train_delay(int lanes, int ticks);
/// The same by the clock.
std::unique_ptr<Clocked> emulate_train_delay(int lanes, int ticks);
/// fpsa_memory_delay: the same in memory, 2 ticks or more.
UnitPtr memory_delay(int lanes, int ticks);

/// fpsa_window_delay: the marks of windows of `period` ticks, `ticks` ticks later.
UnitPtr mark_delay(int period, int ticks);
/// The same by the clock.
std::unique_ptr<Clocked> emulate_mark_delay(int period, int ticks);

}  // namespace units
