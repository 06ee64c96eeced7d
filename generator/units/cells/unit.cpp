#include "units/cells/cells.hpp"

namespace units {

namespace {

// A token is shown when its answer is there: how long that takes is not static.
MemoryFacts facts_of(const CellsConfig& config) {
  constexpr int kDepth = 4;  // before the layer, in it, behind it
  return {.value_bits = config.in_bits,
          .write = config.write,
          .read = config.read,
          .depth = kDepth,
          .holds_planes = false,
          .write_latency = 1};
}

std::vector<Port> load_ports() {
  const auto in = [](const char* name, int bits) {
    return Port{name, verilog::Direction::kInput, Protocol::kLoad, 1, bits, 0};
  };
  return {in("load_we_i", 1), in("load_addr_i", 22), in("load_data_i", 32)};
}

}  // namespace

CellsUnit::CellsUnit(const CellsConfig& config)
    : MemoryUnit("cells", config.inputs * (config.signed_input ? 2 : 1),
                 config.cells * (config.signed_output ? 2 : 1), facts_of(config), load_ports()),
      config_(config) {}

std::optional<verilog::Module> CellsUnit::structure() const {
  return std::move(units::structure(config_).back());
}

std::vector<verilog::Module> CellsUnit::below() const {
  std::vector<verilog::Module> modules = units::structure(config_);
  modules.pop_back();
  return modules;
}

}  // namespace units
