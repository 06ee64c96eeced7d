#include <algorithm>

#include "base/interrupt.hpp"
#include "map/design.hpp"

namespace map {

namespace {

// The rows of `pe`, tick by tick: its lanes gathered from the buses.
units::Trains gather(const Pe& pe, const std::vector<units::Trains>& buses, std::size_t ticks) {
  units::Trains rows(pe.config.rows, ticks);
  for (std::size_t t = 0; t < ticks; ++t) {
    int row = 0;
    for (const core::LaneRange& range : pe.inputs) {
      rows.merge(t, row, buses[range.bus.index()], t, range.first, range.count);
      row += range.count;
    }
  }
  return rows;
}

// A cascade: the PEs [first, last] of one column tile. Their sums meet tick for tick; the last
// one's neurons answer `latency` ticks later, so it runs that many ticks past the last window.
class Cascade {
 public:
  Cascade(const Design& design, std::size_t first, std::size_t last)
      : design_(design), first_(first) {
    for (std::size_t i = first; i <= last; ++i)
      emulators_.emplace_back(design.pes[i].config, content_of(design, design.pes[i]));
  }

  void run(std::vector<units::Trains>& buses, std::size_t ticks) {
    std::vector<units::Trains> rows;
    for (std::size_t i = 0; i < emulators_.size(); ++i)
      rows.push_back(gather(design_.pes[first_ + i], buses, ticks));
    const core::CoreOp& op = last_op();
    const auto window = static_cast<std::size_t>(design_.window);
    const std::size_t lag = design_.neuron == config::Neuron::kExact ? window : 0;
    units::Trains out(op.cols(), 1);
    units::Trains& bus = buses[op.output.index()];
    std::vector<std::int32_t> sums = silence();
    for (std::size_t t = 0; t < ticks + lag; ++t) {
      base::interruption_point();
      sums = t < ticks ? total(rows, t) : silence();
      emulators_.back().step(sums, t % window == 0, out.tick(0));
      if (t >= lag) bus.merge(t - lag, op.first_lane, out, 0, 0, op.cols());
    }
  }

 private:
  const core::CoreOp& last_op() const {
    const Pe& pe = design_.pes[first_ + emulators_.size() - 1];
    return design_.program.ops[pe.op.index()];
  }
  std::vector<std::int32_t> silence() const {
    const Pe& pe = design_.pes[first_];
    return std::vector<std::int32_t>(static_cast<std::size_t>(pe.config.crossbar_cols()), 0);
  }
  std::vector<std::int32_t> total(const std::vector<units::Trains>& rows, std::size_t tick) const {
    std::vector<std::int32_t> sums;
    for (std::size_t i = 0; i < emulators_.size(); ++i)
      sums = emulators_[i].sums(rows[i].tick(tick), sums);
    return sums;
  }

  const Design& design_;
  std::size_t first_;
  std::vector<units::PeEmulator> emulators_;
};

}  // namespace

std::vector<units::Trains> emulate(const Design& design, const quant::IntegerBatch& inputs) {
  const auto ticks = static_cast<std::size_t>(inputs.rows() * design.window);
  std::vector<units::Trains> buses;
  for (const TimedBus& bus : design.buses) buses.emplace_back(bus.bus.lanes, ticks);
  buses.front() = units::encode(units::to_lanes(inputs, design.buses.front().bus.format.is_signed),
                                design.train, design.program.activation_bits);
  for (std::size_t first = 0; first < design.pes.size();) {
    const core::CoreOp& op = design.program.ops[design.pes[first].op.index()];
    const std::size_t last = first + static_cast<std::size_t>(op.row_tiles) - 1;
    Cascade(design, first, last).run(buses, ticks);
    first = last + 1;
  }
  return buses;
}

}  // namespace map
