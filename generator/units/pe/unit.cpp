#include "units/pe/unit.hpp"

namespace units {

namespace {

using verilog::Direction;

Port load_port(const char* name, int bits) {
  return {name, Direction::kInput, Protocol::kLoad, 1, bits};
}

std::vector<Port> ports_of(const PeConfig& config) {
  const int sums = config.crossbar_cols();
  std::vector<Port> ports{{"clk_i", Direction::kInput, Protocol::kClock},
                          {"rst_ni", Direction::kInput, Protocol::kClock},
                          {"tick_i", Direction::kInput, Protocol::kTick},
                          {"ready_o", Direction::kOutput, Protocol::kReady},
                          {"spike_i", Direction::kInput, Protocol::kTrain, config.rows},
                          load_port("load_we_i", 1),
                          load_port("load_addr_i", 22),
                          load_port("load_data_i", 32)};
  if (config.has_above || config.is_tile)
    ports.push_back({"sum_i", Direction::kInput, Protocol::kSums, sums, link_bits(config)});
  if (!config.has_neurons || config.is_tile)
    ports.push_back({"sum_o", Direction::kOutput, Protocol::kSums, sums, link_bits(config)});
  if (!config.has_neurons && !config.is_tile) return ports;
  ports.push_back({"win_i", Direction::kInput, Protocol::kMark});
  ports.push_back({"spike_o", Direction::kOutput, Protocol::kTrain, config.cols});
  ports.push_back({"win_o", Direction::kOutput, Protocol::kMark});
  return ports;
}

// Sums are registered by tick on their way to the PE below.
int latency_of(const PeConfig& config) {
  return config.has_neurons ? neuron_latency(config.neuron, config.train, config.activation_bits)
                            : 1;
}

}  // namespace

PeUnit::PeUnit(const PeConfig& config, PresetFiles files, std::string name)
    : Unit("pe", ports_of(config), latency_of(config)),
      config_(config),
      files_(std::move(files)),
      name_(std::move(name)) {}

std::optional<verilog::Module> PeUnit::structure() const {
  return units::structure(config_, files_, name_);
}

}  // namespace units
