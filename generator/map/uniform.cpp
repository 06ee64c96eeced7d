#include "map/uniform.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "base/error.hpp"

namespace map {

namespace {

std::int64_t largest_threshold(const UniformPe& tile) {
  return (std::int64_t{1} << tile.threshold_bits) - 1;
}

// As large as the largest sum of products.
std::int64_t largest_offset(const units::PeConfig& config) {
  return units::membrane_bound(config, 0);
}

// `config` as the tile has it, but for its widths.
units::PeConfig full(units::PeConfig config, const UniformPe& tile) {
  config.rows = tile.rows;
  config.cols = tile.cols;
  config.is_tile = tile.cascade > 1;
  config.cascade_rows = config.is_tile ? tile.rows * tile.cascade : 0;
  config.has_tops = config.neuron == config::Neuron::kExact;
  config.accumulator_bits = config.threshold_bits = 0;
  config.names_window = true;  // other networks have other windows
  return config;
}

units::PeConfig widened(const units::PeConfig& config, const UniformPe& tile) {
  return units::with_widths(config, largest_offset(config), largest_threshold(tile));
}

class Uniform {
 public:
  Uniform(Design design, const UniformPe& tile) : design_(std::move(design)), tile_(tile) {}

  Design run() {
    for (std::size_t unit = 0; unit < design_.pes.size(); ++unit) {
      check(unit);
      halves_.push_back(rounds_to_even(unit));
    }
    for (std::size_t unit = 0; unit < design_.pes.size(); ++unit) replace(unit);
    return std::move(design_);
  }

 private:
  [[noreturn]] void fail(std::size_t unit, const std::string& what, const std::string& cure) const {
    base::fail(base::Code::kDoesNotFit, what, "PE " + design_.instance(design_.pes[unit]).name,
               cure);
  }

  void check(std::size_t unit) const {
    const units::PeConfig& config = design_.pe(unit);
    if (const int tiles = op_of(unit).row_tiles; tiles > std::max(tile_.cascade, 1))
      fail(unit,
           tile_.cascade > 1
               ? fmt::format("a cascade of {} PEs on tiles that join {}", tiles, tile_.cascade)
               : "PE tiles without wires for the sums of a cascade",
           fmt::format("fabric.pe_cascade = {}, or pe.rows of {} or more", tiles,
                       config.cascade_rows));
    if (config.rows > tile_.rows || config.cols > tile_.cols)
      fail(unit,
           fmt::format("a PE of {} x {} on tiles of {} x {}", config.rows, config.cols, tile_.rows,
                       tile_.cols),
           fmt::format("fabric.pe_rows = {}, fabric.pe_cols = {}",
                       std::max(config.rows, tile_.rows), std::max(config.cols, tile_.cols)));
    const units::PeContent content = content_of(design_, unit);
    if (std::ranges::any_of(content.threshold,
                            [this](std::int64_t one) { return one > largest_threshold(tile_); }))
      fail(unit, fmt::format("a threshold of more than {} bits", tile_.threshold_bits),
           "a greater fabric.pe_threshold_bits");
    const std::int64_t offset = largest_offset(full(config, tile_));
    if (std::ranges::any_of(content.offset,
                            [offset](std::int64_t one) { return std::abs(one) > offset; }))
      fail(unit, fmt::format("an offset beyond +-{}", offset), "a greater fabric.pe_rows");
  }

  const core::CoreOp& op_of(std::size_t unit) const {
    return design_.program->ops[design_.instance(design_.pes[unit]).content];
  }

  // Its cascade's last PE rounds.
  bool rounds_to_even(std::size_t unit) const {
    const core::CoreOp& op = op_of(unit);
    return design_.pe(unit + static_cast<std::size_t>(op.row_tiles - 1 - op.row_tile)).half_even;
  }

  void replace(std::size_t unit) {
    Instance& instance = design_.instances[design_.pes[unit].index()];
    const units::PeConfig before = design_.pe(unit);
    units::PeConfig config = full(before, tile_);
    config.half_even = halves_[unit];
    const units::UnitPtr old = instance.unit;
    const std::vector<Pin> pins = std::move(instance.pins);
    instance.unit = shared(widened(config, tile_));
    instance.pins.clear();
    for (const units::Port& port : instance.unit->ports()) {
      const auto known = std::ranges::find(old->ports(), port.name, &units::Port::name);
      if (known != old->ports().end())
        instance.pins.push_back(pins[static_cast<std::size_t>(known - old->ports().begin())]);
      else
        instance.pins.push_back(port.is_input() ? Pin{{LinkId(), 0, port.width()}} : Pin());
    }
    if (const int rows = tile_.rows - before.rows; rows > 0)
      instance.pins[instance.unit->port("spike_i")].push_back({LinkId(), 0, rows});
    if (const int cols = tile_.cols - before.cols; cols > 0 && before.has_neurons)
      instance.pins[instance.unit->port("spike_o")].push_back({spare(instance, cols), 0, cols});
    for (std::size_t port = 0; port < instance.pins.size(); ++port)
      if (instance.unit->ports()[port].protocol == units::Protocol::kSums)
        widen(instance.pins[port], instance.unit->ports()[port]);
  }

  // A link of sums leads from one PE to one other: it becomes what both have.
  void widen(Pin& pin, const units::Port& port) {
    if (pin.empty() || !pin.front().link.valid()) return;
    Link& link = design_.links[pin.front().link.index()];
    link.lanes = port.lanes;
    link.bits = port.bits;
    pin = {{pin.front().link, 0, port.width()}};
  }

  // What nobody reads.
  LinkId spare(const Instance& instance, int lanes) {
    design_.links.push_back({.name = instance.name + "_spare",
                             .protocol = units::Protocol::kTrain,
                             .lanes = lanes,
                             .island = instance.island,
                             .phase = instance.phase + instance.unit->latency()});
    return LinkId(design_.links.size() - 1);
  }

  units::UnitPtr shared(const units::PeConfig& config) {
    const auto known = std::ranges::find(units_, config, [](const auto& u) { return u->config(); });
    if (known != units_.end()) return *known;
    return units_.emplace_back(std::make_shared<units::PeUnit>(config));
  }

  Design design_;
  const UniformPe& tile_;
  std::vector<bool> halves_;  // by PE, whether its cascade rounds half to even
  std::vector<std::shared_ptr<const units::PeUnit>> units_;
};

}  // namespace

Design uniform(Design design, const UniformPe& tile) {
  return Uniform(std::move(design), tile).run();
}

units::PeConfig uniform_pe(const config::Pe& spec, const UniformPe& tile) {
  units::PeConfig config;
  config.weight_bits = spec.weight_bits;
  config.activation_bits = spec.activation_bits;
  config.crossbar = spec.crossbar;
  config.neuron = spec.neuron;
  config.train = spec.train;
  config.half_even = spec.rounding == config::Rounding::kHalfEven;
  return widened(full(config, tile), tile);
}

}  // namespace map
