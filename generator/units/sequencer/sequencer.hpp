// What gives the ticks of an island and starts its windows.
#pragma once

#include <memory>

#include "units/clocked.hpp"
#include "units/unit.hpp"

namespace units {

/// fpsa_sequencer: ticks while all `ready` inputs are high, windows of `period` ticks; `drain`
/// ticks from a window's start until its result is complete.
UnitPtr sequencer(int ready, int period, int drain);
/// The same by the clock.
std::unique_ptr<Clocked> emulate_sequencer(int ready, int period, int drain);

/// fpsa_join: whether all of `inputs` conditions hold that an island waits for.
UnitPtr join(int inputs);

}  // namespace units
