#include "units/table/unit.hpp"

namespace units {

namespace {

using verilog::Direction;

std::vector<Port> ports_of(const TableConfig& config) {
  return {{"clk_i", Direction::kInput, Protocol::kClock},
          {"rst_ni", Direction::kInput, Protocol::kClock},
          {"tick_i", Direction::kInput, Protocol::kTick},
          {"win_i", Direction::kInput, Protocol::kMark},
          {"spike_i", Direction::kInput, Protocol::kTrain, input_lanes(config)},
          {"spike_o", Direction::kOutput, Protocol::kTrain, output_lanes(config)}};
}

}  // namespace

TableUnit::TableUnit(const TableConfig& config)
    : Unit("table", ports_of(config),
           neuron_latency(config::Neuron::kExact, config.train, config.activation_bits)),
      config_(config) {
  check(config);
}

}  // namespace units
