// The spiking PE as a unit of a netlist.
#pragma once

#include "units/pe/pe.hpp"
#include "units/unit.hpp"

namespace units {

class PeUnit final : public Unit {
 public:
  /// With `files` its memories are preset, and it is the module `name`: they belong to one place.
  explicit PeUnit(const PeConfig& config, PresetFiles files = {}, std::string name = {});

  const PeConfig& config() const { return config_; }
  const PresetFiles& files() const { return files_; }

  bool is_exact() const override { return config_.neuron == config::Neuron::kExact; }
  verilog::Signature signature() const override { return structure()->signature(); }
  std::optional<verilog::Module> structure() const override;

 private:
  PeConfig config_;
  PresetFiles files_;
  std::string name_;
};

}  // namespace units
