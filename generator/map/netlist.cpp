#include "map/netlist.hpp"

#include <algorithm>

namespace map {

Pin all(const Design& design, LinkId link) { return part(link, 0, design.link(link).width()); }

Pin part(LinkId link, int first, int count) { return {{link, first, count}}; }

Pin constant(int value, int count) { return {{{}, value, count}}; }

Pin join(Pin low, const Pin& high) {
  low.insert(low.end(), high.begin(), high.end());
  return low;
}

LinkId add_link(Design& design, Link link) {
  design.links.push_back(std::move(link));
  return LinkId{design.links.size() - 1};
}

InstanceId add_instance(Design& design, Instance instance, const std::vector<NamedPin>& pins) {
  const std::vector<units::Port>& ports = instance.unit->ports();
  instance.pins.resize(ports.size());
  for (std::size_t p = 0; p < ports.size(); ++p) {
    if (ports[p].protocol == units::Protocol::kClock)
      instance.pins[p] = part(ports[p].name == "clk_i" ? design.clock : design.reset, 0, 1);
    if (ports[p].protocol == units::Protocol::kTick && ports[p].is_input())
      instance.pins[p] = part(design.island(instance.island_of(ports[p])).tick, 0, 1);
  }
  for (const NamedPin& pin : pins) instance.pins[instance.unit->port(pin.port)] = pin.wires;
  design.instances.push_back(std::move(instance));
  return InstanceId{design.instances.size() - 1};
}

int parameter(const Instance& instance, const char* name) {
  const units::Parameters parameters = instance.unit->parameters();
  const auto found = std::ranges::find(parameters, name, [](const auto& set) { return set.first; });
  return static_cast<int>(std::get<std::int64_t>(found->second));
}

void connect(Design& design, InstanceId id, const std::string& port, Pin wires) {
  Instance& instance = design.instances[id.index()];
  instance.pins[instance.unit->port(port)] = std::move(wires);
}

}  // namespace map
