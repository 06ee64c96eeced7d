#include "map/pes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <span>

#include "base/error.hpp"
#include "units/pe/unit.hpp"

namespace map {

namespace {

// Largest magnitudes that any PE of a window must hold; one width for all of them keeps equal PEs
// one module.
struct Largest {
  std::int64_t offset = 0;
  std::int64_t threshold = 1;
};

// By the bits of the windows.
std::map<int, Largest> largest_of(const core::Program& program, const Cut& cut,
                                  config::Neuron neuron) {
  std::map<int, Largest> all;
  for (const core::CoreOp& op : program.ops) {
    Largest& largest = all[cut.bits_of(cut.of(op))];
    for (std::size_t c = 0; c < op.bias.size(); ++c) {
      largest.offset =
          std::max(largest.offset, std::abs(units::offset_of(neuron, op.bias[c], op.threshold[c])));
      largest.threshold = std::max(largest.threshold, op.threshold[c]);
    }
  }
  return all;
}

// Paired neurons hold magnitudes, a bit narrower than weights: the most negative one has none.
void check_magnitudes(const core::Program& program, core::OpId op, const config::Pe& spec) {
  if (spec.neuron != config::Neuron::kPaired) return;
  const std::int32_t lowest = -((1 << (spec.weight_bits - 1)) - 1);
  const std::int32_t least = core::crossbar_of(program, op).minCoeff();
  if (least >= lowest) return;
  base::fail(base::Code::kWeightRange,
             fmt::format("a weight of {} has no magnitude of {} bits, as paired neurons need",
                         least, spec.weight_bits - 1),
             "core-op " + program.ops[op].name,
             spec.weight_bits < 16
                 ? fmt::format("set pe.weight_bits to {}", spec.weight_bits + 1)
                 : "export the weights in a narrow range, without their lowest number");
}

// Rows of the whole cascade that core-op `index` stands in.
int cascade_rows(const core::Program& program, core::OpId id) {
  const core::CoreOp& op = program.ops[id];
  const auto first = id.index() - static_cast<std::size_t>(op.row_tile);
  int rows = 0;
  for (const core::CoreOp& tile :
       std::span(program.ops).subspan(first, static_cast<std::size_t>(op.row_tiles)))
    rows += tile.rows();
  return rows;
}

// But for its window and the widths that follow from it.
units::PeConfig config_of(const core::Program& program, core::OpId id, const config::Pe& spec) {
  const core::CoreOp& op = program.ops[id];
  units::PeConfig config;
  config.rows = op.rows();
  config.cols = op.cols();
  config.weight_bits = spec.weight_bits;
  config.crossbar = spec.crossbar;
  config.neuron = spec.neuron;
  config.train = spec.train;
  config.cascade_rows = op.row_tiles > 1 ? cascade_rows(program, id) : 0;
  config.has_above = !op.is_first();
  config.has_neurons = op.is_last();
  config.half_even = op.is_last() && op.rounding == quant::Rounding::kHalfEven;
  return config;
}

// In windows of `bits`.
units::PeConfig windowed(units::PeConfig config, const core::CoreOp& op, int bits,
                         const Largest& largest) {
  config.activation_bits = bits;
  const std::int32_t full = (std::int32_t{1} << bits) - 1;
  config.has_tops = std::ranges::any_of(op.top, [&](std::int32_t top) { return top != full; });
  return units::with_widths(config, largest.offset, largest.threshold);
}

// Finds the unit of a configuration again.
class Shared {
 public:
  units::UnitPtr pe(const units::PeConfig& config) {
    const auto found = std::ranges::find(units_, config, [](const auto& u) { return u->config(); });
    if (found != units_.end()) return *found;
    return units_.emplace_back(std::make_shared<units::PeUnit>(config));
  }

 private:
  std::vector<std::shared_ptr<const units::PeUnit>> units_;
};

}  // namespace

std::vector<std::string> pe_names(const core::Program& program,
                                  const std::vector<std::string>& stems) {
  std::vector<std::string> names;
  for (const core::CoreOp& op : program.ops)
    names.push_back(stems[op.output.index()] + "_" + core::op_name(op));
  return names;
}

std::string memory_path(std::size_t unit, std::size_t count, const std::string& name) {
  const std::size_t digits = std::max<std::size_t>(2, std::to_string(count - 1).size());
  return fmt::format("mem/{:0{}}_{}", unit, digits, name);
}

std::vector<units::UnitPtr> pe_units(const core::Program& program, const Cut& cut,
                                     const config::Pe& spec, const std::vector<std::string>& names,
                                     bool preset) {
  const std::map<int, Largest> largest = largest_of(program, cut, spec.neuron);
  std::vector<units::UnitPtr> pes;
  Shared shared;
  for (const core::OpId id : program.ops.ids()) {
    check_magnitudes(program, id, spec);
    const int bits = cut.bits_of(cut.of(program.ops[id]));
    units::PeConfig config =
        windowed(config_of(program, id, spec), program.ops[id], bits, largest.at(bits));
    config.names_window = cut.is_mixed();
    if (!preset) {
      pes.push_back(shared.pe(config));
      continue;
    }
    const std::string path = memory_path(id.index(), program.ops.size(), names[id.index()]);
    pes.push_back(std::make_shared<units::PeUnit>(config, units::preset_files(config, path),
                                                  "fpsa_pe_" + names[id.index()]));
  }
  return pes;
}

}  // namespace map
