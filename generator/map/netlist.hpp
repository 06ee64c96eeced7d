// Adding links and instances to a design under construction.
#pragma once

#include <string>
#include <vector>

#include "map/design.hpp"

namespace map {

/// A port of an instance by its name, and what it is connected to.
struct NamedPin {
  const char* port;
  Pin wires;
};

/// All wires of a link.
Pin all(const Design& design, LinkId link);
/// Wires [first, first + count) of a link.
Pin part(LinkId link, int first, int count);
/// The constant `value` in `count` bits.
Pin constant(int value, int count);
/// The wires of `low`, then those of `high`.
Pin join(Pin low, const Pin& high);

LinkId add_link(Design& design, Link link);

/// Adds `instance` with its ports connected as `pins` says; other outputs are left open. A clock, a
/// reset and the tick of its island are connected by themselves: clk_i, rst_ni, tick_i. Throws
/// kInternal if the unit has no port of a name.
InstanceId add_instance(Design& design, Instance instance, const std::vector<NamedPin>& pins);

/// The number that an instance sets of its unit's parameter `name`, which there is.
int parameter(const Instance& instance, const char* name);

/// Connects one port of an instance. Throws kInternal if its unit has none of that name.
void connect(Design& design, InstanceId instance, const std::string& port, Pin wires);

}  // namespace map
