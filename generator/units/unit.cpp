#include "units/unit.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"

namespace units {

namespace {

const verilog::Port& port_of(const verilog::Signature& leaf, const std::string& name) {
  const auto found = std::ranges::find(leaf.ports, name, &verilog::Port::name);
  if (found == leaf.ports.end())
    base::fail(base::Code::kInternal, fmt::format("{} has no port {}", leaf.name, name));
  return *found;
}

std::vector<Port> ports_of(const verilog::Signature& leaf, const Parameters& parameters,
                           const std::vector<LeafPort>& listed) {
  const verilog::Environment environment = leaf.environment({parameters.begin(), parameters.end()});
  std::vector<Port> ports;
  for (const LeafPort& port : listed) {
    const verilog::Port& outside = port_of(leaf, port.name);
    const int width = static_cast<int>(outside.width.evaluate(environment));
    const int lanes = port.protocol == Protocol::kTrain ? width : port.lanes;
    ports.push_back({port.name, outside.direction, port.protocol, lanes, width / lanes});
  }
  return ports;
}

class LeafUnit final : public Unit {
 public:
  LeafUnit(std::string kind, const verilog::Signature& leaf, Parameters parameters,
           std::vector<Port> ports, int latency)
      : Unit(std::move(kind), std::move(ports), latency),
        leaf_(leaf),
        parameters_(std::move(parameters)) {}

  verilog::Signature signature() const override { return leaf_; }
  Parameters parameters() const override { return parameters_; }

 private:
  verilog::Signature leaf_;
  Parameters parameters_;
};

}  // namespace

std::size_t Unit::port(const std::string& name) const {
  const auto found = std::ranges::find(ports_, name, &Port::name);
  if (found == ports_.end())
    base::fail(base::Code::kInternal, fmt::format("{} has no port {}", signature().name, name));
  return static_cast<std::size_t>(found - ports_.begin());
}

UnitPtr leaf_unit(std::string kind, const verilog::Signature& leaf, Parameters parameters,
                  const std::vector<LeafPort>& ports, int latency) {
  std::vector<Port> outside = ports_of(leaf, parameters, ports);
  return std::make_shared<LeafUnit>(std::move(kind), leaf, std::move(parameters),
                                    std::move(outside), latency);
}

}  // namespace units
