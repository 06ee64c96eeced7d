#include "map/design.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "base/error.hpp"
#include "base/text.hpp"

namespace map {

namespace {

constexpr int kEncoderLatency = 1;
constexpr std::size_t kStemLength = 24;  // with what nets add to it, below verilog::kMaxNameLength

// Largest magnitudes that any PE must hold; one width for all keeps equal PEs one module.
struct Largest {
  std::int64_t offset = 0;
  std::int64_t threshold = 1;
};

Largest largest_of(const core::Program& program, config::Neuron neuron) {
  Largest largest;
  for (const core::CoreOp& op : program.ops) {
    for (std::size_t c = 0; c < op.bias.size(); ++c) {
      largest.offset =
          std::max(largest.offset, std::abs(units::offset_of(neuron, op.bias[c], op.threshold[c])));
      largest.threshold = std::max(largest.threshold, op.threshold[c]);
    }
  }
  return largest;
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
             "core-op " + program.ops[op.index()].name,
             spec.weight_bits < 16
                 ? fmt::format("set pe.weight_bits to {}", spec.weight_bits + 1)
                 : "export the weights in a narrow range, without their lowest number");
}

units::PeConfig config_of(const core::CoreOp& op, int total_rows, const config::Pe& spec,
                          const Largest& largest) {
  units::PeConfig config;
  config.rows = op.rows();
  config.cols = op.cols();
  config.weight_bits = spec.weight_bits;
  config.activation_bits = spec.activation_bits;
  config.crossbar = spec.crossbar;
  config.neuron = spec.neuron;
  config.train = spec.train;
  config.cascade_rows = op.row_tiles > 1 ? total_rows : 0;
  config.has_above = !op.is_first();
  config.has_neurons = op.is_last();
  return units::with_widths(config, largest.offset, largest.threshold);
}

// Instances begin with u_, so the nets of a bus do not.
std::string stem_of(const core::Bus& bus, std::size_t index) {
  const std::string stem = base::stem_of(bus.name, kStemLength);
  if (stem.empty()) return fmt::format("layer{}", index);
  return stem == "u" || stem.starts_with("u_") ? "n_" + stem : stem;
}

// Builds the design bus by bus; program.ops come in topological order.
class Mapper {
 public:
  Mapper(const core::Program& program, const config::Pe& spec)
      : spec_(spec), largest_(largest_of(program, spec.neuron)) {
    design_.name = base::stem_of(program.name, kStemLength);
    design_.program = program;
    design_.train = spec.train;
    design_.neuron = spec.neuron;
    design_.window = units::window_ticks(spec.train, spec.activation_bits);
    base::UniqueNames stems("_alt", true);
    for (const core::Bus& bus : program.buses)
      design_.buses.push_back({bus, stems.take(stem_of(bus, design_.buses.size())), 0});
    design_.buses.front().phase = kEncoderLatency;
  }

  Design run() {
    for (std::size_t i = 0; i < design_.program.ops.size(); ++i) add_pe(core::OpId{i});
    return std::move(design_);
  }

 private:
  void add_pe(core::OpId id) {
    const core::CoreOp& op = design_.program.ops[id.index()];
    check_magnitudes(design_.program, id, spec_);
    if (op.is_first()) {
      cascade_rows_ = cascade_rows(id);
      cascade_phase_ = cascade_phase(id);
    }
    Pe pe{.name = name_of(op),
          .op = id,
          .config = config_of(op, cascade_rows_, spec_, largest_),
          .phase = cascade_phase_ + op.row_tile,
          .inputs = op.inputs,
          .delays = {},
          .above = {}};
    if (!op.is_first()) pe.above = PeId{design_.pes.size() - 1};
    for (const core::LaneRange& lanes : op.inputs)
      pe.delays.push_back(delay(lanes, pe.phase - design_.bus(lanes.bus).phase));
    if (op.is_last())
      design_.buses[op.output.index()].phase =
          pe.phase + units::neuron_latency(spec_.neuron, spec_.train, spec_.activation_bits);
    design_.pes.push_back(std::move(pe));
  }

  std::string name_of(const core::CoreOp& op) const {
    return fmt::format("{}_r{}_c{}", design_.bus(op.output).stem, op.row_tile, op.col_tile);
  }

  // The core-ops of the cascade that starts at `id`.
  std::span<const core::CoreOp> cascade(core::OpId id) const {
    const std::span ops(design_.program.ops);
    return ops.subspan(id.index(), static_cast<std::size_t>(ops[id.index()].row_tiles));
  }

  int cascade_rows(core::OpId id) const {
    int rows = 0;
    for (const core::CoreOp& op : cascade(id)) rows += op.rows();
    return rows;
  }

  // Phase of the first PE of a cascade: that of the latest bus any of its PEs reads.
  int cascade_phase(core::OpId id) const {
    int phase = 0;
    for (const core::CoreOp& op : cascade(id))
      for (const core::LaneRange& lanes : op.inputs)
        phase = std::max(phase, design_.bus(lanes.bus).phase);
    return phase;
  }

  // The delay of `lanes` by `ticks`, shared between the PEs that need the same.
  DelayId delay(const core::LaneRange& lanes, int ticks) {
    if (ticks == 0) return {};
    const Delay wanted{lanes, ticks};
    const auto found = std::find(design_.delays.begin(), design_.delays.end(), wanted);
    if (found != design_.delays.end())
      return DelayId{static_cast<std::size_t>(found - design_.delays.begin())};
    design_.delays.push_back(wanted);
    return DelayId{design_.delays.size() - 1};
  }

  config::Pe spec_;
  Largest largest_;
  Design design_;
  int cascade_rows_ = 0;
  int cascade_phase_ = 0;
};

}  // namespace

Design map(const core::Program& program, const config::Pe& spec) {
  return Mapper(program, spec).run();
}

units::PeContent content_of(const Design& design, const Pe& pe) {
  const core::CoreOp& op = design.program.ops[pe.op.index()];
  units::PeContent content{core::crossbar_of(design.program, pe.op), {}, op.threshold};
  for (std::size_t c = 0; c < op.bias.size(); ++c)
    content.offset.push_back(units::offset_of(design.neuron, op.bias[c], op.threshold[c]));
  return content;
}

}  // namespace map
