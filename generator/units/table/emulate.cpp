// Windows of values, from the rules of trains alone.
#include <algorithm>

#include "units/table/bench.hpp"
#include "units/table/table.hpp"

namespace units {

namespace {

// The magnitude of a lane as the table reads it.
int magnitude(const TableConfig& config, int value) {
  const int most = (1 << config.input_bits) - 1;
  return config.train == config::Train::kBinary ? value & most : std::min(value, most);
}

std::int32_t answer(const TableConfig& config, int plus, int minus) {
  const auto entry = static_cast<std::size_t>(magnitude(config, plus));
  if (minus == 0) return config.values[entry];
  return config.values[(std::size_t{1} << config.input_bits) +
                       static_cast<std::size_t>(magnitude(config, minus))];
}

}  // namespace

Trains through(const TableConfig& config, const Trains& in) {
  const quant::IntegerBatch lanes = decode(in, config.train, config.activation_bits);
  quant::IntegerBatch values(lanes.rows(), config.channels);
  for (Eigen::Index window = 0; window < lanes.rows(); ++window)
    for (int c = 0; c < config.channels; ++c) {
      const int minus = config.signed_input ? lanes(window, config.channels + c) : 0;
      values(window, c) = answer(config, lanes(window, c), minus);
    }
  return encode(to_lanes(values, config.signed_output), config.train, config.activation_bits);
}

Values TableModel::stimulate(base::Rng& rng) {
  if (windows_.position() == 0 && !drawn_) draw(rng);
  windows_.choose(rng);
  return {{"tick_i", bits_of(windows_.tick())},
          {"win_i", bits_of(windows_.win())},
          {"spike_i", row(in_, windows_.position())}};
}

Values TableModel::clock(const Values&) {
  const Values outputs{{"spike_o", shown_}};
  if (!windows_.tick()) return outputs;
  shown_ = row(out_, windows_.position());
  if (windows_.last()) {
    out_ = through(config_, in_);
    drawn_ = false;
  }
  windows_.edge();
  return outputs;
}

void TableModel::draw(base::Rng& rng) {
  quant::IntegerBatch values(1, config_.channels);
  const std::int64_t most = (std::int64_t{1} << config_.input_bits) - 1;
  for (int c = 0; c < config_.channels; ++c)
    values(0, c) = static_cast<int>(rng.between(config_.signed_input ? -most : 0, most));
  in_ = encode(to_lanes(values, config_.signed_input), config_.train, config_.activation_bits);
  drawn_ = true;
}

base::Bits TableModel::row(const Trains& trains, int tick) {
  base::Bits bits(static_cast<std::size_t>(trains.lanes()));
  for (int lane = 0; lane < trains.lanes(); ++lane)
    bits.set(static_cast<std::size_t>(lane), trains.get(static_cast<std::size_t>(tick), lane));
  return bits;
}

}  // namespace units
