// What is asked of a design.
#include "map/design.hpp"

#include <algorithm>

#include "base/bits.hpp"
#include "map/netlist.hpp"
#include "map/pes.hpp"

namespace map {

namespace {

// Of a stream at whose end `edge` stands.
Frame frame_of(const Design& design, InstanceId edge, std::vector<core::LaneRange> lanes) {
  const Instance& instance = design.instance(edge);
  const int bits = design.island(instance.island).activation_bits;
  const int tokens = design.program->streams[lanes.front().stream].tokens;
  return {.lanes = std::move(lanes),
          .tokens = tokens,
          .lane_bytes = static_cast<int>(base::ceil_div(bits, 8)),
          .beat_lanes = parameter(instance, "BeatLanes")};
}

// Rows and columns of a PE beyond those of its core-op weigh nothing.
units::PeContent filled_up(units::PeContent content, const units::PeConfig& config) {
  const auto rows = content.weights.rows(), cols = content.weights.cols();
  if (rows == config.rows && cols == config.cols) return content;
  quant::WeightMatrix weights = quant::WeightMatrix::Zero(config.rows, config.cols);
  weights.topLeftCorner(rows, cols) = content.weights;
  content.weights = std::move(weights);
  const auto columns = static_cast<std::size_t>(config.has_neurons ? config.cols : 0);
  content.offset.resize(columns, 0);
  content.threshold.resize(columns, 1);
  if (config.has_tops) content.top.resize(columns, (std::int64_t{1} << config.activation_bits) - 1);
  return content;
}

}  // namespace

int Frame::beats() const {
  return static_cast<int>(base::ceil_div(core::count_of(lanes), beat_lanes));
}

Frame input_frame(const Design& design) {
  return frame_of(design, design.encoder, design.program->input_lanes());
}

Frame output_frame(const Design& design) {
  return frame_of(design, design.decoder, design.program->outputs);
}

std::string memory_path(const Design& design, std::size_t unit) {
  const std::size_t pes = design.pes.size();
  const std::size_t all = pes + design.cells.size();
  if (unit >= pes)
    return memory_path(
        unit, all,
        design.streams[design.channels[design.cells[unit - pes].index()].view.index()].stem);
  // The instance is pe_<name>.
  return memory_path(unit, all, design.instance(design.pes[unit]).name.substr(3));
}

const units::CellsUnit& cells_of(const Design& design, std::size_t i) {
  const Channel& channel = design.channels[design.cells[i].index()];
  return dynamic_cast<const units::CellsUnit&>(*design.instance(channel.buffer).unit);
}

const quant::CellLayer& cell_layer_of(const Design& design, std::size_t i) {
  const core::StreamId made = design.channels[design.cells[i].index()].view;
  return *design.program->streams[made].answers->cells;
}

units::PeContent content_of(const Design& design, std::size_t unit) {
  const core::OpId id = design.instance(design.pes[unit]).content;
  const core::CoreOp& op = design.program->ops[id];
  units::PeContent content{core::crossbar_of(*design.program, id), {}, op.threshold, {}};
  if (design.pe(unit).has_tops) content.top.assign(op.top.begin(), op.top.end());
  for (std::size_t c = 0; c < op.bias.size(); ++c)
    content.offset.push_back(units::offset_of(design.pe(unit).neuron, op.bias[c], op.threshold[c]));
  return filled_up(std::move(content), design.pe(unit));
}

bool is_exact(const Design& design) {
  return design.program->device.is_ideal() &&
         std::ranges::all_of(design.instances,
                             [](const Instance& one) { return one.unit->is_exact(); });
}

}  // namespace map
